/*
 * A worker stops itself when it is told to.
 * Wrong: It calls the function that tells it to stop and waits for its end: it waits for itself.
 * Right: It only tells itself to stop; unload waits for its end.
 */
#include "worker-thread.h"

static PETHREAD Worker;
static KEVENT Started;
static BOOLEAN Stopped;

static VOID StopWorker(VOID)
{
    Stopped = TRUE;
#ifdef WRONG
    KeWaitForSingleObject(Worker, Executive, KernelMode, FALSE, NULL); /* finding: self-wait */
#else
    if (PsGetCurrentThread() != Worker) {
        KeWaitForSingleObject(Worker, Executive, KernelMode, FALSE, NULL);
    }
#endif
}

static VOID Work(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    KeWaitForSingleObject(&Started, Executive, KernelMode, FALSE, NULL);
    StopWorker();
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    StopWorker();
    ObDereferenceObject(Worker);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeEvent(&Started, NotificationEvent, FALSE);
    status = WorkerStart(Work, NULL, &Worker);
    KeSetEvent(&Started, IO_NO_INCREMENT, FALSE);
    return status;
}
