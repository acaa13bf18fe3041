/*
 * A client counts received bytes in its event callback.
 * Wrong: It keeps each indication with STATUS_PENDING and never releases it.
 */
#include "wsk-client.h"

static PWSK_SOCKET Socket;
static SIZE_T Received;

static NTSTATUS WSKAPI OnReceive(PVOID Context, ULONG Flags, PWSK_DATA_INDICATION Data, SIZE_T Bytes, SIZE_T *Accepted)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Flags);
    UNREFERENCED_PARAMETER(Accepted);
    if (Data != NULL) {
        Received += Bytes;
#ifdef WRONG
        return STATUS_PENDING;
#endif
    }
    return STATUS_SUCCESS;
}

static const WSK_CLIENT_CONNECTION_DISPATCH Events = { OnReceive, NULL, NULL };

static NTSTATUS Use(VOID)
{
    WSK_EVENT_CALLBACK_CONTROL control = { (PNPIID)&NPI_WSK_INTERFACE_ID, WSK_EVENT_RECEIVE };
    NTSTATUS status = SocketConnect(9000, NULL, &Events, &Socket);

    if (NT_SUCCESS(status)) {
        status = ConnectionOf(Socket)->WskControlSocket(Socket, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET,
            sizeof(control), &control, 0, NULL, NULL, NULL);
    }
    return status;
}

static VOID Close(VOID)
{
    REQUEST request;

    if (NT_SUCCESS(RequestInitialize(&request))) {
        ConnectionOf(Socket)->WskCloseSocket(Socket, request.Irp); /* finding: indication-not-released */
        RequestWait(&request);
        RequestFree(&request);
    }
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    Close();
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = ClientStart();

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    if (NT_SUCCESS(status)) {
        status = Use();
        if (!NT_SUCCESS(status)) {
            ClientStop();
        }
    }
    return status;
}
