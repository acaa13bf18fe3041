/*
 * A device refuses what it does not know.
 * Wrong: The status begins as -1 and is set on one path only.
 */
#define OWN_CONTROL Control
#include "own-device.h"

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
#ifdef WRONG
    NTSTATUS status = (NTSTATUS)-1;
#else
    NTSTATUS status = STATUS_INVALID_DEVICE_REQUEST;
#endif
    BOOLEAN isKnown = Irp->AssociatedIrp.SystemBuffer != NULL;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (isKnown) {
        status = STATUS_SUCCESS;
    }
    DeviceComplete(Irp, isKnown ? STATUS_SUCCESS : STATUS_INVALID_DEVICE_REQUEST, 0);
    return status; /* finding: suspicious-status 0xC9/0x225 */
}

static VOID AskOwnDevice(VOID)
{
    IO_STATUS_BLOCK statusBlock;
    KEVENT event;
    PIRP irp;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    irp = IoBuildDeviceIoControlRequest(IOCTL_RELAY, RelayDevice, NULL, 0, NULL, 0, FALSE, &event, &statusBlock);
    if (irp != NULL && IoCallDriver(RelayDevice, irp) == STATUS_PENDING) {
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
    }
}
