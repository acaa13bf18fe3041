/*
 * Device queues, and the requests of a device that its StartIo routine serves one at a time. A queue that is not busy
 * takes nothing: the caller's entry becomes the one that is served.
 */
#include <ntddk.h>
#include "ki.h"

enum { IO_TYPE_DEVICE_QUEUE = 20, STARTIO_NO_CANCEL = 1 };

static VOID Prepare(PKDEVICE_QUEUE Queue) {
  /* The queue in a device object is made with the device. */
  if (Queue->DeviceListHead.Flink == NULL) KeInitializeDeviceQueue(Queue);
}

VOID KeInitializeDeviceQueue(PKDEVICE_QUEUE DeviceQueue) {
  KiCheckCaller(__func__);
  DeviceQueue->Type = IO_TYPE_DEVICE_QUEUE;
  DeviceQueue->Size = sizeof(KDEVICE_QUEUE);
  InitializeListHead(&DeviceQueue->DeviceListHead);
  KeInitializeSpinLock(&DeviceQueue->Lock);
  DeviceQueue->Busy = FALSE;
}

static BOOLEAN Insert(PKDEVICE_QUEUE Queue, PKDEVICE_QUEUE_ENTRY Entry, PULONG Key) {
  PLIST_ENTRY Before;
  Prepare(Queue);
  KeAcquireSpinLockAtDpcLevel(&Queue->Lock);
  Entry->Inserted = Queue->Busy;
  if (Queue->Busy) {
    Before = &Queue->DeviceListHead;
    if (Key != NULL) {
      Entry->SortKey = *Key;
      while (Before->Blink != &Queue->DeviceListHead &&
             CONTAINING_RECORD(Before->Blink, KDEVICE_QUEUE_ENTRY, DeviceListEntry)->SortKey > *Key)
        Before = Before->Blink;
    }
    InsertTailList(Before, &Entry->DeviceListEntry);
  }
  Queue->Busy = TRUE;
  KeReleaseSpinLockFromDpcLevel(&Queue->Lock);
  return Entry->Inserted;
}

BOOLEAN KeInsertDeviceQueue(PKDEVICE_QUEUE DeviceQueue, PKDEVICE_QUEUE_ENTRY DeviceQueueEntry) {
  KiCheckCaller(__func__);
  return Insert(DeviceQueue, DeviceQueueEntry, NULL);
}

BOOLEAN KeInsertByKeyDeviceQueue(PKDEVICE_QUEUE DeviceQueue, PKDEVICE_QUEUE_ENTRY DeviceQueueEntry, ULONG SortKey) {
  KiCheckCaller(__func__);
  return Insert(DeviceQueue, DeviceQueueEntry, &SortKey);
}

/* The first entry, or the first whose key is not below the one given; an empty queue is no longer busy. */
static PKDEVICE_QUEUE_ENTRY Remove(PKDEVICE_QUEUE Queue, PULONG Key) {
  PKDEVICE_QUEUE_ENTRY Entry = NULL;
  PLIST_ENTRY Link, Head = &Queue->DeviceListHead;
  Prepare(Queue);
  KeAcquireSpinLockAtDpcLevel(&Queue->Lock);
  if (IsListEmpty(Head)) {
    Queue->Busy = FALSE;
  } else {
    Link = Head->Flink;
    while (Key != NULL && Link != Head && CONTAINING_RECORD(Link, KDEVICE_QUEUE_ENTRY, DeviceListEntry)->SortKey < *Key)
      Link = Link->Flink;
    Entry = CONTAINING_RECORD(Link == Head ? Head->Flink : Link, KDEVICE_QUEUE_ENTRY, DeviceListEntry);
    RemoveEntryList(&Entry->DeviceListEntry);
    Entry->Inserted = FALSE;
  }
  KeReleaseSpinLockFromDpcLevel(&Queue->Lock);
  return Entry;
}

PKDEVICE_QUEUE_ENTRY KeRemoveDeviceQueue(PKDEVICE_QUEUE DeviceQueue) {
  KiCheckCaller(__func__);
  return Remove(DeviceQueue, NULL);
}

PKDEVICE_QUEUE_ENTRY KeRemoveByKeyDeviceQueue(PKDEVICE_QUEUE DeviceQueue, ULONG SortKey) {
  KiCheckCaller(__func__);
  return Remove(DeviceQueue, &SortKey);
}

BOOLEAN KeRemoveEntryDeviceQueue(PKDEVICE_QUEUE DeviceQueue, PKDEVICE_QUEUE_ENTRY DeviceQueueEntry) {
  KiCheckCaller(__func__);
  BOOLEAN WasInserted;
  KIRQL Irql;
  KeAcquireSpinLock(&DeviceQueue->Lock, &Irql);
  WasInserted = DeviceQueueEntry->Inserted;
  if (WasInserted) {
    RemoveEntryList(&DeviceQueueEntry->DeviceListEntry);
    DeviceQueueEntry->Inserted = FALSE;
  }
  KeReleaseSpinLock(&DeviceQueue->Lock, Irql);
  return WasInserted;
}

static BOOLEAN IsWithoutCancel(PDEVICE_OBJECT DeviceObject) {
  return (DeviceObject->Spare1 & STARTIO_NO_CANCEL) != 0;
}

VOID IoStartPacket(PDEVICE_OBJECT DeviceObject, PIRP Irp, PULONG Key, PDRIVER_CANCEL CancelFunction) {
  KiCheckCaller(__func__);
  KIRQL Irql, CancelIrql = DISPATCH_LEVEL;
  BOOLEAN IsQueued;
  KeRaiseIrql(DISPATCH_LEVEL, &Irql);
  if (CancelFunction != NULL) {
    IoAcquireCancelSpinLock(&CancelIrql);
    IoSetCancelRoutine(Irp, CancelFunction);
  }
  IsQueued = Insert(&DeviceObject->DeviceQueue, &Irp->Tail.Overlay.DeviceQueueEntry, Key);
  if (!IsQueued) {
    DeviceObject->CurrentIrp = Irp;
    if (CancelFunction != NULL) {
      if (IsWithoutCancel(DeviceObject)) IoSetCancelRoutine(Irp, NULL);
      IoReleaseCancelSpinLock(CancelIrql);
    }
    DeviceObject->DriverObject->DriverStartIo(DeviceObject, Irp);
  } else if (CancelFunction != NULL) {
    if (Irp->Cancel && IoSetCancelRoutine(Irp, NULL) != NULL) {
      Irp->CancelIrql = CancelIrql;
      CancelFunction(DeviceObject, Irp);
    } else {
      IoReleaseCancelSpinLock(CancelIrql);
    }
  }
  KeLowerIrql(Irql);
}

static VOID StartNext(PDEVICE_OBJECT DeviceObject, BOOLEAN Cancelable, PULONG Key) {
  KIRQL CancelIrql = DISPATCH_LEVEL;
  PKDEVICE_QUEUE_ENTRY Entry;
  PIRP Irp;
  if (Cancelable) IoAcquireCancelSpinLock(&CancelIrql);
  DeviceObject->CurrentIrp = NULL;
  Entry = Remove(&DeviceObject->DeviceQueue, Key);
  if (Entry == NULL) {
    if (Cancelable) IoReleaseCancelSpinLock(CancelIrql);
    return;
  }
  Irp = CONTAINING_RECORD(Entry, IRP, Tail.Overlay.DeviceQueueEntry);
  DeviceObject->CurrentIrp = Irp;
  if (Cancelable) {
    if (IsWithoutCancel(DeviceObject)) IoSetCancelRoutine(Irp, NULL);
    IoReleaseCancelSpinLock(CancelIrql);
  }
  DeviceObject->DriverObject->DriverStartIo(DeviceObject, Irp);
}

VOID IoStartNextPacket(PDEVICE_OBJECT DeviceObject, BOOLEAN Cancelable) {
  KiCheckCaller(__func__);
  StartNext(DeviceObject, Cancelable, NULL);
}

VOID IoStartNextPacketByKey(PDEVICE_OBJECT DeviceObject, BOOLEAN Cancelable, ULONG Key) {
  KiCheckCaller(__func__);
  StartNext(DeviceObject, Cancelable, &Key);
}

VOID IoSetStartIoAttributes(PDEVICE_OBJECT DeviceObject, BOOLEAN DeferredStartIo, BOOLEAN NonCancelable) {
  UNREFERENCED_PARAMETER(DeferredStartIo);
  DeviceObject->Spare1 = NonCancelable ? STARTIO_NO_CANCEL : 0;
}
