/* A driver that is its device \Device\Relay and nothing more: the test has Control, its IRP_MJ_DEVICE_CONTROL. */
#pragma once
#include "ioctl-device.h"

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp);

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
