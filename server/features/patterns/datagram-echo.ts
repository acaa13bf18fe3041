/**
 * A datagram socket that sends everything back. The callback keeps WSK's own buffers (STATUS_PENDING) and sends them as
 * they are; who completes last of a list gives it back with WskRelease. A count of lists lets the socket's close wait.
 */
import type { Pattern } from './pattern.ts';
import { waitedIrp } from './waited-irp.ts';

export const datagramEcho: Pattern = {
  label: 'wskdatagramecho',
  title: 'WSK datagram socket that echoes: receive callback, sends, start and stop',
  headers: ['ntddk.h', 'wsk.h'],
  body: `#define \${1:Echo}_TAG 'ohcE'

/* Lives from \${1}Start to the end of \${1}Stop, in non-paged memory. */
typedef struct _\${2:ECHO_STATE} {
    PWSK_SOCKET Socket;
    PIRP Irp;
    KEVENT Done;
} \${2}, *P\${2};

/* One list of datagrams that is being sent back. */
typedef struct _\${2}_LIST {
    PWSK_SOCKET Socket;
    PWSK_DATAGRAM_INDICATION Datagrams;
    /* Sends that have not completed, and one for the callback while it runs. */
    volatile LONG Pending;
} \${2}_LIST, *P\${2}_LIST;

static IO_COMPLETION_ROUTINE \${1}Complete;
static IO_COMPLETION_ROUTINE \${1}SendComplete;

static VOID
\${1}Dereference(_In_ P\${2}_LIST List)
{
    const WSK_PROVIDER_DATAGRAM_DISPATCH *dispatch =
        (const WSK_PROVIDER_DATAGRAM_DISPATCH *)List->Socket->Dispatch;

    if (InterlockedDecrement(&List->Pending) == 0) {
        dispatch->WskRelease(List->Socket, List->Datagrams);
        ExFreePoolWithTag(List, \${1}_TAG);
    }
}

_Use_decl_annotations_
static NTSTATUS
\${1}SendComplete(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    IoFreeIrp(Irp);
    \${1}Dereference((P\${2}_LIST)Context);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS WSKAPI
\${1}ReceiveFrom(PVOID SocketContext, ULONG Flags, PWSK_DATAGRAM_INDICATION DataIndication)
{
    P\${2} echo = (P\${2})SocketContext;
    const WSK_PROVIDER_DATAGRAM_DISPATCH *dispatch;
    PWSK_DATAGRAM_INDICATION datagram;
    P\${2}_LIST list;

    UNREFERENCED_PARAMETER(Flags);
    /* NULL: the socket works no more; \${1}Stop closes it. */
    if (echo == NULL || DataIndication == NULL) {
        return STATUS_SUCCESS;
    }
    list = (P\${2}_LIST)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(*list), \${1}_TAG);
    if (list == NULL) {
        /* Datagrams may be lost; STATUS_DATA_NOT_ACCEPTED would switch the callback off. */
        return STATUS_SUCCESS;
    }
    list->Socket = echo->Socket;
    list->Datagrams = DataIndication;
    list->Pending = 1;
    dispatch = (const WSK_PROVIDER_DATAGRAM_DISPATCH *)echo->Socket->Dispatch;
    for (datagram = DataIndication; datagram != NULL; datagram = datagram->Next) {
        PIRP irp = IoAllocateIrp(1, FALSE);

        if (irp == NULL) {
            break;
        }
        InterlockedIncrement(&list->Pending);
        IoSetCompletionRoutine(irp, \${1}SendComplete, list, TRUE, TRUE, TRUE);
        dispatch->WskSendTo(echo->Socket, &datagram->Buffer, 0, datagram->RemoteAddress, 0, NULL, irp);
    }
    \${1}Dereference(list);
    /* The list is ours until \${1}Dereference gives it back, which may have happened. */
    return STATUS_PENDING;
}

static const WSK_CLIENT_DATAGRAM_DISPATCH \${1}Dispatch = { \${1}ReceiveFrom };

${waitedIrp('Echo')}

/* The close completes when no callback runs and every datagram has been given back. */
_IRQL_requires_(PASSIVE_LEVEL)
static VOID
\${1}Stop(_Inout_ P\${2} Echo)
{
    const WSK_PROVIDER_DATAGRAM_DISPATCH *dispatch;

    if (Echo->Socket != NULL) {
        dispatch = (const WSK_PROVIDER_DATAGRAM_DISPATCH *)Echo->Socket->Dispatch;
        dispatch->WskCloseSocket(Echo->Socket, \${1}Begin(Echo));
        \${1}End(Echo);
        Echo->Socket = NULL;
    }
    IoFreeIrp(Echo->Irp);
}

_IRQL_requires_(PASSIVE_LEVEL)
static NTSTATUS
\${1}Start(_Out_ P\${2} Echo, _In_ const WSK_PROVIDER_NPI *Provider, _In_ USHORT Port)
{
    const WSK_PROVIDER_DATAGRAM_DISPATCH *dispatch;
    WSK_EVENT_CALLBACK_CONTROL events;
    SOCKADDR_IN address = { 0 };
    NTSTATUS status;

    RtlZeroMemory(Echo, sizeof(*Echo));
    KeInitializeEvent(&Echo->Done, NotificationEvent, FALSE);
    Echo->Irp = IoAllocateIrp(1, FALSE);
    if (Echo->Irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Provider->Dispatch->WskSocket(
        Provider->Client, AF_INET, SOCK_DGRAM, IPPROTO_UDP, WSK_FLAG_DATAGRAM_SOCKET, Echo, &\${1}Dispatch, NULL, NULL,
        NULL, \${1}Begin(Echo));
    status = \${1}End(Echo);
    if (!NT_SUCCESS(status)) {
        goto Fail;
    }
    Echo->Socket = (PWSK_SOCKET)Echo->Irp->IoStatus.Information;
    dispatch = (const WSK_PROVIDER_DATAGRAM_DISPATCH *)Echo->Socket->Dispatch;

    address.sin_family = AF_INET;
    address.sin_port = RtlUshortByteSwap(Port);
    dispatch->WskBind(Echo->Socket, (PSOCKADDR)&address, 0, \${1}Begin(Echo));
    status = \${1}End(Echo);
    if (!NT_SUCCESS(status)) {
        goto Fail;
    }

    /* Enabling takes no IRP. */
    events.NpiId = &NPI_WSK_INTERFACE_ID;
    events.EventMask = WSK_EVENT_RECEIVE_FROM;
    status = dispatch->WskControlSocket(
        Echo->Socket, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET, sizeof(events), &events, 0, NULL, NULL, NULL);
    if (!NT_SUCCESS(status)) {
        goto Fail;
    }
    return STATUS_SUCCESS;

Fail:
    \${1}Stop(Echo);
    return status;
}
$0`,
};
