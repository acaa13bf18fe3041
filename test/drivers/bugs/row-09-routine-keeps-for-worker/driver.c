/*
 * A filter looks at answers in a work item, because its completion routine may run at DISPATCH_LEVEL.
 * Wrong: The completion routine forgets to mark what it keeps, and the dispatch routine returns what the device
 * below returned.
 */
#include "filter-device.h"

static PIO_WORKITEM Item;
static PIRP Kept;

static VOID Work(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Context);
    IoCompleteRequest(Kept, IO_NO_INCREMENT);
}

static NTSTATUS Done(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Context);
    Kept = Irp;
    IoQueueWorkItem(Item, Work, DelayedWorkQueue, NULL);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
#ifndef WRONG
    IoMarkIrpPending(Irp);
#endif
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, Done, NULL, TRUE, TRUE, TRUE);
#ifdef WRONG
    return IoCallDriver(FilterNext(DeviceObject), Irp); /* finding: request-not-completed 0xC9/0x226 */
#else
    IoCallDriver(FilterNext(DeviceObject), Irp);
    return STATUS_PENDING;
#endif
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    IoFreeWorkItem(Item);
    FilterDelete();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    if (!NT_SUCCESS(FilterCreate(DriverObject, Control, FALSE))) {
        return STATUS_UNSUCCESSFUL;
    }
    Item = IoAllocateWorkItem(FilterDevice);
    return STATUS_SUCCESS;
}
