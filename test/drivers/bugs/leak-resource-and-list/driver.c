/*
 * A global ERESOURCE and a global lookaside list.
 * Wrong: Unload deletes neither, although the system keeps both in lists of its own.
 * Right: Unload deletes both.
 */
#include <ntddk.h>

static ERESOURCE Lock;
static NPAGED_LOOKASIDE_LIST Entries;

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
#ifndef WRONG
    ExDeleteNPagedLookasideList(&Entries);
    ExDeleteResourceLite(&Lock);
#endif
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    ExInitializeResourceLite(&Lock); /* finding: resource-freed 0xC4/0xD2 */
    ExInitializeNPagedLookasideList(&Entries, NULL, NULL, 0, 32, 'rtnE', 0); /* finding: resource-freed 0xC4/0xCC */
    return STATUS_SUCCESS;
}
