/*
 * A device copies a record of a program, whose length stands in its first four bytes.
 * Wrong: It copies the record with its length once more, after the length has been checked.
 */
#include "control-device.h"

#define IOCTL_TAKE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x802, METHOD_NEITHER, FILE_ANY_ACCESS)

static UCHAR Stored[32];

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    PULONG input = (PULONG)stack->Parameters.DeviceIoControl.Type3InputBuffer;
    ULONG available = stack->Parameters.DeviceIoControl.InputBufferLength;
    NTSTATUS status = STATUS_INVALID_PARAMETER;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (available < sizeof(ULONG)) {
        return DeviceComplete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
    }
    __try {
        ULONG length;

        ProbeForRead(input, available, 1);
        RtlCopyMemory(&length, input, sizeof(length));
        if (length <= sizeof(Stored) - sizeof(ULONG) && length <= available - sizeof(ULONG)) {
#ifdef WRONG
            RtlCopyMemory(Stored, input, length + sizeof(ULONG)); /* finding: double-fetch */
#else
            RtlCopyMemory(Stored, input + 1, length);
#endif
            status = STATUS_SUCCESS;
        }
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    return DeviceComplete(Irp, status, 0);
}
