/*
 * A device answers requests under a remove lock and waits for the last one when it goes.
 * Wrong: A request with a bad argument keeps the lock, so that DriverUnload waits for ever.
 * Right: Every way out of the dispatch routine releases the lock.
 */
#include "ioctl-device.h"

static IO_REMOVE_LOCK Lock;

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PULONG value = (PULONG)Irp->AssociatedIrp.SystemBuffer;
    NTSTATUS status = IoAcquireRemoveLock(&Lock, Irp);

    UNREFERENCED_PARAMETER(DeviceObject);
    if (!NT_SUCCESS(status)) {
        return DeviceComplete(Irp, status, 0);
    }
    if (*value > 3) {
#ifndef WRONG
        IoReleaseRemoveLock(&Lock, Irp);
#endif
        return DeviceComplete(Irp, STATUS_INVALID_PARAMETER, 0);
    }
    *value += 1;
    IoReleaseRemoveLock(&Lock, Irp);
    return DeviceComplete(Irp, STATUS_SUCCESS, sizeof(*value));
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(IoAcquireRemoveLock(&Lock, DriverObject));
    IoReleaseRemoveLockAndWait(&Lock, DriverObject); /* finding: hang */
    IoDeleteDevice(RelayDevice);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    IoInitializeRemoveLock(&Lock, 'kcoL', 0, 0);
    DriverObject->DriverUnload = Unload;
    return DeviceCreate(DriverObject, Control);
}
