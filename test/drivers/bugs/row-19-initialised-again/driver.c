/*
 * A driver makes an IRP of its own fit for use.
 * Wrong: It calls IoInitializeIrp on an IRP of IoAllocateIrp.
 */
#include "own-device.h"

static VOID AskOwnDevice(VOID)
{
    KEVENT event;
    PIRP irp = IoAllocateIrp(RelayDevice->StackSize, FALSE);

    if (irp == NULL) {
        return;
    }
    KeInitializeEvent(&event, NotificationEvent, FALSE);
#ifdef WRONG
    IoInitializeIrp(irp, IoSizeOfIrp(RelayDevice->StackSize), RelayDevice->StackSize); /* finding: irp-initialised-twice 0xC9/0x238 */
#endif
    IoGetNextIrpStackLocation(irp)->MajorFunction = IRP_MJ_DEVICE_CONTROL;
    IoSetCompletionRoutine(irp, Done, &event, TRUE, TRUE, TRUE);
    IoCallDriver(RelayDevice, irp);
    KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
    IoFreeIrp(irp);
}
