/*
 * Two nested spin locks.
 * Each release restores the IRQL that its own acquisition saved.
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
    KeReleaseSpinLock(&EntryLock, entryIrql);
    KeReleaseSpinLock(&TableLock, tableIrql);
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
