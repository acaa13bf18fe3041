/*
 * A filter asks a second time where the first answer is late.
 * Wrong: It sends the request again while the device below still has it.
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
    LARGE_INTEGER due;
    NTSTATUS status;

    due.QuadPart = -10;
    KeInitializeEvent(&event, SynchronizationEvent, FALSE);
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, Done, &event, TRUE, TRUE, TRUE);
    IoCallDriver(FilterNext(DeviceObject), Irp);
    if (KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &due) == STATUS_TIMEOUT) {
#ifndef WRONG
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
#endif
        IoCopyCurrentIrpStackLocationToNext(Irp); /* finding: irp-sent-while-pending-below 0xC9/0x205 */
        IoSetCompletionRoutine(Irp, Done, &event, TRUE, TRUE, TRUE);
        IoCallDriver(FilterNext(DeviceObject), Irp);
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
    }
    status = Irp->IoStatus.Status;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
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
    return FilterCreate(DriverObject, Control, FALSE);
}
