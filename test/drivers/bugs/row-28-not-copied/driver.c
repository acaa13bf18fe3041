/*
 * A filter passes requests on.
 * Wrong: It neither copies its stack location nor gives it up.
 */
#include "filter-device.h"

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
#ifndef WRONG
    IoCopyCurrentIrpStackLocationToNext(Irp);
#endif
    return IoCallDriver(FilterNext(DeviceObject), Irp); /* finding: stack-location-not-prepared 0xC9/0x206 */
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
    return FilterCreate(DriverObject, Control, TRUE);
}
