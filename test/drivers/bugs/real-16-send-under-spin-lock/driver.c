/*
 * Many threads may send on one connection; a spin lock keeps the messages apart and guards the counters.
 * Wrong: The lock is held across WskSend; where WSK completes the send at once, the completion routine runs
 * inside the call and wants the lock too.
 * Right: The lock guards the counters only, and is not held when WskSend is called.
 */
#include "wsk-client.h"

typedef struct _QUEUE {
    KSPIN_LOCK Lock;
    ULONG Sent;
    ULONG Completed;
    KEVENT Idle;
    PWSK_SOCKET Socket;
    PMDL Mdl;
    UCHAR Data[16];
} QUEUE, *PQUEUE;

static PQUEUE Queue;

static NTSTATUS SendComplete(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    PQUEUE queue = (PQUEUE)Context;
    KIRQL irql;

    UNREFERENCED_PARAMETER(DeviceObject);
    KeAcquireSpinLock(&queue->Lock, &irql); /* finding: spin-lock-deadlock 0xF */
    queue->Completed++;
    KeReleaseSpinLock(&queue->Lock, irql);
    IoFreeIrp(Irp);
    KeSetEvent(&queue->Idle, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Send(_Inout_ PQUEUE Target)
{
    WSK_BUF wskBuf = { Target->Mdl, 0, sizeof(Target->Data) };
    PIRP irp = IoAllocateIrp(1, FALSE);
    KIRQL irql;

    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    KeClearEvent(&Target->Idle);
    IoSetCompletionRoutine(irp, SendComplete, Target, TRUE, TRUE, TRUE);
    KeAcquireSpinLock(&Target->Lock, &irql);
    Target->Sent++;
#ifndef WRONG
    KeReleaseSpinLock(&Target->Lock, irql);
#endif
    ConnectionOf(Target->Socket)->WskSend(Target->Socket, &wskBuf, 0, irp);
#ifdef WRONG
    KeReleaseSpinLock(&Target->Lock, irql);
#endif
    KeWaitForSingleObject(&Target->Idle, Executive, KernelMode, FALSE, NULL);
    return STATUS_SUCCESS;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    SocketClose(Queue->Socket);
    DbgPrint("%lu of %lu sent\n", Queue->Completed, Queue->Sent);
    IoFreeMdl(Queue->Mdl);
    ExFreePoolWithTag(Queue, CLIENT_TAG);
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status;
    ULONG i;

    UNREFERENCED_PARAMETER(RegistryPath);
    Queue = (PQUEUE)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(QUEUE), CLIENT_TAG);
    if (Queue == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    KeInitializeSpinLock(&Queue->Lock);
    KeInitializeEvent(&Queue->Idle, NotificationEvent, TRUE);
    Queue->Mdl = IoAllocateMdl(Queue->Data, sizeof(Queue->Data), FALSE, FALSE, NULL);
    if (Queue->Mdl == NULL) {
        ExFreePoolWithTag(Queue, CLIENT_TAG);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    MmBuildMdlForNonPagedPool(Queue->Mdl);
    status = ClientStart();
    if (NT_SUCCESS(status)) {
        status = SocketConnect(9000, NULL, NULL, &Queue->Socket);
        if (!NT_SUCCESS(status)) {
            ClientStop();
        }
    }
    if (!NT_SUCCESS(status)) {
        IoFreeMdl(Queue->Mdl);
        ExFreePoolWithTag(Queue, CLIENT_TAG);
        return status;
    }
    for (i = 0; i < 6; i++) {
        Send(Queue);
    }
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
