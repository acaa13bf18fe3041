/* What lasts shorter than those who use it, or longer than those who have it. */

//=== a timer's DPC uses what is freed before the timer is cancelled
typedef struct {
    KDPC Dpc;
    KTIMER Timer;
    PULONG Counts;
} CLOCK;

static KDEFERRED_ROUTINE Tick;
static VOID Tick(PKDPC dpc, PVOID context, PVOID first, PVOID second)
{
    CLOCK *clock = context;

    clock->Counts[0]++;
}

VOID Start(CLOCK *clock)
{
    KeInitializeDpc(&clock->Dpc, Tick, clock);
}

VOID Stop(CLOCK *clock)
{
    ExFreePoolWithTag(clock->Counts, 'abcd'); // warning: use-after-free
    KeCancelTimer(&clock->Timer);
    KeFlushQueuedDpcs();
}

VOID Right(CLOCK *clock)
{
    KeCancelTimer(&clock->Timer);
    KeFlushQueuedDpcs();
    ExFreePoolWithTag(clock->Counts, 'abcd');
}

//=== a callback uses what is freed before its socket is closed
typedef struct {
    PWSK_SOCKET Socket;
    PUCHAR Buffer;
    PIRP Irp;
    KEVENT Event;
} CLIENT;

static NTSTATUS Tell(PDEVICE_OBJECT device, PIRP Irp, PVOID context)
{
    KeSetEvent(context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS WSKAPI Receive(PVOID context, ULONG flags, PWSK_DATA_INDICATION data, SIZE_T n, SIZE_T *accepted)
{
    CLIENT *client = context;

    if (data == NULL) return STATUS_SUCCESS;
    client->Buffer[0] = 1;
    return STATUS_SUCCESS;
}

const WSK_CLIENT_CONNECTION_DISPATCH Table = { Receive, NULL, NULL };

static VOID Close(CLIENT *client)
{
    IoReuseIrp(client->Irp, STATUS_UNSUCCESSFUL);
    IoSetCompletionRoutine(client->Irp, Tell, &client->Event, TRUE, TRUE, TRUE);
    ((PWSK_PROVIDER_BASIC_DISPATCH)client->Socket->Dispatch)->WskCloseSocket(client->Socket, client->Irp);
    KeWaitForSingleObject(&client->Event, Executive, KernelMode, FALSE, NULL);
}

VOID End(CLIENT *client)
{
    if (client->Buffer) ExFreePoolWithTag(client->Buffer, 'abcd'); // warning: use-after-free
    Close(client);
}

VOID Right(CLIENT *client)
{
    Close(client);
    if (client->Buffer) ExFreePoolWithTag(client->Buffer, 'abcd');
}

//=== an MDL that is put over another one
typedef struct {
    PMDL Mdl;
} HOLDER;

VOID Twice(HOLDER *holder, PVOID bytes, ULONG n)
{
    holder->Mdl = IoAllocateMdl(bytes, n, FALSE, FALSE, NULL);
    if (!holder->Mdl) return;
    holder->Mdl = IoAllocateMdl(bytes, 8, FALSE, FALSE, NULL);
} // warning: mdl-leak

VOID Right(HOLDER *holder, PVOID bytes, ULONG n)
{
    PMDL old;

    holder->Mdl = IoAllocateMdl(bytes, n, FALSE, FALSE, NULL);
    if (!holder->Mdl) return;
    old = holder->Mdl;
    holder->Mdl = NULL;
    IoFreeMdl(old);
    holder->Mdl = IoAllocateMdl(bytes, 8, FALSE, FALSE, NULL);
}

//=== a block that leads to itself alone
typedef struct {
    ULONG Number;
    LIST_ENTRY List;
} QUEUE;

NTSTATUS Make(QUEUE **out, ULONG number)
{
    QUEUE *queue = ExAllocatePoolWithTag(NonPagedPoolNx, sizeof *queue, 'abcd'); // hint: deprecated-pool-function

    if (!queue) return STATUS_NO_MEMORY;
    InitializeListHead(&queue->List);
    if (number > 3) return STATUS_INVALID_PARAMETER; // warning: pool-leak
    *out = queue;
    return STATUS_SUCCESS;
}

//=== a spin lock in fresh memory
typedef struct {
    KSPIN_LOCK Lock;
    LIST_ENTRY List;
} QUEUE;

QUEUE *Wrong(VOID)
{
    KIRQL old;
    QUEUE *queue = ExAllocatePoolWithTag(NonPagedPoolNx, sizeof *queue, 'abcd'); // hint: deprecated-pool-function

    if (!queue) return NULL;
    InitializeListHead(&queue->List);
    KeAcquireSpinLock(&queue->Lock, &old); // error: object-not-initialised
    KeReleaseSpinLock(&queue->Lock, old);
    return queue;
}

QUEUE *Right(VOID)
{
    KIRQL old;
    QUEUE *queue = ExAllocatePoolZero(NonPagedPoolNx, sizeof *queue, 'abcd');

    if (!queue) return NULL;
    KeAcquireSpinLock(&queue->Lock, &old);
    KeReleaseSpinLock(&queue->Lock, old);
    return queue;
}

//=== a program's number that a helper reads twice
typedef struct {
    ULONG Length;
    UCHAR Bytes[1];
} REQUEST;

static ULONG LengthOf(REQUEST *request)
{
    return request->Length;
}

DRIVER_DISPATCH Control;
NTSTATUS Control(PDEVICE_OBJECT device, PIRP Irp)
{
    REQUEST *request = IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.Type3InputBuffer;
    UCHAR bytes[64];
    NTSTATUS status = STATUS_SUCCESS;

    __try {
        ProbeForRead(request, sizeof *request, 1);
        if (LengthOf(request) > sizeof bytes) status = STATUS_INVALID_PARAMETER;
        else RtlCopyMemory(bytes, request->Bytes, LengthOf(request)); // warning: double-fetch
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    Irp->IoStatus.Status = status;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return status;
}

//=== a resource that a completion routine gives back in the thread's name
typedef struct {
    PERESOURCE Resource;
    ERESOURCE_THREAD Thread;
} BLOCK;

static NTSTATUS Done(PDEVICE_OBJECT device, PIRP Irp, PVOID context)
{
    BLOCK *block = context;

    if (Irp->PendingReturned) IoMarkIrpPending(Irp);
    ExReleaseResourceForThreadLite(block->Resource, block->Thread);
    return STATUS_SUCCESS;
}

VOID Arm(PIRP Irp, BLOCK *block)
{
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, Done, block, TRUE, TRUE, TRUE);
}

VOID Write(PERESOURCE resource, BOOLEAN isLater)
{
    ExAcquireResourceExclusiveLite(resource, TRUE);
    if (!isLater) ExReleaseResourceLite(resource);
}

//=== the same with a release in its own name
VOID Release(PERESOURCE resource)
{
    ExReleaseResourceForThreadLite(resource, ExGetCurrentResourceThread());
}

VOID Write(PERESOURCE resource, BOOLEAN isLater)
{
    ExAcquireResourceExclusiveLite(resource, TRUE);
    if (!isLater) ExReleaseResourceLite(resource);
} // error: resource-held-at-return

//=== a completion routine's context is freed before it has run
typedef struct { KEVENT Event; ULONG Sent; LONG Uses; } PUSH;

static NTSTATUS Sent(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    ((PUSH *)context)->Sent = (ULONG)irp->IoStatus.Information;
    IoFreeIrp(irp);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Told(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    PUSH *push = context;

    push->Sent = (ULONG)irp->IoStatus.Information;
    KeSetEvent(&push->Event, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Counted(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    PUSH *push = context;

    IoFreeIrp(irp);
    if (InterlockedDecrement(&push->Uses) == 0) ExFreePoolWithTag(push, 'hsuP');
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID Drop(PUSH *push)
{
    ExFreePoolWithTag(push, 'hsuP');
}

NTSTATUS Push(PWSK_SOCKET socket, PWSK_BUF data)
{
    PUSH *push;
    PIRP irp;
    NTSTATUS status = STATUS_INSUFFICIENT_RESOURCES;

    push = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(PUSH), 'hsuP');
    if (push == NULL) goto end;
    irp = IoAllocateIrp(1, FALSE);
    if (irp == NULL) goto end;
    IoSetCompletionRoutine(irp, Sent, push, TRUE, TRUE, TRUE);
    status = ((PWSK_PROVIDER_CONNECTION_DISPATCH)socket->Dispatch)->WskSend(socket, data, 0, irp);
end:
    if (push) Drop(push); // error: stack-buffer-outlives-call
    return status;
}

NTSTATUS PushAndWait(PWSK_SOCKET socket, PWSK_BUF data)
{
    PUSH *push;
    PIRP irp = NULL;
    NTSTATUS status = STATUS_INSUFFICIENT_RESOURCES;

    push = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(PUSH), 'hsuP');
    if (push == NULL) goto end;
    irp = IoAllocateIrp(1, FALSE);
    if (irp == NULL) goto end;
    KeInitializeEvent(&push->Event, NotificationEvent, FALSE);
    IoSetCompletionRoutine(irp, Told, push, TRUE, TRUE, TRUE);
    status = ((PWSK_PROVIDER_CONNECTION_DISPATCH)socket->Dispatch)->WskSend(socket, data, 0, irp);
    if (status == STATUS_PENDING) {
        KeWaitForSingleObject(&push->Event, Executive, KernelMode, FALSE, NULL);
        status = irp->IoStatus.Status;
    }
end:
    if (irp) IoFreeIrp(irp);
    if (push) Drop(push);
    return status;
}

NTSTATUS PushCounted(PWSK_SOCKET socket, PWSK_BUF data)
{
    PUSH *push;
    PIRP irp;
    NTSTATUS status;

    push = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(PUSH), 'hsuP');
    if (push == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    irp = IoAllocateIrp(1, FALSE);
    if (irp == NULL) {
        Drop(push);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    push->Uses = 2;
    IoSetCompletionRoutine(irp, Counted, push, TRUE, TRUE, TRUE);
    status = ((PWSK_PROVIDER_CONNECTION_DISPATCH)socket->Dispatch)->WskSend(socket, data, 0, irp);
    if (InterlockedDecrement(&push->Uses) == 0) Drop(push);
    return status;
}

//=== what the cleanup routine frees, the close routine frees again; what closing frees, unloading frees again
typedef struct { PVOID Data; PVOID Cleared; PVOID Flagged; BOOLEAN HasFlagged; } FILE_CONTEXT;
static PVOID Table, Kept;
static PDEVICE_OBJECT Device;

static NTSTATUS Finish(PIRP irp, NTSTATUS status)
{
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = 0;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    return status;
}

static NTSTATUS Create(PDEVICE_OBJECT device, PIRP irp)
{
    FILE_CONTEXT *file = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(FILE_CONTEXT), 'eliF');

    if (!file) return Finish(irp, STATUS_INSUFFICIENT_RESOURCES);
    Table = ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, 'lbaT');
    Kept = ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, 'lbaT');
    file->Data = ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, 'eliF');
    file->Cleared = ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, 'eliF');
    IoGetCurrentIrpStackLocation(irp)->FileObject->FsContext = file;
    return Finish(irp, STATUS_SUCCESS);
}

static NTSTATUS Cleanup(PDEVICE_OBJECT device, PIRP irp)
{
    FILE_CONTEXT *file = IoGetCurrentIrpStackLocation(irp)->FileObject->FsContext;

    if (file->Data) ExFreePoolWithTag(file->Data, 'eliF'); // warning: double-free
    return Finish(irp, STATUS_SUCCESS);
}

static NTSTATUS Close(PDEVICE_OBJECT device, PIRP irp)
{
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
    FILE_CONTEXT *file = location->FileObject->FsContext;

    if (file->Data) ExFreePoolWithTag(file->Data, 'eliF');
    if (file->Cleared) ExFreePoolWithTag(file->Cleared, 'eliF');
    ExFreePoolWithTag(file, 'eliF');
    location->FileObject->FsContext = NULL;
    return Finish(irp, STATUS_SUCCESS);
}

static VOID Unload(PDRIVER_OBJECT driver)
{
    if (Table) ExFreePoolWithTag(Table, 'lbaT');
    IoDeleteDevice(Device);
}

static NTSTATUS Shutdown(PDEVICE_OBJECT device, PIRP irp)
{
    if (Table != NULL) ExFreePoolWithTag(Table, 'lbaT'); // warning: double-free
    return Finish(irp, STATUS_SUCCESS);
}

static NTSTATUS Flush(PDEVICE_OBJECT device, PIRP irp)
{
    if (Kept != NULL) ExFreePoolWithTag(Kept, 'lbaT');
    Kept = NULL;
    return Finish(irp, STATUS_SUCCESS);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    driver->MajorFunction[IRP_MJ_CREATE] = Create;
    driver->MajorFunction[IRP_MJ_CLEANUP] = Cleanup;
    driver->MajorFunction[IRP_MJ_CLOSE] = Close;
    driver->MajorFunction[IRP_MJ_SHUTDOWN] = Shutdown;
    driver->MajorFunction[IRP_MJ_FLUSH_BUFFERS] = Flush;
    driver->DriverUnload = Unload;
    return IoCreateDevice(driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, TRUE, &Device);
}

//=== the first one clears the pointer, or a flag tells the second
typedef struct { PVOID Cleared; PVOID Flagged; BOOLEAN HasFlagged; PVOID Taken; } FILE_CONTEXT;

static NTSTATUS Finish(PIRP irp, NTSTATUS status)
{
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = 0;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    return status;
}

static NTSTATUS Create(PDEVICE_OBJECT device, PIRP irp)
{
    FILE_CONTEXT *file = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(FILE_CONTEXT), 'eliF');

    if (!file) return Finish(irp, STATUS_INSUFFICIENT_RESOURCES);
    file->Cleared = ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, 'eliF');
    file->Flagged = ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, 'eliF');
    file->Taken = ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, 'eliF');
    file->HasFlagged = TRUE;
    IoGetCurrentIrpStackLocation(irp)->FileObject->FsContext = file;
    return Finish(irp, STATUS_SUCCESS);
}

static NTSTATUS Cleanup(PDEVICE_OBJECT device, PIRP irp)
{
    FILE_CONTEXT *file = IoGetCurrentIrpStackLocation(irp)->FileObject->FsContext;
    PVOID taken = InterlockedExchangePointer(&file->Taken, NULL);

    if (taken) ExFreePoolWithTag(taken, 'eliF');
    if (file->Cleared) ExFreePoolWithTag(file->Cleared, 'eliF');
    file->Cleared = NULL;
    if (file->HasFlagged) {
        file->HasFlagged = FALSE;
        ExFreePoolWithTag(file->Flagged, 'eliF');
    }
    return Finish(irp, STATUS_SUCCESS);
}

static NTSTATUS Close(PDEVICE_OBJECT device, PIRP irp)
{
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
    FILE_CONTEXT *file = location->FileObject->FsContext;

    if (file->Cleared) ExFreePoolWithTag(file->Cleared, 'eliF');
    if (file->Taken) ExFreePoolWithTag(file->Taken, 'eliF');
    if (file->HasFlagged) ExFreePoolWithTag(file->Flagged, 'eliF');
    ExFreePoolWithTag(file, 'eliF');
    location->FileObject->FsContext = NULL;
    return Finish(irp, STATUS_SUCCESS);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    driver->MajorFunction[IRP_MJ_CREATE] = Create;
    driver->MajorFunction[IRP_MJ_CLEANUP] = Cleanup;
    driver->MajorFunction[IRP_MJ_CLOSE] = Close;
    return STATUS_SUCCESS;
}

//=== pages that a driver locks, and that nothing in it unlocks
typedef struct { PMDL Mdl; } OP;
static OP Op;

DRIVER_UNLOAD Unload;
VOID Unload(PDRIVER_OBJECT driver)
{
    (void)driver;
    IoFreeMdl(Op.Mdl);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    Op.Mdl = IoAllocateMdl(path->Buffer, path->Length, FALSE, FALSE, NULL);
    if (Op.Mdl == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    __try {
        MmProbeAndLockPages(Op.Mdl, KernelMode, IoReadAccess); // error: mdl-freed-while-locked
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        IoFreeMdl(Op.Mdl);
        return STATUS_INVALID_USER_BUFFER;
    }
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}

//=== the request that has the pages unlocks them when it is completed
typedef struct { PMDL Mdl; } OP;
static OP Op;

static VOID Give(PIRP irp)
{
    irp->MdlAddress = Op.Mdl;
}

DRIVER_UNLOAD Unload;
VOID Unload(PDRIVER_OBJECT driver)
{
    Give(driver->DeviceObject->CurrentIrp);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    Op.Mdl = IoAllocateMdl(path->Buffer, path->Length, FALSE, FALSE, NULL);
    if (Op.Mdl == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    __try {
        MmProbeAndLockPages(Op.Mdl, KernelMode, IoReadAccess);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        IoFreeMdl(Op.Mdl);
        return STATUS_INVALID_USER_BUFFER;
    }
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}

//=== memory that its maker gives back where it fails, and that its caller keeps for good
typedef struct { PVOID Buffer; LIST_ENTRY Link; } ENTRY;
typedef struct { ENTRY *First; } STATE;
static STATE State;

static ENTRY *Make(VOID)
{
    ENTRY *entry = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(*entry), 'yrtE'); // warning: pool-leak
    if (entry == NULL)
        return NULL;
    entry->Buffer = ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, 'fuBE');
    if (entry->Buffer == NULL) {
        ExFreePoolWithTag(entry, 'yrtE');
        return NULL;
    }
    return entry;
}

DRIVER_UNLOAD Unload;
VOID Unload(PDRIVER_OBJECT driver)
{
    (void)driver;
    if (State.First != NULL)
        ExFreePoolWithTag(State.First->Buffer, 'fuBE');
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    (void)path;
    driver->DriverUnload = Unload;
    State.First = Make();
    return State.First == NULL ? STATUS_INSUFFICIENT_RESOURCES : STATUS_SUCCESS;
}

//=== the maker puts it where it lasts, and gives back by its local what it had put there before
typedef struct { PVOID Buffer; } STATE;
static STATE State;

static PVOID Renew(VOID)
{
    PVOID buffer = ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, 'fuBE');
    PVOID before = State.Buffer;
    State.Buffer = buffer;
    if (before != NULL)
        ExFreePoolWithTag(before, 'fuBE');
    return buffer;
}

DRIVER_UNLOAD Unload;
VOID Unload(PDRIVER_OBJECT driver)
{
    (void)driver;
    Renew();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    (void)path;
    driver->DriverUnload = Unload;
    return Renew() == NULL ? STATUS_INSUFFICIENT_RESOURCES : STATUS_SUCCESS;
}

//=== what only a start that fails gives back
static PVOID Table;
static PVOID Other;

static VOID FreeTables(VOID)
{
    if (Table != NULL)
        ExFreePoolWithTag(Table, 'lbaT');
    if (Other != NULL)
        ExFreePoolWithTag(Other, 'rhtO');
}

DRIVER_UNLOAD Unload;
VOID Unload(PDRIVER_OBJECT driver)
{
    (void)driver;
    if (Other != NULL)
        ExFreePoolWithTag(Other, 'rhtO');
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    (void)path;
    driver->DriverUnload = Unload;
    Table = ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, 'lbaT'); // warning: pool-leak
    Other = ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, 'rhtO');
    if (Table == NULL || Other == NULL) {
        FreeTables();
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    return STATUS_SUCCESS;
}

//=== what the start gives back itself when all is done
static PVOID Table;

DRIVER_UNLOAD Unload;
VOID Unload(PDRIVER_OBJECT driver)
{
    (void)driver;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    (void)path;
    driver->DriverUnload = Unload;
    Table = ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, 'lbaT');
    if (Table == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    RtlZeroMemory(Table, 64);
    ExFreePoolWithTag(Table, 'lbaT');
    Table = NULL;
    return STATUS_SUCCESS;
}

//=== an MDL that a whole driver keeps, and whose pages nothing finds
static struct { KSPIN_LOCK Lock; PMDL Mdl, Built; UCHAR Data[64], More[64]; } Link;

static PMDL Describe(PVOID data)
{
    PMDL mdl = IoAllocateMdl(data, 64, FALSE, FALSE, NULL);

    if (mdl != NULL)
        MmBuildMdlForNonPagedPool(mdl);
    return mdl;
}

static NTSTATUS Send(PDEVICE_OBJECT device, PIRP irp)
{
    PFILE_OBJECT file = IoGetCurrentIrpStackLocation(irp)->FileObject;
    PWSK_SOCKET socket = file->FsContext;
    WSK_BUF buffer = {Link.Mdl, 0, 64}, other = {Link.Built, 0, 64};

    (void)device;
    DbgPrint("%u bytes\n", MmGetMdlByteCount(irp->MdlAddress));
    return ((PWSK_PROVIDER_CONNECTION_DISPATCH)socket->Dispatch)->WskSend(socket, file->FsContext2 == NULL ? &buffer : &other, 0, irp);
}

static VOID Unload(PDRIVER_OBJECT driver)
{
    (void)driver;
    IoFreeMdl(Link.Mdl);
    IoFreeMdl(Link.Built);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    (void)path;
    KeInitializeSpinLock(&Link.Lock);
    Link.Mdl = IoAllocateMdl(Link.Data, 64, FALSE, FALSE, NULL); // error: mdl-not-locked
    Link.Built = Describe(Link.More);
    driver->MajorFunction[IRP_MJ_WRITE] = Send;
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}

//=== a part of another MDL knows its pages, and so does one that somebody may have built
static NTSTATUS SendAll(PWSK_SOCKET socket, PMDL mdl, PIRP irp)
{
    WSK_BUF buffer = {mdl, 0, 64};

    return ((PWSK_PROVIDER_CONNECTION_DISPATCH)socket->Dispatch)->WskSend(socket, &buffer, 0, irp);
}

NTSTATUS SendPart(PWSK_SOCKET socket, PMDL whole, PVOID from, PMDL *kept, PIRP irp)
{
    PMDL part = IoAllocateMdl(from, 64, FALSE, FALSE, NULL);

    if (part == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    *kept = part;
    IoBuildPartialMdl(whole, part, from, 64);
    return SendAll(socket, part, irp);
}

VOID Build(PMDL mdl);

NTSTATUS SendBuilt(PWSK_SOCKET socket, PVOID from, PMDL *kept, PIRP irp)
{
    PMDL mdl = IoAllocateMdl(from, 64, FALSE, FALSE, NULL);

    if (mdl == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    *kept = mdl;
    Build(mdl);
    return SendAll(socket, mdl, irp);
}

NTSTATUS SendUnlocked(PWSK_SOCKET socket, PVOID from, PMDL *kept, PIRP irp)
{
    PMDL mdl = IoAllocateMdl(from, 64, FALSE, FALSE, NULL);

    if (mdl == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    *kept = mdl;
    __try {
        MmProbeAndLockPages(mdl, KernelMode, IoReadAccess);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        IoFreeMdl(mdl);
        return GetExceptionCode();
    }
    MmUnlockPages(mdl);
    return SendAll(socket, mdl, irp); // error: mdl-not-locked
}

//=== a helper that sends finds the pages itself
static NTSTATUS BuildAndSend(PWSK_SOCKET socket, PWSK_BUF buffer, PIRP irp)
{
    MmBuildMdlForNonPagedPool(buffer->Mdl);
    return ((PWSK_PROVIDER_CONNECTION_DISPATCH)socket->Dispatch)->WskSend(socket, buffer, 0, irp);
}

NTSTATUS Send(PWSK_SOCKET socket, PVOID from, PMDL *kept, PIRP irp)
{
    WSK_BUF buffer = {IoAllocateMdl(from, 64, FALSE, FALSE, NULL), 0, 64};

    if (buffer.Mdl == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    *kept = buffer.Mdl;
    return BuildAndSend(socket, &buffer, irp);
}

//=== the memory of a string that a function has made
static UNICODE_STRING Kept;
typedef struct { UNICODE_STRING Name; } OBJECT;

NTSTATUS Lost(PANSI_STRING from, HANDLE *key)
{
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes;
    NTSTATUS status = RtlAnsiStringToUnicodeString(&name, from, TRUE);

    if (!NT_SUCCESS(status))
        return status;
    InitializeObjectAttributes(&attributes, &name, OBJ_KERNEL_HANDLE, NULL, NULL);
    status = ZwOpenKey(key, KEY_READ, &attributes);
    if (!NT_SUCCESS(status))
        return status; // warning: pool-leak
    RtlFreeUnicodeString(&name);
    return STATUS_SUCCESS;
}

NTSTATUS LostByWsk(PANSI_STRING from, const WSK_PROVIDER_NPI *npi, PADDRINFOEXW *found, PIRP irp)
{
    UNICODE_STRING host;
    NTSTATUS status = RtlAnsiStringToUnicodeString(&host, from, TRUE);

    if (!NT_SUCCESS(status))
        return status;
    return npi->Dispatch->WskGetAddressInfo(npi->Client, &host, NULL, 0, NULL, NULL, found, NULL, NULL, irp); // warning: pool-leak
}

VOID LostByGuid(PGUID guid)
{
    UNICODE_STRING text;

    if (NT_SUCCESS(RtlStringFromGUID(guid, &text)))
        DbgPrint("%wZ\n", &text);
} // warning: pool-leak

VOID LostEachTime(PANSI_STRING from, ULONG count)
{
    UNICODE_STRING name = {0};

    for (ULONG i = 0; i < count; i++)
        if (NT_SUCCESS(RtlAnsiStringToUnicodeString(&name, &from[i], TRUE))) // warning: pool-leak
            DbgPrint("%wZ\n", &name);
    RtlFreeUnicodeString(&name);
}

NTSTATUS Freed(PANSI_STRING from, HANDLE *key)
{
    UNICODE_STRING name = {0};
    OBJECT_ATTRIBUTES attributes;
    NTSTATUS status = RtlAnsiStringToUnicodeString(&name, from, TRUE);

    if (NT_SUCCESS(status)) {
        InitializeObjectAttributes(&attributes, &name, OBJ_KERNEL_HANDLE, NULL, NULL);
        status = ZwOpenKey(key, KEY_READ, &attributes);
    }
    RtlFreeUnicodeString(&name);
    RtlFreeUnicodeString(&name);
    return status;
}

NTSTATUS FreedAsPool(PANSI_STRING from)
{
    UNICODE_STRING name;
    NTSTATUS status = RtlAnsiStringToUnicodeString(&name, from, TRUE);

    if (NT_SUCCESS(status)) {
        DbgPrint("%wZ\n", &name);
        ExFreePool(name.Buffer);
    }
    return status;
}

NTSTATUS KeptByAll(PANSI_STRING from, OBJECT *object, PUNICODE_STRING out)
{
    UNICODE_STRING name;
    NTSTATUS status = RtlAnsiStringToUnicodeString(&Kept, from, TRUE);

    if (!NT_SUCCESS(status))
        return status;
    status = RtlAnsiStringToUnicodeString(out, from, TRUE);
    if (!NT_SUCCESS(status))
        return status;
    status = RtlAnsiStringToUnicodeString(&name, from, TRUE);
    if (NT_SUCCESS(status))
        object->Name = name;
    return status;
}

NTSTATUS Ours(PANSI_STRING from)
{
    WCHAR room[32];
    UNICODE_STRING name = {0, sizeof room, room};

    return RtlAnsiStringToUnicodeString(&name, from, FALSE);
}

//=== a string that is empty has nothing to give back, and one whose memory was freed has it still
typedef struct { UNICODE_STRING Name; } OBJECT;

static VOID Clear(OBJECT *object)
{
    RtlFreeUnicodeString(&object->Name);
}

VOID Empty(VOID)
{
    OBJECT object;

    RtlZeroMemory(&object, sizeof object);
    Clear(&object);
    Clear(&object);
}

VOID Twice(OBJECT *object)
{
    ExFreePool(object->Name.Buffer);
    RtlFreeUnicodeString(&object->Name); // error: double-free
}

//=== two arrays of one record: what lies behind the first is not an element of it
typedef struct { ULONG Count; PVOID Samples[4]; PMDL Mdls[4]; } BATCH;

VOID Clear(BATCH *batch)
{
    ULONG i;

    for (i = 0; i < batch->Count; i++) {
        IoFreeMdl(batch->Mdls[i]);
        ExFreePool(batch->Samples[i]);
    }
}

VOID Twice(BATCH *batch)
{
    IoFreeMdl(batch->Mdls[0]);
    IoFreeMdl(batch->Mdls[0]); // error: double-free
}

//=== the completion routine gives back what lies in its context, and the caller does so again
typedef struct { PMDL Mdl; PVOID Copy; PVOID Kept; KEVENT Done; } JOB;

static IO_COMPLETION_ROUTINE Ended;
static NTSTATUS Ended(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    JOB *job = context;
    (void)device;
    (void)irp;
    IoFreeMdl(job->Mdl);
    ExFreePoolWithTag(job->Copy, 'boJ');
    KeSetEvent(&job->Done, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

NTSTATUS SendCopy(PWSK_SOCKET socket, PIRP irp, PVOID copy, PVOID kept, ULONG length)
{
    const WSK_PROVIDER_CONNECTION_DISPATCH *dispatch = socket->Dispatch;
    JOB job;
    WSK_BUF buffer;
    job.Copy = copy;
    job.Kept = kept;
    job.Mdl = IoAllocateMdl(copy, length, FALSE, FALSE, NULL);
    if (job.Mdl == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    MmBuildMdlForNonPagedPool(job.Mdl);
    buffer.Mdl = job.Mdl;
    buffer.Offset = 0;
    buffer.Length = length;
    KeInitializeEvent(&job.Done, NotificationEvent, FALSE);
    IoReuseIrp(irp, STATUS_UNSUCCESSFUL);
    IoSetCompletionRoutine(irp, Ended, &job, TRUE, TRUE, TRUE);
    (void)dispatch->WskSend(socket, &buffer, 0, irp);
    KeWaitForSingleObject(&job.Done, Executive, KernelMode, FALSE, NULL);
    IoFreeMdl(job.Mdl); // error: double-free
    ExFreePoolWithTag(copy, 'boJ'); // error: double-free
    ExFreePoolWithTag(job.Kept, 'boJ');
    return irp->IoStatus.Status;
}

//=== the routine says what it has given back, or gives back by one of its ways only
typedef struct { PMDL Mdl; PVOID Copy; KEVENT Done; } JOB;

static IO_COMPLETION_ROUTINE Ended;
static NTSTATUS Ended(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    JOB *job = context;
    (void)device;
    IoFreeMdl(job->Mdl);
    job->Mdl = NULL;
    if (NT_SUCCESS(irp->IoStatus.Status)) {
        ExFreePoolWithTag(job->Copy, 'boJ');
        job->Copy = NULL;
    }
    KeSetEvent(&job->Done, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

NTSTATUS SendCopy(PWSK_SOCKET socket, PIRP irp, PVOID copy, ULONG length)
{
    const WSK_PROVIDER_CONNECTION_DISPATCH *dispatch = socket->Dispatch;
    JOB job;
    WSK_BUF buffer;
    job.Copy = copy;
    job.Mdl = IoAllocateMdl(copy, length, FALSE, FALSE, NULL);
    if (job.Mdl == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    MmBuildMdlForNonPagedPool(job.Mdl);
    buffer.Mdl = job.Mdl;
    buffer.Offset = 0;
    buffer.Length = length;
    KeInitializeEvent(&job.Done, NotificationEvent, FALSE);
    IoReuseIrp(irp, STATUS_UNSUCCESSFUL);
    IoSetCompletionRoutine(irp, Ended, &job, TRUE, TRUE, TRUE);
    (void)dispatch->WskSend(socket, &buffer, 0, irp);
    KeWaitForSingleObject(&job.Done, Executive, KernelMode, FALSE, NULL);
    if (job.Mdl != NULL)
        IoFreeMdl(job.Mdl);
    if (job.Copy != NULL)
        ExFreePoolWithTag(job.Copy, 'boJ');
    return irp->IoStatus.Status;
}
