/*
 * Connections to a disk server, one after the other.
 * Wrong: Each new connection registers with WSK again, in the same registration block.
 * Right: WSK is registered once, when the driver starts.
 */
#include <ntddk.h>
#include <wsk.h>

#define CONNECTIONS 3

static const WSK_CLIENT_DISPATCH Dispatch = { MAKE_WSK_VERSION(1, 0), 0, NULL };
static WSK_REGISTRATION Registration;
static WSK_PROVIDER_NPI Provider;
static ULONG Connections;

static NTSTATUS StartWsk(VOID)
{
    WSK_CLIENT_NPI npi = { NULL, &Dispatch };
    NTSTATUS status = WskRegister(&npi, &Registration); /* finding: registration-block-reused */

    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = WskCaptureProviderNPI(&Registration, WSK_NO_WAIT, &Provider);
    if (!NT_SUCCESS(status)) {
        WskDeregister(&Registration);
    }
    return status;
}

static VOID StopWsk(VOID)
{
    WskReleaseProviderNPI(&Registration);
    WskDeregister(&Registration);
}

static NTSTATUS OpenConnection(ULONG Number)
{
#ifdef WRONG
    NTSTATUS status = StartWsk();

    if (!NT_SUCCESS(status)) {
        return status;
    }
#endif
    DbgPrint("connection %lu\n", Number);
    Connections++;
    return STATUS_SUCCESS;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    DbgPrint("%lu connections\n", Connections);
    StopWsk();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
#ifdef WRONG
    NTSTATUS status = STATUS_SUCCESS;
#else
    NTSTATUS status = StartWsk();
#endif
    ULONG i;

    UNREFERENCED_PARAMETER(RegistryPath);
#ifndef WRONG
    if (!NT_SUCCESS(status)) {
        return status;
    }
#endif
    for (i = 0; i < CONNECTIONS && NT_SUCCESS(status); i++) {
        status = OpenConnection(i);
    }
    DriverObject->DriverUnload = Unload;
    return status;
}
