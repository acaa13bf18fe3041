/*
 * Wrong: The device is removed without a wait for those who hold its remove lock.
 * Right: The device is removed when nobody holds its remove lock any more.
 */
#include <ntddk.h>

typedef struct _FILTER {
    PDEVICE_OBJECT Lower;
    IO_REMOVE_LOCK RemoveLock;
} FILTER, *PFILTER;

static NTSTATUS Pnp(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PFILTER filter = (PFILTER)DeviceObject->DeviceExtension;
    UCHAR minor = IoGetCurrentIrpStackLocation(Irp)->MinorFunction;
    NTSTATUS status = IoAcquireRemoveLock(&filter->RemoveLock, Irp);

    if (!NT_SUCCESS(status)) {
        Irp->IoStatus.Status = status;
        IoCompleteRequest(Irp, IO_NO_INCREMENT);
        return status;
    }
    IoSkipCurrentIrpStackLocation(Irp);
    status = IoCallDriver(filter->Lower, Irp);
    if (minor == IRP_MN_REMOVE_DEVICE) {
#ifndef WRONG
        IoReleaseRemoveLockAndWait(&filter->RemoveLock, Irp);
#endif
        IoDetachDevice(filter->Lower);
        IoDeleteDevice(DeviceObject); /* finding: remove-lock-held */
        return status;
    }
    IoReleaseRemoveLock(&filter->RemoveLock, Irp);
    return status;
}

static NTSTATUS AddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDeviceObject)
{
    PDEVICE_OBJECT device;
    PFILTER filter;
    NTSTATUS status = IoCreateDevice(DriverObject, sizeof(FILTER), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);

    if (!NT_SUCCESS(status)) {
        return status;
    }
    filter = (PFILTER)device->DeviceExtension;
    IoInitializeRemoveLock(&filter->RemoveLock, 'tliF', 0, 0);
    status = IoAttachDeviceToDeviceStackSafe(device, PhysicalDeviceObject, &filter->Lower);
    if (!NT_SUCCESS(status)) {
        IoDeleteDevice(device);
        return status;
    }
    device->Flags &= ~DO_DEVICE_INITIALIZING;
    return STATUS_SUCCESS;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverExtension->AddDevice = AddDevice;
    DriverObject->MajorFunction[IRP_MJ_PNP] = Pnp;
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
