/*
 * A worker counts its rounds under a kernel mutex, until it is told to stop.
 * Wrong: When it finds that it must stop, it leaves the loop with the mutex, which nobody can give back any
 * more.
 * Right: It gives the mutex back on every way out of the loop.
 */
#include "worker-thread.h"

static KMUTEX Lock;
static KEVENT Stop;
static PETHREAD Worker;

static VOID Work(PVOID Context)
{
    LARGE_INTEGER period;
    ULONG rounds = 0;

    UNREFERENCED_PARAMETER(Context);
    period.QuadPart = -100 * 1000 * 10;
    for (;;) {
        KeWaitForSingleObject(&Lock, Executive, KernelMode, FALSE, NULL); /* finding: resource-held-at-return 0xC4/0x100A */
        rounds++;
        if (KeReadStateEvent(&Stop) != 0) {
#ifndef WRONG
            KeReleaseMutex(&Lock, FALSE);
#endif
            break;
        }
        KeReleaseMutex(&Lock, FALSE);
        KeDelayExecutionThread(KernelMode, FALSE, &period);
    }
    DbgPrint("worker ends\n");
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    KeSetEvent(&Stop, IO_NO_INCREMENT, FALSE);
    WorkerWait(Worker);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeMutex(&Lock, 0);
    KeInitializeEvent(&Stop, NotificationEvent, FALSE);
    return WorkerStart(Work, NULL, &Worker);
}
