/*
 * A driver asks its device and gives up after a while.
 * Wrong: It returns, and with it the status block and the event, while the device still has the request.
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
    IO_STATUS_BLOCK statusBlock;
    KEVENT event;
    LARGE_INTEGER due;
    PIRP irp;

    due.QuadPart = -10;
    KeInitializeEvent(&event, NotificationEvent, FALSE);
    irp = IoBuildDeviceIoControlRequest(IOCTL_RELAY, RelayDevice, NULL, 0, NULL, 0, FALSE, &event, &statusBlock);
    if (irp == NULL) {
        return;
    }
    if (IoCallDriver(RelayDevice, irp) == STATUS_PENDING) { /* finding: stack-buffer-outlives-call 0xC9/0xC */
#ifdef WRONG
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &due);
#else
        if (KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &due) == STATUS_TIMEOUT) {
            KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
        }
#endif
    }
}
