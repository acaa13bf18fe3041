/*
 * Two devices of one stack: the upper one keeps each IRP that comes back from the lower one, and completes it then.
 * Wrong: The lower one reads the status after its IoCompleteRequest; the IRP is still there, but the upper one's.
 * Right: It has kept the status in a variable.
 */
#include "filter-device.h"

static NTSTATUS Keep(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    KeSetEvent((PKEVENT)Context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Upper(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    KEVENT done;
    NTSTATUS status;

    KeInitializeEvent(&done, NotificationEvent, FALSE);
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, Keep, &done, TRUE, TRUE, TRUE);
    status = IoCallDriver(FilterNext(DeviceObject), Irp);
    if (status == STATUS_PENDING) {
        KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
    }
    /* It is the upper one's again. */
    status = Irp->IoStatus.Status;
    DbgPrint("upper: %x\n", status);
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return status;
}

static NTSTATUS Answer(PIRP Irp, NTSTATUS Status)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    NTSTATUS status;

    if (DeviceObject == UpperDevice) {
        return Upper(DeviceObject, Irp);
    }
    status = Answer(Irp, STATUS_NOT_SUPPORTED);
#ifdef WRONG
    return Irp->IoStatus.Status; /* finding: irp-used-after-free */
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
    return FilterCreate(DriverObject, Control, TRUE);
}
