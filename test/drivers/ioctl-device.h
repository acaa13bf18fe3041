/* A device \Device\Relay for the programs of a scenario: opening and closing it succeed, the rest is the test's. */
#pragma once
#include <ntddk.h>

#define IOCTL_RELAY CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

static PDEVICE_OBJECT RelayDevice;

static NTSTATUS DeviceComplete(_In_ PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

static NTSTATUS DeviceOpenClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return DeviceComplete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS DeviceCreate(_In_ PDRIVER_OBJECT DriverObject, _In_ PDRIVER_DISPATCH Control)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Relay");
    NTSTATUS status = IoCreateDevice(DriverObject, 0, &name, FILE_DEVICE_UNKNOWN, 0, FALSE, &RelayDevice);

    if (NT_SUCCESS(status)) {
        DriverObject->MajorFunction[IRP_MJ_CREATE] = DeviceOpenClose;
        DriverObject->MajorFunction[IRP_MJ_CLOSE] = DeviceOpenClose;
        DriverObject->MajorFunction[IRP_MJ_CLEANUP] = DeviceOpenClose;
        DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
        RelayDevice->Flags &= ~DO_DEVICE_INITIALIZING;
    }
    return status;
}
