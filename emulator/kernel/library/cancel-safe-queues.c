/*
 * Cancel-safe IRP queues. The driver's six callbacks hold the queue; what is here decides, under the driver's own lock,
 * whether an IRP belongs to the queue or to its cancel routine.
 *
 * DriverContext[3] of a queued IRP points to the queue, or to the IO_CSQ_IRP_CONTEXT where one was given. Both begin
 * with the type that tells them apart.
 */
#include <ntddk.h>
#include "ki.h"

enum { IO_TYPE_CSQ_IRP_CONTEXT = 1, IO_TYPE_CSQ = 2, IO_TYPE_CSQ_EX = 3 };

#define QUEUE_OF(Irp) ((Irp)->Tail.Overlay.DriverContext[3])

static NTSTATUS InitializeQueue(PIO_CSQ Csq, ULONG Type, PIO_CSQ_INSERT_IRP Insert, PIO_CSQ_REMOVE_IRP Remove,
                                PIO_CSQ_PEEK_NEXT_IRP PeekNext, PIO_CSQ_ACQUIRE_LOCK Acquire,
                                PIO_CSQ_RELEASE_LOCK Release, PIO_CSQ_COMPLETE_CANCELED_IRP CompleteCanceled) {
  Csq->Type = Type;
  Csq->CsqInsertIrp = Insert;
  Csq->CsqRemoveIrp = Remove;
  Csq->CsqPeekNextIrp = PeekNext;
  Csq->CsqAcquireLock = Acquire;
  Csq->CsqReleaseLock = Release;
  Csq->CsqCompleteCanceledIrp = CompleteCanceled;
  Csq->ReservePointer = NULL;
  return STATUS_SUCCESS;
}

NTSTATUS IoCsqInitialize(PIO_CSQ Csq, PIO_CSQ_INSERT_IRP CsqInsertIrp, PIO_CSQ_REMOVE_IRP CsqRemoveIrp,
                         PIO_CSQ_PEEK_NEXT_IRP CsqPeekNextIrp, PIO_CSQ_ACQUIRE_LOCK CsqAcquireLock,
                         PIO_CSQ_RELEASE_LOCK CsqReleaseLock, PIO_CSQ_COMPLETE_CANCELED_IRP CsqCompleteCanceledIrp) {
  return InitializeQueue(Csq, IO_TYPE_CSQ, CsqInsertIrp, CsqRemoveIrp, CsqPeekNextIrp, CsqAcquireLock, CsqReleaseLock,
                         CsqCompleteCanceledIrp);
}

NTSTATUS IoCsqInitializeEx(PIO_CSQ Csq, PIO_CSQ_INSERT_IRP_EX CsqInsertIrp, PIO_CSQ_REMOVE_IRP CsqRemoveIrp,
                           PIO_CSQ_PEEK_NEXT_IRP CsqPeekNextIrp, PIO_CSQ_ACQUIRE_LOCK CsqAcquireLock,
                           PIO_CSQ_RELEASE_LOCK CsqReleaseLock, PIO_CSQ_COMPLETE_CANCELED_IRP CsqCompleteCanceledIrp) {
  return InitializeQueue(Csq, IO_TYPE_CSQ_EX, (PIO_CSQ_INSERT_IRP)CsqInsertIrp, CsqRemoveIrp, CsqPeekNextIrp,
                         CsqAcquireLock, CsqReleaseLock, CsqCompleteCanceledIrp);
}

/* With the queue's lock held and the IRP's cancel routine taken away: the IRP leaves the queue. */
static VOID TakeOut(PIO_CSQ Csq, PIRP Irp) {
  PIO_CSQ_IRP_CONTEXT Context = QUEUE_OF(Irp);
  Csq->CsqRemoveIrp(Csq, Irp);
  if (Context != NULL && Context->Type == IO_TYPE_CSQ_IRP_CONTEXT) Context->Irp = NULL;
  QUEUE_OF(Irp) = NULL;
}

static DRIVER_CANCEL CancelQueuedIrp;
static VOID CancelQueuedIrp(PDEVICE_OBJECT DeviceObject, PIRP Irp) {
  PIO_CSQ_IRP_CONTEXT Context = QUEUE_OF(Irp);
  PIO_CSQ Csq = Context->Type == IO_TYPE_CSQ_IRP_CONTEXT ? Context->Csq : (PIO_CSQ)Context;
  KIRQL Irql;
  UNREFERENCED_PARAMETER(DeviceObject);
  IoReleaseCancelSpinLock(Irp->CancelIrql);
  Csq->CsqAcquireLock(Csq, &Irql);
  TakeOut(Csq, Irp);
  Csq->CsqReleaseLock(Csq, Irql);
  Csq->CsqCompleteCanceledIrp(Csq, Irp);
}

NTSTATUS IoCsqInsertIrpEx(PIO_CSQ Csq, PIRP Irp, PIO_CSQ_IRP_CONTEXT Context, PVOID InsertContext) {
  KiCheckCaller(__func__);
  NTSTATUS Status = STATUS_SUCCESS;
  KIRQL Irql;
  if (Context != NULL) {
    Context->Type = IO_TYPE_CSQ_IRP_CONTEXT;
    Context->Irp = Irp;
    Context->Csq = Csq;
    QUEUE_OF(Irp) = Context;
  } else {
    QUEUE_OF(Irp) = Csq;
  }
  Csq->ReservePointer = NULL;
  Csq->CsqAcquireLock(Csq, &Irql);
  if (Csq->Type == IO_TYPE_CSQ_EX) {
    Status = ((PIO_CSQ_INSERT_IRP_EX)Csq->CsqInsertIrp)(Csq, Irp, InsertContext);
    if (!NT_SUCCESS(Status)) {
      if (Context != NULL) Context->Irp = NULL;
      QUEUE_OF(Irp) = NULL;
      Csq->CsqReleaseLock(Csq, Irql);
      return Status;
    }
  } else {
    Csq->CsqInsertIrp(Csq, Irp);
  }
  IoMarkIrpPending(Irp);
  IoSetCancelRoutine(Irp, CancelQueuedIrp);
  if (Irp->Cancel && IoSetCancelRoutine(Irp, NULL) != NULL) {
    /* Cancelled before the cancel routine stood there: nobody else will complete it. */
    TakeOut(Csq, Irp);
    Csq->CsqReleaseLock(Csq, Irql);
    Csq->CsqCompleteCanceledIrp(Csq, Irp);
    return Status;
  }
  Csq->CsqReleaseLock(Csq, Irql);
  return Status;
}

VOID IoCsqInsertIrp(PIO_CSQ Csq, PIRP Irp, PIO_CSQ_IRP_CONTEXT Context) {
  KiCheckCaller(__func__);
  (VOID)IoCsqInsertIrpEx(Csq, Irp, Context, NULL);
}

PIRP IoCsqRemoveIrp(PIO_CSQ Csq, PIO_CSQ_IRP_CONTEXT Context) {
  KiCheckCaller(__func__);
  KIRQL Irql;
  PIRP Irp;
  Csq->ReservePointer = NULL;
  Csq->CsqAcquireLock(Csq, &Irql);
  Irp = Context->Irp;
  /* An IRP without a cancel routine is being cancelled: it belongs to that routine. */
  if (Irp != NULL && IoSetCancelRoutine(Irp, NULL) == NULL) Irp = NULL;
  if (Irp != NULL) TakeOut(Csq, Irp);
  Csq->CsqReleaseLock(Csq, Irql);
  return Irp;
}

PIRP IoCsqRemoveNextIrp(PIO_CSQ Csq, PVOID PeekContext) {
  KiCheckCaller(__func__);
  KIRQL Irql;
  PIRP Irp;
  Csq->ReservePointer = NULL;
  Csq->CsqAcquireLock(Csq, &Irql);
  Irp = Csq->CsqPeekNextIrp(Csq, NULL, PeekContext);
  while (Irp != NULL && IoSetCancelRoutine(Irp, NULL) == NULL) Irp = Csq->CsqPeekNextIrp(Csq, Irp, PeekContext);
  if (Irp != NULL) TakeOut(Csq, Irp);
  Csq->CsqReleaseLock(Csq, Irql);
  return Irp;
}
