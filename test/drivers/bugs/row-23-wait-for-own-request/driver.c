/*
 * A device waits in its dispatch routine for a request that it keeps pending itself.
 * Wrong: The one that would complete it comes only after the wait.
 */
#include "filter-device.h"

static KEVENT Answered;
static PIRP Kept;

static NTSTATUS Done(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Irp);
    KeSetEvent(&Answered, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    NTSTATUS status;

    if (DeviceObject == FilterDevice) {
        Kept = Irp;
        IoMarkIrpPending(Irp);
        return STATUS_PENDING;
    }
    KeInitializeEvent(&Answered, NotificationEvent, FALSE);
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, Done, NULL, TRUE, TRUE, TRUE);
    status = IoCallDriver(FilterNext(DeviceObject), Irp);
#ifndef WRONG
    Kept->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(Kept, IO_NO_INCREMENT);
#endif
    if (status == STATUS_PENDING) {
        KeWaitForSingleObject(&Answered, Executive, KernelMode, FALSE, NULL); /* finding: hang */
    }
#ifdef WRONG
    Kept->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(Kept, IO_NO_INCREMENT);
#endif
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
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
    return FilterCreate(DriverObject, Control, TRUE);
}
