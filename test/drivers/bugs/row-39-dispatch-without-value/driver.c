/*
 * A driver casts its routines into the dispatch table.
 * Wrong: The one for flushes returns nothing.
 */
#define HAS_PREPARE
#include "control-device.h"

#ifdef WRONG
static VOID Flush(PDEVICE_OBJECT DeviceObject, PIRP Irp) /* finding: call-mismatch */
{
    UNREFERENCED_PARAMETER(DeviceObject);
    DeviceComplete(Irp, STATUS_SUCCESS, 0);
}
#else
static NTSTATUS Flush(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return DeviceComplete(Irp, STATUS_SUCCESS, 0);
}
#endif

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return DeviceComplete(Irp, STATUS_SUCCESS, 0);
}

static VOID Prepare(PDRIVER_OBJECT DriverObject)
{
    DriverObject->MajorFunction[IRP_MJ_FLUSH_BUFFERS] = (PDRIVER_DISPATCH)Flush;
}
