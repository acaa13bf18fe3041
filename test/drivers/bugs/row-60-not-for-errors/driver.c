/*
 * A client reads the local address of its socket.
 * Wrong: Its completion routine is not set for errors.
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
        SOCKADDR_IN local;

        KeClearEvent(&request.Done);
#ifdef WRONG
        IoSetCompletionRoutine(request.Irp, SignalCompletion, &request.Done, TRUE, FALSE, TRUE);
#else
        IoSetCompletionRoutine(request.Irp, SignalCompletion, &request.Done, TRUE, TRUE, TRUE);
#endif
        ConnectionOf(socket)->WskGetLocalAddress(socket, (PSOCKADDR)&local, request.Irp); /* finding: completion-invoke-all */
        RequestWait(&request);
        RequestFree(&request);
    }
    SocketClose(socket);
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
