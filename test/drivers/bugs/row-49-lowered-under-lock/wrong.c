/*
 * Two nested spin locks.
 * The outer one's saved IRQL goes with the inner one's release, so that the outer lock is held at PASSIVE_LEVEL.
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
    KeReleaseSpinLock(&EntryLock, tableIrql); /* finding: spin-lock-held-below-dispatch 0xC4/0x1001 */
    KeReleaseSpinLock(&TableLock, entryIrql);
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
