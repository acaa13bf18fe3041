/*
 * WSK is started and stopped by a counter of its users.
 * Wrong: When it can't be started, it is stopped all the same, and a registration is taken down that never was.
 * Right: Only what was started is stopped.
 */
#include <ntddk.h>
#include <wsk.h>

static const WSK_CLIENT_DISPATCH Dispatch = { MAKE_WSK_VERSION(1, 0), 0, NULL };
static WSK_REGISTRATION Registration;
static WSK_PROVIDER_NPI Provider;
static BOOLEAN IsStarted;

static NTSTATUS StartWsk(VOID)
{
    WSK_CLIENT_NPI npi = { NULL, &Dispatch };
    NTSTATUS status = WskRegister(&npi, &Registration);

    if (NT_SUCCESS(status)) {
        status = WskCaptureProviderNPI(&Registration, WSK_NO_WAIT, &Provider);
        if (!NT_SUCCESS(status)) {
            WskDeregister(&Registration);
        }
    }
    IsStarted = NT_SUCCESS(status);
    return status;
}

static VOID StopWsk(VOID)
{
#ifndef WRONG
    if (!IsStarted) {
        return;
    }
#endif
    WskReleaseProviderNPI(&Registration); /* finding: registration-not-registered */
    WskDeregister(&Registration);
    IsStarted = FALSE;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    StopWsk();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = StartWsk();

    UNREFERENCED_PARAMETER(RegistryPath);
    if (!NT_SUCCESS(status)) {
        DbgPrint("WSK does not start: 0x%08x\n", status);
        StopWsk();
        return status;
    }
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
