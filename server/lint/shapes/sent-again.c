/* IRPs that are kept and sent again when they have come back. */

//=== by a work item that the completion routine queues, in a helper that also sends it first
typedef struct { PWSK_SOCKET Socket; PIRP Irp; PIO_WORKITEM Item; WSK_BUF Buffer; BOOLEAN Stop; } EXT;

static VOID Post(EXT *ext);

static VOID Work(PDEVICE_OBJECT device, PVOID context)
{
    EXT *ext = context;

    (void)device;
    if (!ext->Stop)
        Post(ext);
}

static NTSTATUS Received(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    EXT *ext = context;

    (void)device;
    if (NT_SUCCESS(irp->IoStatus.Status))
        IoQueueWorkItem(ext->Item, Work, DelayedWorkQueue, ext);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID Post(EXT *ext)
{
    IoSetCompletionRoutine(ext->Irp, Received, ext, TRUE, TRUE, TRUE);
    ((PWSK_PROVIDER_CONNECTION_DISPATCH)ext->Socket->Dispatch)->WskReceive(ext->Socket, &ext->Buffer, 0, ext->Irp); // error: irp-not-reused
}

static EXT Ext = {.Buffer = {NULL, 0, 1}};

static NTSTATUS Add(PDRIVER_OBJECT driver, PDEVICE_OBJECT device)
{
    (void)driver, (void)device;
    Ext.Irp = IoAllocateIrp(1, FALSE);
    if (Ext.Irp == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    Post(&Ext);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    (void)path;
    driver->DriverExtension->AddDevice = Add;
    return STATUS_SUCCESS;
}

//=== by a DPC that the completion routine queues, and by a wrapper that sets routines
typedef struct { PDEVICE_OBJECT Lower; PIRP Irp; KDPC Dpc; ULONG Most; } READER;

static VOID Send(READER *reader);

static KDEFERRED_ROUTINE Again;
static VOID Again(PKDPC dpc, PVOID context, PVOID one, PVOID two)
{
    (void)dpc, (void)one, (void)two;
    Send(context);
}

static NTSTATUS Read(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    READER *reader = context;

    (void)device, (void)irp;
    KeInsertQueueDpc(&reader->Dpc, NULL, NULL);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID Arm(PIRP irp, PIO_COMPLETION_ROUTINE routine, PVOID context)
{
    IoGetNextIrpStackLocation(irp)->MajorFunction = IRP_MJ_READ;
    IoSetCompletionRoutine(irp, routine, context, TRUE, TRUE, TRUE);
}

static VOID Send(READER *reader)
{
    Arm(reader->Irp, Read, reader);
    IoCallDriver(reader->Lower, reader->Irp); // warning: irp-not-reused
}

static NTSTATUS Begin(READER *reader)
{
    KeInitializeDpc(&reader->Dpc, Again, reader);
    reader->Irp = IoAllocateIrp(reader->Lower->StackSize, FALSE);
    if (reader->Irp == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    Send(reader);
    return STATUS_SUCCESS;
}

static READER Reader = {.Most = 1};

static NTSTATUS Add(PDRIVER_OBJECT driver, PDEVICE_OBJECT device)
{
    (void)driver, (void)device;
    return Begin(&Reader);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    (void)path;
    driver->DriverExtension->AddDevice = Add;
    return STATUS_SUCCESS;
}

//=== unless others say that it is to stop
typedef struct _READER { PDEVICE_OBJECT Lower; PIRP Irp; BOOLEAN Stopping; LONG Reads; } READER;

static IO_COMPLETION_ROUTINE Read;

static BOOLEAN Post(READER *reader)
{
    if (reader->Stopping)
        return FALSE;
    reader->Reads++;
    IoGetNextIrpStackLocation(reader->Irp)->MajorFunction = IRP_MJ_READ;
    IoSetCompletionRoutine(reader->Irp, Read, reader, TRUE, TRUE, TRUE);
    IoCallDriver(reader->Lower, reader->Irp); // warning: irp-not-reused
    return TRUE;
}

static NTSTATUS Read(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    (void)device;
    if (NT_SUCCESS(irp->IoStatus.Status))
        Post(context);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static READER Reader = {.Reads = 1};

static NTSTATUS Add(PDRIVER_OBJECT driver, PDEVICE_OBJECT device)
{
    (void)driver;
    Reader.Lower = device;
    Reader.Irp = IoAllocateIrp(Reader.Lower->StackSize, FALSE);
    if (Reader.Irp == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    Post(&Reader);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    (void)path;
    driver->DriverExtension->AddDevice = Add;
    return STATUS_SUCCESS;
}

//=== only the first time
typedef struct _READER { PDEVICE_OBJECT Lower; PIRP Irp; BOOLEAN IsSent; } READER;

static IO_COMPLETION_ROUTINE Read;

static VOID Post(READER *reader)
{
    if (reader->IsSent)
        return;
    reader->IsSent = TRUE;
    IoGetNextIrpStackLocation(reader->Irp)->MajorFunction = IRP_MJ_READ;
    IoSetCompletionRoutine(reader->Irp, Read, reader, TRUE, TRUE, TRUE);
    IoCallDriver(reader->Lower, reader->Irp);
}

static NTSTATUS Read(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    (void)device, (void)irp;
    Post(context);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static READER Reader = {.IsSent = FALSE};

static NTSTATUS Add(PDRIVER_OBJECT driver, PDEVICE_OBJECT device)
{
    (void)driver;
    Reader.Lower = device;
    Reader.Irp = IoAllocateIrp(Reader.Lower->StackSize, FALSE);
    if (Reader.Irp == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    Post(&Reader);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    (void)path;
    driver->DriverExtension->AddDevice = Add;
    return STATUS_SUCCESS;
}

//=== by the steps of a table, several of which send it
typedef struct _PEER { PWSK_SOCKET Socket; PIRP Irp; PIRP Close; PIO_WORKITEM Item; ULONG State; SOCKADDR_IN To; } PEER;
typedef VOID STEP(PEER *);
static STEP Bind, Connect, End;
static STEP *const Steps[] = {End, Bind, Connect, End};
#define TABLE(s) ((const WSK_PROVIDER_CONNECTION_DISPATCH *)(s)->Dispatch)

static VOID Work(PDEVICE_OBJECT device, PVOID context)
{
    PEER *peer = context;

    (void)device;
    Steps[peer->State](peer);
}

static NTSTATUS Done(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    PEER *peer = context;

    (void)device, (void)irp;
    peer->State++;
    IoQueueWorkItem(peer->Item, Work, DelayedWorkQueue, peer);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Closed(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    (void)device, (void)irp, (void)context;
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static PIRP Armed(PEER *peer)
{
    IoSetCompletionRoutine(peer->Irp, Done, peer, TRUE, TRUE, TRUE);
    return peer->Irp;
}

static VOID Bind(PEER *peer)
{
    TABLE(peer->Socket)->WskBind(peer->Socket, (PSOCKADDR)&peer->To, 0, Armed(peer));
}

static VOID Connect(PEER *peer)
{
    TABLE(peer->Socket)->WskConnect(peer->Socket, (PSOCKADDR)&peer->To, 0, Armed(peer)); // error: irp-not-reused
}

static VOID End(PEER *peer)
{
    IoSetCompletionRoutine(peer->Close, Closed, peer, TRUE, TRUE, TRUE);
    TABLE(peer->Socket)->WskCloseSocket(peer->Socket, peer->Close);
}

static NTSTATUS Start(PEER *peer)
{
    peer->Irp = IoAllocateIrp(1, FALSE);
    peer->Close = IoAllocateIrp(1, FALSE);
    if (peer->Irp == NULL || peer->Close == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    IoQueueWorkItem(peer->Item, Work, DelayedWorkQueue, peer);
    return STATUS_SUCCESS;
}

static PEER Peer = {.State = 1};

static NTSTATUS Add(PDRIVER_OBJECT driver, PDEVICE_OBJECT device)
{
    (void)driver, (void)device;
    return Start(&Peer);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    (void)path;
    driver->DriverExtension->AddDevice = Add;
    return STATUS_SUCCESS;
}

//=== of the steps of a table each has an IRP of its own
typedef struct _PEER { PWSK_SOCKET Socket; PIRP First; PIRP Second; PIO_WORKITEM Item; ULONG State; SOCKADDR_IN To; } PEER;
typedef VOID STEP(PEER *);
static STEP Bind, Connect;
static STEP *const Steps[] = {Bind, Bind, Connect};
#define TABLE(s) ((const WSK_PROVIDER_CONNECTION_DISPATCH *)(s)->Dispatch)

static VOID Work(PDEVICE_OBJECT device, PVOID context)
{
    PEER *peer = context;

    (void)device;
    Steps[peer->State](peer);
}

static NTSTATUS Bound(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    PEER *peer = context;

    (void)device, (void)irp;
    peer->State++;
    IoQueueWorkItem(peer->Item, Work, DelayedWorkQueue, peer);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Connected(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    (void)device, (void)irp, (void)context;
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID Bind(PEER *peer)
{
    IoSetCompletionRoutine(peer->First, Bound, peer, TRUE, TRUE, TRUE);
    TABLE(peer->Socket)->WskBind(peer->Socket, (PSOCKADDR)&peer->To, 0, peer->First);
}

static VOID Connect(PEER *peer)
{
    IoSetCompletionRoutine(peer->Second, Connected, peer, TRUE, TRUE, TRUE);
    TABLE(peer->Socket)->WskConnect(peer->Socket, (PSOCKADDR)&peer->To, 0, peer->Second);
}

static PEER Peer = {.State = 1};

static NTSTATUS Add(PDRIVER_OBJECT driver, PDEVICE_OBJECT device)
{
    (void)driver, (void)device;
    Peer.First = IoAllocateIrp(1, FALSE);
    Peer.Second = IoAllocateIrp(1, FALSE);
    if (Peer.First == NULL || Peer.Second == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    IoQueueWorkItem(Peer.Item, Work, DelayedWorkQueue, &Peer);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    (void)path;
    driver->DriverExtension->AddDevice = Add;
    return STATUS_SUCCESS;
}

//=== the one that comes next in a queue has an IRP of its own
typedef struct { LIST_ENTRY Link; PWSK_SOCKET Socket; PIRP Irp; WSK_BUF Buffer; } PIECE;
static struct { PWSK_SOCKET Socket; ULONG Most; } Server = {.Most = 1};
static LIST_ENTRY Queue;
static KSPIN_LOCK Lock;

static VOID Send(PIECE *piece);

static NTSTATUS Sent(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    PIECE *piece = context;
    PLIST_ENTRY next;

    (void)device;
    next = ExInterlockedRemoveHeadList(&Queue, &Lock);
    IoFreeIrp(irp);
    ExFreePool(piece);
    if (next != NULL)
        Send(CONTAINING_RECORD(next, PIECE, Link)); // warning: wsk-call-in-completion-routine
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID Send(PIECE *piece)
{
    IoSetCompletionRoutine(piece->Irp, Sent, piece, TRUE, TRUE, TRUE);
    ((PWSK_PROVIDER_CONNECTION_DISPATCH)piece->Socket->Dispatch)->WskSend(piece->Socket, &piece->Buffer, 0, piece->Irp);
}

static NTSTATUS Add(PDRIVER_OBJECT driver, PDEVICE_OBJECT device)
{
    PIECE *piece = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof *piece, 'tseT');

    (void)driver, (void)device;
    if (piece == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    piece->Irp = IoAllocateIrp(1, FALSE);
    if (piece->Irp == NULL) {
        ExFreePool(piece);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    piece->Socket = Server.Socket;
    Send(piece);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    (void)path;
    KeInitializeSpinLock(&Lock);
    InitializeListHead(&Queue);
    driver->DriverExtension->AddDevice = Add;
    return STATUS_SUCCESS;
}

//=== a helper makes it new, or another one is made in its place
typedef struct { PWSK_SOCKET Socket; PIRP Send; PIRP Receive; PIO_WORKITEM Item; WSK_BUF Buffer; } PEER;
static PEER Peer = {.Buffer = {NULL, 0, 1}};
#define TABLE(s) ((const WSK_PROVIDER_CONNECTION_DISPATCH *)(s)->Dispatch)

static VOID Post(PEER *peer);
static VOID Answer(PEER *peer);

static VOID Work(PDEVICE_OBJECT device, PVOID context)
{
    (void)device;
    Answer(context);
    Post(context);
}

static NTSTATUS Sent(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    (void)device, (void)context;
    IoFreeIrp(irp);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Received(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    PEER *peer = context;

    (void)device, (void)irp;
    IoQueueWorkItem(peer->Item, Work, DelayedWorkQueue, peer);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID Renew(PIRP irp)
{
    IoReuseIrp(irp, STATUS_UNSUCCESSFUL);
}

static VOID Post(PEER *peer)
{
    Renew(peer->Receive);
    IoSetCompletionRoutine(peer->Receive, Received, peer, TRUE, TRUE, TRUE);
    TABLE(peer->Socket)->WskReceive(peer->Socket, &peer->Buffer, 0, peer->Receive);
}

static VOID Answer(PEER *peer)
{
    peer->Send = IoAllocateIrp(1, FALSE);
    if (peer->Send == NULL)
        return;
    IoSetCompletionRoutine(peer->Send, Sent, peer, TRUE, TRUE, TRUE);
    TABLE(peer->Socket)->WskSend(peer->Socket, &peer->Buffer, 0, peer->Send);
}

static NTSTATUS Add(PDRIVER_OBJECT driver, PDEVICE_OBJECT device)
{
    (void)driver, (void)device;
    Peer.Receive = IoAllocateIrp(1, FALSE);
    if (Peer.Receive == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    Post(&Peer);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    (void)path;
    driver->DriverExtension->AddDevice = Add;
    return STATUS_SUCCESS;
}

//=== one of the steps that a helper is given to have called, while the others make it new themselves
typedef struct _PEER { SLIST_ENTRY Entry; PWSK_SOCKET Socket; PIRP Irp; WSK_BUF Buffer; BOOLEAN Closing; VOID (*Step)(struct _PEER *); } PEER;
typedef VOID STEP(PEER *);
static STEP Receive, Answer, Free;
static SLIST_HEADER Queue;
static KEVENT Filled;
static struct { PWSK_SOCKET Socket; ULONG Most; } Server = {.Most = 1};
#define TABLE(s) ((const WSK_PROVIDER_CONNECTION_DISPATCH *)(s)->Dispatch)

static VOID Enqueue(PEER *peer, STEP *step)
{
    peer->Step = step;
    InterlockedPushEntrySList(&Queue, &peer->Entry);
    KeSetEvent(&Filled, IO_NO_INCREMENT, FALSE);
}

static VOID Serve(PVOID context)
{
    PSLIST_ENTRY entry;

    (void)context;
    for (;;) {
        KeWaitForSingleObject(&Filled, Executive, KernelMode, FALSE, NULL);
        while ((entry = InterlockedPopEntrySList(&Queue)) != NULL) {
            PEER *peer = CONTAINING_RECORD(entry, PEER, Entry);

            peer->Step(peer);
        }
    }
}

static NTSTATUS Received(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    PEER *peer = context;

    (void)device;
    if (NT_SUCCESS(irp->IoStatus.Status))
        Enqueue(peer, Answer);
    else
        Enqueue(peer, Free);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Sent(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    PEER *peer = context;

    (void)device, (void)irp;
    Enqueue(peer, Receive);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID Receive(PEER *peer)
{
    IoReuseIrp(peer->Irp, STATUS_UNSUCCESSFUL);
    IoSetCompletionRoutine(peer->Irp, Received, peer, TRUE, TRUE, TRUE);
    TABLE(peer->Socket)->WskReceive(peer->Socket, &peer->Buffer, 0, peer->Irp);
}

static VOID Answer(PEER *peer)
{
    if (peer->Closing) {
        Enqueue(peer, Free);
        return;
    }
    IoSetCompletionRoutine(peer->Irp, Sent, peer, TRUE, TRUE, TRUE);
    TABLE(peer->Socket)->WskSend(peer->Socket, &peer->Buffer, 0, peer->Irp); // error: irp-not-reused
}

static VOID Free(PEER *peer)
{
    IoFreeIrp(peer->Irp);
    ExFreePool(peer);
}

static NTSTATUS Add(PDRIVER_OBJECT driver, PDEVICE_OBJECT device)
{
    PEER *peer;

    (void)driver, (void)device;
    peer = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof *peer, 'tseT');
    if (peer == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    peer->Irp = IoAllocateIrp(1, FALSE);
    if (peer->Irp == NULL) {
        ExFreePool(peer);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    peer->Socket = Server.Socket;
    Enqueue(peer, Receive);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    HANDLE thread;
    NTSTATUS status;

    (void)path;
    InitializeSListHead(&Queue);
    KeInitializeEvent(&Filled, SynchronizationEvent, FALSE);
    driver->DriverExtension->AddDevice = Add;
    status = PsCreateSystemThread(&thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, Serve, NULL);
    if (NT_SUCCESS(status))
        ZwClose(thread);
    return status;
}

//=== the completion routine makes it new for all that comes
typedef struct { PWSK_SOCKET Socket; PIRP Irp; PIO_WORKITEM Item; WSK_BUF Buffer; } PEER;
static PEER Peer = {.Buffer = {NULL, 0, 1}};

static VOID Post(PEER *peer);

static VOID Work(PDEVICE_OBJECT device, PVOID context)
{
    (void)device;
    Post(context);
}

static NTSTATUS Received(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    PEER *peer = context;

    (void)device;
    IoReuseIrp(irp, STATUS_UNSUCCESSFUL);
    IoQueueWorkItem(peer->Item, Work, DelayedWorkQueue, peer);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID Post(PEER *peer)
{
    IoSetCompletionRoutine(peer->Irp, Received, peer, TRUE, TRUE, TRUE);
    ((PWSK_PROVIDER_CONNECTION_DISPATCH)peer->Socket->Dispatch)->WskReceive(peer->Socket, &peer->Buffer, 0, peer->Irp);
}

static NTSTATUS Add(PDRIVER_OBJECT driver, PDEVICE_OBJECT device)
{
    (void)driver, (void)device;
    Peer.Irp = IoAllocateIrp(1, FALSE);
    if (Peer.Irp == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    Post(&Peer);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    (void)path;
    driver->DriverExtension->AddDevice = Add;
    return STATUS_SUCCESS;
}
