/*
 * A table is emptied under its spin lock.
 * Wrong: Emptying it also initialises the lock, which the caller holds.
 * Right: Emptying it leaves the lock alone.
 */
#include <ntddk.h>

typedef struct _TABLE {
    KSPIN_LOCK Lock;
    LIST_ENTRY Entries;
    ULONG Count;
} TABLE;

static TABLE Table;

static VOID TableEmpty(VOID)
{
#ifdef WRONG
    KeInitializeSpinLock(&Table.Lock); /* finding: lock-initialised-while-held 0xC4/0x1005 */
#endif
    InitializeListHead(&Table.Entries);
    Table.Count = 0;
}

static VOID TableReset(VOID)
{
    KIRQL irql;

    KeAcquireSpinLock(&Table.Lock, &irql);
    TableEmpty();
    KeReleaseSpinLock(&Table.Lock, irql);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    TableReset();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeSpinLock(&Table.Lock);
    TableEmpty();
    return STATUS_SUCCESS;
}
