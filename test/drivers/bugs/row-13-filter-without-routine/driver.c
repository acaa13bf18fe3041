/*
 * A filter waits for the device below with IoSetCompletionRoutineEx, which fails.
 * Wrong: It keeps the status in its context and sends the request without having looked at it.
 */
#include "filter-device.h"

typedef struct _WAITER {
    KEVENT Done;
    NTSTATUS Registered;
} WAITER, *PWAITER;

static NTSTATUS Done(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    KeSetEvent(&((PWAITER)Context)->Done, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Finish(PIRP Irp, NTSTATUS Status)
{
    Irp->IoStatus.Status = Status;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    WAITER waiter;

    KeInitializeEvent(&waiter.Done, NotificationEvent, FALSE);
    IoCopyCurrentIrpStackLocationToNext(Irp);
    waiter.Registered = IoSetCompletionRoutineEx(DeviceObject, Irp, Done, &waiter, TRUE, TRUE, TRUE);
#ifndef WRONG
    if (!NT_SUCCESS(waiter.Registered)) {
        return Finish(Irp, waiter.Registered);
    }
#endif
    if (IoCallDriver(FilterNext(DeviceObject), Irp) == STATUS_PENDING) {
        KeWaitForSingleObject(&waiter.Done, Executive, KernelMode, FALSE, NULL); /* finding: hang 0xC4/0x4100F */
    }
    return Finish(Irp, Irp->IoStatus.Status);
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
