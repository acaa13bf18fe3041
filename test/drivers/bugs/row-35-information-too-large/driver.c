/*
 * A device answers with a record.
 * Wrong: It says how long the record is, not how much of it the caller has room for.
 */
#include "control-device.h"

typedef struct _ANSWER {
    ULONG Version;
    UCHAR Name[28];
} ANSWER;

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    ULONG room = IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.OutputBufferLength;
    ANSWER answer;

    UNREFERENCED_PARAMETER(DeviceObject);
    RtlZeroMemory(&answer, sizeof(answer));
    answer.Version = 3;
    RtlCopyMemory(Irp->AssociatedIrp.SystemBuffer, &answer, min(room, sizeof(answer)));
    Irp->IoStatus.Status = STATUS_SUCCESS;
#ifdef WRONG
    Irp->IoStatus.Information = sizeof(answer);
#else
    Irp->IoStatus.Information = min(room, sizeof(answer));
#endif
    IoCompleteRequest(Irp, IO_NO_INCREMENT); /* finding: information-too-large 0xC9/0x312 */
    return STATUS_SUCCESS;
}
