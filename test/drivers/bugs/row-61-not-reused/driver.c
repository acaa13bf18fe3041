/*
 * A client asks twice with one IRP.
 * Wrong: It does not call IoReuseIrp in between.
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
        SOCKADDR_IN address;

        ConnectionOf(socket)->WskGetLocalAddress(socket, (PSOCKADDR)&address, request.Irp);
        RequestWait(&request);
#ifdef WRONG
        KeClearEvent(&request.Done);
        IoSetCompletionRoutine(request.Irp, SignalCompletion, &request.Done, TRUE, TRUE, TRUE);
#else
        RequestReuse(&request);
#endif
        ConnectionOf(socket)->WskGetRemoteAddress(socket, (PSOCKADDR)&address, request.Irp); /* finding: irp-not-reused */
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
