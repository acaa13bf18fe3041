/*
 * A driver reads the outcome of a request that it built.
 * Wrong: It reads the status block although the request is still pending.
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
#ifdef WRONG
    IoCallDriver(RelayDevice, irp);
#else
    if (IoCallDriver(RelayDevice, irp) == STATUS_PENDING) {
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
    }
#endif
    DbgPrint("outcome 0x%08x", statusBlock.Status); /* finding: uninitialised-read */
#ifdef WRONG
    KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
#endif
}
