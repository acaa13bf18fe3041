/*
 * A work item makes requests cancellable by exchanging the member of the IRP itself.
 * Wrong: It does not look whether the request has been cancelled in the meantime.
 */
#include "ioctl-device.h"

static LIST_ENTRY Queue;
static KSPIN_LOCK QueueLock;

static VOID CancelQueued(PDEVICE_OBJECT DeviceObject, PIRP Irp) /* finding: cancel-not-checked */
{
    KIRQL irql;

    UNREFERENCED_PARAMETER(DeviceObject);
    IoReleaseCancelSpinLock(Irp->CancelIrql);
    KeAcquireSpinLock(&QueueLock, &irql);
    RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
    KeReleaseSpinLock(&QueueLock, irql);
    Irp->IoStatus.Status = STATUS_CANCELLED;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
}

static PIO_WORKITEM Item;
static PIRP Taken;

static VOID Work(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    LARGE_INTEGER late;
    PIRP irp = Taken;
    KIRQL irql;

    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Context);
    late.QuadPart = -50 * 1000;
    KeDelayExecutionThread(KernelMode, FALSE, &late);
    KeAcquireSpinLock(&QueueLock, &irql);
    InsertTailList(&Queue, &irp->Tail.Overlay.ListEntry);
    InterlockedExchangePointer((PVOID *)&irp->CancelRoutine, (PVOID)CancelQueued);
#ifndef WRONG
    if (irp->Cancel && InterlockedExchangePointer((PVOID *)&irp->CancelRoutine, NULL) != NULL) {
        RemoveEntryList(&irp->Tail.Overlay.ListEntry);
        KeReleaseSpinLock(&QueueLock, irql);
        DeviceComplete(irp, STATUS_CANCELLED, 0);
        return;
    }
#endif
    KeReleaseSpinLock(&QueueLock, irql);
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    IoMarkIrpPending(Irp);
    Taken = Irp;
    IoQueueWorkItem(Item, Work, DelayedWorkQueue, NULL);
    return STATUS_PENDING;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    IoFreeWorkItem(Item);
    IoDeleteDevice(RelayDevice);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = DeviceCreate(DriverObject, Control);

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    InitializeListHead(&Queue);
    KeInitializeSpinLock(&QueueLock);
    if (NT_SUCCESS(status)) {
        Item = IoAllocateWorkItem(RelayDevice);
        if (Item == NULL) {
            IoDeleteDevice(RelayDevice);
            return STATUS_INSUFFICIENT_RESOURCES;
        }
    }
    return status;
}
