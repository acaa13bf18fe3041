/*
 * A driver that is its device \Device\Relay and nothing more: the test has Control, its IRP_MJ_DEVICE_CONTROL. One that
 * has something to make ready first defines HAS_PREPARE and has Prepare.
 */
#pragma once
#include "ioctl-device.h"

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp);
#ifdef HAS_PREPARE
static VOID Prepare(PDRIVER_OBJECT DriverObject);
#endif

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    IoDeleteDevice(RelayDevice);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
#ifdef HAS_PREPARE
    Prepare(DriverObject);
#endif
    return DeviceCreate(DriverObject, Control);
}
