/*
 * Unload tells a worker to stop, which looks after something else most of the time.
 * It sets the event, which stays signalled until the worker looks.
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
    KeSetEvent(&Stop, IO_NO_INCREMENT, FALSE);
    KeWaitForSingleObject(Worker, Executive, KernelMode, FALSE, NULL);
    ObDereferenceObject(Worker);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeEvent(&Stop, NotificationEvent, FALSE);
    return WorkerStart(Work, NULL, &Worker);
}
