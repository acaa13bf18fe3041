/*
 * Wrong: The device goes at unload, its symbolic link stays: the second start of the driver fails.
 * Right: The device and its symbolic link go at unload.
 */
#include <ntddk.h>

static UNICODE_STRING DeviceName = RTL_CONSTANT_STRING(L"\\Device\\Linked");
static UNICODE_STRING LinkName = RTL_CONSTANT_STRING(L"\\DosDevices\\Linked");

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
#ifndef WRONG
    IoDeleteSymbolicLink(&LinkName);
#endif
    IoDeleteDevice(DriverObject->DeviceObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    PDEVICE_OBJECT device;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    status = IoCreateDevice(DriverObject, 0, &DeviceName, FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN, FALSE, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = IoCreateSymbolicLink(&LinkName, &DeviceName); /* finding: symbolic-link-leak */
    if (!NT_SUCCESS(status)) {
        IoDeleteDevice(device);
        return status;
    }
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
