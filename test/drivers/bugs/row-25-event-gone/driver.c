/*
 * A driver asks its device; the status block is global, the event is not.
 * Wrong: It does not wait, so that the event is gone when the request completes.
 */
#include "slow-device.h"

static VOID AskOwnDevice(VOID)
{
    static IO_STATUS_BLOCK statusBlock;
    KEVENT event;
    PIRP irp;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    irp = IoBuildDeviceIoControlRequest(IOCTL_RELAY, RelayDevice, NULL, 0, NULL, 0, FALSE, &event, &statusBlock);
    if (irp == NULL) {
        return;
    }
#ifdef WRONG
    IoCallDriver(RelayDevice, irp); /* finding: stack-buffer-outlives-call 0xC9/0xD */
#else
    if (IoCallDriver(RelayDevice, irp) == STATUS_PENDING) {
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
    }
#endif
}
