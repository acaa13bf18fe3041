/*
 * A device reads a slot of a table that a resource guards.
 * Wrong: A request for a slot that is not there returns with the resource, inside the critical region.
 * Right: Every way out of the dispatch routine releases the resource and leaves the region.
 */
#include "ioctl-device.h"

static ULONG Slots[4];
static ERESOURCE Guard;

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PULONG slot = (PULONG)Irp->AssociatedIrp.SystemBuffer;

    UNREFERENCED_PARAMETER(DeviceObject);
    ExEnterCriticalRegionAndAcquireResourceShared(&Guard);
    if (*slot >= RTL_NUMBER_OF(Slots)) {
#ifndef WRONG
        ExReleaseResourceAndLeaveCriticalRegion(&Guard);
#endif
        return DeviceComplete(Irp, STATUS_INVALID_PARAMETER, 0); /* finding: critical-region-not-left 0x1 */
    }
    *slot = Slots[*slot];
    ExReleaseResourceAndLeaveCriticalRegion(&Guard);
    return DeviceComplete(Irp, STATUS_SUCCESS, sizeof(*slot));
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    IoDeleteDevice(RelayDevice);
    ExDeleteResourceLite(&Guard);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    ExInitializeResourceLite(&Guard);
    DriverObject->DriverUnload = Unload;
    return DeviceCreate(DriverObject, Control);
}
