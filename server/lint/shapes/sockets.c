/* Sockets that a function makes, and whether somebody closes them. */

//=== a socket is lost where the next step fails, and where memory is short
static WSK_PROVIDER_NPI Npi;
static PWSK_SOCKET Kept;
static LIST_ENTRY Peers;
static KSPIN_LOCK PeersLock;
static LONG Stop;

typedef struct { KEVENT Event; PIRP Irp; } CALL;
typedef struct { LIST_ENTRY Link; PWSK_SOCKET Socket; } PEER;

static NTSTATUS Tell(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    KeSetEvent(context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Begin(CALL *call)
{
    call->Irp = IoAllocateIrp(1, FALSE);
    if (!call->Irp) return STATUS_INSUFFICIENT_RESOURCES;
    KeInitializeEvent(&call->Event, SynchronizationEvent, FALSE);
    IoSetCompletionRoutine(call->Irp, Tell, &call->Event, TRUE, TRUE, TRUE);
    return STATUS_SUCCESS;
}

static VOID Again(CALL *call)
{
    IoReuseIrp(call->Irp, STATUS_UNSUCCESSFUL);
    IoSetCompletionRoutine(call->Irp, Tell, &call->Event, TRUE, TRUE, TRUE);
}

static NTSTATUS Finish(CALL *call, NTSTATUS status)
{
    if (status == STATUS_PENDING) {
        KeWaitForSingleObject(&call->Event, Executive, KernelMode, FALSE, NULL);
        status = call->Irp->IoStatus.Status;
    }
    return status;
}

static NTSTATUS Make(PWSK_SOCKET *out)
{
    CALL call;
    NTSTATUS status = Begin(&call);

    *out = NULL;
    if (!NT_SUCCESS(status)) return status;
    status = Finish(&call, Npi.Dispatch->WskSocket(Npi.Client, AF_INET, SOCK_DGRAM, IPPROTO_UDP,
        WSK_FLAG_DATAGRAM_SOCKET, NULL, NULL, NULL, NULL, NULL, call.Irp));
    if (NT_SUCCESS(status)) *out = (PWSK_SOCKET)call.Irp->IoStatus.Information;
    IoFreeIrp(call.Irp);
    return status;
}

static NTSTATUS Bind(PWSK_SOCKET socket, PSOCKADDR address)
{
    CALL call;
    NTSTATUS status = Begin(&call);

    if (!NT_SUCCESS(status)) return status;
    status = Finish(&call, ((PWSK_PROVIDER_DATAGRAM_DISPATCH)socket->Dispatch)->WskBind(socket, address, 0, call.Irp));
    IoFreeIrp(call.Irp);
    return status;
}

static VOID Close(PWSK_SOCKET socket)
{
    CALL call;

    // Without memory for the IRP the socket stays open, and its owner can do nothing about it.
    if (!NT_SUCCESS(Begin(&call))) return;
    Finish(&call, ((PWSK_PROVIDER_BASIC_DISPATCH)socket->Dispatch)->WskCloseSocket(socket, call.Irp));
    IoFreeIrp(call.Irp);
}

NTSTATUS Open(PSOCKADDR address, PWSK_SOCKET *out)
{
    PWSK_SOCKET socket;
    NTSTATUS status = Make(&socket);

    if (!NT_SUCCESS(status)) return status;
    status = Bind(socket, address);
    if (!NT_SUCCESS(status)) return status; // warning: socket-leak
    *out = socket;
    return status;
}

NTSTATUS OpenRight(PSOCKADDR address, PWSK_SOCKET *out)
{
    PWSK_SOCKET socket;
    NTSTATUS status = Make(&socket);

    if (!NT_SUCCESS(status)) return status;
    status = Bind(socket, address);
    if (!NT_SUCCESS(status)) {
        Close(socket);
        return status;
    }
    *out = socket;
    return status;
}

NTSTATUS OpenKept(PSOCKADDR address)
{
    PWSK_SOCKET socket;
    NTSTATUS status = Make(&socket);

    if (!NT_SUCCESS(status)) return status;
    Kept = socket;
    return Bind(socket, address);
}

VOID AcceptAll(PWSK_SOCKET listener)
{
    CALL call;
    NTSTATUS status = Begin(&call);
    PEER *peer;

    if (!NT_SUCCESS(status)) return;
    while (!Stop) {
        Again(&call);
        status = Finish(&call, ((PWSK_PROVIDER_LISTEN_DISPATCH)listener->Dispatch)->WskAccept(listener, 0, NULL, // warning: socket-leak
            NULL, NULL, NULL, call.Irp));
        if (!NT_SUCCESS(status)) break;
        peer = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(PEER), 'reeP');
        if (peer == NULL) continue;
        peer->Socket = (PWSK_SOCKET)call.Irp->IoStatus.Information;
        ExInterlockedInsertTailList(&Peers, &peer->Link, &PeersLock);
    }
    IoFreeIrp(call.Irp);
}

//=== a socket goes with the structure that has it
static WSK_PROVIDER_NPI Npi;
typedef struct { PWSK_SOCKET Socket; KEVENT Event; PIRP Irp; } LINK;

static NTSTATUS Tell(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    KeSetEvent(context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID Again(LINK *link)
{
    IoReuseIrp(link->Irp, STATUS_UNSUCCESSFUL);
    IoSetCompletionRoutine(link->Irp, Tell, &link->Event, TRUE, TRUE, TRUE);
}

static NTSTATUS Finish(LINK *link, NTSTATUS status)
{
    if (status != STATUS_PENDING) return status;
    KeWaitForSingleObject(&link->Event, Executive, KernelMode, FALSE, NULL);
    return link->Irp->IoStatus.Status;
}

static LINK *NewLink(void)
{
    LINK *link = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(LINK), 'kniL');

    if (!link) return NULL;
    link->Irp = IoAllocateIrp(1, FALSE);
    if (!link->Irp) {
        ExFreePoolWithTag(link, 'kniL');
        return NULL;
    }
    KeInitializeEvent(&link->Event, SynchronizationEvent, FALSE);
    return link;
}

static VOID EndLink(LINK *link)
{
    if (link->Socket) {
        Again(link);
        Finish(link, ((PWSK_PROVIDER_BASIC_DISPATCH)link->Socket->Dispatch)->WskCloseSocket(link->Socket, link->Irp));
    }
    IoFreeIrp(link->Irp);
    ExFreePoolWithTag(link, 'kniL');
}

NTSTATUS Connect(PSOCKADDR here, LINK **out)
{
    LINK *link = NewLink();
    NTSTATUS status;

    if (!link) return STATUS_INSUFFICIENT_RESOURCES;
    Again(link);
    status = Finish(link, Npi.Dispatch->WskSocket(Npi.Client, AF_INET, SOCK_DGRAM, IPPROTO_UDP, // warning: socket-leak
        WSK_FLAG_DATAGRAM_SOCKET, NULL, NULL, NULL, NULL, NULL, link->Irp));
    if (!NT_SUCCESS(status)) goto fail;
    link->Socket = (PWSK_SOCKET)link->Irp->IoStatus.Information;
    Again(link);
    status = Finish(link, ((PWSK_PROVIDER_DATAGRAM_DISPATCH)link->Socket->Dispatch)->WskBind(link->Socket, here, 0, link->Irp));
    if (!NT_SUCCESS(status)) goto fail;
    *out = link;
    return status;
fail:
    IoFreeIrp(link->Irp);
    ExFreePoolWithTag(link, 'kniL');
    return status;
}

NTSTATUS ConnectRight(PSOCKADDR here, LINK **out)
{
    LINK *link = NewLink();
    NTSTATUS status;

    if (!link) return STATUS_INSUFFICIENT_RESOURCES;
    Again(link);
    status = Finish(link, Npi.Dispatch->WskSocket(Npi.Client, AF_INET, SOCK_DGRAM, IPPROTO_UDP,
        WSK_FLAG_DATAGRAM_SOCKET, NULL, NULL, NULL, NULL, NULL, link->Irp));
    if (!NT_SUCCESS(status)) {
        EndLink(link);
        return status;
    }
    link->Socket = (PWSK_SOCKET)link->Irp->IoStatus.Information;
    Again(link);
    status = Finish(link, ((PWSK_PROVIDER_DATAGRAM_DISPATCH)link->Socket->Dispatch)->WskBind(link->Socket, here, 0, link->Irp));
    if (!NT_SUCCESS(status)) {
        EndLink(link);
        return status;
    }
    *out = link;
    return status;
}

//=== a library deregisters before its driver closes the last socket
static WSK_REGISTRATION Registration;
static PWSK_SOCKET Socket;

static NTSTATUS Tell(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    KeSetEvent(context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID Cleanup(VOID)
{
    WskReleaseProviderNPI(&Registration);
    WskDeregister(&Registration);
}

static VOID Close(PWSK_SOCKET socket)
{
    KEVENT event;
    PIRP irp = IoAllocateIrp(1, FALSE);

    if (!irp) return;
    KeInitializeEvent(&event, NotificationEvent, FALSE);
    IoSetCompletionRoutine(irp, Tell, &event, TRUE, TRUE, TRUE);
    ((PWSK_PROVIDER_BASIC_DISPATCH)socket->Dispatch)->WskCloseSocket(socket, irp);
    KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
    IoFreeIrp(irp);
}

VOID Stop(VOID)
{
    Cleanup();
    if (Socket) Close(Socket); // warning: socket-leak
}

VOID StopRight(VOID)
{
    if (Socket) Close(Socket);
    Cleanup();
}

//=== by then a thread may have closed it
static WSK_REGISTRATION Registration;
static PWSK_SOCKET Socket;
static KEVENT Ended;
static PIRP Irp;
static KSTART_ROUTINE Run;

static NTSTATUS Tell(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    KeSetEvent(context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID Close(VOID)
{
    IoReuseIrp(Irp, STATUS_UNSUCCESSFUL);
    IoSetCompletionRoutine(Irp, Tell, &Ended, TRUE, TRUE, TRUE);
    ((PWSK_PROVIDER_BASIC_DISPATCH)Socket->Dispatch)->WskCloseSocket(Socket, Irp);
    KeWaitForSingleObject(&Ended, Executive, KernelMode, FALSE, NULL);
    Socket = NULL;
}

static VOID Run(PVOID context)
{
    Close();
}

NTSTATUS Start(PHANDLE thread)
{
    return PsCreateSystemThread(thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, Run, NULL);
}

VOID Stop(VOID)
{
    WskDeregister(&Registration);
    if (Socket) Close();
}

//=== an event that no mask of the driver names is never told, and each of several masks counts
static NTSTATUS WSKAPI Accepted(PVOID context, ULONG flags, PSOCKADDR local, PSOCKADDR remote, PWSK_SOCKET socket, PVOID *socketContext, const WSK_CLIENT_CONNECTION_DISPATCH **dispatch)
{
    (void)context, (void)flags, (void)local, (void)remote, (void)socket, (void)socketContext, (void)dispatch;
    return STATUS_REQUEST_NOT_ACCEPTED;
}

static NTSTATUS WSKAPI Hung(PVOID context, ULONG flags)
{
    (void)context, (void)flags;
    return STATUS_SUCCESS;
}

static NTSTATUS WSKAPI Received(PVOID context, ULONG flags, PWSK_DATA_INDICATION data, SIZE_T bytes, SIZE_T *taken)
{
    (void)context, (void)flags, (void)data, (void)bytes, (void)taken;
    return STATUS_SUCCESS;
}

static const WSK_CLIENT_LISTEN_DISPATCH Listen = {Accepted, NULL, NULL}; // warning: event-callback-missing
static const WSK_CLIENT_CONNECTION_DISPATCH Connection = {Received, Hung, NULL};

static NTSTATUS Control(PDEVICE_OBJECT device, PIRP irp)
{
    PWSK_SOCKET socket = IoGetCurrentIrpStackLocation(irp)->FileObject->FsContext;
    WSK_EVENT_CALLBACK_CONTROL some = {&NPI_WSK_INTERFACE_ID, WSK_EVENT_RECEIVE}, more;
    const WSK_PROVIDER_BASIC_DISPATCH *calls = socket->Dispatch;

    (void)device, (void)Listen, (void)Connection;
    more.NpiId = &NPI_WSK_INTERFACE_ID;
    more.EventMask = WSK_EVENT_DISCONNECT;
    irp->IoStatus.Status = calls->WskControlSocket(socket, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET, sizeof some, &some, 0, NULL, NULL, NULL);
    if (NT_SUCCESS(irp->IoStatus.Status))
        irp->IoStatus.Status = calls->WskControlSocket(socket, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET, sizeof more, &more, 0, NULL, NULL, NULL);
    irp->IoStatus.Information = 0;
    NTSTATUS status = irp->IoStatus.Status;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    return status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    (void)path;
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
    return STATUS_SUCCESS;
}

//=== a mask that is worked out may name any event
static NTSTATUS WSKAPI Hung(PVOID context, ULONG flags)
{
    (void)context, (void)flags;
    return STATUS_SUCCESS;
}

static const WSK_CLIENT_CONNECTION_DISPATCH Connection = {NULL, Hung, NULL};

static NTSTATUS Control(PDEVICE_OBJECT device, PIRP irp)
{
    PWSK_SOCKET socket = IoGetCurrentIrpStackLocation(irp)->FileObject->FsContext;
    static WSK_EVENT_CALLBACK_CONTROL events;

    (void)Connection;
    events.NpiId = &NPI_WSK_INTERFACE_ID;
    events.EventMask = device->Flags;
    return ((const WSK_PROVIDER_BASIC_DISPATCH *)socket->Dispatch)->WskControlSocket(socket, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET, sizeof events, &events, 0, NULL, NULL, irp);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    (void)path;
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
    return STATUS_SUCCESS;
}

//=== a connection that may be none is accepted: it goes into a list, and to a helper
typedef struct { LIST_ENTRY Link; PWSK_SOCKET Socket; } CONNECTION;
typedef struct { PWSK_SOCKET Accepted; } HOLDER;
static LIST_ENTRY All;
static PWSK_SOCKET Last, Checked;

static NTSTATUS Add(PWSK_SOCKET socket)
{
    CONNECTION *connection = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof *connection, 'nnoC');

    if (connection == NULL)
        return STATUS_REQUEST_NOT_ACCEPTED;
    connection->Socket = socket;
    InsertTailList(&All, &connection->Link);
    return STATUS_SUCCESS;
}

static NTSTATUS AddAsking(PWSK_SOCKET socket)
{
    return socket == NULL ? STATUS_REQUEST_NOT_ACCEPTED : Add(socket);
}

NTSTATUS Listed(PVOID context, ULONG flags, PSOCKADDR local, PSOCKADDR remote, PWSK_SOCKET socket, PVOID *socketContext, const WSK_CLIENT_CONNECTION_DISPATCH **dispatch)
{
    (void)context, (void)flags, (void)local, (void)remote;
    *socketContext = NULL;
    *dispatch = NULL;
    return Add(socket); // warning: null-dereference
}

NTSTATUS Given(PVOID context, ULONG flags, PSOCKADDR local, PSOCKADDR remote, PWSK_SOCKET socket, PVOID *socketContext, const WSK_CLIENT_CONNECTION_DISPATCH **dispatch)
{
    (void)context, (void)flags, (void)local, (void)remote;
    Last = socket;
    *socketContext = NULL;
    *dispatch = NULL;
    return STATUS_SUCCESS; // warning: null-dereference
}

NTSTATUS Asked(PVOID context, ULONG flags, PSOCKADDR local, PSOCKADDR remote, PWSK_SOCKET socket, PVOID *socketContext, const WSK_CLIENT_CONNECTION_DISPATCH **dispatch)
{
    (void)context, (void)flags, (void)local, (void)remote;
    Checked = socket;
    if (Checked == NULL)
        return STATUS_REQUEST_NOT_ACCEPTED;
    *socketContext = NULL;
    *dispatch = NULL;
    return STATUS_SUCCESS;
}

NTSTATUS AskedBehind(PVOID context, ULONG flags, PSOCKADDR local, PSOCKADDR remote, PWSK_SOCKET socket, PVOID *socketContext, const WSK_CLIENT_CONNECTION_DISPATCH **dispatch)
{
    (void)context, (void)flags, (void)local, (void)remote;
    *socketContext = NULL;
    *dispatch = NULL;
    return AddAsking(socket);
}

NTSTATUS Refused(PVOID context, ULONG flags, PSOCKADDR local, PSOCKADDR remote, PWSK_SOCKET socket, PVOID *socketContext, const WSK_CLIENT_CONNECTION_DISPATCH **dispatch)
{
    (void)context, (void)flags, (void)local, (void)remote, (void)socketContext, (void)dispatch;
    Last = socket;
    return STATUS_REQUEST_NOT_ACCEPTED;
}

NTSTATUS AskedLater(PVOID context, ULONG flags, PSOCKADDR local, PSOCKADDR remote, PWSK_SOCKET socket, PVOID *socketContext, const WSK_CLIENT_CONNECTION_DISPATCH **dispatch)
{
    (void)context, (void)flags, (void)local, (void)remote;
    ((HOLDER *)context)->Accepted = socket;
    *socketContext = NULL;
    *dispatch = NULL;
    return STATUS_SUCCESS;
}

PWSK_SOCKET Take(HOLDER *holder)
{
    return holder->Accepted != NULL ? holder->Accepted : NULL;
}

const WSK_CLIENT_LISTEN_DISPATCH Tables[] = {{Listed}, {Given}, {Asked}, {AskedBehind}, {Refused}, {AskedLater}};
