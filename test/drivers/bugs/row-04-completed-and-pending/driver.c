/*
 * A device answers at once.
 * Wrong: It says STATUS_PENDING for a request that it has completed and never marked.
 */
#include "ioctl-device.h"

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
#ifndef WRONG
    IoMarkIrpPending(Irp);
#endif
    DeviceComplete(Irp, STATUS_SUCCESS, 0);
    return STATUS_PENDING; /* finding: pending-not-marked 0xC9/0x23D */
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
