/*
 * A filter completes requests after the device below.
 * It does not wait where the device below keeps them pending.
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
    NTSTATUS status;

    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, NULL, NULL, FALSE, FALSE, FALSE);
    status = IoCallDriver(FilterNext(DeviceObject), Irp);
    Irp->IoStatus.Status = status == STATUS_PENDING ? STATUS_SUCCESS : status;
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
