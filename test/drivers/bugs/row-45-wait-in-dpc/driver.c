/*
 * A DPC hands its data to a worker, which signals when it has room.
 * Wrong: The DPC waits for room with a time-out of one millisecond: at DISPATCH_LEVEL nobody can run meanwhile.
 * Right: The DPC only looks whether there is room, with a time-out of zero, and drops the data otherwise.
 */
#include <ntddk.h>

static KEVENT Room;
static KTIMER Timer;
static KDPC Dpc;
static ULONG Kept, Dropped;

static VOID Tick(PKDPC Timed, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    LARGE_INTEGER timeout;

    UNREFERENCED_PARAMETER(Timed);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
#ifdef WRONG
    timeout.QuadPart = -10 * 1000;
#else
    timeout.QuadPart = 0;
#endif
    if (KeWaitForSingleObject(&Room, Executive, KernelMode, FALSE, &timeout) == STATUS_SUCCESS) { /* finding: wait-at-dispatch 0xC4/0x122 */
        Kept++;
    } else {
        Dropped++;
    }
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    KeCancelTimer(&Timer);
    KeFlushQueuedDpcs();
    DbgPrint("kept %lu, dropped %lu\n", Kept, Dropped);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    LARGE_INTEGER due;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeEvent(&Room, SynchronizationEvent, TRUE);
    KeInitializeTimer(&Timer);
    KeInitializeDpc(&Dpc, Tick, NULL);
    due.QuadPart = -10 * 1000;
    KeSetTimerEx(&Timer, due, 20, &Dpc);
    return STATUS_SUCCESS;
}
