/*
 * A driver gives up an IRP of its own before it is sent.
 * Wrong: It completes the IRP instead of freeing it.
 */
#include "own-device.h"

static VOID AskOwnDevice(VOID)
{
    KEVENT event;
    PIRP irp = IoAllocateIrp(RelayDevice->StackSize, FALSE);
    PIO_STACK_LOCATION next;

    if (irp == NULL) {
        return;
    }
    KeInitializeEvent(&event, NotificationEvent, FALSE);
    next = IoGetNextIrpStackLocation(irp);
    next->MajorFunction = IRP_MJ_DEVICE_CONTROL;
    next->Parameters.DeviceIoControl.IoControlCode = IOCTL_RELAY;
    IoSetCompletionRoutine(irp, Done, &event, TRUE, TRUE, TRUE);
    irp->IoStatus.Status = STATUS_CANCELLED;
#ifdef WRONG
    IoCompleteRequest(irp, IO_NO_INCREMENT); /* finding: own-irp-completed 0xC9/0x239 */
#else
    IoFreeIrp(irp);
#endif
}
