/*
 * A pool block holds a lookaside list.
 * Wrong: The block is freed and the list in it never deleted.
 * Right: The list is deleted before its block is freed.
 */
#include <ntddk.h>

static PNPAGED_LOOKASIDE_LIST List;

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
#ifndef WRONG
    ExDeleteNPagedLookasideList(List);
#endif
    ExFreePoolWithTag(List, 'tsiL'); /* finding: resource-freed 0xC4/0xCC */
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    PVOID entry;

    UNREFERENCED_PARAMETER(RegistryPath);
    List = (PNPAGED_LOOKASIDE_LIST)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(*List), 'tsiL');
    if (List == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    DriverObject->DriverUnload = Unload;
    ExInitializeNPagedLookasideList(List, NULL, NULL, 0, 64, 'rtnE', 0);
    entry = ExAllocateFromNPagedLookasideList(List);
    if (entry != NULL) {
        ExFreeToNPagedLookasideList(List, entry);
    }
    return STATUS_SUCCESS;
}
