/*
 * A filter over a device of the same driver.
 * Wrong: The filter's device is deleted while it is attached.
 * Right: The filter's device is detached before it is deleted.
 */
#include <ntddk.h>

static PDEVICE_OBJECT Lower, Filter, Below;

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
#ifndef WRONG
    IoDetachDevice(Below);
#endif
    IoDeleteDevice(Filter); /* finding: device-deleted-while-attached 0xC9/0x201 */
    IoDeleteDevice(Lower);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    status = IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Lower);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Filter);
    if (!NT_SUCCESS(status)) {
        IoDeleteDevice(Lower);
        return status;
    }
    Below = IoAttachDeviceToDeviceStack(Filter, Lower);
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
