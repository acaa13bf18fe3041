/*
 * A driver makes an IRP in a block of its own.
 * Wrong: It frees the IRP as one of IoAllocateIrp.
 */
#include "own-device.h"

static VOID AskOwnDevice(VOID)
{
    USHORT size = IoSizeOfIrp(1);
    PIRP irp = (PIRP)ExAllocatePoolZero(NonPagedPoolNx, size, 'tseQ');
    KEVENT event;

    if (irp == NULL) {
        return;
    }
    KeInitializeEvent(&event, NotificationEvent, FALSE);
    IoInitializeIrp(irp, size, 1);
    IoGetNextIrpStackLocation(irp)->MajorFunction = IRP_MJ_DEVICE_CONTROL;
    IoSetCompletionRoutine(irp, Done, &event, TRUE, TRUE, TRUE);
    IoCallDriver(RelayDevice, irp);
    KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
#ifdef WRONG
    IoFreeIrp(irp); /* finding: irp-freed-not-owned 0xC2/0x99 */
#else
    ExFreePoolWithTag(irp, 'tseQ');
#endif
}
