/*
 * A driver asks its device with IoBuildDeviceIoControlRequest.
 * Wrong: It frees the IRP, which the I/O manager frees itself.
 */
#include "slow-device.h"

static VOID AskOwnDevice(VOID)
{
    IO_STATUS_BLOCK statusBlock;
    KEVENT event;
    PIRP irp;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    irp = IoBuildDeviceIoControlRequest(IOCTL_RELAY, RelayDevice, NULL, 0, NULL, 0, FALSE, &event, &statusBlock);
    if (irp == NULL) {
        return;
    }
    if (IoCallDriver(RelayDevice, irp) == STATUS_PENDING) {
#ifdef WRONG
        LARGE_INTEGER due;

        due.QuadPart = -10;
        if (KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &due) == STATUS_TIMEOUT) {
            IoFreeIrp(irp); /* finding: irp-freed-not-owned 0xC9/0x2 */
        }
#else
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
#endif
    }
}
