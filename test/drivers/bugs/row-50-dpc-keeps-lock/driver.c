/*
 * A timer's DPC counts under a spin lock, up to a limit.
 * Wrong: At the limit it returns and keeps the lock: the IRQL is the same, but every other processor spins for
 * ever.
 * Right: At the limit, too, it gives the lock back.
 */
#include <ntddk.h>

static KSPIN_LOCK Lock;
static KTIMER Timer;
static KDPC Dpc;
static ULONG Ticks;

static VOID Tick(PKDPC Timed, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(Timed);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    KeAcquireSpinLockAtDpcLevel(&Lock); /* finding: spin-lock-held-at-return 0xC4/0x100A */
    if (Ticks == 3) {
#ifndef WRONG
        KeReleaseSpinLockFromDpcLevel(&Lock);
#endif
        return;
    }
    Ticks++;
    KeReleaseSpinLockFromDpcLevel(&Lock);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    KeCancelTimer(&Timer);
    KeFlushQueuedDpcs();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    LARGE_INTEGER due;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeSpinLock(&Lock);
    KeInitializeTimer(&Timer);
    KeInitializeDpc(&Dpc, Tick, NULL);
    due.QuadPart = -10 * 1000;
    KeSetTimerEx(&Timer, due, 5, &Dpc);
    return STATUS_SUCCESS;
}
