/*
 * A device serves one control code and refuses the rest.
 * Wrong: It returns the error of a code that it does not know, but completes nothing.
 */
#include "ioctl-device.h"

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    switch (IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_RELAY:
        return DeviceComplete(Irp, STATUS_SUCCESS, 0);
    default:
#ifdef WRONG
        return STATUS_INVALID_DEVICE_REQUEST; /* finding: request-not-completed 0xC9/0x226 */
#else
        return DeviceComplete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
#endif
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
