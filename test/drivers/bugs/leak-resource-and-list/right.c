/*
 * A global ERESOURCE and a global lookaside list.
 * Unload deletes both.
 */
#include <ntddk.h>

static ERESOURCE Lock;
static NPAGED_LOOKASIDE_LIST Entries;

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    ExDeleteNPagedLookasideList(&Entries);
    ExDeleteResourceLite(&Lock);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    ExInitializeResourceLite(&Lock);
    ExInitializeNPagedLookasideList(&Entries, NULL, NULL, 0, 32, 'rtnE', 0);
    return STATUS_SUCCESS;
}
