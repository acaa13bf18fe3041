/*
 * Requests wait in a queue until another request releases them.
 * Wrong: A request is marked pending when it is in the queue and the lock is free again.
 */
#define HAS_PREPARE
#include "control-device.h"

#define IOCTL_RELEASE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)

static LIST_ENTRY Queue;
static KSPIN_LOCK QueueLock;

static VOID CancelQueued(PDEVICE_OBJECT DeviceObject, PIRP Irp)
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

static NTSTATUS Release(PIRP Irp)
{
    PIRP waiting = NULL;
    KIRQL irql;

    KeAcquireSpinLock(&QueueLock, &irql);
    if (!IsListEmpty(&Queue)) {
        waiting = CONTAINING_RECORD(Queue.Flink, IRP, Tail.Overlay.ListEntry);
        if (IoSetCancelRoutine(waiting, NULL) == NULL) {
            waiting = NULL;
        } else {
            RemoveEntryList(&waiting->Tail.Overlay.ListEntry);
        }
    }
    KeReleaseSpinLock(&QueueLock, irql);
    if (waiting != NULL) {
        DeviceComplete(waiting, STATUS_SUCCESS, 0);
    }
    return DeviceComplete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    KIRQL irql;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.IoControlCode == IOCTL_RELEASE) {
        return Release(Irp);
    }
    KeAcquireSpinLock(&QueueLock, &irql);
#ifndef WRONG
    IoMarkIrpPending(Irp);
#endif
    InsertTailList(&Queue, &Irp->Tail.Overlay.ListEntry);
    IoSetCancelRoutine(Irp, CancelQueued);
    if (Irp->Cancel && IoSetCancelRoutine(Irp, NULL) != NULL) {
        RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
        KeReleaseSpinLock(&QueueLock, irql);
#ifdef WRONG
        IoMarkIrpPending(Irp);
#endif
        DeviceComplete(Irp, STATUS_CANCELLED, 0);
        return STATUS_PENDING;
    }
    KeReleaseSpinLock(&QueueLock, irql);
#ifdef WRONG
    IoMarkIrpPending(Irp); /* finding: pending-marked-after-queueing */
#endif
    return STATUS_PENDING;
}

static VOID Prepare(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    InitializeListHead(&Queue);
    KeInitializeSpinLock(&QueueLock);
}
