/* A driver of KMDF that sends what programs write through WSK; each macro makes one mistake (server/lint/kmdf.test.ts). */
#include <ntddk.h>
#include <wsk.h>
#include <wdf.h>

typedef struct _DEVICE_CONTEXT {
  PWSK_SOCKET Socket;
  WDFSPINLOCK Lock;
  KEVENT Idle;
  ULONG Sent;
} DEVICE_CONTEXT;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(DEVICE_CONTEXT, ContextOf)

typedef struct _TRANSFER {
  WDFREQUEST Request;
  WSK_BUF Buffer;
} TRANSFER;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(TRANSFER, TransferOf)

static EVT_WDF_IO_QUEUE_IO_WRITE Write;
static EVT_WDF_TIMER Tick;
static IO_COMPLETION_ROUTINE Sent;

static NTSTATUS Sent(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context)
{
  TRANSFER *transfer = Context;
  NTSTATUS status = Irp->IoStatus.Status;
  ULONG_PTR bytes = Irp->IoStatus.Information;

  UNREFERENCED_PARAMETER(Device);
  IoFreeMdl(transfer->Buffer.Mdl);
  IoFreeIrp(Irp);
  WdfRequestCompleteWithInformation(transfer->Request, status, bytes);
#ifdef GIVES_BACK
  return STATUS_SUCCESS;
#else
  return STATUS_MORE_PROCESSING_REQUIRED;
#endif
}

static VOID Write(WDFQUEUE Queue, WDFREQUEST Request, size_t Length)
{
  DEVICE_CONTEXT *context = ContextOf(WdfIoQueueGetDevice(Queue));
  TRANSFER *transfer = TransferOf(Request);
  PVOID buffer;
  PIRP irp;
  NTSTATUS status = WdfRequestRetrieveInputBuffer(Request, 1, &buffer, NULL);

  if (!NT_SUCCESS(status)) {
    WdfRequestComplete(Request, status);
    return;
  }
  irp = IoAllocateIrp(1, FALSE);
  if (irp == NULL) {
    WdfRequestComplete(Request, STATUS_INSUFFICIENT_RESOURCES);
    return;
  }
  transfer->Request = Request;
  transfer->Buffer.Offset = 0;
  transfer->Buffer.Length = Length;
  transfer->Buffer.Mdl = IoAllocateMdl(buffer, (ULONG)Length, FALSE, FALSE, NULL);
  if (transfer->Buffer.Mdl == NULL) {
#ifndef LEAKS
    IoFreeIrp(irp);
#endif
    WdfRequestComplete(Request, STATUS_INSUFFICIENT_RESOURCES);
    return;
  }
  MmBuildMdlForNonPagedPool(transfer->Buffer.Mdl);
#ifndef FORGETS
  IoSetCompletionRoutine(irp, Sent, transfer, TRUE, TRUE, TRUE);
#endif
  WdfSpinLockAcquire(context->Lock);
  context->Sent++;
#ifndef HOLDS
  WdfSpinLockRelease(context->Lock);
#endif
  ((PWSK_PROVIDER_CONNECTION_DISPATCH)context->Socket->Dispatch)->WskSend(context->Socket, &transfer->Buffer, 0, irp);
#ifdef HOLDS
  WdfSpinLockRelease(context->Lock);
#endif
#ifdef TOUCHES
  irp->IoStatus.Status = STATUS_SUCCESS;
#endif
}

static VOID Tick(WDFTIMER Timer)
{
  DEVICE_CONTEXT *context = ContextOf(WdfTimerGetParentObject(Timer));
#ifdef WAITS
  KeWaitForSingleObject(&context->Idle, Executive, KernelMode, FALSE, NULL);
#else
  KeSetEvent(&context->Idle, IO_NO_INCREMENT, FALSE);
#endif
}

NTSTATUS Start(WDFDEVICE Device, WDFTIMER *Timer)
{
  WDF_TIMER_CONFIG config;
  WDF_OBJECT_ATTRIBUTES attributes;
  WDF_IO_QUEUE_CONFIG queue;
  DEVICE_CONTEXT *context = ContextOf(Device);
  NTSTATUS status;

  KeInitializeEvent(&context->Idle, NotificationEvent, FALSE);
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&queue, WdfIoQueueDispatchParallel);
  queue.EvtIoWrite = Write;
  status = WdfIoQueueCreate(Device, &queue, WDF_NO_OBJECT_ATTRIBUTES, WDF_NO_HANDLE);
  if (!NT_SUCCESS(status))
    return status;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.ParentObject = Device;
  status = WdfSpinLockCreate(&attributes, &context->Lock);
  if (!NT_SUCCESS(status))
    return status;
  WDF_TIMER_CONFIG_INIT(&config, Tick);
  return WdfTimerCreate(&config, &attributes, Timer);
}
