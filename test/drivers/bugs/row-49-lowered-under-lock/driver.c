/*
 * Two nested spin locks.
 * Wrong: The outer one's saved IRQL goes with the inner one's release, so that the outer lock is held at
 * PASSIVE_LEVEL.
 * Right: Each release restores the IRQL that its own acquisition saved.
 */
#include <ntddk.h>

static KSPIN_LOCK TableLock;
static KSPIN_LOCK EntryLock;
static ULONG Value;

static VOID Change(VOID)
{
    KIRQL tableIrql;
    KIRQL entryIrql;

    KeAcquireSpinLock(&TableLock, &tableIrql);
    KeAcquireSpinLock(&EntryLock, &entryIrql);
    Value++;
#ifdef WRONG
    KeReleaseSpinLock(&EntryLock, tableIrql); /* finding: spin-lock-held-below-dispatch 0xC4/0x1001 */
    KeReleaseSpinLock(&TableLock, entryIrql);
#else
    KeReleaseSpinLock(&EntryLock, entryIrql);
    KeReleaseSpinLock(&TableLock, tableIrql);
#endif
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeSpinLock(&TableLock);
    KeInitializeSpinLock(&EntryLock);
    Change();
    return STATUS_SUCCESS;
}
