/*
 * Names are kept in a list.
 * Wrong: Unload frees the entries and forgets the names that they point to.
 * Right: Unload frees the names with their entries.
 */
#include <ntddk.h>

typedef struct _ENTRY {
    LIST_ENTRY Link;
    PWCHAR Name;
} ENTRY, *PENTRY;

static LIST_ENTRY List;

static NTSTATUS Add(PCWSTR Name, SIZE_T Size)
{
    PENTRY entry = (PENTRY)ExAllocatePool2(POOL_FLAG_PAGED, sizeof(ENTRY), 'rtnE');

    if (entry == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    entry->Name = (PWCHAR)ExAllocatePool2(POOL_FLAG_PAGED, Size, 'emaN'); /* finding: pool-leak 0xC4/0x62 */
    if (entry->Name == NULL) {
        ExFreePoolWithTag(entry, 'rtnE');
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    RtlCopyMemory(entry->Name, Name, Size);
    InsertTailList(&List, &entry->Link);
    return STATUS_SUCCESS;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    while (!IsListEmpty(&List)) {
        PENTRY entry = CONTAINING_RECORD(RemoveHeadList(&List), ENTRY, Link);

#ifndef WRONG
        ExFreePoolWithTag(entry->Name, 'emaN');
#endif
        ExFreePoolWithTag(entry, 'rtnE');
    }
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    InitializeListHead(&List);
    Add(L"one", sizeof(L"one"));
    Add(L"two", sizeof(L"two"));
    return STATUS_SUCCESS;
}
