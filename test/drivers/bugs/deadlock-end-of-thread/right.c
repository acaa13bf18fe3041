/*
 * A worker reports its end in a table that a fast mutex guards; unload waits for the worker.
 * Unload takes the mutex after the worker has ended.
 */
#include "worker-thread.h"

static FAST_MUTEX Lock;
static KEVENT Stop;
static PETHREAD Worker;
static ULONG Ended;

static VOID Work(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    KeWaitForSingleObject(&Stop, Executive, KernelMode, FALSE, NULL);
    ExAcquireFastMutex(&Lock);
    Ended++;
    ExReleaseFastMutex(&Lock);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    KeSetEvent(&Stop, IO_NO_INCREMENT, FALSE);
    WorkerWait(Worker);
    ExAcquireFastMutex(&Lock);
    DbgPrint("ended: %lu\n", Ended);
    ExReleaseFastMutex(&Lock);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    ExInitializeFastMutex(&Lock);
    KeInitializeEvent(&Stop, NotificationEvent, FALSE);
    return WorkerStart(Work, NULL, &Worker);
}
