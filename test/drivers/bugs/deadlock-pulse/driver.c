/*
 * Unload tells a worker to stop, which looks after something else most of the time.
 * Wrong: It pulses the event: a worker that does not wait at that moment never hears of it.
 * Right: It sets the event, which stays signalled until the worker looks.
 */
#include "worker-thread.h"

static KEVENT Stop;
static PETHREAD Worker;

static VOID Work(PVOID Context)
{
    LARGE_INTEGER busy;

    UNREFERENCED_PARAMETER(Context);
    busy.QuadPart = -2000 * 1000 * 10;
    KeDelayExecutionThread(KernelMode, FALSE, &busy);
    KeWaitForSingleObject(&Stop, Executive, KernelMode, FALSE, NULL);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
#ifdef WRONG
    KePulseEvent(&Stop, IO_NO_INCREMENT, FALSE);
#else
    KeSetEvent(&Stop, IO_NO_INCREMENT, FALSE);
#endif
    KeWaitForSingleObject(Worker, Executive, KernelMode, FALSE, NULL); /* finding: lost-wake-up */
    ObDereferenceObject(Worker);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeEvent(&Stop, NotificationEvent, FALSE);
    return WorkerStart(Work, NULL, &Worker);
}
