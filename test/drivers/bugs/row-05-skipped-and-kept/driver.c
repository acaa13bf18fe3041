/*
 * A filter lets nothing through while it is stopped.
 * Wrong: It has given up its stack location when it finds that it is stopped, and leaves the request alone.
 */
#include "filter-device.h"

static BOOLEAN Stopped = TRUE;

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
#ifdef WRONG
    IoSkipCurrentIrpStackLocation(Irp);
#endif
    if (Stopped) {
#ifndef WRONG
        Irp->IoStatus.Status = STATUS_DEVICE_NOT_READY;
        IoCompleteRequest(Irp, IO_NO_INCREMENT);
#endif
        return STATUS_DEVICE_NOT_READY; /* finding: request-not-completed 0xC9/0x226 */
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
