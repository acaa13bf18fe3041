/*
 * Requests of programs; some commands are refused.
 * Wrong: A refused request is completed where it is refused, and once more by the caller that sees the error.
 * Right: A refused request is completed in one place, by whoever sees the error.
 */
#include "control-device.h"

static NTSTATUS Execute(_In_ PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);

    if (stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(ULONG)) {
#ifdef WRONG
        return DeviceComplete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
#else
        return STATUS_BUFFER_TOO_SMALL;
#endif
    }
    DbgPrint("command %lu\n", *(PULONG)Irp->AssociatedIrp.SystemBuffer);
    return STATUS_SUCCESS;
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    NTSTATUS status;

    UNREFERENCED_PARAMETER(DeviceObject);
    Irp->IoStatus.Information = 0;
    Irp->IoStatus.Status = STATUS_SUCCESS;
    status = Execute(Irp);
    if (!NT_SUCCESS(status)) {
        DbgPrint("command failed: 0x%08x\n", status);
#ifndef WRONG
        Irp->IoStatus.Status = status;
#endif
    }
    IoCompleteRequest(Irp, IO_NO_INCREMENT); /* finding: double-completion 0x44 */
    return status;
}
