/*
 * A driver flushes its device with IoBuildAsynchronousFsdRequest.
 * Wrong: The IRP has no completion routine that frees it.
 */
#include "own-device.h"

static VOID AskOwnDevice(VOID)
{
    IO_STATUS_BLOCK statusBlock;
    KEVENT event;
    PIRP irp = IoBuildAsynchronousFsdRequest(IRP_MJ_FLUSH_BUFFERS, RelayDevice, NULL, 0, NULL, &statusBlock);

    if (irp == NULL) {
        return;
    }
    KeInitializeEvent(&event, NotificationEvent, FALSE);
#ifndef WRONG
    IoSetCompletionRoutine(irp, Done, &event, TRUE, TRUE, TRUE);
#endif
    IoCallDriver(RelayDevice, irp); /* finding: completion-routine-missing */
#ifndef WRONG
    KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
    IoFreeIrp(irp);
#endif
}
