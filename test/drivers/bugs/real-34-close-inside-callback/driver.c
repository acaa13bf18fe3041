/*
 * A connection that is given up when the peer hangs up.
 * Wrong: WskDisconnectEvent closes the socket and waits for that, but the close waits for the callback to
 * return.
 * Right: WskDisconnectEvent only wakes a thread, which closes the socket.
 */
#include "wsk-client.h"

static PWSK_SOCKET Connection;
static KEVENT Disconnected;
static PETHREAD Closer;

static VOID CloseConnection(VOID)
{
    const WSK_PROVIDER_BASIC_DISPATCH *dispatch = Connection->Dispatch;
    REQUEST request;

    if (NT_SUCCESS(RequestInitialize(&request))) {
        dispatch->WskCloseSocket(Connection, request.Irp);
        KeWaitForSingleObject(&request.Done, Executive, KernelMode, FALSE, NULL); /* finding: wait-at-dispatch 0xC4/0x121 */
        RequestFree(&request);
    }
}

static NTSTATUS WSKAPI OnDisconnect(PVOID SocketContext, ULONG Flags)
{
    UNREFERENCED_PARAMETER(SocketContext);
    UNREFERENCED_PARAMETER(Flags);
    DbgPrint("disconnected\n");
#ifdef WRONG
    CloseConnection();
#endif
    KeSetEvent(&Disconnected, IO_NO_INCREMENT, FALSE);
    return STATUS_SUCCESS;
}

static const WSK_CLIENT_CONNECTION_DISPATCH ConnectionDispatch = { NULL, OnDisconnect, NULL };

static NTSTATUS EnableEvents(_In_ PWSK_SOCKET Socket)
{
    WSK_EVENT_CALLBACK_CONTROL control = { &NPI_WSK_INTERFACE_ID, WSK_EVENT_DISCONNECT };

    return ConnectionOf(Socket)->WskControlSocket(Socket, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET,
        sizeof(control), &control, 0, NULL, NULL, NULL);
}

static VOID CloseThread(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    KeWaitForSingleObject(&Disconnected, Executive, KernelMode, FALSE, NULL);
#ifndef WRONG
    CloseConnection();
#endif
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    KeSetEvent(&Disconnected, IO_NO_INCREMENT, FALSE);
    KeWaitForSingleObject(Closer, Executive, KernelMode, FALSE, NULL);
    ObDereferenceObject(Closer);
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = ClientStart();
    HANDLE handle;

    UNREFERENCED_PARAMETER(RegistryPath);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    KeInitializeEvent(&Disconnected, NotificationEvent, FALSE);
    status = SocketConnect(9000, &Connection, &ConnectionDispatch, &Connection);
    if (!NT_SUCCESS(status)) {
        ClientStop();
        return status;
    }
    DbgPrint("events: 0x%08x\n", EnableEvents(Connection));
    status = PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, CloseThread, NULL);
    if (!NT_SUCCESS(status)) {
        SocketClose(Connection);
        ClientStop();
        return status;
    }
    ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, *PsThreadType, KernelMode, (PVOID *)&Closer, NULL);
    ZwClose(handle);
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
