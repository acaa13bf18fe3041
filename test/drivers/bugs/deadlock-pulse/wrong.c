/*
 * Unload tells a worker to stop, which looks after something else most of the time.
 * It pulses the event: a worker that does not wait at that moment never hears of it.
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
    KePulseEvent(&Stop, IO_NO_INCREMENT, FALSE);
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
