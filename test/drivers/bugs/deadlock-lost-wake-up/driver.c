/*
 * A worker is started and says when it is ready.
 * Wrong: The event is reset after the worker has been started, and so perhaps after it has said so.
 * Right: The event is reset before the worker is started.
 */
#include "worker-thread.h"

static KEVENT Ready;
static ULONG Starts;

static VOID Work(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    Starts++;
    KeSetEvent(&Ready, IO_NO_INCREMENT, FALSE);
}

static NTSTATUS Restart(VOID)
{
    LARGE_INTEGER settle;
    PETHREAD thread;
    NTSTATUS status;

#ifndef WRONG
    KeResetEvent(&Ready);
#endif
    status = WorkerStart(Work, NULL, &thread);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    settle.QuadPart = -1000 * 10;
    KeDelayExecutionThread(KernelMode, FALSE, &settle);
#ifdef WRONG
    KeResetEvent(&Ready);
#endif
    status = KeWaitForSingleObject(&Ready, Executive, KernelMode, FALSE, NULL); /* finding: lost-wake-up */
    WorkerWait(thread);
    return status;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    DbgPrint("starts: %lu\n", Starts);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeEvent(&Ready, NotificationEvent, FALSE);
    return Restart();
}
