/*
 * Requests wait in a cancel-safe queue until another request releases them.
 * Wrong: A queued request is answered with success, although IoCsqInsertIrp has marked it pending.
 */
#define HAS_PREPARE
#include "control-device.h"

#define IOCTL_RELEASE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)

static IO_CSQ Csq;
static LIST_ENTRY Queue;
static KSPIN_LOCK QueueLock;

static VOID CsqInsert(PIO_CSQ C, PIRP Irp)
{
    UNREFERENCED_PARAMETER(C);
    InsertTailList(&Queue, &Irp->Tail.Overlay.ListEntry);
}

static VOID CsqRemove(PIO_CSQ C, PIRP Irp)
{
    UNREFERENCED_PARAMETER(C);
    RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
}

static PIRP CsqPeek(PIO_CSQ C, PIRP Irp, PVOID Context)
{
    PLIST_ENTRY next = Irp == NULL ? Queue.Flink : Irp->Tail.Overlay.ListEntry.Flink;

    UNREFERENCED_PARAMETER(C);
    UNREFERENCED_PARAMETER(Context);
    return next == &Queue ? NULL : CONTAINING_RECORD(next, IRP, Tail.Overlay.ListEntry);
}

static VOID CsqAcquire(PIO_CSQ C, PKIRQL Irql)
{
    UNREFERENCED_PARAMETER(C);
    KeAcquireSpinLock(&QueueLock, Irql);
}

static VOID CsqRelease(PIO_CSQ C, KIRQL Irql)
{
    UNREFERENCED_PARAMETER(C);
    KeReleaseSpinLock(&QueueLock, Irql);
}

static VOID CsqCancelled(PIO_CSQ C, PIRP Irp)
{
    UNREFERENCED_PARAMETER(C);
    Irp->IoStatus.Status = STATUS_CANCELLED;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIRP waiting;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.IoControlCode == IOCTL_RELEASE) {
        waiting = IoCsqRemoveNextIrp(&Csq, NULL);
        if (waiting != NULL) {
            DeviceComplete(waiting, STATUS_SUCCESS, 0);
        }
        return DeviceComplete(Irp, STATUS_SUCCESS, 0);
    }
#ifndef WRONG
    IoMarkIrpPending(Irp);
#endif
    IoCsqInsertIrp(&Csq, Irp, NULL);
#ifdef WRONG
    return STATUS_SUCCESS; /* finding: pending-not-returned 0xC9/0x23E */
#else
    return STATUS_PENDING;
#endif
}

static VOID Prepare(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    InitializeListHead(&Queue);
    KeInitializeSpinLock(&QueueLock);
    IoCsqInitialize(&Csq, CsqInsert, CsqRemove, CsqPeek, CsqAcquire, CsqRelease, CsqCancelled);
}
