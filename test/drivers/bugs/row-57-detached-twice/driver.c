/*
 * A filter over a device of the same driver.
 * Wrong: It is detached when it is stopped, and once more in unload.
 * Right: It is detached once, whoever comes first.
 */
#include <ntddk.h>

static PDEVICE_OBJECT Lower, Filter, Below;

static VOID Stop(VOID)
{
#ifndef WRONG
    if (Below == NULL) {
        return;
    }
#endif
    IoDetachDevice(Below); /* finding: device-not-attached 0xC9/0x202 */
#ifndef WRONG
    Below = NULL;
#endif
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    Stop();
    IoDeleteDevice(Filter);
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
    Stop();
    return STATUS_SUCCESS;
}
