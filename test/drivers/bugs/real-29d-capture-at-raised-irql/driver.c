/*
 * WSK is captured when it is needed first.
 * Wrong: That is in a timer's DPC, at DISPATCH_LEVEL, where WskCaptureProviderNPI may not be called.
 * Right: That is in a work item, which a timer's DPC queues.
 */
#include <ntddk.h>
#include <wsk.h>

static const WSK_CLIENT_DISPATCH Dispatch = { MAKE_WSK_VERSION(1, 0), 0, NULL };
static WSK_REGISTRATION Registration;
static WSK_PROVIDER_NPI Provider;
static KTIMER Timer;
static KDPC Dpc;
static WORK_QUEUE_ITEM WorkItem;
static KEVENT Captured;
static BOOLEAN IsCaptured;

static VOID CaptureWsk(PVOID Context)
{
    NTSTATUS status = WskCaptureProviderNPI(&Registration, 1000, &Provider); /* finding: irql-too-high 0xC4 */

    UNREFERENCED_PARAMETER(Context);
    IsCaptured = NT_SUCCESS(status);
    DbgPrint("captured: 0x%08x\n", status);
    KeSetEvent(&Captured, IO_NO_INCREMENT, FALSE);
}

static VOID OnTimer(PKDPC TimerDpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(TimerDpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
#ifdef WRONG
    CaptureWsk(Context);
#else
    UNREFERENCED_PARAMETER(Context);
    ExQueueWorkItem(&WorkItem, DelayedWorkQueue);
#endif
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    KeWaitForSingleObject(&Captured, Executive, KernelMode, FALSE, NULL);
    if (IsCaptured) {
        WskReleaseProviderNPI(&Registration);
    }
    WskDeregister(&Registration);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    WSK_CLIENT_NPI npi = { NULL, &Dispatch };
    LARGE_INTEGER due;
    NTSTATUS status = WskRegister(&npi, &Registration);

    UNREFERENCED_PARAMETER(RegistryPath);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    KeInitializeEvent(&Captured, NotificationEvent, FALSE);
    ExInitializeWorkItem(&WorkItem, CaptureWsk, NULL);
    KeInitializeTimer(&Timer);
    KeInitializeDpc(&Dpc, OnTimer, NULL);
    due.QuadPart = -10000;
    KeSetTimer(&Timer, due, &Dpc);
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
