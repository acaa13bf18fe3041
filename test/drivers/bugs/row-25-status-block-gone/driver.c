/*
 * A driver asks its device and gives up after a while.
 * Wrong: It returns, and with it the status block and the event, while the device still has the request.
 */
#include "slow-device.h"

static VOID AskOwnDevice(VOID)
{
    IO_STATUS_BLOCK statusBlock;
    KEVENT event;
    LARGE_INTEGER due;
    PIRP irp;

    due.QuadPart = -10;
    KeInitializeEvent(&event, NotificationEvent, FALSE);
    irp = IoBuildDeviceIoControlRequest(IOCTL_RELAY, RelayDevice, NULL, 0, NULL, 0, FALSE, &event, &statusBlock);
    if (irp == NULL) {
        return;
    }
    if (IoCallDriver(RelayDevice, irp) == STATUS_PENDING) { /* finding: stack-buffer-outlives-call 0xC9/0xC */
#ifdef WRONG
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &due);
#else
        if (KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &due) == STATUS_TIMEOUT) {
            KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
        }
#endif
    }
}
