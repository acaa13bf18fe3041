/*
 * Two threads, two kernel mutexes.
 * Wrong: Each thread takes its own mutex first and then, some time later, the other's: both wait for ever.
 * Right: Both threads take the mutexes in the same order.
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
    KeWaitForSingleObject(Second, Executive, KernelMode, FALSE, NULL); /* finding: lock-order 0xC4/0x1001 */ /* finding: deadlock 0xC4/0x1001 */
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
#ifdef WRONG
    Use(&Right, &Left);
#else
    Use(&Left, &Right);
#endif
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
