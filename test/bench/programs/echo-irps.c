/* A listener whose connections receive and send by one IRP each, again and again; it prints nothing. */
#include <ntddk.h>
#include <wsk.h>

#define POOL_TAG 'tEQ '

#define ROOM 2048

/* What the IRP does, or what its completion says is to be done next. */
typedef enum { Receiving, Sending, Closing } WORK;

typedef struct _CONNECTION {
    PWSK_SOCKET Socket;
    PIRP Irp;
    /* Makes the next call: no completion routine makes one. */
    KDPC Next;
    WORK Work;
    WSK_BUF Buffer;
    UCHAR Bytes[ROOM];
} CONNECTION, *PCONNECTION;

static const WSK_CLIENT_DISPATCH ClientDispatch = { MAKE_WSK_VERSION(1, 0), 0, NULL };
static WSK_REGISTRATION Registration;
static WSK_PROVIDER_NPI Provider;
static PWSK_SOCKET Listener;
static KEVENT Done;
static NTSTATUS DoneStatus;
static ULONG_PTR DoneInformation;

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD Unload;

static NTSTATUS Synchronous(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(Context);
    DoneStatus = Irp->IoStatus.Status;
    DoneInformation = Irp->IoStatus.Information;
    KeSetEvent(&Done, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static void Free(PCONNECTION Connection)
{
    if (Connection->Irp != NULL) IoFreeIrp(Connection->Irp);
    if (Connection->Buffer.Mdl != NULL) IoFreeMdl(Connection->Buffer.Mdl);
    ExFreePoolWithTag(Connection, POOL_TAG);
}

static NTSTATUS Completed(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context)
{
    PCONNECTION connection = (PCONNECTION)Context;
    UNREFERENCED_PARAMETER(Device);
    if (connection->Work == Closing) {
        Free(connection);
        return STATUS_MORE_PROCESSING_REQUIRED;
    }
    if (!NT_SUCCESS(Irp->IoStatus.Status) || Irp->IoStatus.Information == 0) {
        connection->Work = Closing;
    } else if (connection->Work == Receiving) {
        connection->Work = Sending;
        connection->Buffer.Length = Irp->IoStatus.Information;
    } else {
        connection->Work = Receiving;
        connection->Buffer.Length = ROOM;
    }
    KeInsertQueueDpc(&connection->Next, NULL, NULL);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID Next(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PCONNECTION connection = (PCONNECTION)Context;
    PWSK_SOCKET socket = connection->Socket;
    PWSK_PROVIDER_CONNECTION_DISPATCH calls = (PWSK_PROVIDER_CONNECTION_DISPATCH)socket->Dispatch;
    PIRP irp = connection->Irp;
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    IoReuseIrp(irp, STATUS_UNSUCCESSFUL);
    IoSetCompletionRoutine(irp, Completed, connection, TRUE, TRUE, TRUE);
    switch (connection->Work) {
    case Receiving:
        calls->WskReceive(socket, &connection->Buffer, 0, irp);
        break;
    case Sending:
        calls->WskSend(socket, &connection->Buffer, 0, irp);
        break;
    case Closing:
        calls->WskCloseSocket(socket, irp);
        break;
    }
}

static NTSTATUS WSKAPI Accept(PVOID SocketContext, ULONG Flags, PSOCKADDR LocalAddress, PSOCKADDR RemoteAddress,
                              PWSK_SOCKET AcceptSocket, PVOID *AcceptSocketContext,
                              CONST WSK_CLIENT_CONNECTION_DISPATCH **AcceptSocketDispatch)
{
    PCONNECTION connection;
    UNREFERENCED_PARAMETER(SocketContext);
    UNREFERENCED_PARAMETER(Flags);
    UNREFERENCED_PARAMETER(LocalAddress);
    UNREFERENCED_PARAMETER(RemoteAddress);
    if (AcceptSocket == NULL) return STATUS_REQUEST_NOT_ACCEPTED;
    connection = (PCONNECTION)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(*connection), POOL_TAG);
    if (connection == NULL) return STATUS_REQUEST_NOT_ACCEPTED;
    connection->Socket = AcceptSocket;
    connection->Work = Receiving;
    connection->Irp = IoAllocateIrp(1, FALSE);
    connection->Buffer.Length = ROOM;
    connection->Buffer.Mdl = IoAllocateMdl(connection->Bytes, ROOM, FALSE, FALSE, NULL);
    if (connection->Irp == NULL || connection->Buffer.Mdl == NULL) {
        Free(connection);
        return STATUS_REQUEST_NOT_ACCEPTED;
    }
    MmBuildMdlForNonPagedPool(connection->Buffer.Mdl);
    KeInitializeDpc(&connection->Next, Next, connection);
    KeInsertQueueDpc(&connection->Next, NULL, NULL);
    *AcceptSocketContext = connection;
    *AcceptSocketDispatch = NULL;
    return STATUS_SUCCESS;
}

static const WSK_CLIENT_LISTEN_DISPATCH ListenDispatch = { Accept, NULL, NULL };

static NTSTATUS WaitFor(PIRP Irp, NTSTATUS Status)
{
    UNREFERENCED_PARAMETER(Status);
    KeWaitForSingleObject(&Done, Executive, KernelMode, FALSE, NULL);
    Status = DoneStatus;
    IoReuseIrp(Irp, STATUS_UNSUCCESSFUL);
    return Status;
}

static void Prepare(PIRP Irp)
{
    KeClearEvent(&Done);
    IoSetCompletionRoutine(Irp, Synchronous, NULL, TRUE, TRUE, TRUE);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    WSK_CLIENT_NPI client;
    WSK_EVENT_CALLBACK_CONTROL control;
    SOCKADDR_IN address;
    NTSTATUS status;
    PIRP irp;
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeEvent(&Done, SynchronizationEvent, FALSE);
    client.ClientContext = NULL;
    client.Dispatch = &ClientDispatch;
    status = WskRegister(&client, &Registration);
    if (!NT_SUCCESS(status)) return status;
    status = WskCaptureProviderNPI(&Registration, WSK_INFINITE_WAIT, &Provider);
    if (!NT_SUCCESS(status)) goto deregister;
    control.NpiId = &NPI_WSK_INTERFACE_ID;
    control.EventMask = WSK_EVENT_ACCEPT;
    status = Provider.Dispatch->WskControlClient(Provider.Client, WSK_SET_STATIC_EVENT_CALLBACKS, sizeof(control),
                                                 &control, 0, NULL, NULL, NULL);
    if (!NT_SUCCESS(status)) goto release;
    irp = IoAllocateIrp(1, FALSE);
    if (irp == NULL) {
        status = STATUS_INSUFFICIENT_RESOURCES;
        goto release;
    }
    Prepare(irp);
    status = WaitFor(irp, Provider.Dispatch->WskSocket(Provider.Client, AF_INET, SOCK_STREAM, IPPROTO_TCP,
                                                       WSK_FLAG_LISTEN_SOCKET, NULL, &ListenDispatch, NULL, NULL, NULL,
                                                       irp));
    if (!NT_SUCCESS(status)) goto free;
    Listener = (PWSK_SOCKET)DoneInformation;
    RtlZeroMemory(&address, sizeof(address));
    address.sin_family = AF_INET;
    address.sin_port = RtlUshortByteSwap(40007);
    Prepare(irp);
    status = WaitFor(irp, ((PWSK_PROVIDER_LISTEN_DISPATCH)Listener->Dispatch)->WskBind(Listener, (PSOCKADDR)&address,
                                                                                     0, irp));
    IoFreeIrp(irp);
    return status;
free:
    IoFreeIrp(irp);
release:
    WskReleaseProviderNPI(&Registration);
deregister:
    WskDeregister(&Registration);
    return status;
}

void Unload(PDRIVER_OBJECT DriverObject)
{
    PIRP irp = IoAllocateIrp(1, FALSE);
    UNREFERENCED_PARAMETER(DriverObject);
    if (irp != NULL) {
        Prepare(irp);
        WaitFor(irp, ((PWSK_PROVIDER_LISTEN_DISPATCH)Listener->Dispatch)->WskCloseSocket(Listener, irp));
        IoFreeIrp(irp);
    }
    WskReleaseProviderNPI(&Registration);
    WskDeregister(&Registration);
}
