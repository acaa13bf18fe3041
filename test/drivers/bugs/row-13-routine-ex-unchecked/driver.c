/*
 * A driver asks its device with an IRP of its own; IoSetCompletionRoutineEx fails.
 * Wrong: It does not look at the status and sends the IRP without a completion routine.
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
#ifdef WRONG
    IoSetCompletionRoutineEx(RelayDevice, irp, Done, &event, TRUE, TRUE, TRUE);
    IoCallDriver(RelayDevice, irp); /* finding: completion-routine-missing */
    KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
#else
    if (NT_SUCCESS(IoSetCompletionRoutineEx(RelayDevice, irp, Done, &event, TRUE, TRUE, TRUE))) {
        IoCallDriver(RelayDevice, irp);
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
    }
#endif
    IoFreeIrp(irp);
}
