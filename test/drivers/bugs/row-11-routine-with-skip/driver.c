/*
 * A filter sets a completion routine for what it passes on.
 * Wrong: It gives its stack location up and sets a routine all the same: the one of the device above is
 * replaced.
 */
#include "filter-device.h"

static NTSTATUS Done(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Context);
    if (Irp->PendingReturned) {
        IoMarkIrpPending(Irp);
    }
    return STATUS_CONTINUE_COMPLETION;
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
#ifdef WRONG
    if (DeviceObject == FilterDevice) {
        IoSkipCurrentIrpStackLocation(Irp);
    } else {
        IoCopyCurrentIrpStackLocationToNext(Irp);
    }
#else
    IoCopyCurrentIrpStackLocationToNext(Irp);
#endif
    IoSetCompletionRoutine(Irp, Done, NULL, TRUE, TRUE, TRUE); /* finding: completion-routine-with-skip */
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
