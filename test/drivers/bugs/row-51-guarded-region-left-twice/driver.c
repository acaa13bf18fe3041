/*
 * A guarded region around a short update.
 * Wrong: The error path leaves the region and falls through to where it is left again.
 * Right: The error path leaves the region once.
 */
#include <ntddk.h>

static LONG Value;

static NTSTATUS Update(LONG By)
{
    NTSTATUS status = STATUS_SUCCESS;

    KeEnterGuardedRegion();
    if (Value + By < 0) {
#ifdef WRONG
        KeLeaveGuardedRegion();
#endif
        status = STATUS_INVALID_PARAMETER;
    } else {
        Value += By;
    }
    KeLeaveGuardedRegion(); /* finding: region-not-entered 0xC4/0x4000E */
    return status;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    Update(5);
    Update(-9);
    return STATUS_SUCCESS;
}
