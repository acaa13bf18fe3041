/*
 * A filter looks at the answers on their way back.
 * Wrong: Its completion routine does not mark what came back from a pending device.
 */
#include "filter-device.h"

static LONG Bytes;

static NTSTATUS Done(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Context);
#ifndef WRONG
    if (Irp->PendingReturned) {
        IoMarkIrpPending(Irp);
    }
#endif
    InterlockedExchangeAdd(&Bytes, (LONG)Irp->IoStatus.Information);
    return STATUS_CONTINUE_COMPLETION; /* finding: pending-not-propagated 0xC9/0x228 */
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, Done, NULL, TRUE, TRUE, TRUE);
    return IoCallDriver(FilterNext(DeviceObject), Irp);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    FilterDelete();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    return FilterCreate(DriverObject, Control, TRUE);
}
