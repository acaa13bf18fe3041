/*
 * A device refuses requests without a buffer.
 * Wrong: It answers with the number of a Win32 error, which is no NTSTATUS and counts as success.
 */
#include "control-device.h"

#ifdef WRONG
#define REFUSED 5
#else
#define REFUSED STATUS_ACCESS_DENIED
#endif

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    NTSTATUS status = Irp->AssociatedIrp.SystemBuffer == NULL ? REFUSED : STATUS_SUCCESS;

    UNREFERENCED_PARAMETER(DeviceObject);
    Irp->IoStatus.Status = status;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT); /* finding: suspicious-status 0xC9/0x300 */
    return status; /* finding: suspicious-status 0xC9/0x225 */
}
