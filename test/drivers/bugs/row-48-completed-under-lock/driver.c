/*
 * Requests wait in a queue until the next one releases them.
 * Wrong: The queued request is completed while the queue's spin lock is held.
 * Right: The queued request is taken out under the lock and completed after it.
 */
#define HAS_PREPARE
#include "control-device.h"

static KSPIN_LOCK QueueLock;
static PIRP Queued;

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIRP previous;
    KIRQL irql;

    UNREFERENCED_PARAMETER(DeviceObject);
    KeAcquireSpinLock(&QueueLock, &irql);
    previous = Queued;
    Queued = NULL;
#ifdef WRONG
    if (previous != NULL) {
        previous->IoStatus.Status = STATUS_SUCCESS;
        previous->IoStatus.Information = 0;
        IoCompleteRequest(previous, IO_NO_INCREMENT); /* finding: call-holding-spin-lock */
    } else {
#else
    if (previous == NULL) {
#endif
        IoMarkIrpPending(Irp);
        Queued = Irp;
    }
    KeReleaseSpinLock(&QueueLock, irql);
    if (previous == NULL) {
        return STATUS_PENDING;
    }
#ifndef WRONG
    DeviceComplete(previous, STATUS_SUCCESS, 0);
#endif
    return DeviceComplete(Irp, STATUS_SUCCESS, 0);
}

static VOID Prepare(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    KeInitializeSpinLock(&QueueLock);
}
