/*
 * A client asks for the local address of its socket to log it.
 * Wrong: It does so when it has closed the socket.
 */
#include "wsk-client.h"

static VOID Use(VOID)
{
    PWSK_SOCKET socket;
    REQUEST request;

    if (!NT_SUCCESS(SocketConnect(9000, NULL, NULL, &socket))) {
        return;
    }
    if (NT_SUCCESS(RequestInitialize(&request))) {
        const WSK_PROVIDER_CONNECTION_DISPATCH *dispatch = ConnectionOf(socket);
        SOCKADDR_IN local;

#ifdef WRONG
        SocketClose(socket);
#endif
        dispatch->WskGetLocalAddress(socket, (PSOCKADDR)&local, request.Irp); /* finding: socket-after-close */
        RequestWait(&request);
#ifndef WRONG
        SocketClose(socket);
#endif
        RequestFree(&request);
    }
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = ClientStart();

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    if (NT_SUCCESS(status)) {
        Use();
    }
    return status;
}
