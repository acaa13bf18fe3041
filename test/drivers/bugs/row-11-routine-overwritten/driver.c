/*
 * A filter copies its stack location with RtlCopyMemory and sets a completion routine.
 * Wrong: It copies last, and with all the bytes of its own location also the place of the routine.
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

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION current = IoGetCurrentIrpStackLocation(Irp);
    PIO_STACK_LOCATION next = IoGetNextIrpStackLocation(Irp);

#ifdef WRONG
    IoSetCompletionRoutine(Irp, Done, NULL, TRUE, TRUE, TRUE);
    RtlCopyMemory(next, current, sizeof(*next));
#else
    RtlCopyMemory(next, current, FIELD_OFFSET(IO_STACK_LOCATION, CompletionRoutine));
    IoSetCompletionRoutine(Irp, Done, NULL, TRUE, TRUE, TRUE);
#endif
    return IoCallDriver(FilterNext(DeviceObject), Irp); /* finding: completion-routine-lost */
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
