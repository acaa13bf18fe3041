/*
 * A worker and the unload routine each use a table (a spin lock in the worker, a kernel mutex in both) and its
 * log.
 * Wrong: The worker takes the mutex of the table and then that of the log; the unload routine takes them the
 * other way round.
 * Right: Both take the mutex of the table before that of the log. A gate keeps the two readers of the log apart.
 */
#include "worker-thread.h"

static KMUTEX TableLock;
static FAST_MUTEX LogLock;
static KEVENT Stop;
static ULONG Entries;
static PETHREAD Worker;

static VOID Note(ULONG Value)
{
    ExAcquireFastMutex(&LogLock);
    DbgPrint("entries: %lu\n", Value);
    ExReleaseFastMutex(&LogLock);
}

static VOID Work(PVOID Context)
{
    LARGE_INTEGER period;

    UNREFERENCED_PARAMETER(Context);
    period.QuadPart = -100 * 1000 * 10;
    while (KeWaitForSingleObject(&Stop, Executive, KernelMode, FALSE, &period) == STATUS_TIMEOUT) {
        KeWaitForSingleObject(&TableLock, Executive, KernelMode, FALSE, NULL);
        Note(++Entries);
        KeReleaseMutex(&TableLock, FALSE);
    }
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
#ifndef WRONG
    KeWaitForSingleObject(&TableLock, Executive, KernelMode, FALSE, NULL);
#endif
    ExAcquireFastMutex(&LogLock);
#ifdef WRONG
    KeWaitForSingleObject(&TableLock, Executive, KernelMode, FALSE, NULL); /* finding: lock-order 0xC4/0x1001 */
#endif
    DbgPrint("at the end: %lu\n", Entries);
#ifndef WRONG
    ExReleaseFastMutex(&LogLock);
#endif
    KeReleaseMutex(&TableLock, FALSE);
#ifdef WRONG
    ExReleaseFastMutex(&LogLock);
#endif
    KeSetEvent(&Stop, IO_NO_INCREMENT, FALSE);
    WorkerWait(Worker);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeMutex(&TableLock, 0);
    ExInitializeFastMutex(&LogLock);
    KeInitializeEvent(&Stop, NotificationEvent, FALSE);
    return WorkerStart(Work, NULL, &Worker);
}
