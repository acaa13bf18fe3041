/*
 * A filter counts what it has passed on.
 * Wrong: It returns success, whatever IoCallDriver returned.
 */
#include "filter-device.h"

static NTSTATUS Done(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Context);
    if (Irp->PendingReturned) {
        IoMarkIrpPending(Irp);
    }
    return STATUS_CONTINUE_COMPLETION;
}

static LONG Passed;

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
#ifndef WRONG
    NTSTATUS status;

#endif
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, Done, NULL, TRUE, TRUE, TRUE);
#ifdef WRONG
    IoCallDriver(FilterNext(DeviceObject), Irp);
#else
    status = IoCallDriver(FilterNext(DeviceObject), Irp);
#endif
    InterlockedIncrement(&Passed);
#ifdef WRONG
    return STATUS_SUCCESS; /* finding: pending-not-returned 0xC9/0x23E */
#else
    return status;
#endif
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
