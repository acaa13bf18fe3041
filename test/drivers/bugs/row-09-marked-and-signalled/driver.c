/*
 * A filter waits for the device below and completes the request itself.
 * Wrong: Its completion routine marks the request pending although the dispatch routine will return a final
 * status.
 */
#include "filter-device.h"

static NTSTATUS Done(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    if (Irp->PendingReturned) {
#ifdef WRONG
        IoMarkIrpPending(Irp);
#else
        KeSetEvent((PKEVENT)Context, IO_NO_INCREMENT, FALSE);
#endif
    }
#ifdef WRONG
    KeSetEvent((PKEVENT)Context, IO_NO_INCREMENT, FALSE);
#endif
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    KEVENT event;
    NTSTATUS status;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, Done, &event, TRUE, TRUE, TRUE);
    status = IoCallDriver(FilterNext(DeviceObject), Irp);
    if (status == STATUS_PENDING) {
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
        status = Irp->IoStatus.Status;
    }
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return status; /* finding: pending-not-returned 0xC9/0x23E */
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
