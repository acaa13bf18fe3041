/*
 * A filter completes requests after the device below.
 * Wrong: It does not wait where the device below keeps them pending.
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
#ifndef WRONG
    KEVENT event;
#endif
    NTSTATUS status;

#ifndef WRONG
    KeInitializeEvent(&event, NotificationEvent, FALSE);
#endif
    IoCopyCurrentIrpStackLocationToNext(Irp);
#ifdef WRONG
    IoSetCompletionRoutine(Irp, NULL, NULL, FALSE, FALSE, FALSE);
#else
    IoSetCompletionRoutine(Irp, Done, &event, TRUE, TRUE, TRUE);
#endif
    status = IoCallDriver(FilterNext(DeviceObject), Irp);
#ifdef WRONG
    Irp->IoStatus.Status = status == STATUS_PENDING ? STATUS_SUCCESS : status; /* finding: irp-touched-after-send */
#else
    if (status == STATUS_PENDING) {
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
        status = Irp->IoStatus.Status;
    }
#endif
    IoCompleteRequest(Irp, IO_NO_INCREMENT); /* finding: irp-completed-while-pending-below 0xC9/0x209 */
    return status;
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
