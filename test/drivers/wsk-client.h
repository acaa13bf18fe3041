/*
 * What every small WSK client needs and no test is about: registration, one synchronous request, sockets that are
 * made, bound, connected and closed with it. A driver under test that has its bug in one of these writes its own.
 */
#pragma once
#include <ntddk.h>
#include <wsk.h>

#define CLIENT_TAG 'tilC'

/* A request that its caller waits for. The IRP stays with the caller. */
typedef struct _REQUEST {
    PIRP Irp;
    KEVENT Done;
} REQUEST, *PREQUEST;

static const WSK_CLIENT_DISPATCH ClientDispatch = { MAKE_WSK_VERSION(1, 0), 0, NULL };
static WSK_REGISTRATION ClientRegistration;
static WSK_PROVIDER_NPI Provider;

static NTSTATUS ClientStart(VOID)
{
    WSK_CLIENT_NPI npi = { NULL, &ClientDispatch };
    NTSTATUS status = WskRegister(&npi, &ClientRegistration);

    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = WskCaptureProviderNPI(&ClientRegistration, WSK_NO_WAIT, &Provider);
    if (!NT_SUCCESS(status)) {
        WskDeregister(&ClientRegistration);
    }
    return status;
}

static VOID ClientStop(VOID)
{
    WskReleaseProviderNPI(&ClientRegistration);
    WskDeregister(&ClientRegistration);
}

/* Wakes the thread that waits for a request; the context is the event. */
static NTSTATUS SignalCompletion(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    KeSetEvent((PKEVENT)Context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS RequestInitialize(_Out_ PREQUEST Request)
{
    KeInitializeEvent(&Request->Done, NotificationEvent, FALSE);
    Request->Irp = IoAllocateIrp(1, FALSE);
    if (Request->Irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    IoSetCompletionRoutine(Request->Irp, SignalCompletion, &Request->Done, TRUE, TRUE, TRUE);
    return STATUS_SUCCESS;
}

/* Makes a request fit for its next call. */
static VOID RequestReuse(_Inout_ PREQUEST Request)
{
    KeClearEvent(&Request->Done);
    IoReuseIrp(Request->Irp, STATUS_UNSUCCESSFUL);
    IoSetCompletionRoutine(Request->Irp, SignalCompletion, &Request->Done, TRUE, TRUE, TRUE);
}

static NTSTATUS RequestWait(_Inout_ PREQUEST Request)
{
    KeWaitForSingleObject(&Request->Done, Executive, KernelMode, FALSE, NULL);
    return Request->Irp->IoStatus.Status;
}

static VOID RequestFree(_Inout_ PREQUEST Request)
{
    IoFreeIrp(Request->Irp);
    Request->Irp = NULL;
}

static SOCKADDR_IN AddressOf(_In_ ULONG Host, _In_ USHORT Port)
{
    SOCKADDR_IN address;

    RtlZeroMemory(&address, sizeof(address));
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = RtlUlongByteSwap(Host);
    address.sin_port = RtlUshortByteSwap(Port);
    return address;
}

/* A socket that is bound to Port (0 is any), of whatever category Flags says. */
static NTSTATUS SocketCreate(ULONG Flags, USHORT Port, PVOID Context, const VOID *Dispatch, PWSK_SOCKET *Socket)
{
    SOCKADDR_IN local = AddressOf(INADDR_ANY, Port);
    BOOLEAN isDatagram = Flags == WSK_FLAG_DATAGRAM_SOCKET;
    REQUEST request;
    NTSTATUS status = RequestInitialize(&request);

    *Socket = NULL;
    if (!NT_SUCCESS(status)) {
        return status;
    }
    Provider.Dispatch->WskSocket(Provider.Client, AF_INET, (USHORT)(isDatagram ? SOCK_DGRAM : SOCK_STREAM),
        isDatagram ? IPPROTO_UDP : IPPROTO_TCP, Flags, Context, Dispatch, NULL, NULL, NULL, request.Irp);
    status = RequestWait(&request);
    if (NT_SUCCESS(status)) {
        PWSK_SOCKET made = (PWSK_SOCKET)request.Irp->IoStatus.Information;

        RequestReuse(&request);
        if (isDatagram) {
            ((PWSK_PROVIDER_DATAGRAM_DISPATCH)made->Dispatch)->WskBind(made, (PSOCKADDR)&local, 0, request.Irp);
        } else if (Flags == WSK_FLAG_LISTEN_SOCKET) {
            ((PWSK_PROVIDER_LISTEN_DISPATCH)made->Dispatch)->WskBind(made, (PSOCKADDR)&local, 0, request.Irp);
        } else {
            ((PWSK_PROVIDER_CONNECTION_DISPATCH)made->Dispatch)->WskBind(made, (PSOCKADDR)&local, 0, request.Irp);
        }
        status = RequestWait(&request);
        if (NT_SUCCESS(status)) {
            *Socket = made;
        } else {
            RequestReuse(&request);
            ((PWSK_PROVIDER_BASIC_DISPATCH)made->Dispatch)->WskCloseSocket(made, request.Irp);
            RequestWait(&request);
        }
    }
    RequestFree(&request);
    return status;
}

/* Closes a socket of any category and returns when that is done. */
static VOID SocketClose(_In_ PWSK_SOCKET Socket)
{
    REQUEST request;

    if (!NT_SUCCESS(RequestInitialize(&request))) {
        return;
    }
    ((PWSK_PROVIDER_BASIC_DISPATCH)Socket->Dispatch)->WskCloseSocket(Socket, request.Irp);
    RequestWait(&request);
    RequestFree(&request);
}

static const WSK_PROVIDER_CONNECTION_DISPATCH *ConnectionOf(_In_ PWSK_SOCKET Socket)
{
    return (const WSK_PROVIDER_CONNECTION_DISPATCH *)Socket->Dispatch;
}

/* A connection to the peer of the scenario, 192.0.2.20, at Port. */
static NTSTATUS SocketConnect(USHORT Port, PVOID Context, const WSK_CLIENT_CONNECTION_DISPATCH *Dispatch,
    PWSK_SOCKET *Socket)
{
    SOCKADDR_IN remote = AddressOf(0xC0000214, Port);
    REQUEST request;
    NTSTATUS status = SocketCreate(WSK_FLAG_CONNECTION_SOCKET, 0, Context, Dispatch, Socket);

    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = RequestInitialize(&request);
    if (NT_SUCCESS(status)) {
        ConnectionOf(*Socket)->WskConnect(*Socket, (PSOCKADDR)&remote, 0, request.Irp);
        status = RequestWait(&request);
        RequestFree(&request);
    }
    if (!NT_SUCCESS(status)) {
        SocketClose(*Socket);
        *Socket = NULL;
    }
    return status;
}
