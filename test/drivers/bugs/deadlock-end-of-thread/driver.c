/*
 * A worker reports its end in a table that a fast mutex guards; unload waits for the worker.
 * Wrong: Unload waits for the end of the worker while it holds the mutex that the worker needs to end.
 * Right: Unload takes the mutex after the worker has ended.
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
    ExAcquireFastMutex(&Lock); /* finding: deadlock 0xC4/0x1001 */
    Ended++;
    ExReleaseFastMutex(&Lock);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
#ifdef WRONG
    ExAcquireFastMutex(&Lock);
#endif
    KeSetEvent(&Stop, IO_NO_INCREMENT, FALSE);
    WorkerWait(Worker);
#ifndef WRONG
    ExAcquireFastMutex(&Lock);
#endif
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
