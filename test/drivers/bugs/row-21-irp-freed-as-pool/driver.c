/*
 * A driver asks its device with an IRP of its own.
 * Wrong: It gives the IRP back with ExFreePool.
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
    if (IoCallDriver(RelayDevice, irp) == STATUS_PENDING) {
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
    }
#ifdef WRONG
    ExFreePool(irp); /* finding: irp-freed-as-pool 0xC4/0x105 */
#else
    IoFreeIrp(irp);
#endif
}
