/*
 * A driver keeps event and status block of its requests in a structure and waits with KeWaitForMultipleObjects.
 * Wrong: The event stays signalled after the first wait.
 */
#include "slow-device.h"

typedef struct _CHANNEL {
    KEVENT Answered;
    IO_STATUS_BLOCK Status;
} CHANNEL, *PCHANNEL;

static NTSTATUS Ask(PCHANNEL Channel)
{
    PVOID objects[1];
    NTSTATUS status;
    PIRP irp = IoBuildDeviceIoControlRequest(IOCTL_RELAY, RelayDevice, NULL, 0, NULL, 0, FALSE, &Channel->Answered,
                                             &Channel->Status);

    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    objects[0] = &Channel->Answered;
    status = IoCallDriver(RelayDevice, irp); /* finding: event-signalled-before-request 0xC9/0x307 */
    if (status == STATUS_PENDING) {
        KeWaitForMultipleObjects(1, objects, WaitAny, Executive, KernelMode, FALSE, NULL, NULL);
        status = Channel->Status.Status;
    }
    return status;
}

static VOID AskOwnDevice(VOID)
{
    static CHANNEL channel;

#ifdef WRONG
    KeInitializeEvent(&channel.Answered, NotificationEvent, FALSE);
#else
    KeInitializeEvent(&channel.Answered, SynchronizationEvent, FALSE);
#endif
    if (NT_SUCCESS(Ask(&channel))) {
        Ask(&channel);
    }
}
