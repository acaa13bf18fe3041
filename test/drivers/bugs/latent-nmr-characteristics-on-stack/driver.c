/*
 * A client registers with the Network Module Registrar from a function of its own.
 * Wrong: The characteristics are a local of that function; the registrar goes on using them after it has returned.
 * Right: They live as long as the registration.
 */
#include <ntddk.h>
#include <netioddk.h>

static const NPIID Npi = { 0x0d3c8c5e, 0x5b0c, 0x4b7e, { 0xa1, 0x1d, 0x3c, 0x0a, 0x51, 0x92, 0x6e, 0x46 } };
static const NPI_MODULEID Module = {
    sizeof(NPI_MODULEID), MIT_GUID, { { 0x2a91cf10, 0x7d45, 0x4a6b, { 0x90, 0x5f, 0x81, 0x22, 0x70, 0xe3, 0x19, 0x08 } } }
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

static NTSTATUS StartClient(VOID)
{
#ifdef WRONG
    NPI_CLIENT_CHARACTERISTICS characteristics = {
#else
    static const NPI_CLIENT_CHARACTERISTICS characteristics = {
#endif
        0, sizeof(characteristics), Attach, Detach, NULL,
        { 0, sizeof(NPI_REGISTRATION_INSTANCE), &Npi, &Module, 0, NULL }
    };

    return NmrRegisterClient(&characteristics, NULL, &Client);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    NTSTATUS status = NmrDeregisterClient(Client); /* finding: nmr-memory-gone */

    UNREFERENCED_PARAMETER(DriverObject);
    if (status == STATUS_PENDING) {
        NmrWaitForClientDeregisterComplete(Client);
    }
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = StartClient();

    UNREFERENCED_PARAMETER(RegistryPath);
    if (NT_SUCCESS(status)) {
        DriverObject->DriverUnload = Unload;
    }
    return status;
}
