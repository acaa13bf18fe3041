/*
 * Takes connections on port 40007 and sends single bytes back. It never hangs up by itself, but for the byte 'R', at
 * which it closes without reading on; the end of a connection closes it. A thread makes all calls.
 */
#include <ntddk.h>
#include <wsk.h>

#define POOL_TAG 'peeK'

typedef enum _STATE { Accepted, Receiving, Sending, Closing } STATE;

typedef struct _CONNECTION {
    LIST_ENTRY Entry;
    STATE State;
    PWSK_SOCKET Socket;
    PIRP Irp;
    PMDL Mdl;
    char Byte;
} CONNECTION, *PCONNECTION;

static const WSK_CLIENT_DISPATCH ClientDispatch = { MAKE_WSK_VERSION(1, 0), 0, NULL };
static WSK_REGISTRATION Registration;
static WSK_PROVIDER_NPI Provider;
static PWSK_SOCKET Listener;
static KEVENT Done;
static PIRP Irp;

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD Unload;
static IO_COMPLETION_ROUTINE Completed;
static IO_COMPLETION_ROUTINE Over;
static KSTART_ROUTINE Worker;

/* Connections that the thread is to look at. */
static LIST_ENTRY Work;
static KSPIN_LOCK WorkLock;
static KSEMAPHORE WorkCount;
static PVOID Thread;

static NTSTATUS Completed(PDEVICE_OBJECT Device, PIRP CompletedIrp, PVOID Context)
{
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(CompletedIrp);
    UNREFERENCED_PARAMETER(Context);
    KeSetEvent(&Done, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static PIRP Prepared(void)
{
    IoReuseIrp(Irp, STATUS_UNSUCCESSFUL);
    KeClearEvent(&Done);
    IoSetCompletionRoutine(Irp, Completed, NULL, TRUE, TRUE, TRUE);
    return Irp;
}

static NTSTATUS Result(void)
{
    KeWaitForSingleObject(&Done, Executive, KernelMode, FALSE, NULL);
    return Irp->IoStatus.Status;
}

static void Free(PCONNECTION Connection)
{
    if (Connection->Mdl != NULL) IoFreeMdl(Connection->Mdl);
    if (Connection->Irp != NULL) IoFreeIrp(Connection->Irp);
    ExFreePoolWithTag(Connection, POOL_TAG);
}

/* Has the thread look at a connection. */
static void Queue(PCONNECTION Connection)
{
    ExInterlockedInsertTailList(&Work, &Connection->Entry, &WorkLock);
    KeReleaseSemaphore(&WorkCount, IO_NO_INCREMENT, 1, FALSE);
}

/* A request of the connection is over. */
static NTSTATUS Over(PDEVICE_OBJECT Device, PIRP OverIrp, PVOID Context)
{
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(OverIrp);
    Queue((PCONNECTION)Context);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static PIRP Next(PCONNECTION Connection, STATE State)
{
    Connection->State = State;
    IoReuseIrp(Connection->Irp, STATUS_UNSUCCESSFUL);
    IoSetCompletionRoutine(Connection->Irp, Over, Connection, TRUE, TRUE, TRUE);
    return Connection->Irp;
}

static void Close(PCONNECTION Connection)
{
    ((PWSK_PROVIDER_BASIC_DISPATCH)Connection->Socket->Dispatch)
        ->WskCloseSocket(Connection->Socket, Next(Connection, Closing));
}

static void Receive(PCONNECTION Connection)
{
    WSK_BUF buffer = { Connection->Mdl, 0, 1 };
    ((PWSK_PROVIDER_CONNECTION_DISPATCH)Connection->Socket->Dispatch)
        ->WskReceive(Connection->Socket, &buffer, 0, Next(Connection, Receiving));
}

static void SendBack(PCONNECTION Connection)
{
    WSK_BUF buffer = { Connection->Mdl, 0, 1 };
    ((PWSK_PROVIDER_CONNECTION_DISPATCH)Connection->Socket->Dispatch)
        ->WskSend(Connection->Socket, &buffer, 0, Next(Connection, Sending));
}

static void LookAt(PCONNECTION Connection)
{
    NTSTATUS status = Connection->Irp->IoStatus.Status;

    switch (Connection->State) {
    case Accepted:
        Receive(Connection);
        break;
    case Receiving:
        if (!NT_SUCCESS(status)) DbgPrint("keeper: reset\n");
        if (!NT_SUCCESS(status) || Connection->Irp->IoStatus.Information == 0 || Connection->Byte == 'R') {
            Close(Connection);
        } else {
            SendBack(Connection);
        }
        break;
    case Sending:
        if (NT_SUCCESS(status)) Receive(Connection);
        else Close(Connection);
        break;
    case Closing:
        Free(Connection);
        break;
    }
}

static VOID Worker(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    for (;;) {
        PLIST_ENTRY entry;
        KeWaitForSingleObject(&WorkCount, Executive, KernelMode, FALSE, NULL);
        entry = ExInterlockedRemoveHeadList(&Work, &WorkLock);
        /* Nothing is queued: the driver unloads. */
        if (entry == NULL) break;
        LookAt(CONTAINING_RECORD(entry, CONNECTION, Entry));
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
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
    connection->Irp = IoAllocateIrp(1, FALSE);
    connection->Mdl = IoAllocateMdl(&connection->Byte, 1, FALSE, FALSE, NULL);
    if (connection->Irp == NULL || connection->Mdl == NULL) {
        Free(connection);
        return STATUS_REQUEST_NOT_ACCEPTED;
    }
    MmBuildMdlForNonPagedPool(connection->Mdl);
    *AcceptSocketContext = NULL;
    *AcceptSocketDispatch = NULL;
    connection->State = Accepted;
    Queue(connection);
    return STATUS_SUCCESS;
}

static const WSK_CLIENT_LISTEN_DISPATCH ListenDispatch = { Accept, NULL, NULL };

static NTSTATUS StartThread(void)
{
    HANDLE handle;
    NTSTATUS status;

    InitializeListHead(&Work);
    KeInitializeSpinLock(&WorkLock);
    KeInitializeSemaphore(&WorkCount, 0, MAXLONG);
    status = PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, Worker, NULL);
    if (!NT_SUCCESS(status)) return status;
    status = ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, NULL, KernelMode, &Thread, NULL);
    ZwClose(handle);
    return status;
}

static void StopThread(void)
{
    KeReleaseSemaphore(&WorkCount, IO_NO_INCREMENT, 1, FALSE);
    KeWaitForSingleObject(Thread, Executive, KernelMode, FALSE, NULL);
    ObDereferenceObject(Thread);
}

static NTSTATUS Listen(void)
{
    WSK_EVENT_CALLBACK_CONTROL control = { &NPI_WSK_INTERFACE_ID, WSK_EVENT_ACCEPT };
    SOCKADDR_IN local = { AF_INET, RtlUshortByteSwap(40007) };
    NTSTATUS status;

    Provider.Dispatch->WskSocket(Provider.Client, AF_INET, SOCK_STREAM, IPPROTO_TCP, WSK_FLAG_LISTEN_SOCKET, NULL,
                                 &ListenDispatch, NULL, NULL, NULL, Prepared());
    status = Result();
    if (!NT_SUCCESS(status)) return status;
    Listener = (PWSK_SOCKET)Irp->IoStatus.Information;
    ((PWSK_PROVIDER_LISTEN_DISPATCH)Listener->Dispatch)->WskBind(Listener, (PSOCKADDR)&local, 0, Prepared());
    status = Result();
    if (!NT_SUCCESS(status)) return status;
    ((PWSK_PROVIDER_BASIC_DISPATCH)Listener->Dispatch)
        ->WskControlSocket(Listener, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET, sizeof(control), &control, 0,
                           NULL, NULL, NULL);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    WSK_CLIENT_NPI client = { NULL, &ClientDispatch };
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeEvent(&Done, NotificationEvent, FALSE);
    Irp = IoAllocateIrp(1, FALSE);
    if (Irp == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    status = StartThread();
    if (!NT_SUCCESS(status)) {
        IoFreeIrp(Irp);
        return status;
    }
    status = WskRegister(&client, &Registration);
    if (!NT_SUCCESS(status)) {
        StopThread();
        IoFreeIrp(Irp);
        return status;
    }
    if (NT_SUCCESS(WskCaptureProviderNPI(&Registration, WSK_INFINITE_WAIT, &Provider))) {
        DbgPrint("keeper: listen 0x%08X\n", Listen());
        WskReleaseProviderNPI(&Registration);
    }
    return STATUS_SUCCESS;
}

VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    if (Listener != NULL) {
        ((PWSK_PROVIDER_BASIC_DISPATCH)Listener->Dispatch)->WskCloseSocket(Listener, Prepared());
        Result();
    }
    WskDeregister(&Registration);
    StopThread();
    IoFreeIrp(Irp);
}
