/*
 * Requests of programs that are put in a queue, and completed by a work item.
 * Wrong: The request is marked pending, but its dispatch routine returns what the queueing returned.
 * Right: The request is marked pending and its dispatch routine returns STATUS_PENDING.
 */
#define HAS_PREPARE
#include "control-device.h"

static LIST_ENTRY Requests;
static KSPIN_LOCK RequestsLock;
static WORK_QUEUE_ITEM WorkItem;

static VOID CompleteAll(PVOID Context)
{
    PLIST_ENTRY entry;

    UNREFERENCED_PARAMETER(Context);
    while ((entry = ExInterlockedRemoveHeadList(&Requests, &RequestsLock)) != NULL) {
        DeviceComplete(CONTAINING_RECORD(entry, IRP, Tail.Overlay.ListEntry), STATUS_SUCCESS, 0);
    }
}

static NTSTATUS QueueRequest(_In_ PIRP Irp)
{
    IoMarkIrpPending(Irp);
    ExInterlockedInsertTailList(&Requests, &Irp->Tail.Overlay.ListEntry, &RequestsLock);
    ExQueueWorkItem(&WorkItem, DelayedWorkQueue);
    return STATUS_SUCCESS;
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    NTSTATUS status = QueueRequest(Irp);

    UNREFERENCED_PARAMETER(DeviceObject);
    DbgPrint("queued: 0x%08x\n", status);
#ifdef WRONG
    return status; /* finding: pending-not-returned 0xC9/0x23E */
#else
    return STATUS_PENDING;
#endif
}

static VOID Prepare(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    InitializeListHead(&Requests);
    KeInitializeSpinLock(&RequestsLock);
    ExInitializeWorkItem(&WorkItem, CompleteAll, NULL);
}
