/*
 * A device keeps a resource in its extension.
 * Wrong: The device is deleted, and with it the resource, which stays in the system's list of resources.
 * Right: ExDeleteResourceLite comes first.
 */
#include <ntddk.h>

typedef struct _EXTENSION {
    ULONG Users;
    ERESOURCE Guard;
} EXTENSION, *PEXTENSION;

static DRIVER_UNLOAD Unload;
DRIVER_INITIALIZE DriverEntry;

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    PEXTENSION extension = (PEXTENSION)DriverObject->DeviceObject->DeviceExtension;

    extension->Users = 0;
#ifndef WRONG
    ExDeleteResourceLite(&extension->Guard);
#endif
    IoDeleteDevice(DriverObject->DeviceObject); /* finding: resource-freed 0xC4/0xD2 */
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    PDEVICE_OBJECT device;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    status = IoCreateDevice(DriverObject, sizeof(EXTENSION), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    ExInitializeResourceLite(&((PEXTENSION)device->DeviceExtension)->Guard);
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
