/*
 * One lock, taken by a thread and by a timer's DPC.
 * Both use the in-stack queued functions.
 */
#include <ntddk.h>

static KSPIN_LOCK Lock;
static KTIMER Timer;
static KDPC Dpc;
static ULONG Ticks;

static VOID Tick(PKDPC Timed, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    KLOCK_QUEUE_HANDLE handle;

    UNREFERENCED_PARAMETER(Timed);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    KeAcquireInStackQueuedSpinLockAtDpcLevel(&Lock, &handle);
    Ticks++;
    KeReleaseInStackQueuedSpinLockFromDpcLevel(&handle);
}

static VOID Report(VOID)
{
    KLOCK_QUEUE_HANDLE handle;
    ULONG ticks;

    KeAcquireInStackQueuedSpinLock(&Lock, &handle);
    ticks = Ticks;
    KeReleaseInStackQueuedSpinLock(&handle);
    DbgPrint("ticks: %lu\n", ticks);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    KeCancelTimer(&Timer);
    KeFlushQueuedDpcs();
    Report();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    LARGE_INTEGER due;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeSpinLock(&Lock);
    KeInitializeTimer(&Timer);
    KeInitializeDpc(&Dpc, Tick, NULL);
    Report();
    due.QuadPart = -10 * 1000;
    KeSetTimer(&Timer, due, &Dpc);
    return STATUS_SUCCESS;
}
