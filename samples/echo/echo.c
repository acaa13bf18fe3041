/*
 * A WSK driver that sends back what it receives on a TCP port, to as many clients as come.
 *
 * It works by events: WSK calls EchoAccept for each client, EchoReceive for data and EchoDisconnect at its end. Data is
 * not copied. EchoReceive keeps WSK's own buffers, hands them to WskSend as they are, and gives them back with WskRelease
 * when the send has completed.
 *
 * Three rules keep it right:
 * - A connection lives by references: one until the client hangs up or the driver is unloaded, one for each send and for
 *   the disconnect of an unload. Who drops the last one has the socket closed, and the completion of that frees it.
 * - A completion routine makes no call to WSK that could complete in it again; what has to be called is left to a DPC.
 * - What taking down needs is allocated when the connection is made, since an unload must not fail for want of memory.
 *
 * The port is the registry value Parameters\Port of the driver's service key, 40007 without it.
 */
#include <ntddk.h>
#include <wsk.h>

#define USUAL_PORT 40007
#define CONNECTION_TAG 'nncE'
#define SEND_TAG 'dnsE'

typedef struct _CONNECTION {
    /* In Server.Connections, until somebody begins to take it down. */
    LIST_ENTRY Link;
    PWSK_SOCKET Socket;
    volatile LONG References;
    /* Nonzero while the first reference, that of the client, is held. */
    volatile LONG IsOpen;
    /* Nonzero while a client that has ended its direction waits for the end of ours. */
    volatile LONG IsEndOwed;
    /* For WskDisconnect, then for WskCloseSocket. */
    PIRP Irp;
    KDPC CloseDpc;
} CONNECTION, *PCONNECTION;

/* What one call of EchoReceive brought: a list of indications, each sent by an IRP of its own. */
typedef struct _SEND {
    PCONNECTION Connection;
    PWSK_DATA_INDICATION Data;
    /* IRPs that have not completed. */
    volatile LONG Pending;
} SEND, *PSEND;

/* The one request that set-up or unload waits for. */
typedef struct _REQUEST {
    PIRP Irp;
    KEVENT Done;
} REQUEST, *PREQUEST;

static struct {
    WSK_REGISTRATION Registration;
    WSK_PROVIDER_NPI Provider;
    PWSK_SOCKET Listener;
    REQUEST Request;
    KSPIN_LOCK Lock;
    LIST_ENTRY Connections;
    /* Connections whose memory is not freed yet, and one for the driver itself. */
    volatile LONG Count;
    KEVENT AllGone;
    volatile LONG64 BytesEchoed;
} Server;

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD EchoUnload;
KDEFERRED_ROUTINE CloseConnection;
IO_COMPLETION_ROUTINE RequestComplete;
IO_COMPLETION_ROUTINE SendComplete;
IO_COMPLETION_ROUTINE DisconnectComplete;
IO_COMPLETION_ROUTINE EndComplete;
IO_COMPLETION_ROUTINE CloseComplete;

static const WSK_CLIENT_DISPATCH ClientDispatch = { MAKE_WSK_VERSION(1, 0), 0, NULL };

static const WSK_PROVIDER_CONNECTION_DISPATCH *
ConnectionCalls(PCONNECTION Connection)
{
    return (const WSK_PROVIDER_CONNECTION_DISPATCH *)Connection->Socket->Dispatch;
}

static const WSK_PROVIDER_LISTEN_DISPATCH *
ListenerCalls(void)
{
    return (const WSK_PROVIDER_LISTEN_DISPATCH *)Server.Listener->Dispatch;
}

/* ---- The life of a connection ---- */

static VOID
ServerDereference(VOID)
{
    if (InterlockedDecrement(&Server.Count) == 0) {
        KeSetEvent(&Server.AllGone, IO_NO_INCREMENT, FALSE);
    }
}

static VOID
Dereference(PCONNECTION Connection)
{
    if (InterlockedDecrement(&Connection->References) == 0) {
        KeInsertQueueDpc(&Connection->CloseDpc, NULL, NULL);
    }
}

/* FALSE for a connection that is being closed. */
static BOOLEAN
ReferenceIfAlive(PCONNECTION Connection)
{
    LONG count = Connection->References;

    while (count > 0) {
        LONG found = InterlockedCompareExchange(&Connection->References, count + 1, count);

        if (found == count) {
            return TRUE;
        }
        count = found;
    }
    return FALSE;
}

/* The client's reference goes once, whoever comes first. */
static VOID
DropOpenReference(PCONNECTION Connection)
{
    if (InterlockedExchange(&Connection->IsOpen, 0) != 0) {
        Dereference(Connection);
    }
}

VOID
CloseConnection(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PCONNECTION connection = (PCONNECTION)Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);

    IoReuseIrp(connection->Irp, STATUS_UNSUCCESSFUL);
    /* Closed without an end of its own, the connection would be cut off under a client that has only hung up. */
    if (InterlockedExchange(&connection->IsEndOwed, 0) != 0) {
        IoSetCompletionRoutine(connection->Irp, EndComplete, connection, TRUE, TRUE, TRUE);
        ConnectionCalls(connection)->WskDisconnect(connection->Socket, NULL, 0, connection->Irp);
        return;
    }

    KeAcquireSpinLockAtDpcLevel(&Server.Lock);
    RemoveEntryList(&connection->Link);
    KeReleaseSpinLockFromDpcLevel(&Server.Lock);

    IoSetCompletionRoutine(connection->Irp, CloseComplete, connection, TRUE, TRUE, TRUE);
    ConnectionCalls(connection)->WskCloseSocket(connection->Socket, connection->Irp);
}

/* Back to CloseConnection, which now closes: a completion routine makes no calls of WSK. */
NTSTATUS
EndComplete(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    KeInsertQueueDpc(&((PCONNECTION)Context)->CloseDpc, NULL, NULL);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

NTSTATUS
CloseComplete(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    IoFreeIrp(Irp);
    ExFreePoolWithTag(Context, CONNECTION_TAG);
    ServerDereference();
    return STATUS_MORE_PROCESSING_REQUIRED;
}

/* ---- What WSK tells of a connection ---- */

static VOID
FreeIrps(PIRP Irps)
{
    while (Irps != NULL) {
        PIRP next = (PIRP)Irps->Tail.Overlay.DriverContext[0];

        IoFreeIrp(Irps);
        Irps = next;
    }
}

/* One IRP for each indication of a list, chained; NULL if there is no memory for all of them. */
static PIRP
AllocateIrps(PWSK_DATA_INDICATION Data)
{
    PIRP irps = NULL;

    for (; Data != NULL; Data = Data->Next) {
        PIRP irp = IoAllocateIrp(1, FALSE);

        if (irp == NULL) {
            FreeIrps(irps);
            return NULL;
        }
        irp->Tail.Overlay.DriverContext[0] = irps;
        irps = irp;
    }
    return irps;
}

static VOID
FinishSend(PSEND Send)
{
    PCONNECTION connection = Send->Connection;

    if (InterlockedDecrement(&Send->Pending) == 0) {
        ConnectionCalls(connection)->WskRelease(connection->Socket, Send->Data);
        ExFreePoolWithTag(Send, SEND_TAG);
        Dereference(connection);
    }
}

static NTSTATUS WSKAPI
EchoReceive(
    PVOID SocketContext,
    ULONG Flags,
    PWSK_DATA_INDICATION DataIndication,
    SIZE_T BytesIndicated,
    SIZE_T *BytesAccepted
    )
{
    PCONNECTION connection = (PCONNECTION)SocketContext;
    PSEND send;
    PIRP irps;
    PWSK_DATA_INDICATION data;

    UNREFERENCED_PARAMETER(Flags);
    UNREFERENCED_PARAMETER(BytesAccepted);

    /* The connection is at its end; EchoDisconnect hears of it too. */
    if (DataIndication == NULL) {
        return STATUS_SUCCESS;
    }
    send = (PSEND)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(*send), SEND_TAG);
    irps = AllocateIrps(DataIndication);
    if (send == NULL || irps == NULL) {
        FreeIrps(irps);
        if (send != NULL) {
            ExFreePoolWithTag(send, SEND_TAG);
        }
        /* It is indicated again later. */
        return STATUS_DATA_NOT_ACCEPTED;
    }
    send->Connection = connection;
    send->Data = DataIndication;
    /* One more, so that the list stays until the last IRP is sent. */
    send->Pending = 1;
    InterlockedIncrement(&connection->References);
    InterlockedAdd64(&Server.BytesEchoed, (LONG64)BytesIndicated);
    for (data = DataIndication; data != NULL; data = data->Next) {
        PIRP irp = irps;

        irps = (PIRP)irp->Tail.Overlay.DriverContext[0];
        InterlockedIncrement(&send->Pending);
        IoSetCompletionRoutine(irp, SendComplete, send, TRUE, TRUE, TRUE);
        ConnectionCalls(connection)->WskSend(connection->Socket, &data->Buffer, 0, irp);
    }
    FinishSend(send);
    /* The indications are ours until FinishSend gives them back. */
    return STATUS_PENDING;
}

NTSTATUS
SendComplete(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    IoFreeIrp(Irp);
    FinishSend((PSEND)Context);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS WSKAPI
EchoDisconnect(PVOID SocketContext, ULONG Flags)
{
    PCONNECTION connection = (PCONNECTION)SocketContext;

    if (connection != NULL) {
        DbgPrint("echo: a client %s\n", (Flags & WSK_FLAG_ABORTIVE) != 0 ? "was cut off" : "hung up");
        InterlockedExchange(&connection->IsEndOwed, (Flags & WSK_FLAG_ABORTIVE) == 0);
        DropOpenReference(connection);
    }
    return STATUS_SUCCESS;
}

static const WSK_CLIENT_CONNECTION_DISPATCH ConnectionDispatch = { EchoReceive, EchoDisconnect, NULL };

/* ---- Clients come ---- */

static NTSTATUS WSKAPI
EchoAccept(
    PVOID SocketContext,
    ULONG Flags,
    PSOCKADDR LocalAddress,
    PSOCKADDR RemoteAddress,
    PWSK_SOCKET AcceptSocket,
    PVOID *AcceptSocketContext,
    CONST WSK_CLIENT_CONNECTION_DISPATCH **AcceptSocketDispatch
    )
{
    PCONNECTION connection;
    KIRQL oldIrql;

    UNREFERENCED_PARAMETER(SocketContext);
    UNREFERENCED_PARAMETER(Flags);
    UNREFERENCED_PARAMETER(LocalAddress);

    /* The listener does not work any more. */
    if (AcceptSocket == NULL) {
        return STATUS_REQUEST_NOT_ACCEPTED;
    }
    connection = (PCONNECTION)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(*connection), CONNECTION_TAG);
    if (connection == NULL) {
        return STATUS_REQUEST_NOT_ACCEPTED;
    }
    connection->Irp = IoAllocateIrp(1, FALSE);
    if (connection->Irp == NULL) {
        ExFreePoolWithTag(connection, CONNECTION_TAG);
        return STATUS_REQUEST_NOT_ACCEPTED;
    }
    connection->Socket = AcceptSocket;
    connection->References = 1;
    connection->IsOpen = 1;
    connection->IsEndOwed = 0;
    KeInitializeDpc(&connection->CloseDpc, CloseConnection, connection);
    InterlockedIncrement(&Server.Count);
    KeAcquireSpinLock(&Server.Lock, &oldIrql);
    InsertTailList(&Server.Connections, &connection->Link);
    KeReleaseSpinLock(&Server.Lock, oldIrql);

    DbgPrint("echo: a client from port %u\n", RtlUshortByteSwap(((PSOCKADDR_IN)RemoteAddress)->sin_port));
    *AcceptSocketContext = connection;
    *AcceptSocketDispatch = &ConnectionDispatch;
    return STATUS_SUCCESS;
}

static const WSK_CLIENT_LISTEN_DISPATCH ListenDispatch = { EchoAccept, NULL, NULL };

/* ---- Set-up and unload ---- */

NTSTATUS
RequestComplete(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    KeSetEvent((PKEVENT)Context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

/* The IRP of the server, ready for a call that is waited for. */
static PIRP
NextRequest(VOID)
{
    IoReuseIrp(Server.Request.Irp, STATUS_UNSUCCESSFUL);
    KeClearEvent(&Server.Request.Done);
    IoSetCompletionRoutine(Server.Request.Irp, RequestComplete, &Server.Request.Done, TRUE, TRUE, TRUE);
    return Server.Request.Irp;
}

/* The routine runs whatever the call returned, so the result stands in the IRP. */
static NTSTATUS
WaitForRequest(VOID)
{
    KeWaitForSingleObject(&Server.Request.Done, Executive, KernelMode, FALSE, NULL);
    return Server.Request.Irp->IoStatus.Status;
}

static USHORT
ReadPort(PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING below = RTL_CONSTANT_STRING(L"\\Parameters");
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"Port");
    UNICODE_STRING path;
    UCHAR room[sizeof(KEY_VALUE_PARTIAL_INFORMATION) + sizeof(ULONG)];
    PKEY_VALUE_PARTIAL_INFORMATION value = (PKEY_VALUE_PARTIAL_INFORMATION)room;
    OBJECT_ATTRIBUTES attributes;
    HANDLE key;
    ULONG length;
    USHORT port = USUAL_PORT;

    path.Length = 0;
    path.MaximumLength = (USHORT)(RegistryPath->Length + below.Length);
    path.Buffer = (PWCH)ExAllocatePool2(POOL_FLAG_PAGED, path.MaximumLength, SEND_TAG);
    if (path.Buffer == NULL) {
        return port;
    }
    RtlCopyUnicodeString(&path, RegistryPath);
    RtlAppendUnicodeStringToString(&path, &below);
    InitializeObjectAttributes(&attributes, &path, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
    if (NT_SUCCESS(ZwOpenKey(&key, KEY_READ, &attributes))) {
        if (NT_SUCCESS(ZwQueryValueKey(key, &name, KeyValuePartialInformation, value, sizeof(room), &length)) &&
            value->Type == REG_DWORD && value->DataLength == sizeof(ULONG)) {
            ULONG number;

            RtlCopyMemory(&number, value->Data, sizeof(number));
            if (number > 0 && number <= 65535) {
                port = (USHORT)number;
            }
        }
        ZwClose(key);
    }
    ExFreePoolWithTag(path.Buffer, SEND_TAG);
    return port;
}

static NTSTATUS
Listen(USHORT Port)
{
    WSK_EVENT_CALLBACK_CONTROL events;
    SOCKADDR_IN address;
    NTSTATUS status;

    /* Every socket that comes from a listener gets its events without asking for them. */
    events.NpiId = &NPI_WSK_INTERFACE_ID;
    events.EventMask = WSK_EVENT_ACCEPT | WSK_EVENT_RECEIVE | WSK_EVENT_DISCONNECT;
    status = Server.Provider.Dispatch->WskControlClient(
        Server.Provider.Client, WSK_SET_STATIC_EVENT_CALLBACKS, sizeof(events), &events, 0, NULL, NULL, NULL);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    Server.Provider.Dispatch->WskSocket(
        Server.Provider.Client, AF_INET, SOCK_STREAM, IPPROTO_TCP, WSK_FLAG_LISTEN_SOCKET, NULL, &ListenDispatch,
        NULL, NULL, NULL, NextRequest());
    status = WaitForRequest();
    if (!NT_SUCCESS(status)) {
        return status;
    }
    Server.Listener = (PWSK_SOCKET)Server.Request.Irp->IoStatus.Information;

    RtlZeroMemory(&address, sizeof(address));
    address.sin_family = AF_INET;
    address.sin_port = RtlUshortByteSwap(Port);
    ListenerCalls()->WskBind(Server.Listener, (PSOCKADDR)&address, 0, NextRequest());
    return WaitForRequest();
}

NTSTATUS
DisconnectComplete(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    Dereference((PCONNECTION)Context);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

/* Cuts off whoever is still there; sends that a client does not take complete by that. */
static VOID
DisconnectAll(VOID)
{
    PCONNECTION connection;
    BOOLEAN isAlive;
    KIRQL oldIrql;

    KeAcquireSpinLock(&Server.Lock, &oldIrql);
    while (!IsListEmpty(&Server.Connections)) {
        connection = CONTAINING_RECORD(RemoveHeadList(&Server.Connections), CONNECTION, Link);
        /* CloseConnection takes it from a list of its own. */
        InitializeListHead(&connection->Link);
        isAlive = ReferenceIfAlive(connection);
        KeReleaseSpinLock(&Server.Lock, oldIrql);
        if (isAlive) {
            IoSetCompletionRoutine(connection->Irp, DisconnectComplete, connection, TRUE, TRUE, TRUE);
            ConnectionCalls(connection)->WskDisconnect(connection->Socket, NULL, WSK_FLAG_ABORTIVE, connection->Irp);
            DropOpenReference(connection);
        }
        KeAcquireSpinLock(&Server.Lock, &oldIrql);
    }
    KeReleaseSpinLock(&Server.Lock, oldIrql);
}

static VOID
CloseListener(VOID)
{
    if (Server.Listener != NULL) {
        ListenerCalls()->WskCloseSocket(Server.Listener, NextRequest());
        WaitForRequest();
        Server.Listener = NULL;
    }
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    WSK_CLIENT_NPI client = { NULL, &ClientDispatch };
    USHORT port = ReadPort(RegistryPath);
    NTSTATUS status;

    DriverObject->DriverUnload = EchoUnload;
    KeInitializeSpinLock(&Server.Lock);
    InitializeListHead(&Server.Connections);
    KeInitializeEvent(&Server.AllGone, NotificationEvent, FALSE);
    KeInitializeEvent(&Server.Request.Done, NotificationEvent, FALSE);
    Server.Count = 1;

    Server.Request.Irp = IoAllocateIrp(1, FALSE);
    if (Server.Request.Irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    status = WskRegister(&client, &Server.Registration);
    if (!NT_SUCCESS(status)) {
        goto FreeIrp;
    }
    /* The start of the machine may wait for DriverEntry, so that must not wait for WSK, which may start later. Let the
       service depend on Afd, which brings WSK; if it is not there all the same, the start fails and can be repeated. */
    status = WskCaptureProviderNPI(&Server.Registration, WSK_NO_WAIT, &Server.Provider);
    if (!NT_SUCCESS(status)) {
        goto Deregister;
    }
    status = Listen(port);
    if (!NT_SUCCESS(status)) {
        goto Release;
    }
    DbgPrint("echo: listening on port %u\n", port);
    return STATUS_SUCCESS;

Release:
    CloseListener();
    WskReleaseProviderNPI(&Server.Registration);
Deregister:
    WskDeregister(&Server.Registration);
FreeIrp:
    IoFreeIrp(Server.Request.Irp);
    return status;
}

VOID
EchoUnload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);

    /* No new client after this. */
    CloseListener();
    DisconnectAll();
    ServerDereference();
    KeWaitForSingleObject(&Server.AllGone, Executive, KernelMode, FALSE, NULL);
    WskReleaseProviderNPI(&Server.Registration);
    WskDeregister(&Server.Registration);
    IoFreeIrp(Server.Request.Irp);
    DbgPrint("echo: unloaded, %I64d bytes sent back\n", Server.BytesEchoed);
}
