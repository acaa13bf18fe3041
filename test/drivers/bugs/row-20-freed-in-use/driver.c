/*
 * A driver asks its device with a timeout.
 * Wrong: After the timeout it frees the IRP that the device still has.
 */
#define OWN_CONTROL Control
#include "own-device.h"

static KTIMER Timer;
static KDPC Dpc;

static VOID OnTimer(PKDPC D, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PIRP irp = (PIRP)InterlockedExchangePointer((PVOID *)Context, NULL);

    UNREFERENCED_PARAMETER(D);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    if (irp != NULL) {
        DeviceComplete(irp, STATUS_SUCCESS, 0);
    }
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    static PIRP waiting;
    LARGE_INTEGER due;

    UNREFERENCED_PARAMETER(DeviceObject);
    due.QuadPart = -20 * 1000;
    IoMarkIrpPending(Irp);
    waiting = Irp;
    KeInitializeTimer(&Timer);
    KeInitializeDpc(&Dpc, OnTimer, &waiting);
    KeSetTimer(&Timer, due, &Dpc);
    return STATUS_PENDING;
}

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
