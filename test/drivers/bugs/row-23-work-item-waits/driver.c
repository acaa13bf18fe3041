/*
 * A filter has its requests answered by a work item.
 * Wrong: The work item waits for the event before it does what would set it.
 */
#include "filter-device.h"

static PIO_WORKITEM Item;
static KEVENT Ready;
static PIRP Kept;

static VOID Prepare(VOID)
{
    KeSetEvent(&Ready, IO_NO_INCREMENT, FALSE);
}

static VOID Work(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Context);
#ifndef WRONG
    Prepare();
#endif
    KeWaitForSingleObject(&Ready, Executive, KernelMode, FALSE, NULL); /* finding: hang */
#ifdef WRONG
    Prepare();
#endif
    Kept->IoStatus.Status = STATUS_SUCCESS;
    Kept->IoStatus.Information = 0;
    IoCompleteRequest(Kept, IO_NO_INCREMENT);
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    IoMarkIrpPending(Irp);
    Kept = Irp;
    IoQueueWorkItem(Item, Work, DelayedWorkQueue, NULL);
    return STATUS_PENDING;
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
    KeInitializeEvent(&Ready, NotificationEvent, FALSE);
    if (!NT_SUCCESS(FilterCreate(DriverObject, Control, FALSE))) {
        return STATUS_UNSUCCESSFUL;
    }
    Item = IoAllocateWorkItem(FilterDevice);
    return STATUS_SUCCESS;
}
