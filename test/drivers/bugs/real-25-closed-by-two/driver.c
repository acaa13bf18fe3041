/*
 * A receive thread closes the socket when the peer hangs up; unload closes it as well.
 * Wrong: Both look at a flag and set it afterwards, and both close.
 * Right: Whoever takes the socket out of the block with an interlocked exchange closes it.
 */
#include "wsk-client.h"

typedef struct _SESSION {
    PWSK_SOCKET Socket;
#ifdef WRONG
    BOOLEAN IsClosed;
#endif
    PETHREAD Thread;
    PMDL Mdl;
    UCHAR Data[64];
} SESSION, *PSESSION;

static PSESSION Session;

static VOID CloseSocket(_In_ PWSK_SOCKET Socket)
{
    const WSK_PROVIDER_BASIC_DISPATCH *dispatch = Socket->Dispatch;
    REQUEST request;

    if (NT_SUCCESS(RequestInitialize(&request))) {
        dispatch->WskCloseSocket(Socket, request.Irp); /* finding: socket-after-close */
        RequestWait(&request);
        RequestFree(&request);
    }
}

static VOID CloseOnce(_Inout_ PSESSION Target)
{
#ifdef WRONG
    if (!Target->IsClosed) {
        CloseSocket(Target->Socket);
        Target->IsClosed = TRUE;
#else
    PWSK_SOCKET socket = (PWSK_SOCKET)InterlockedExchangePointer((PVOID *)&Target->Socket, NULL);

    if (socket != NULL) {
        CloseSocket(socket);
#endif
    }
}

static NTSTATUS ReceiveSome(_In_ PWSK_SOCKET Socket, _In_ PMDL Mdl, _Out_ SIZE_T *Length)
{
    WSK_BUF wskBuf = { Mdl, 0, 64 };
    REQUEST request;
    NTSTATUS status = RequestInitialize(&request);

    *Length = 0;
    if (NT_SUCCESS(status)) {
        ConnectionOf(Socket)->WskReceive(Socket, &wskBuf, 0, request.Irp);
        status = RequestWait(&request);
        *Length = request.Irp->IoStatus.Information;
        RequestFree(&request);
    }
    return status;
}

static VOID ReceiveThread(PVOID Context)
{
    PSESSION session = (PSESSION)Context;
    PWSK_SOCKET socket = session->Socket;
    NTSTATUS status;
    SIZE_T length;

    do {
        status = ReceiveSome(socket, session->Mdl, &length);
    } while (NT_SUCCESS(status) && length != 0);
    DbgPrint("no more data\n");
    CloseOnce(session);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    CloseOnce(Session);
    KeWaitForSingleObject(Session->Thread, Executive, KernelMode, FALSE, NULL);
    ObDereferenceObject(Session->Thread);
    IoFreeMdl(Session->Mdl);
    ExFreePoolWithTag(Session, CLIENT_TAG);
    ClientStop();
}

static NTSTATUS StartThread(_Inout_ PSESSION Target)
{
    HANDLE handle;
    NTSTATUS status = PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, ReceiveThread, Target);

    if (NT_SUCCESS(status)) {
        ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, *PsThreadType, KernelMode, (PVOID *)&Target->Thread,
            NULL);
        ZwClose(handle);
    }
    return status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = STATUS_INSUFFICIENT_RESOURCES;

    UNREFERENCED_PARAMETER(RegistryPath);
    Session = (PSESSION)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(SESSION), CLIENT_TAG);
    if (Session == NULL) {
        return status;
    }
    Session->Mdl = IoAllocateMdl(Session->Data, sizeof(Session->Data), FALSE, FALSE, NULL);
    if (Session->Mdl != NULL) {
        MmBuildMdlForNonPagedPool(Session->Mdl);
        status = ClientStart();
        if (NT_SUCCESS(status)) {
            status = SocketConnect(9000, NULL, NULL, &Session->Socket);
            if (NT_SUCCESS(status)) {
                status = StartThread(Session);
                if (NT_SUCCESS(status)) {
                    DriverObject->DriverUnload = Unload;
                    return status;
                }
                SocketClose(Session->Socket);
            }
            ClientStop();
        }
        IoFreeMdl(Session->Mdl);
    }
    ExFreePoolWithTag(Session, CLIENT_TAG);
    return status;
}
