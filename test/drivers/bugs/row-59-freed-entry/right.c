/*
 * All entries of a list are freed.
 * The loop takes each entry out of the list before it frees it.
 */
#include <ntddk.h>

typedef struct _ENTRY {
    LIST_ENTRY Link;
    ULONG Value;
} ENTRY, *PENTRY;

static LIST_ENTRY List;

static VOID Add(ULONG Value)
{
    PENTRY entry = (PENTRY)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(ENTRY), 'rtnE');

    if (entry != NULL) {
        entry->Value = Value;
        InsertTailList(&List, &entry->Link);
    }
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    while (!IsListEmpty(&List)) {
        ExFreePoolWithTag(CONTAINING_RECORD(RemoveHeadList(&List), ENTRY, Link), 'rtnE');
    }
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    InitializeListHead(&List);
    Add(1);
    Add(2);
    return STATUS_SUCCESS;
}
