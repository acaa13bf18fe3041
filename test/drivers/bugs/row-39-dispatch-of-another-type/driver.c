/*
 * A driver casts its routines into the dispatch table.
 * Wrong: The one for flushes takes other parameters.
 */
#include "ioctl-device.h"

#ifdef WRONG
static NTSTATUS Flush(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context) /* finding: call-mismatch */
#else
static NTSTATUS Flush(PDEVICE_OBJECT DeviceObject, PIRP Irp)
#endif
{
    UNREFERENCED_PARAMETER(DeviceObject);
#ifdef WRONG
    UNREFERENCED_PARAMETER(Context);
#endif
    return DeviceComplete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return DeviceComplete(Irp, STATUS_SUCCESS, 0);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    IoDeleteDevice(RelayDevice);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    DriverObject->MajorFunction[IRP_MJ_FLUSH_BUFFERS] = (PDRIVER_DISPATCH)Flush;
    return DeviceCreate(DriverObject, Control);
}
