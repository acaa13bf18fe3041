/* A relay: whoever connects to port 6000 talks, through it, to 192.0.2.10:7000. One buffer a direction is the back pressure:
 * nothing is read before what was read last has been sent. Programs hear of relays that have ended through a cancel-safe queue. */
#include <ntddk.h>
#include <wsk.h>

enum { TagRelay = 'yleR', InPort = 6000, OutPort = 7000, PieceBytes = 512 };
#define IOCTL_RELAY_WAIT_END CTL_CODE(FILE_DEVICE_NETWORK, 0x900, METHOD_BUFFERED, FILE_READ_ACCESS)

typedef struct RELAY RELAY;

typedef struct SIDE {               /* an end of the relay, and what is read from it */
    RELAY *relay;
    struct SIDE *other;
    WSK_SOCKET *socket;
    IRP *io, *closing;
    PIO_WORKITEM item;              /* runs `next`: no request is made in a completion routine */
    void (*next)(struct SIDE *side);
    MDL *mdl;
    WSK_BUF piece;
    ULONG64 bytes;
    BOOLEAN ended;                  /* it has said all; the other side has been told */
    UCHAR data[PieceBytes];
} SIDE;

struct RELAY {
    LIST_ENTRY link;
    LONG references;                /* one for each direction under way, one for each open socket */
    LONG failed;
    SIDE in, out;
};

typedef struct END_REPORT { ULONG64 toServer, toClient; } END_REPORT;

typedef struct EXTENSION {
    IO_CSQ csq;
    KSPIN_LOCK queueLock;
    LIST_ENTRY queue;
    KSPIN_LOCK relaysLock;
    LIST_ENTRY relays;
    LONG alive;                     /* relays, and one for the driver itself */
    KEVENT gone;
    BOOLEAN stopping;
    WSK_REGISTRATION registration;
    WSK_PROVIDER_NPI npi;
    WSK_SOCKET *listener;
} EXTENSION;

static DEVICE_OBJECT *Device;
#define EXT ((EXTENSION *)Device->DeviceExtension)
#define STREAM(s) ((const WSK_PROVIDER_CONNECTION_DISPATCH *)(s)->Dispatch)

static IO_COMPLETION_ROUTINE OnReceived, OnSent, OnConnected, OnClosed, OnHalfClosed, OnAborted;
static void ReadMore(SIDE *side);

/* ---- the queue of those who wait ---- */

static void CsqInsert(IO_CSQ *q, IRP *irp) { UNREFERENCED_PARAMETER(q); InsertTailList(&EXT->queue, &irp->Tail.Overlay.ListEntry); }
static void CsqRemove(IO_CSQ *q, IRP *irp) { UNREFERENCED_PARAMETER(q); RemoveEntryList(&irp->Tail.Overlay.ListEntry); }
static IRP *CsqPeek(IO_CSQ *q, IRP *irp, void *file)
{
    LIST_ENTRY *at = irp == NULL ? EXT->queue.Flink : irp->Tail.Overlay.ListEntry.Flink;

    UNREFERENCED_PARAMETER(q);
    for (; at != &EXT->queue; at = at->Flink) {
        IRP *one = CONTAINING_RECORD(at, IRP, Tail.Overlay.ListEntry);
        if (file == NULL || IoGetCurrentIrpStackLocation(one)->FileObject == file) return one;
    }
    return NULL;
}
_IRQL_raises_(DISPATCH_LEVEL) _Acquires_lock_(CONTAINING_RECORD(q, EXTENSION, csq)->queueLock)
static void CsqLock(IO_CSQ *q, _Out_ KIRQL *irql) { KeAcquireSpinLock(&CONTAINING_RECORD(q, EXTENSION, csq)->queueLock, irql); }
_Releases_lock_(CONTAINING_RECORD(q, EXTENSION, csq)->queueLock)
static void CsqUnlock(IO_CSQ *q, KIRQL irql) { KeReleaseSpinLock(&CONTAINING_RECORD(q, EXTENSION, csq)->queueLock, irql); }
static void CsqCancelled(IO_CSQ *q, IRP *irp)
{
    UNREFERENCED_PARAMETER(q);
    irp->IoStatus.Status = STATUS_CANCELLED;
    irp->IoStatus.Information = 0;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
}

/* ---- relays ---- */

static void FreeSide(SIDE *side)
{
    if (side->io) IoFreeIrp(side->io);
    if (side->closing) IoFreeIrp(side->closing);
    if (side->mdl) IoFreeMdl(side->mdl);
    if (side->item) IoFreeWorkItem(side->item);
}

static BOOLEAN SetUpSide(SIDE *side, RELAY *relay, SIDE *other)
{
    side->relay = relay;
    side->other = other;
    side->io = IoAllocateIrp(1, FALSE);
    side->closing = IoAllocateIrp(1, FALSE);
    side->item = IoAllocateWorkItem(Device);
    side->mdl = IoAllocateMdl(side->data, PieceBytes, FALSE, FALSE, NULL);
    if (side->mdl) MmBuildMdlForNonPagedPool(side->mdl);
    return side->io && side->closing && side->item && side->mdl;
}

static void Work(DEVICE_OBJECT *device, void *context)
{
    SIDE *side = context;

    UNREFERENCED_PARAMETER(device);
    side->next(side);
}

static NTSTATUS Later(SIDE *side, void (*next)(SIDE *side))
{
    side->next = next;
    IoQueueWorkItem(side->item, Work, DelayedWorkQueue, side);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static void LeaveDriver(void)
{
    if (InterlockedDecrement(&EXT->alive) == 0) KeSetEvent(&EXT->gone, IO_NO_INCREMENT, FALSE);
}

static void Release(RELAY *relay)
{
    IRP *waiting;
    KIRQL irql;

    if (InterlockedDecrement(&relay->references) > 0) return;
    KeAcquireSpinLock(&EXT->relaysLock, &irql);
    RemoveEntryList(&relay->link);
    KeReleaseSpinLock(&EXT->relaysLock, irql);

    waiting = IoCsqRemoveNextIrp(&EXT->csq, NULL);
    if (waiting) {
        END_REPORT *report = waiting->AssociatedIrp.SystemBuffer;
        report->toServer = relay->in.bytes;
        report->toClient = relay->out.bytes;
        waiting->IoStatus.Status = STATUS_SUCCESS;
        waiting->IoStatus.Information = sizeof *report;
        IoCompleteRequest(waiting, IO_NO_INCREMENT);
    }
    FreeSide(&relay->in);
    FreeSide(&relay->out);
    ExFreePoolWithTag(relay, TagRelay);
    LeaveDriver();
}

static NTSTATUS OnClosed(DEVICE_OBJECT *device, IRP *irp, void *context)
{
    UNREFERENCED_PARAMETER(device); UNREFERENCED_PARAMETER(irp);
    Release(((SIDE *)context)->relay);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static void CloseSide(SIDE *side)
{
    IoReuseIrp(side->closing, STATUS_SUCCESS);
    IoSetCompletionRoutine(side->closing, OnClosed, side, TRUE, TRUE, TRUE);
    STREAM(side->socket)->WskCloseSocket(side->socket, side->closing);
}

static NTSTATUS OnAborted(DEVICE_OBJECT *device, IRP *irp, void *context)
{
    UNREFERENCED_PARAMETER(device); UNREFERENCED_PARAMETER(irp);
    return Later(context, CloseSide);
}

static void Abort(SIDE *side)
{
    IoReuseIrp(side->closing, STATUS_SUCCESS);
    IoSetCompletionRoutine(side->closing, OnAborted, side, TRUE, TRUE, TRUE);
    STREAM(side->socket)->WskDisconnect(side->socket, NULL, WSK_FLAG_ABORTIVE, side->closing);
}

/* A direction is over. The last of the two closes both ends: by then nothing of either is under way. */
static void DirectionEnds(SIDE *from, BOOLEAN failed)
{
    RELAY *relay = from->relay;

    if (failed && InterlockedExchange(&relay->failed, 1) == 0) {
        /* The other direction may wait for a side that will never say anything. */
        IoCancelIrp(from->other->io);
    }
    /* Two directions began; each socket has a reference of its own. */
    if (InterlockedDecrement(&relay->references) > 2) return;
    if (relay->failed) {
        Abort(&relay->in);
        Abort(&relay->out);
    } else {
        CloseSide(&relay->in);
        CloseSide(&relay->out);
    }
}

static void HalfClosed(SIDE *from)
{
    DirectionEnds(from, !NT_SUCCESS(from->io->IoStatus.Status));
}

static NTSTATUS OnHalfClosed(DEVICE_OBJECT *device, IRP *irp, void *context)
{
    UNREFERENCED_PARAMETER(device); UNREFERENCED_PARAMETER(irp);
    return Later(context, HalfClosed);
}

static void Sent(SIDE *from)
{
    if (!NT_SUCCESS(from->io->IoStatus.Status)) {
        DirectionEnds(from, TRUE);
        return;
    }
    from->bytes += from->io->IoStatus.Information;
    ReadMore(from);
}

static NTSTATUS OnSent(DEVICE_OBJECT *device, IRP *irp, void *context)
{
    UNREFERENCED_PARAMETER(device); UNREFERENCED_PARAMETER(irp);
    return Later(context, Sent);
}

static void Received(SIDE *from)
{
    WSK_SOCKET *to = from->other->socket;
    ULONG_PTR length = from->io->IoStatus.Information;

    if (!NT_SUCCESS(from->io->IoStatus.Status)) {
        DirectionEnds(from, TRUE);
        return;
    }
    IoReuseIrp(from->io, STATUS_SUCCESS);
    if (length == 0) {
        from->ended = TRUE;
        IoSetCompletionRoutine(from->io, OnHalfClosed, from, TRUE, TRUE, TRUE);
        STREAM(to)->WskDisconnect(to, NULL, 0, from->io); /* finding: socket-after-close */
    } else {
        from->piece.Length = length;
        IoSetCompletionRoutine(from->io, OnSent, from, TRUE, TRUE, TRUE);
        STREAM(to)->WskSend(to, &from->piece, 0, from->io);
    }
}

static NTSTATUS OnReceived(DEVICE_OBJECT *device, IRP *irp, void *context)
{
    UNREFERENCED_PARAMETER(device); UNREFERENCED_PARAMETER(irp);
    return Later(context, Received);
}

static void ReadMore(SIDE *from)
{
    if (from->relay->failed || EXT->stopping) {
        DirectionEnds(from, TRUE);
        return;
    }
    from->piece.Mdl = from->mdl;
    from->piece.Offset = 0;
    from->piece.Length = PieceBytes;
    IoReuseIrp(from->io, STATUS_SUCCESS);
    IoSetCompletionRoutine(from->io, OnReceived, from, TRUE, TRUE, TRUE);
    STREAM(from->socket)->WskReceive(from->socket, &from->piece, 0, from->io);
}

static void Connected(SIDE *out)
{
    RELAY *relay = out->relay;

    if (!NT_SUCCESS(out->io->IoStatus.Status)) {
        DbgPrint("relay: no server (0x%08lx)\n", out->io->IoStatus.Status);
        relay->references = 1;
        Abort(&relay->in);
        return;
    }
    out->socket = (WSK_SOCKET *)out->io->IoStatus.Information;
#ifdef WRONG
    relay->references = 3; /* The two directions and one socket: the other is forgotten. */
#else
    relay->references = 4;
#endif
    ReadMore(&relay->in);
    ReadMore(&relay->out);
}

static NTSTATUS OnConnected(DEVICE_OBJECT *device, IRP *irp, void *context)
{
    UNREFERENCED_PARAMETER(device); UNREFERENCED_PARAMETER(irp);
    return Later(context, Connected);
}

static NTSTATUS WSKAPI OnAccept(void *context, ULONG flags, SOCKADDR *local, SOCKADDR *remote, WSK_SOCKET *socket,
                                void **socketContext, const WSK_CLIENT_CONNECTION_DISPATCH **dispatch)
{
    static SOCKADDR_IN any = { AF_INET }, server = { AF_INET };
    RELAY *relay;

    UNREFERENCED_PARAMETER(context); UNREFERENCED_PARAMETER(flags);
    UNREFERENCED_PARAMETER(local); UNREFERENCED_PARAMETER(remote);
    if (socket == NULL || EXT->stopping) return STATUS_REQUEST_NOT_ACCEPTED;
    relay = ExAllocatePoolZero(NonPagedPoolNx, sizeof *relay, TagRelay);
    if (relay == NULL) return STATUS_REQUEST_NOT_ACCEPTED;
    if (!(SetUpSide(&relay->in, relay, &relay->out) & SetUpSide(&relay->out, relay, &relay->in))) {
        FreeSide(&relay->in);
        FreeSide(&relay->out);
        ExFreePoolWithTag(relay, TagRelay);
        return STATUS_REQUEST_NOT_ACCEPTED;
    }
    InterlockedIncrement(&EXT->alive);
    ExInterlockedInsertTailList(&EXT->relays, &relay->link, &EXT->relaysLock);
    relay->in.socket = socket;
    *socketContext = NULL;
    *dispatch = NULL;

    server.sin_port = RtlUshortByteSwap(OutPort);
    server.sin_addr.S_un.S_addr = RtlUlongByteSwap(0xC000020A);
    IoSetCompletionRoutine(relay->out.io, OnConnected, &relay->out, TRUE, TRUE, TRUE);
    EXT->npi.Dispatch->WskSocketConnect(EXT->npi.Client, SOCK_STREAM, IPPROTO_TCP, (SOCKADDR *)&any, (SOCKADDR *)&server, 0,
                                        NULL, NULL, NULL, NULL, NULL, relay->out.io);
    return STATUS_SUCCESS;
}

/* ---- the driver ---- */

static NTSTATUS Signal(DEVICE_OBJECT *device, IRP *irp, void *event)
{
    UNREFERENCED_PARAMETER(device); UNREFERENCED_PARAMETER(irp);
    KeSetEvent(event, 0, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Listen(void)
{
    static const WSK_CLIENT_LISTEN_DISPATCH callbacks = { .WskAcceptEvent = OnAccept };
    WSK_EVENT_CALLBACK_CONTROL accept = { &NPI_WSK_INTERFACE_ID, WSK_EVENT_ACCEPT };
    SOCKADDR_IN here = { .sin_family = AF_INET, .sin_port = RtlUshortByteSwap(InPort) };
    KEVENT done;
    NTSTATUS status = EXT->npi.Dispatch->WskControlClient(EXT->npi.Client, WSK_SET_STATIC_EVENT_CALLBACKS, sizeof accept, &accept,
                                                          0, NULL, NULL, NULL);
    IRP *irp;

    if (!NT_SUCCESS(status)) return status;
    irp = IoAllocateIrp(1, FALSE);
    if (!irp) return STATUS_INSUFFICIENT_RESOURCES;
    KeInitializeEvent(&done, SynchronizationEvent, FALSE);
    IoSetCompletionRoutine(irp, Signal, &done, TRUE, TRUE, TRUE);
    EXT->npi.Dispatch->WskSocket(EXT->npi.Client, AF_INET, SOCK_STREAM, IPPROTO_TCP, WSK_FLAG_LISTEN_SOCKET, NULL, &callbacks,
                                 NULL, NULL, NULL, irp);
    KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
    status = irp->IoStatus.Status;
    if (NT_SUCCESS(status)) {
        EXT->listener = (WSK_SOCKET *)irp->IoStatus.Information;
        IoReuseIrp(irp, STATUS_SUCCESS);
        IoSetCompletionRoutine(irp, Signal, &done, TRUE, TRUE, TRUE);
        ((WSK_PROVIDER_LISTEN_DISPATCH *)EXT->listener->Dispatch)->WskBind(EXT->listener, (SOCKADDR *)&here, 0, irp);
        KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
        status = irp->IoStatus.Status;
    }
    IoFreeIrp(irp);
    return status;
}

static void StopListening(void)
{
    KEVENT done;
    IRP *irp;

    if (EXT->listener == NULL) return;
    irp = IoAllocateIrp(1, FALSE);
    if (!irp) return;
    KeInitializeEvent(&done, SynchronizationEvent, FALSE);
    IoSetCompletionRoutine(irp, Signal, &done, TRUE, TRUE, TRUE);
    ((WSK_PROVIDER_BASIC_DISPATCH *)EXT->listener->Dispatch)->WskCloseSocket(EXT->listener, irp);
    KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
    IoFreeIrp(irp);
}

static NTSTATUS Finish(IRP *irp, NTSTATUS status)
{
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = 0;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    return status;
}

static NTSTATUS Dispatch(DEVICE_OBJECT *device, IRP *irp)
{
    IO_STACK_LOCATION *at = IoGetCurrentIrpStackLocation(irp);
    IRP *waiting;

    UNREFERENCED_PARAMETER(device);
    switch (at->MajorFunction) {
    case IRP_MJ_CREATE:
    case IRP_MJ_CLOSE:
        return Finish(irp, STATUS_SUCCESS);
    case IRP_MJ_CLEANUP:
        while ((waiting = IoCsqRemoveNextIrp(&EXT->csq, at->FileObject)) != NULL) Finish(waiting, STATUS_CANCELLED);
        return Finish(irp, STATUS_SUCCESS);
    case IRP_MJ_DEVICE_CONTROL:
        if (at->Parameters.DeviceIoControl.IoControlCode != IOCTL_RELAY_WAIT_END) break;
        if (at->Parameters.DeviceIoControl.OutputBufferLength < sizeof(END_REPORT)) return Finish(irp, STATUS_BUFFER_TOO_SMALL);
        IoCsqInsertIrp(&EXT->csq, irp, NULL);
        return STATUS_PENDING;
    }
    return Finish(irp, STATUS_INVALID_DEVICE_REQUEST);
}

static void CancelAll(void)
{
    LIST_ENTRY *at;
    KIRQL irql;

    KeAcquireSpinLock(&EXT->relaysLock, &irql);
    for (at = EXT->relays.Flink; at != &EXT->relays; at = at->Flink) {
        RELAY *relay = CONTAINING_RECORD(at, RELAY, link);
        IoCancelIrp(relay->in.io);
        IoCancelIrp(relay->out.io);
    }
    KeReleaseSpinLock(&EXT->relaysLock, irql);
}

static void Unload(DRIVER_OBJECT *driver)
{
    UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\Relay");
    LARGE_INTEGER soon = { .QuadPart = -100000 };

    UNREFERENCED_PARAMETER(driver);
    EXT->stopping = TRUE;
    StopListening();
    LeaveDriver();
    /* One that is between two requests when its IRP is cancelled looks at `stopping` before the next, or is cancelled again. */
    do CancelAll();
    while (KeWaitForSingleObject(&EXT->gone, Executive, KernelMode, FALSE, &soon) == STATUS_TIMEOUT);
    WskReleaseProviderNPI(&EXT->registration);
    WskDeregister(&EXT->registration);
    IoDeleteSymbolicLink(&link);
    IoDeleteDevice(Device);
}

NTSTATUS DriverEntry(DRIVER_OBJECT *driver, UNICODE_STRING *path)
{
    static const WSK_CLIENT_DISPATCH dispatch = { MAKE_WSK_VERSION(1, 0) };
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Relay"), link = RTL_CONSTANT_STRING(L"\\DosDevices\\Relay");
    WSK_CLIENT_NPI npi = { NULL, &dispatch };
    NTSTATUS status;

    UNREFERENCED_PARAMETER(path);
    status = IoCreateDevice(driver, sizeof(EXTENSION), &name, FILE_DEVICE_NETWORK, 0, FALSE, &Device);
    if (!NT_SUCCESS(status)) return status;
    InitializeListHead(&EXT->queue);
    InitializeListHead(&EXT->relays);
    KeInitializeSpinLock(&EXT->queueLock);
    KeInitializeSpinLock(&EXT->relaysLock);
    KeInitializeEvent(&EXT->gone, NotificationEvent, FALSE);
    EXT->alive = 1;
    IoCsqInitialize(&EXT->csq, CsqInsert, CsqRemove, CsqPeek, CsqLock, CsqUnlock, CsqCancelled);
    driver->DriverUnload = Unload;
    driver->MajorFunction[IRP_MJ_CREATE] = driver->MajorFunction[IRP_MJ_CLOSE] = driver->MajorFunction[IRP_MJ_CLEANUP] =
        driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Dispatch;
    status = IoCreateSymbolicLink(&link, &name);
    if (!NT_SUCCESS(status)) goto noLink;
    status = WskRegister(&npi, &EXT->registration);
    if (!NT_SUCCESS(status)) goto noRegistration;
    status = WskCaptureProviderNPI(&EXT->registration, WSK_NO_WAIT, &EXT->npi);
    if (!NT_SUCCESS(status)) goto noProvider;
    status = Listen();
    if (NT_SUCCESS(status)) return STATUS_SUCCESS;
    StopListening();
    WskReleaseProviderNPI(&EXT->registration);
noProvider:
    WskDeregister(&EXT->registration);
noRegistration:
    IoDeleteSymbolicLink(&link);
noLink:
    IoDeleteDevice(Device);
    return status;
}
