/*
 * A client of an NPI of its own registers with the Network Module Registrar and deregisters when it is unloaded.
 * Wrong: DriverUnload returns while the registrar may still be at work in the driver's code.
 * Right: It waits for the end of the deregistration.
 */
#include "network-module.h"

static const NPI_CLIENT_CHARACTERISTICS Characteristics = {
    0, sizeof(Characteristics), Attach, Detach, NULL, { 0, sizeof(NPI_REGISTRATION_INSTANCE), &Npi, &Module, 0, NULL }
};

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    NTSTATUS status = NmrDeregisterClient(Client); /* finding: deregister-wait-missing 0xCE */

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
