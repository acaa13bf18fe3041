/*
 * A device serves one control code and refuses the rest.
 * It returns the error of a code that it does not know, but completes nothing.
 */
#include "ioctl-device.h"

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    switch (IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_RELAY:
        return DeviceComplete(Irp, STATUS_SUCCESS, 0);
    default:
        return STATUS_INVALID_DEVICE_REQUEST; /* finding: request-not-completed 0xC9/0x226 */
    }
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    IoDeleteDevice(RelayDevice);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    return DeviceCreate(DriverObject, Control);
}
