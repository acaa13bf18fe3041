/*
 * A filter sends a request a second time.
 * Wrong: The second time it does not copy its stack location again.
 */
#include "filter-device.h"

static NTSTATUS Done(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    KeSetEvent((PKEVENT)Context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    KEVENT event;
    NTSTATUS status;
    ULONG i;

    KeInitializeEvent(&event, SynchronizationEvent, FALSE);
#ifdef WRONG
    IoCopyCurrentIrpStackLocationToNext(Irp);
#endif
    for (i = 0; i < 2; i++) {
#ifndef WRONG
        IoCopyCurrentIrpStackLocationToNext(Irp);
#endif
        IoSetCompletionRoutine(Irp, Done, &event, TRUE, TRUE, TRUE);
        IoCallDriver(FilterNext(DeviceObject), Irp); /* finding: stack-location-not-prepared 0xC9/0x206 */
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
    }
    status = Irp->IoStatus.Status;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
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
