/*
 * A datagram socket is opened; on the error path everything is taken down.
 * Wrong: When WskSocket fails, the socket variable was never written, and the error path closes whatever it
 * holds.
 * Right: The socket variable is NULL until WskSocket has succeeded, and the error path looks at it.
 */
#include "wsk-client.h"

typedef struct _CHANNEL {
    PWSK_SOCKET Socket;
    KEVENT Stop;
} CHANNEL, *PCHANNEL;

static PCHANNEL Channel;

static NTSTATUS OpenSocket(_Out_ PWSK_SOCKET *Socket)
{
    REQUEST request;
    NTSTATUS status = RequestInitialize(&request);

    if (!NT_SUCCESS(status)) {
        return status;
    }
    Provider.Dispatch->WskSocket(Provider.Client, AF_INET, SOCK_DGRAM, IPPROTO_UDP, WSK_FLAG_DATAGRAM_SOCKET, NULL,
        NULL, NULL, NULL, NULL, request.Irp);
    status = RequestWait(&request);
    if (NT_SUCCESS(status)) {
        *Socket = (PWSK_SOCKET)request.Irp->IoStatus.Information;
    }
    RequestFree(&request);
    return status;
}

static NTSTATUS BindSocket(_In_ PWSK_SOCKET Socket)
{
    SOCKADDR_IN local = AddressOf(INADDR_ANY, 1194);
    REQUEST request;
    NTSTATUS status = RequestInitialize(&request);

    if (NT_SUCCESS(status)) {
        ((PWSK_PROVIDER_DATAGRAM_DISPATCH)Socket->Dispatch)->WskBind(Socket, (PSOCKADDR)&local, 0, request.Irp);
        status = RequestWait(&request);
        RequestFree(&request);
    }
    return status;
}

static NTSTATUS StartChannel(_Inout_ PCHANNEL Target)
{
#ifdef WRONG
    PWSK_SOCKET socket;
#else
    PWSK_SOCKET socket = NULL;
#endif
    NTSTATUS status;

    KeInitializeEvent(&Target->Stop, NotificationEvent, FALSE);
    status = OpenSocket(&socket);
    if (!NT_SUCCESS(status)) {
        goto Failed;
    }
    status = BindSocket(socket);
    if (!NT_SUCCESS(status)) {
        goto Failed;
    }
    Target->Socket = socket;
    return STATUS_SUCCESS;

Failed:
    DbgPrint("no channel: 0x%08x\n", status);
#ifdef WRONG
    SocketClose(socket); /* finding: uninitialised-read */
#else
    if (socket != NULL) {
        SocketClose(socket);
    }
#endif
    return status;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    SocketClose(Channel->Socket);
    ExFreePoolWithTag(Channel, CLIENT_TAG);
    ClientStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NTSTATUS status = ClientStart();

    UNREFERENCED_PARAMETER(RegistryPath);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    Channel = (PCHANNEL)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(CHANNEL), CLIENT_TAG);
    status = Channel == NULL ? STATUS_INSUFFICIENT_RESOURCES : StartChannel(Channel);
    if (!NT_SUCCESS(status)) {
        if (Channel != NULL) {
            ExFreePoolWithTag(Channel, CLIENT_TAG);
        }
        ClientStop();
        return status;
    }
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
