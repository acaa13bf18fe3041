/*
 * A driver makes an IRP of its own cancellable by a routine of its own.
 * Wrong: The routine is set when the IRP has been completed, and the IRP is cancelled then.
 */
#include "own-device.h"

#ifdef WRONG
static VOID Cancelled(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    IoReleaseCancelSpinLock(Irp->CancelIrql);
}

#endif
static VOID AskOwnDevice(VOID)
{
    KEVENT event;
    PIRP irp = IoAllocateIrp(RelayDevice->StackSize, FALSE);

    if (irp == NULL) {
        return;
    }
    KeInitializeEvent(&event, NotificationEvent, FALSE);
    IoGetNextIrpStackLocation(irp)->MajorFunction = IRP_MJ_DEVICE_CONTROL;
    IoSetCompletionRoutine(irp, Done, &event, TRUE, TRUE, TRUE);
    if (IoCallDriver(RelayDevice, irp) == STATUS_PENDING) {
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
    }
#ifdef WRONG
    IoSetCancelRoutine(irp, Cancelled);
    IoCancelIrp(irp); /* finding: cancel-routine-after-completion 0x48 */
#endif
    IoFreeIrp(irp);
}
