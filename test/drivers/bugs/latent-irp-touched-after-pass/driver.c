/*
 * A filter tells of each request that it has passed on.
 * Wrong: It looks into its stack location and at the status of an IRP that the driver below still has.
 * Right: It has taken what it tells before the call, and tells no status that there is not yet.
 */
#include "filter-device.h"

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG code = stack->Parameters.DeviceIoControl.IoControlCode;
    NTSTATUS status;

    IoCopyCurrentIrpStackLocationToNext(Irp);
    status = IoCallDriver(FilterNext(DeviceObject), Irp);
    if (status == STATUS_PENDING) {
#ifdef WRONG
        code = stack->Parameters.DeviceIoControl.IoControlCode; /* finding: irp-touched-after-send */
#endif
        DbgPrint("code %x is on its way\n", code);
    }
    return status;
}

/* Looks at the location by which the driver below is reached. */
static NTSTATUS Read(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    NTSTATUS status;

    IoSkipCurrentIrpStackLocation(Irp);
    status = IoCallDriver(FilterNext(DeviceObject), Irp);
    if (status == STATUS_PENDING) {
#ifdef WRONG
        DbgPrint("status %x\n", Irp->IoStatus.Status); /* finding: irp-touched-after-send */
#endif
        DbgPrint("a read is on its way\n");
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
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    status = FilterCreate(DriverObject, Control, FALSE);
    DriverObject->MajorFunction[IRP_MJ_READ] = Read;
    return status;
}
