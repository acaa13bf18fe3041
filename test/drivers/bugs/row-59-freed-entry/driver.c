/*
 * All entries of a list are freed.
 * Wrong: The loop goes on from the entry that it has just freed.
 * Right: The loop takes each entry out of the list before it frees it.
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
#ifdef WRONG
    PLIST_ENTRY link;

#endif
    UNREFERENCED_PARAMETER(DriverObject);
#ifdef WRONG
    for (link = List.Flink; link != &List; link = link->Flink) { /* finding: use-after-free 0xD5 */
        ExFreePoolWithTag(CONTAINING_RECORD(link, ENTRY, Link), 'rtnE');
#else
    while (!IsListEmpty(&List)) {
        ExFreePoolWithTag(CONTAINING_RECORD(RemoveHeadList(&List), ENTRY, Link), 'rtnE');
#endif
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
