/*
 * A filter completes a request after the device below.
 * Wrong: It completes with the value that only completion routines return.
 */
#include "filter-device.h"

static NTSTATUS Done(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    KeSetEvent((PKEVENT)Context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    KEVENT event;
    NTSTATUS status;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, Done, &event, TRUE, TRUE, TRUE);
    if (IoCallDriver(FilterNext(DeviceObject), Irp) == STATUS_PENDING) {
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
    }
    status = Irp->IoStatus.Status;
#ifdef WRONG
    if (status == STATUS_INVALID_DEVICE_REQUEST) {
        Irp->IoStatus.Status = STATUS_MORE_PROCESSING_REQUIRED;
        status = STATUS_INVALID_DEVICE_REQUEST;
    }
#endif
    IoCompleteRequest(Irp, IO_NO_INCREMENT); /* finding: suspicious-status 0xC9/0x300 */
#ifdef WRONG
    return STATUS_MORE_PROCESSING_REQUIRED; /* finding: suspicious-status 0xC9/0x225 */
#else
    return status;
#endif
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
