/*
 * A driver has its IRP in a block of its own, made with IoInitializeIrp.
 * Wrong: It gives the block back while its device still works on the request.
 */
#include "slow-device.h"

typedef struct _QUESTION {
    KEVENT Answered;
    IRP Irp;
    IO_STACK_LOCATION Location;
} QUESTION, *PQUESTION;

static VOID AskOwnDevice(VOID)
{
    PQUESTION question = (PQUESTION)ExAllocatePoolZero(NonPagedPoolNx, sizeof(QUESTION), 'tseQ');

    if (question == NULL) {
        return;
    }
    KeInitializeEvent(&question->Answered, NotificationEvent, FALSE);
    IoInitializeIrp(&question->Irp, IoSizeOfIrp(1), 1);
    IoGetNextIrpStackLocation(&question->Irp)->MajorFunction = IRP_MJ_DEVICE_CONTROL;
    IoSetCompletionRoutine(&question->Irp, Done, &question->Answered, TRUE, TRUE, TRUE);
    if (IoCallDriver(RelayDevice, &question->Irp) == STATUS_PENDING) {
#ifndef WRONG
        KeWaitForSingleObject(&question->Answered, Executive, KernelMode, FALSE, NULL);
#endif
    }
    ExFreePoolWithTag(question, 'tseQ'); /* finding: irp-freed-in-flight 0xC9/0x20B */
}
