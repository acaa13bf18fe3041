/*
 * A device takes a record of a program by its pointer.
 * Wrong: The length that has been checked is read once more from the program's memory when it is used.
 */
#include "control-device.h"

#define IOCTL_TAKE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x802, METHOD_NEITHER, FILE_ANY_ACCESS)

typedef struct _TAKEN {
    ULONG Length;
    UCHAR Data[4];
} TAKEN, *PTAKEN;

static TAKEN Stored;

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    PTAKEN input = (PTAKEN)stack->Parameters.DeviceIoControl.Type3InputBuffer;
    NTSTATUS status = STATUS_INVALID_PARAMETER;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(TAKEN)) {
        return DeviceComplete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
    }
    __try {
        ProbeForWrite(input, sizeof(TAKEN), 1);
#ifdef WRONG
        if (input->Length > 0 && input->Length <= sizeof(Stored.Data)) {
            Stored.Length = input->Length; /* finding: double-fetch */
            RtlCopyMemory(Stored.Data, input->Data, Stored.Length);
#else
        Stored = *input;
        if (Stored.Length > 0 && Stored.Length <= sizeof(Stored.Data)) {
#endif
            status = STATUS_SUCCESS;
        }
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    return DeviceComplete(Irp, status, 0);
}
