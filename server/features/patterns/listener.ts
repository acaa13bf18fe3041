/**
 * A listening socket with event callbacks that holds one connection at a time. Start and stop wait for their requests,
 * so that both run at PASSIVE_LEVEL; the callbacks come at up to DISPATCH_LEVEL and wait for nothing.
 */
import type { Pattern } from './pattern.ts';
import { waitedIrp } from './waited-irp.ts';

export const listener: Pattern = {
  label: 'wsklistener',
  title: 'WSK listener: socket, accept callback, receive callback, start and stop',
  headers: ['ntddk.h', 'wsk.h'],
  body: `/* Lives from \${1:Listener}Start to the end of \${1}Stop, in non-paged memory. */
typedef struct _\${2:LISTENER} {
    PWSK_SOCKET Socket;
    /* The one client; NULL while there is none. */
    PWSK_SOCKET volatile Connection;
    volatile LONG64 BytesReceived;
    PIRP Irp;
    KEVENT Done;
} \${2}, *P\${2};

static IO_COMPLETION_ROUTINE \${1}Complete;

static NTSTATUS WSKAPI
\${1}Receive(
    PVOID SocketContext,
    ULONG Flags,
    PWSK_DATA_INDICATION DataIndication,
    SIZE_T BytesIndicated,
    SIZE_T *BytesAccepted
    )
{
    P\${2} listener = (P\${2})SocketContext;

    UNREFERENCED_PARAMETER(Flags);
    UNREFERENCED_PARAMETER(BytesAccepted);
    /* The connection works no more; \${1}Stop closes its socket. */
    if (listener == NULL || DataIndication == NULL) {
        return STATUS_SUCCESS;
    }
    InterlockedAdd64(&listener->BytesReceived, (LONG64)BytesIndicated);
    return STATUS_SUCCESS;
}

static NTSTATUS WSKAPI
\${1}Disconnect(PVOID SocketContext, ULONG Flags)
{
    UNREFERENCED_PARAMETER(SocketContext);
    UNREFERENCED_PARAMETER(Flags);
    return STATUS_SUCCESS;
}

static const WSK_CLIENT_CONNECTION_DISPATCH \${1}ConnectionDispatch = { \${1}Receive, \${1}Disconnect, NULL };

static NTSTATUS WSKAPI
\${1}Accept(
    PVOID SocketContext,
    ULONG Flags,
    PSOCKADDR LocalAddress,
    PSOCKADDR RemoteAddress,
    PWSK_SOCKET AcceptSocket,
    PVOID *AcceptSocketContext,
    CONST WSK_CLIENT_CONNECTION_DISPATCH **AcceptSocketDispatch
    )
{
    P\${2} listener = (P\${2})SocketContext;

    UNREFERENCED_PARAMETER(Flags);
    UNREFERENCED_PARAMETER(LocalAddress);
    UNREFERENCED_PARAMETER(RemoteAddress);
    /* NULL: the listener works no more. */
    if (listener == NULL || AcceptSocket == NULL) {
        return STATUS_REQUEST_NOT_ACCEPTED;
    }
    if (InterlockedCompareExchangePointer((PVOID volatile *)&listener->Connection, AcceptSocket, NULL) != NULL) {
        return STATUS_REQUEST_NOT_ACCEPTED;
    }
    *AcceptSocketContext = listener;
    *AcceptSocketDispatch = &\${1}ConnectionDispatch;
    return STATUS_SUCCESS;
}

static const WSK_CLIENT_LISTEN_DISPATCH \${1}ListenDispatch = { \${1}Accept, NULL, NULL };

${waitedIrp('Listener')}

static VOID
\${1}Close(_Inout_ P\${2} Listener, _In_ PWSK_SOCKET Socket)
{
    const WSK_PROVIDER_BASIC_DISPATCH *dispatch = (const WSK_PROVIDER_BASIC_DISPATCH *)Socket->Dispatch;

    dispatch->WskCloseSocket(Socket, \${1}Begin(Listener));
    \${1}End(Listener);
}

/* No callback runs any more when this returns. */
_IRQL_requires_(PASSIVE_LEVEL)
static VOID
\${1}Stop(_Inout_ P\${2} Listener)
{
    PWSK_SOCKET connection;

    /* First, so that no other connection comes. */
    if (Listener->Socket != NULL) {
        \${1}Close(Listener, Listener->Socket);
        Listener->Socket = NULL;
    }
    connection = (PWSK_SOCKET)InterlockedExchangePointer((PVOID volatile *)&Listener->Connection, NULL);
    if (connection != NULL) {
        \${1}Close(Listener, connection);
    }
    IoFreeIrp(Listener->Irp);
}

_IRQL_requires_(PASSIVE_LEVEL)
static NTSTATUS
\${1}Start(_Out_ P\${2} Listener, _In_ const WSK_PROVIDER_NPI *Provider, _In_ USHORT Port)
{
    const WSK_PROVIDER_LISTEN_DISPATCH *dispatch;
    WSK_EVENT_CALLBACK_CONTROL events;
    SOCKADDR_IN address = { 0 };
    NTSTATUS status;

    RtlZeroMemory(Listener, sizeof(*Listener));
    KeInitializeEvent(&Listener->Done, NotificationEvent, FALSE);
    Listener->Irp = IoAllocateIrp(1, FALSE);
    if (Listener->Irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Provider->Dispatch->WskSocket(
        Provider->Client, AF_INET, SOCK_STREAM, IPPROTO_TCP, WSK_FLAG_LISTEN_SOCKET, Listener,
        &\${1}ListenDispatch, NULL, NULL, NULL, \${1}Begin(Listener));
    status = \${1}End(Listener);
    if (!NT_SUCCESS(status)) {
        goto Fail;
    }
    Listener->Socket = (PWSK_SOCKET)Listener->Irp->IoStatus.Information;
    dispatch = (const WSK_PROVIDER_LISTEN_DISPATCH *)Listener->Socket->Dispatch;

    address.sin_family = AF_INET;
    address.sin_port = RtlUshortByteSwap(Port);
    dispatch->WskBind(Listener->Socket, (PSOCKADDR)&address, 0, \${1}Begin(Listener));
    status = \${1}End(Listener);
    if (!NT_SUCCESS(status)) {
        goto Fail;
    }

    /* Accepted sockets inherit the events of a connection. Enabling takes no IRP. */
    events.NpiId = &NPI_WSK_INTERFACE_ID;
    events.EventMask = WSK_EVENT_ACCEPT | WSK_EVENT_RECEIVE | WSK_EVENT_DISCONNECT;
    status = dispatch->WskControlSocket(
        Listener->Socket, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET, sizeof(events), &events, 0, NULL, NULL,
        NULL);
    if (!NT_SUCCESS(status)) {
        goto Fail;
    }
    return STATUS_SUCCESS;

Fail:
    \${1}Stop(Listener);
    return status;
}
$0`,
};
