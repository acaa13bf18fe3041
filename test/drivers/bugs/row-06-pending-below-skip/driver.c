/*
 * A filter that only counts gives up its stack location.
 * Wrong: It returns success, whatever IoCallDriver returned.
 */
#include "filter-device.h"

static LONG Passed;

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    NTSTATUS status;

    IoSkipCurrentIrpStackLocation(Irp);
    status = IoCallDriver(FilterNext(DeviceObject), Irp);
    if (NT_SUCCESS(status)) {
        InterlockedIncrement(&Passed);
#ifdef WRONG
        return STATUS_SUCCESS; /* finding: pending-not-returned 0xC9/0x23E */
#endif
    }
    return status;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    FilterDelete();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    return FilterCreate(DriverObject, Control, FALSE);
}
