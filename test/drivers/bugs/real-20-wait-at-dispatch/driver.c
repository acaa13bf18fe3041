/*
 * A timer looks every few milliseconds for data on a connection.
 * Wrong: Its DPC receives and waits for the result, at DISPATCH_LEVEL.
 * Right: Its DPC only wakes a thread, which receives and waits.
 */
#include "wsk-client.h"

typedef struct _POLL {
    KTIMER Timer;
    KDPC Dpc;
    KEVENT Tick;
    LONG Stop;
    PETHREAD Thread;
    PWSK_SOCKET Socket;
    PMDL Mdl;
    UCHAR Data[64];
} POLL, *PPOLL;

static PPOLL Poll;

static NTSTATUS ReceiveSome(_Inout_ PPOLL Target, _Out_ SIZE_T *Length)
{
    WSK_BUF wskBuf = { Target->Mdl, 0, sizeof(Target->Data) };
    REQUEST request;
    NTSTATUS status = RequestInitialize(&request);

    *Length = 0;
    if (!NT_SUCCESS(status)) {
        return status;
    }
    ConnectionOf(Target->Socket)->WskReceive(Target->Socket, &wskBuf, 0, request.Irp);
    KeWaitForSingleObject(&request.Done, Executive, KernelMode, FALSE, NULL); /* finding: wait-at-dispatch 0xC4/0x121 */
    status = request.Irp->IoStatus.Status;
    *Length = request.Irp->IoStatus.Information;
    RequestFree(&request);
    return status;
}

static VOID OnTick(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PPOLL poll = (PPOLL)Context;
#ifdef WRONG
    SIZE_T length;
#endif

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
#ifdef WRONG
    if (NT_SUCCESS(ReceiveSome(poll, &length))) {
        DbgPrint("received %Iu\n", length);
    }
#else
    KeSetEvent(&poll->Tick, IO_NO_INCREMENT, FALSE);
#endif
}

static VOID PollThread(PVOID Context)
{
    PPOLL poll = (PPOLL)Context;
    SIZE_T length;

    for (;;) {
        KeWaitForSingleObject(&poll->Tick, Executive, KernelMode, FALSE, NULL);
        if (poll->Stop) {
            break;
        }
#ifdef WRONG
        UNREFERENCED_PARAMETER(length);
#else
        if (NT_SUCCESS(ReceiveSome(poll, &length)) && length != 0) {
            DbgPrint("received %Iu\n", length);
        }
#endif
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static NTSTATUS StartPolling(_Inout_ PPOLL Target)
{
    LARGE_INTEGER due;
    HANDLE handle;
    NTSTATUS status;

    KeInitializeEvent(&Target->Tick, SynchronizationEvent, FALSE);
    KeInitializeTimer(&Target->Timer);
    KeInitializeDpc(&Target->Dpc, OnTick, Target);
    status = PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, PollThread, Target);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, *PsThreadType, KernelMode, (PVOID *)&Target->Thread, NULL);
    ZwClose(handle);
    due.QuadPart = -50000;
    KeSetTimerEx(&Target->Timer, due, 10, &Target->Dpc);
    return STATUS_SUCCESS;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    KeCancelTimer(&Poll->Timer);
    KeFlushQueuedDpcs();
    InterlockedExchange(&Poll->Stop, 1);
    KeSetEvent(&Poll->Tick, IO_NO_INCREMENT, FALSE);
    KeWaitForSingleObject(Poll->Thread, Executive, KernelMode, FALSE, NULL);
    ObDereferenceObject(Poll->Thread);
    SocketClose(Poll->Socket);
    IoFreeMdl(Poll->Mdl);
    ExFreePoolWithTag(Poll, CLIENT_TAG);
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = STATUS_INSUFFICIENT_RESOURCES;

    UNREFERENCED_PARAMETER(RegistryPath);
    Poll = (PPOLL)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(POLL), CLIENT_TAG);
    if (Poll == NULL) {
        return status;
    }
    Poll->Mdl = IoAllocateMdl(Poll->Data, sizeof(Poll->Data), FALSE, FALSE, NULL);
    if (Poll->Mdl != NULL) {
        MmBuildMdlForNonPagedPool(Poll->Mdl);
        status = ClientStart();
        if (NT_SUCCESS(status)) {
            status = SocketConnect(9000, NULL, NULL, &Poll->Socket);
            if (NT_SUCCESS(status)) {
                status = StartPolling(Poll);
                if (NT_SUCCESS(status)) {
                    DriverObject->DriverUnload = Unload;
                    return status;
                }
                SocketClose(Poll->Socket);
            }
            ClientStop();
        }
        IoFreeMdl(Poll->Mdl);
    }
    ExFreePoolWithTag(Poll, CLIENT_TAG);
    return status;
}
