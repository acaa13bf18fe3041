/*
 * A datagram socket is bound to any free port.
 * Wrong: WskBind is given a flag, though its flags are reserved and must be zero.
 * Right: WskBind is given no flags: they are reserved.
 */
#include "wsk-client.h"

static PWSK_SOCKET Socket;

static NTSTATUS OpenSocket(_Inout_ PREQUEST Request)
{
    SOCKADDR_IN local = AddressOf(INADDR_ANY, 0);
    NTSTATUS status;

    Provider.Dispatch->WskSocket(Provider.Client, AF_INET, SOCK_DGRAM, IPPROTO_UDP, WSK_FLAG_DATAGRAM_SOCKET, NULL,
        NULL, NULL, NULL, NULL, Request->Irp);
    status = RequestWait(Request);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    Socket = (PWSK_SOCKET)Request->Irp->IoStatus.Information;
    RequestReuse(Request);
#ifdef WRONG
    ((PWSK_PROVIDER_DATAGRAM_DISPATCH)Socket->Dispatch)->WskBind(Socket, (PSOCKADDR)&local, WSK_FLAG_DATAGRAM_SOCKET, Request->Irp); /* finding: reserved-flags */
#else
    ((PWSK_PROVIDER_DATAGRAM_DISPATCH)Socket->Dispatch)->WskBind(Socket, (PSOCKADDR)&local, 0, Request->Irp);
#endif
    return RequestWait(Request);
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    SocketClose(Socket);
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = ClientStart();
    REQUEST request;

    UNREFERENCED_PARAMETER(RegistryPath);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = RequestInitialize(&request);
    if (NT_SUCCESS(status)) {
        status = OpenSocket(&request);
        RequestFree(&request);
    }
    DbgPrint("bind: 0x%08x\n", status);
    if (Socket == NULL) {
        ClientStop();
        return status;
    }
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
