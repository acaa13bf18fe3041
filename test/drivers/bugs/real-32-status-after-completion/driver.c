/*
 * A dispatch routine that answers each request at once.
 * Wrong: It returns the status out of the IRP, which is gone once it is completed.
 * Right: It keeps the status in a variable, because the IRP is gone once it is completed.
 */
#include "control-device.h"

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
#ifndef WRONG
    NTSTATUS status;
#endif

    UNREFERENCED_PARAMETER(DeviceObject);
    Irp->IoStatus.Information = 0;
    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_RELAY:
        DbgPrint("relay\n");
        Irp->IoStatus.Status = STATUS_SUCCESS;
        break;
    default:
        Irp->IoStatus.Status = STATUS_INVALID_DEVICE_REQUEST;
        break;
    }
#ifndef WRONG
    status = Irp->IoStatus.Status;
#endif
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
#ifdef WRONG
    return Irp->IoStatus.Status; /* finding: use-after-free 0xD5 */
#else
    return status;
#endif
}
