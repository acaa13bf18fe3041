/*
 * A driver asks its device with an IRP of its own.
 * Wrong: The IRP has no completion routine.
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
#ifndef WRONG
    IoSetCompletionRoutine(irp, Done, &event, TRUE, TRUE, TRUE);
#endif
    IoCallDriver(RelayDevice, irp); /* finding: completion-routine-missing */
#ifndef WRONG
    KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
#endif
    IoFreeIrp(irp);
}
