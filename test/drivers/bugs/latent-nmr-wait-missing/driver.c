/*
 * A client of an NPI of its own registers with the Network Module Registrar and deregisters when it is unloaded.
 * Wrong: DriverUnload returns while the registrar may still be at work in the driver's code.
 * Right: It waits for the end of the deregistration.
 */
#include <ntddk.h>
#include <netioddk.h>

static const NPIID Npi = { 0x0d3c8c5e, 0x5b0c, 0x4b7e, { 0xa1, 0x1d, 0x3c, 0x0a, 0x51, 0x92, 0x6e, 0x44 } };
static const NPI_MODULEID Module = {
    sizeof(NPI_MODULEID), MIT_GUID, { { 0x2a91cf10, 0x7d45, 0x4a6b, { 0x90, 0x5f, 0x81, 0x22, 0x70, 0xe3, 0x19, 0x05 } } }
};
static HANDLE Client;

static NTSTATUS Attach(HANDLE Binding, PVOID Context, PNPI_REGISTRATION_INSTANCE Provider)
{
    UNREFERENCED_PARAMETER(Binding);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Provider);
    return STATUS_NOINTERFACE;
}

static NTSTATUS Detach(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    return STATUS_SUCCESS;
}

static const NPI_CLIENT_CHARACTERISTICS Characteristics = {
    0, sizeof(Characteristics), Attach, Detach, NULL, { 0, sizeof(NPI_REGISTRATION_INSTANCE), &Npi, &Module, 0, NULL }
};

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    NTSTATUS status = NmrDeregisterClient(Client); /* finding: nmr-wait-missing 0xCE */

    UNREFERENCED_PARAMETER(DriverObject);
#ifdef WRONG
    UNREFERENCED_PARAMETER(status);
#else
    if (status == STATUS_PENDING) {
        NmrWaitForClientDeregisterComplete(Client);
    }
#endif
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    return NmrRegisterClient(&Characteristics, NULL, &Client);
}
