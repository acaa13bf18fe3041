/*
 * A table in pool has an ERESOURCE and a lookaside list for its entries.
 * Wrong: The table is freed with the resource in it, which the system keeps in a list of its own.
 * Right: The list and the resource are deleted before the table is freed.
 */
#include <ntddk.h>

typedef struct _TABLE {
    ERESOURCE Lock;
    NPAGED_LOOKASIDE_LIST Entries;
} TABLE, *PTABLE;

static PTABLE Table;

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    ExDeleteNPagedLookasideList(&Table->Entries);
#ifndef WRONG
    ExDeleteResourceLite(&Table->Lock);
#endif
    ExFreePoolWithTag(Table, 'lbaT'); /* finding: resource-freed 0xC4/0xD2 */
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    PVOID entry;

    UNREFERENCED_PARAMETER(RegistryPath);
    Table = (PTABLE)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(TABLE), 'lbaT');
    if (Table == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    DriverObject->DriverUnload = Unload;
    ExInitializeResourceLite(&Table->Lock);
    ExInitializeNPagedLookasideList(&Table->Entries, NULL, NULL, 0, 32, 'rtnE', 0);
    entry = ExAllocateFromNPagedLookasideList(&Table->Entries);
    if (entry != NULL) {
        ExFreeToNPagedLookasideList(&Table->Entries, entry);
    }
    return STATUS_SUCCESS;
}
