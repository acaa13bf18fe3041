/*
 * A worker answers a question with an event; both sides use a table that a kernel mutex guards.
 * Wrong: Unload waits for the answer while it holds the mutex that the worker wants before it answers.
 * Right: Unload gives the mutex back before it waits for the answer.
 */
#include "worker-thread.h"

static KMUTEX TableLock;
static KEVENT Asked, Answered;
static PETHREAD Worker;
static ULONG Table;

static VOID Work(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    KeWaitForSingleObject(&Asked, Executive, KernelMode, FALSE, NULL);
    KeWaitForSingleObject(&TableLock, Executive, KernelMode, FALSE, NULL);
    Table++;
    KeReleaseMutex(&TableLock, FALSE);
    KeSetEvent(&Answered, IO_NO_INCREMENT, FALSE);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    KeWaitForSingleObject(&TableLock, Executive, KernelMode, FALSE, NULL);
    Table++;
#ifndef WRONG
    KeReleaseMutex(&TableLock, FALSE);
#endif
    KeSetEvent(&Asked, IO_NO_INCREMENT, FALSE);
    KeWaitForSingleObject(&Answered, Executive, KernelMode, FALSE, NULL); /* finding: deadlock */
#ifdef WRONG
    KeReleaseMutex(&TableLock, FALSE);
#endif
    WorkerWait(Worker);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeMutex(&TableLock, 0);
    KeInitializeEvent(&Asked, SynchronizationEvent, FALSE);
    KeInitializeEvent(&Answered, SynchronizationEvent, FALSE);
    return WorkerStart(Work, NULL, &Worker);
}
