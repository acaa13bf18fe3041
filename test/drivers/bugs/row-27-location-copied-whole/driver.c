/*
 * A filter copies its stack location by hand.
 * Wrong: It copies the completion routine of the device above too.
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
    if (DeviceObject == UpperDevice) {
        IoCopyCurrentIrpStackLocationToNext(Irp);
        IoSetCompletionRoutine(Irp, Done, NULL, TRUE, TRUE, TRUE);
        return IoCallDriver(FilterDevice, Irp);
    }
#ifdef WRONG
    *IoGetNextIrpStackLocation(Irp) = *IoGetCurrentIrpStackLocation(Irp);
#else
    RtlCopyMemory(IoGetNextIrpStackLocation(Irp), IoGetCurrentIrpStackLocation(Irp),
        FIELD_OFFSET(IO_STACK_LOCATION, CompletionRoutine));
    IoGetNextIrpStackLocation(Irp)->Control = 0;
#endif
    return IoCallDriver(LowerDevice, Irp); /* finding: stack-location-copied-whole 0xC9/0x207 */
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
