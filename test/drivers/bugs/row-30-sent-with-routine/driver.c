/*
 * A filter holds a request back for a while, cancellable, and then passes it on.
 * Wrong: The cancel routine is still set when it passes the request on.
 */
#include "filter-device.h"

static VOID CancelHeld(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    IoReleaseCancelSpinLock(Irp->CancelIrql);
    Irp->IoStatus.Status = STATUS_CANCELLED;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    LARGE_INTEGER late;

    late.QuadPart = -1000;
    IoMarkIrpPending(Irp);
    IoSetCancelRoutine(Irp, CancelHeld);
    if (Irp->Cancel && IoSetCancelRoutine(Irp, NULL) != NULL) {
        Irp->IoStatus.Status = STATUS_CANCELLED;
        Irp->IoStatus.Information = 0;
        IoCompleteRequest(Irp, IO_NO_INCREMENT);
        return STATUS_PENDING;
    }
    KeDelayExecutionThread(KernelMode, FALSE, &late);
#ifndef WRONG
    if (IoSetCancelRoutine(Irp, NULL) == NULL) {
        return STATUS_PENDING;
    }
#endif
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoCallDriver(FilterNext(DeviceObject), Irp); /* finding: sent-with-cancel-routine 0xC9/0x203 */
    return STATUS_PENDING;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    FilterDelete();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    return FilterCreate(DriverObject, Control, FALSE);
}
