/*
 * A driver asks its device with a timeout.
 * Wrong: After the timeout it frees the IRP that the device still has.
 */
#include "slow-device.h"

static VOID AskOwnDevice(VOID)
{
    KEVENT event;
    PIRP irp = IoAllocateIrp(RelayDevice->StackSize, FALSE);
    PIO_STACK_LOCATION next;
    LARGE_INTEGER due;

    if (irp == NULL) {
        return;
    }
    KeInitializeEvent(&event, NotificationEvent, FALSE);
    next = IoGetNextIrpStackLocation(irp);
    next->MajorFunction = IRP_MJ_DEVICE_CONTROL;
    next->Parameters.DeviceIoControl.IoControlCode = IOCTL_RELAY;
    IoSetCompletionRoutine(irp, Done, &event, TRUE, TRUE, TRUE);
    IoCallDriver(RelayDevice, irp);
    due.QuadPart = -10;
    if (KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &due) == STATUS_TIMEOUT) {
        IoCancelIrp(irp);
#ifndef WRONG
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
#endif
    }
    IoFreeIrp(irp); /* finding: irp-freed-in-flight 0xC9/0x20B */
}
