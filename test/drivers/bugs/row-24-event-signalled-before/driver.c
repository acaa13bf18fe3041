/*
 * A driver asks its device twice, with one event.
 * Wrong: The event is still signalled from the first time when the second request goes out.
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
    static KEVENT event;
    ULONG i;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    for (i = 0; i < 2; i++) {
        PIRP irp = IoBuildDeviceIoControlRequest(IOCTL_RELAY, RelayDevice, NULL, 0, NULL, 0, FALSE, &event, &statusBlock);

        if (irp == NULL) {
            return;
        }
#ifndef WRONG
        KeClearEvent(&event);
#endif
        if (IoCallDriver(RelayDevice, irp) == STATUS_PENDING) { /* finding: event-signalled-before-request 0xC9/0x307 */
            KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
        }
    }
}
