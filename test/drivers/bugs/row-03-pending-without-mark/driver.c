/*
 * A request waits in the device extension until a work item completes it.
 * Wrong: It is never marked pending.
 */
#include "ioctl-device.h"

static PIO_WORKITEM Item;
static PIRP Waiting;

static VOID Work(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Context);
    DeviceComplete(Waiting, STATUS_SUCCESS, 0);
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    Waiting = Irp;
#ifndef WRONG
    IoMarkIrpPending(Irp);
#endif
    IoQueueWorkItem(Item, Work, DelayedWorkQueue, NULL);
    return STATUS_PENDING; /* finding: pending-not-marked 0xC9/0x23D */
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    IoFreeWorkItem(Item);
    IoDeleteDevice(RelayDevice);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = DeviceCreate(DriverObject, Control);

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    if (NT_SUCCESS(status)) {
        Item = IoAllocateWorkItem(RelayDevice);
        if (Item == NULL) {
            IoDeleteDevice(RelayDevice);
            return STATUS_INSUFFICIENT_RESOURCES;
        }
    }
    return status;
}
