/*
 * One lock, taken by a thread and by a timer's DPC.
 * Wrong: The thread uses the in-stack queued functions, the DPC the plain ones.
 * Right: Both use the in-stack queued functions.
 */
#include <ntddk.h>

static KSPIN_LOCK Lock;
static KTIMER Timer;
static KDPC Dpc;
static ULONG Ticks;

static VOID Tick(PKDPC Timed, PVOID Context, PVOID Argument1, PVOID Argument2)
{
#ifndef WRONG
    KLOCK_QUEUE_HANDLE handle;

#endif
    UNREFERENCED_PARAMETER(Timed);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
#ifdef WRONG
    KeAcquireSpinLockAtDpcLevel(&Lock); /* finding: spin-lock-functions-mixed 0xC4/0x1008 */
#else
    KeAcquireInStackQueuedSpinLockAtDpcLevel(&Lock, &handle);
#endif
    Ticks++;
#ifdef WRONG
    KeReleaseSpinLockFromDpcLevel(&Lock);
#else
    KeReleaseInStackQueuedSpinLockFromDpcLevel(&handle);
#endif
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
