/*
 * A driver flushes its device twice.
 * Wrong: It reuses an IRP that IoBuildAsynchronousFsdRequest made.
 */
#include "own-device.h"

static VOID AskOwnDevice(VOID)
{
    IO_STATUS_BLOCK statusBlock;
    ULONG i;

    for (i = 0; i < 2; i++) {
#ifdef WRONG
        static PIRP irp;
#else
        PIRP irp = NULL;
#endif
        KEVENT event;

        KeInitializeEvent(&event, NotificationEvent, FALSE);
        if (irp == NULL) {
            irp = IoBuildAsynchronousFsdRequest(IRP_MJ_FLUSH_BUFFERS, RelayDevice, NULL, 0, NULL, &statusBlock);
#ifdef WRONG
        } else {
            IoReuseIrp(irp, STATUS_SUCCESS); /* finding: irp-reused-not-owned 0xC9/0x311 */
            IoGetNextIrpStackLocation(irp)->MajorFunction = IRP_MJ_FLUSH_BUFFERS;
#endif
        }
        if (irp == NULL) {
            return;
        }
        IoSetCompletionRoutine(irp, Done, &event, TRUE, TRUE, TRUE);
        IoCallDriver(RelayDevice, irp);
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
#ifndef WRONG
        IoFreeIrp(irp);
#endif
    }
}
