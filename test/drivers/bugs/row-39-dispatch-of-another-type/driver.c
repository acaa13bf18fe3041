/*
 * A driver casts its routines into the dispatch table.
 * Wrong: The one for flushes takes other parameters.
 */
#define HAS_PREPARE
#include "control-device.h"

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

static VOID Prepare(PDRIVER_OBJECT DriverObject)
{
    DriverObject->MajorFunction[IRP_MJ_FLUSH_BUFFERS] = (PDRIVER_DISPATCH)Flush;
}
