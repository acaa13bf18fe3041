/*
 * A device refuses input that is too short; the driver asks its own device when it starts.
 * Wrong: The dispatch routine forgets the status and returns success.
 */
#define OWN_CONTROL Control
#include "own-device.h"

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS status = STATUS_SUCCESS;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(ULONG)) {
        status = STATUS_BUFFER_TOO_SMALL;
    }
    DeviceComplete(Irp, status, 0);
#ifdef WRONG
    return STATUS_SUCCESS; /* finding: dispatch-status-mismatch 0xC9/0x224 */
#else
    return status;
#endif
}

static VOID AskOwnDevice(VOID)
{
    IO_STATUS_BLOCK statusBlock;
    KEVENT event;
    PIRP irp;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    irp = IoBuildDeviceIoControlRequest(IOCTL_RELAY, RelayDevice, NULL, 0, NULL, 0, FALSE, &event, &statusBlock);
    if (irp != NULL && IoCallDriver(RelayDevice, irp) == STATUS_PENDING) {
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
    }
}
