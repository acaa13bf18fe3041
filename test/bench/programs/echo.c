/* A listener whose receive event takes the data and sends it back; it prints nothing. */
#include <ntddk.h>
#include <wsk.h>

#define POOL_TAG 'tEQ '

typedef struct _ECHO {
    PIRP Irp;
    PVOID Connection;
    PWSK_DATA_INDICATION Data;
} ECHO, *PECHO;

typedef struct _CONNECTION {
    PWSK_SOCKET Socket;
    PIRP CloseIrp;
    /* Closes the socket: no completion routine makes a new call. */
    KDPC Close;
    /* One for the connection until it is disconnected, and one for each send under way. */
    LONG References;
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

static NTSTATUS Closed(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(Device);
    IoFreeIrp(Irp);
    ExFreePoolWithTag(Context, POOL_TAG);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID Close(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PCONNECTION connection = (PCONNECTION)Context;
    PWSK_SOCKET socket = connection->Socket;
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    IoSetCompletionRoutine(connection->CloseIrp, Closed, connection, TRUE, TRUE, TRUE);
    ((PWSK_PROVIDER_CONNECTION_DISPATCH)socket->Dispatch)->WskCloseSocket(socket, connection->CloseIrp);
}

static void Dereference(PCONNECTION connection)
{
    if (InterlockedDecrement(&connection->References) == 0) KeInsertQueueDpc(&connection->Close, NULL, NULL);
}

static NTSTATUS Sent(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context)
{
    PECHO echo = (PECHO)Context;
    PCONNECTION connection = (PCONNECTION)echo->Connection;
    UNREFERENCED_PARAMETER(Device);
    ((PWSK_PROVIDER_CONNECTION_DISPATCH)connection->Socket->Dispatch)->WskRelease(connection->Socket, echo->Data);
    IoFreeIrp(Irp);
    ExFreePoolWithTag(echo, POOL_TAG);
    Dereference(connection);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS WSKAPI Receive(PVOID SocketContext, ULONG Flags, PWSK_DATA_INDICATION DataIndication,
                               SIZE_T BytesIndicated, SIZE_T *BytesAccepted)
{
    PCONNECTION connection = (PCONNECTION)SocketContext;
    PWSK_DATA_INDICATION data, next;
    UNREFERENCED_PARAMETER(Flags);
    UNREFERENCED_PARAMETER(BytesAccepted);
    UNREFERENCED_PARAMETER(BytesIndicated);
    if (DataIndication == NULL) return STATUS_SUCCESS;
    for (data = DataIndication; data != NULL; data = next) {
        PWSK_PROVIDER_CONNECTION_DISPATCH calls = (PWSK_PROVIDER_CONNECTION_DISPATCH)connection->Socket->Dispatch;
        PECHO echo = (PECHO)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(*echo), POOL_TAG);
        PIRP irp = IoAllocateIrp(1, FALSE);
        if (echo == NULL || irp == NULL) {
            if (echo != NULL) ExFreePoolWithTag(echo, POOL_TAG);
            if (irp != NULL) IoFreeIrp(irp);
            if (data == DataIndication) return STATUS_DATA_NOT_ACCEPTED;
            /* What is before it is kept; the rest is lost. */
            calls->WskRelease(connection->Socket, data);
            break;
        }
        /* Each is sent and released by itself. */
        next = data->Next;
        data->Next = NULL;
        echo->Irp = irp;
        echo->Connection = connection;
        echo->Data = data;
        InterlockedIncrement(&connection->References);
        IoSetCompletionRoutine(irp, Sent, echo, TRUE, TRUE, TRUE);
        calls->WskSend(connection->Socket, &data->Buffer, 0, irp);
    }
    return STATUS_PENDING;
}

static NTSTATUS WSKAPI Disconnected(PVOID SocketContext, ULONG Flags)
{
    UNREFERENCED_PARAMETER(Flags);
    if (SocketContext != NULL) Dereference((PCONNECTION)SocketContext);
    return STATUS_SUCCESS;
}

static const WSK_CLIENT_CONNECTION_DISPATCH ConnectionDispatch = { Receive, Disconnected, NULL };

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
    connection->References = 1;
    KeInitializeDpc(&connection->Close, Close, connection);
    connection->CloseIrp = IoAllocateIrp(1, FALSE);
    if (connection->CloseIrp == NULL) {
        ExFreePoolWithTag(connection, POOL_TAG);
        return STATUS_REQUEST_NOT_ACCEPTED;
    }
    *AcceptSocketContext = connection;
    *AcceptSocketDispatch = &ConnectionDispatch;
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
    control.EventMask = WSK_EVENT_ACCEPT | WSK_EVENT_RECEIVE | WSK_EVENT_DISCONNECT;
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
