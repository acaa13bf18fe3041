/*
 * A driver asks its device; the status block is global, the event is not.
 * Wrong: It does not wait, so that the event is gone when the request completes.
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
    static IO_STATUS_BLOCK statusBlock;
    KEVENT event;
    PIRP irp;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    irp = IoBuildDeviceIoControlRequest(IOCTL_RELAY, RelayDevice, NULL, 0, NULL, 0, FALSE, &event, &statusBlock);
    if (irp == NULL) {
        return;
    }
#ifdef WRONG
    IoCallDriver(RelayDevice, irp); /* finding: stack-buffer-outlives-call 0xC9/0xD */
#else
    if (IoCallDriver(RelayDevice, irp) == STATUS_PENDING) {
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
    }
#endif
}
