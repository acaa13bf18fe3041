/*
 * Two threads, two kernel mutexes.
 * Both threads take the mutexes in the same order.
 */
#include "worker-thread.h"

static KMUTEX Left, Right;
static PETHREAD Threads[2];

static VOID Use(PKMUTEX First, PKMUTEX Second)
{
    LARGE_INTEGER pause;

    pause.QuadPart = -10 * 1000 * 10;
    KeWaitForSingleObject(First, Executive, KernelMode, FALSE, NULL);
    KeDelayExecutionThread(KernelMode, FALSE, &pause);
    KeWaitForSingleObject(Second, Executive, KernelMode, FALSE, NULL);
    DbgPrint("both\n");
    KeReleaseMutex(Second, FALSE);
    KeReleaseMutex(First, FALSE);
}

static VOID UseLeft(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    Use(&Left, &Right);
}

static VOID UseRight(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    Use(&Left, &Right);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    WorkerWait(Threads[0]);
    WorkerWait(Threads[1]);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeMutex(&Left, 0);
    KeInitializeMutex(&Right, 0);
    WorkerStart(UseLeft, NULL, &Threads[0]);
    WorkerStart(UseRight, NULL, &Threads[1]);
    return STATUS_SUCCESS;
}
