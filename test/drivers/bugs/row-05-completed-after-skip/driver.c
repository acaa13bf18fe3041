/*
 * A filter lets nothing through while it is stopped.
 * Wrong: It has given up its stack location when it completes the request.
 */
#include "filter-device.h"

static BOOLEAN Stopped = TRUE;

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
#ifdef WRONG
    IoSkipCurrentIrpStackLocation(Irp);
#endif
    if (Stopped) {
        Irp->IoStatus.Status = STATUS_DEVICE_NOT_READY;
        IoCompleteRequest(Irp, IO_NO_INCREMENT); /* finding: irp-completed-after-skip */
        return STATUS_DEVICE_NOT_READY;
    }
#ifndef WRONG
    IoSkipCurrentIrpStackLocation(Irp);
#endif
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
    return FilterCreate(DriverObject, Control, FALSE);
}
