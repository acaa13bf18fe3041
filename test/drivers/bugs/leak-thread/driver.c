/*
 * A worker waits for its end with a time-out.
 * Wrong: Unload tells it to stop and returns: the thread comes back to code that is gone.
 * Right: Unload tells it to stop and waits for its end.
 */
#include "worker-thread.h"

static KEVENT Stop;
static PETHREAD Worker;

static VOID Work(PVOID Context)
{
    LARGE_INTEGER period;

    UNREFERENCED_PARAMETER(Context);
    period.QuadPart = -100 * 1000 * 10;
    while (KeReadStateEvent(&Stop) == 0) {
        KeDelayExecutionThread(KernelMode, FALSE, &period); /* finding: thread-outlives-driver 0xCE */
    }
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    KeSetEvent(&Stop, IO_NO_INCREMENT, FALSE);
#ifdef WRONG
    ObDereferenceObject(Worker);
#else
    WorkerWait(Worker);
#endif
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeEvent(&Stop, NotificationEvent, FALSE);
    return WorkerStart(Work, NULL, &Worker);
}
