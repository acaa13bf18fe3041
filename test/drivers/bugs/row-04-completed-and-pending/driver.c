/*
 * A device answers at once.
 * Wrong: It says STATUS_PENDING for a request that it has completed and never marked.
 */
#include "control-device.h"

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
#ifndef WRONG
    IoMarkIrpPending(Irp);
#endif
    DeviceComplete(Irp, STATUS_SUCCESS, 0);
    return STATUS_PENDING; /* finding: pending-not-marked 0xC9/0x23D */
}
