/*
 * A device counts its requests with a remove lock.
 * Wrong: It gives the lock back once more where it refuses a request.
 */
#include "ioctl-device.h"

static IO_REMOVE_LOCK RemoveLock;

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    NTSTATUS status = IoAcquireRemoveLock(&RemoveLock, Irp);

    UNREFERENCED_PARAMETER(DeviceObject);
    if (!NT_SUCCESS(status)) {
        return DeviceComplete(Irp, status, 0);
    }
    status = Irp->AssociatedIrp.SystemBuffer == NULL ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS;
#ifdef WRONG
    if (!NT_SUCCESS(status)) {
        IoReleaseRemoveLock(&RemoveLock, Irp);
    }
#endif
    IoReleaseRemoveLock(&RemoveLock, Irp); /* finding: remove-lock-tag 0xC4/0xD5 */
    return DeviceComplete(Irp, status, 0);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    if (NT_SUCCESS(IoAcquireRemoveLock(&RemoveLock, DriverObject))) {
        IoReleaseRemoveLockAndWait(&RemoveLock, DriverObject);
    }
    IoDeleteDevice(RelayDevice);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    IoInitializeRemoveLock(&RemoveLock, 'kcoL', 0, 0);
    return DeviceCreate(DriverObject, Control);
}
