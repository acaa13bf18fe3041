/* What a handle may do: a driver that needs more than its control code says asks for it. */
#define OWN_ENTRY
#include "check.h"
#define IOCTL_LOOK CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_CHANGE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)

static UNICODE_STRING DeviceName = RTL_CONSTANT_STRING(L"\\Device\\AreaAccess");

_Dispatch_type_(IRP_MJ_CREATE) _Dispatch_type_(IRP_MJ_CLOSE) static DRIVER_DISPATCH OnOpen;
_Dispatch_type_(IRP_MJ_DEVICE_CONTROL) static DRIVER_DISPATCH OnControl;

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

static NTSTATUS OnOpen(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    RETURNS(IoValidateDeviceIoControlAccess(Irp, FILE_READ_ACCESS), STATUS_INVALID_PARAMETER);
    return Complete(Irp, STATUS_SUCCESS);
}

static NTSTATUS OnControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    ULONG code = IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.IoControlCode;

    UNREFERENCED_PARAMETER(DeviceObject);
    RETURNS(IoValidateDeviceIoControlAccess(Irp, 4), STATUS_INVALID_PARAMETER);
    RETURNS(IoValidateDeviceIoControlAccess(Irp, FILE_READ_ACCESS), STATUS_SUCCESS);
    return Complete(Irp, IoValidateDeviceIoControlAccess(Irp, code == IOCTL_LOOK ? FILE_READ_ACCESS : FILE_WRITE_ACCESS));
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    IoDeleteDevice(DriverObject->DeviceObject);
}

DRIVER_INITIALIZE DriverEntry;

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    PDEVICE_OBJECT device;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    DriverObject->MajorFunction[IRP_MJ_CREATE] = OnOpen;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = OnOpen;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = OnControl;
    return IoCreateDevice(DriverObject, 0, &DeviceName, FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN, FALSE, &device);
}
