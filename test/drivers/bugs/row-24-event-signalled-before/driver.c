/*
 * A driver asks its device twice, with one event.
 * Wrong: The event is still signalled from the first time when the second request goes out.
 */
#include "slow-device.h"

static VOID AskOwnDevice(VOID)
{
    static IO_STATUS_BLOCK statusBlock;
    static KEVENT event;
    ULONG i;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    for (i = 0; i < 2; i++) {
        PIRP irp = IoBuildDeviceIoControlRequest(IOCTL_RELAY, RelayDevice, NULL, 0, NULL, 0, FALSE, &event, &statusBlock);

        if (irp == NULL) {
            return;
        }
#ifndef WRONG
        KeClearEvent(&event);
#endif
        if (IoCallDriver(RelayDevice, irp) == STATUS_PENDING) { /* finding: event-signalled-before-request 0xC9/0x307 */
            KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
        }
    }
}
