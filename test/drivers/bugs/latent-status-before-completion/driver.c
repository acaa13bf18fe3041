/*
 * A client makes a socket.
 * Wrong: It takes STATUS_PENDING for success, as NT_SUCCESS does, and reads the socket out of the IRP at once.
 * Right: It waits for the completion first.
 */
#include "wsk-client.h"

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    PWSK_SOCKET socket = NULL;
    REQUEST request;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    status = ClientStart();
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = RequestInitialize(&request);
    if (!NT_SUCCESS(status)) {
        ClientStop();
        return status;
    }
    status = Provider.Dispatch->WskSocket(Provider.Client, AF_INET, SOCK_STREAM, IPPROTO_TCP, WSK_FLAG_LISTEN_SOCKET,
                                          NULL, NULL, NULL, NULL, NULL, request.Irp);
#ifdef WRONG
    if (NT_SUCCESS(status)) {
        socket = (PWSK_SOCKET)request.Irp->IoStatus.Information; /* finding: result-before-completion */
        DbgPrint("socket %p\n", socket);
    }
#endif
    if (status == STATUS_PENDING) {
        KeWaitForSingleObject(&request.Done, Executive, KernelMode, FALSE, NULL);
        status = request.Irp->IoStatus.Status;
    }
    if (NT_SUCCESS(status)) {
        socket = (PWSK_SOCKET)request.Irp->IoStatus.Information;
        SocketClose(socket);
    }
    RequestFree(&request);
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
