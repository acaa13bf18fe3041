/*
 * A device answers from what a helper found.
 * Wrong: The helper says STATUS_PENDING for "not yet", and the request is completed with that.
 */
#include "control-device.h"

static NTSTATUS Find(BOOLEAN IsReady)
{
#ifdef WRONG
    return IsReady ? STATUS_SUCCESS : STATUS_PENDING;
#else
    return IsReady ? STATUS_SUCCESS : STATUS_DEVICE_NOT_READY;
#endif
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    NTSTATUS status = Find(FALSE);

    UNREFERENCED_PARAMETER(DeviceObject);
    Irp->IoStatus.Status = status;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT); /* finding: completed-with-pending-status 0xC9/0x6 */
    return status;
}
