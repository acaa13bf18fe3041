/*
 * A client registers with the Network Module Registrar from a function of its own.
 * Wrong: The characteristics are a local of that function; the registrar goes on using them after it has returned.
 * Right: They live as long as the registration.
 */
#include "network-module.h"

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
