/*
 * A periodic timer counts.
 * Wrong: Unload forgets the timer, whose DPC will be called where no code is any more.
 * Right: Unload cancels the timer and waits for a DPC that is under way.
 */
#include <ntddk.h>

static KTIMER Timer;
static KDPC Dpc;
static LONG Ticks;

static VOID Tick(PKDPC Timed, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(Timed);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    InterlockedIncrement(&Ticks);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
#ifndef WRONG
    KeCancelTimer(&Timer);
    KeFlushQueuedDpcs();
#endif
    DbgPrint("ticked: %d\n", Ticks > 0);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    LARGE_INTEGER due;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeTimer(&Timer);
    KeInitializeDpc(&Dpc, Tick, NULL);
    due.QuadPart = -100 * 1000 * 10;
    KeSetTimerEx(&Timer, due, 100, &Dpc); /* finding: timer-outlives-driver 0xCE */
    return STATUS_SUCCESS;
}
