/*
 * A timer's DPC counts under the lock that threads take, too.
 * Wrong: It gives the lock back to PASSIVE_LEVEL, as the threads do, and so ends the interrupt in the middle of
 * the DPC.
 * Right: It is at DISPATCH_LEVEL already, so it takes and gives back the lock without a change of IRQL.
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
    KeAcquireSpinLockAtDpcLevel(&Lock);
    Ticks++;
#ifdef WRONG
    KeReleaseSpinLock(&Lock, PASSIVE_LEVEL); /* finding: irql-not-restored 0xB8 */
#else
    KeReleaseSpinLockFromDpcLevel(&Lock);
#endif
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    KIRQL irql;
    ULONG ticks;

    UNREFERENCED_PARAMETER(DriverObject);
    KeCancelTimer(&Timer);
    KeFlushQueuedDpcs();
    KeAcquireSpinLock(&Lock, &irql);
    ticks = Ticks;
    KeReleaseSpinLock(&Lock, irql);
    DbgPrint("ticks: %lu\n", ticks);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    LARGE_INTEGER due;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeSpinLock(&Lock);
    KeInitializeTimer(&Timer);
    KeInitializeDpc(&Dpc, Tick, NULL);
    due.QuadPart = -10 * 1000 * 10;
    KeSetTimerEx(&Timer, due, 10, &Dpc);
    return STATUS_SUCCESS;
}
