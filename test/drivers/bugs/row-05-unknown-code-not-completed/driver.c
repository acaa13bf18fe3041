/*
 * A device serves one control code and refuses the rest.
 * Wrong: It returns the error of a code that it does not know, but completes nothing.
 */
#include "control-device.h"

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    switch (IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_RELAY:
        return DeviceComplete(Irp, STATUS_SUCCESS, 0);
    default:
#ifdef WRONG
        return STATUS_INVALID_DEVICE_REQUEST; /* finding: request-not-completed 0xC9/0x226 */
#else
        return DeviceComplete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
#endif
    }
}
