/* Locks that are held at a return. */

//=== a look-up that returns from within its loop
typedef struct {
    LIST_ENTRY Link;
    ULONG Key;
} ENTRY;

ENTRY *Find(PLIST_ENTRY list, PKSPIN_LOCK lock, ULONG key)
{
    KIRQL old;
    PLIST_ENTRY at;

    KeAcquireSpinLock(lock, &old);
    for (at = list->Flink; at != list; at = at->Flink) {
        ENTRY *entry = CONTAINING_RECORD(at, ENTRY, Link);

        if (entry->Key == key) return entry; // error: spin-lock-held-at-return
    }
    KeReleaseSpinLock(lock, old);
    return NULL;
}

//=== with the level as a result, and with a handle on the stack
PVOID First(PVOID *slot, PKSPIN_LOCK lock)
{
    KIRQL old = KeAcquireSpinLockRaiseToDpc(lock);

    if (*slot) return *slot; // error: spin-lock-held-at-return
    KeReleaseSpinLock(lock, old);
    return NULL;
}

PVOID Second(PVOID *slot, PKSPIN_LOCK lock)
{
    KLOCK_QUEUE_HANDLE handle;

    KeAcquireInStackQueuedSpinLock(lock, &handle);
    if (*slot) return *slot; // error: spin-lock-held-at-return
    KeReleaseInStackQueuedSpinLock(&handle);
    return NULL;
}

//=== callers that get the level release the lock
typedef struct {
    KSPIN_LOCK Lock;
    KIRQL Old;
} GUARD;

PVOID First(PVOID *slot, PKSPIN_LOCK lock, PKIRQL out)
{
    KIRQL old;

    KeAcquireSpinLock(lock, &old);
    if (*slot) {
        *out = old;
        return *slot;
    }
    KeReleaseSpinLock(lock, old);
    return NULL;
}

VOID Take(GUARD *guard)
{
    KIRQL old;

    KeAcquireSpinLock(&guard->Lock, &old);
    guard->Old = old;
}

//=== a remove lock is given back while a completion routine still needs the extension
typedef struct { IO_REMOVE_LOCK Lock; PDEVICE_OBJECT Lower; PWSK_SOCKET Socket; PIRP Request; WSK_BUF Data; LONG Count; } EXT;

static NTSTATUS Fail(PIRP irp, NTSTATUS status)
{
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = 0;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    return status;
}

static NTSTATUS ReadDone(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    EXT *ext = device->DeviceExtension;

    if (irp->PendingReturned) IoMarkIrpPending(irp);
    ext->Count++;
    return STATUS_SUCCESS;
}

static NTSTATUS Read(PDEVICE_OBJECT device, PIRP irp)
{
    EXT *ext = device->DeviceExtension;
    NTSTATUS status = IoAcquireRemoveLock(&ext->Lock, irp);

    if (!NT_SUCCESS(status)) return Fail(irp, status);
    IoCopyCurrentIrpStackLocationToNext(irp);
    IoSetCompletionRoutine(irp, ReadDone, NULL, TRUE, TRUE, TRUE);
    status = IoCallDriver(ext->Lower, irp);
    IoReleaseRemoveLock(&ext->Lock, irp); // warning: remove-lock-held
    return status;
}

static NTSTATUS Sent(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    EXT *ext = context;
    PIRP request = ext->Request;

    ext->Count++;
    request->IoStatus.Information = irp->IoStatus.Information;
    request->IoStatus.Status = irp->IoStatus.Status;
    IoCompleteRequest(request, IO_NO_INCREMENT);
    IoFreeIrp(irp);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Write(PDEVICE_OBJECT device, PIRP irp)
{
    EXT *ext = device->DeviceExtension;
    NTSTATUS status = IoAcquireRemoveLock(&ext->Lock, irp);
    PIRP own;

    if (!NT_SUCCESS(status)) return Fail(irp, status);
    own = IoAllocateIrp(1, FALSE);
    if (own == NULL) {
        IoReleaseRemoveLock(&ext->Lock, irp);
        return Fail(irp, STATUS_INSUFFICIENT_RESOURCES);
    }
    IoMarkIrpPending(irp);
    ext->Request = irp;
    IoSetCompletionRoutine(own, Sent, ext, TRUE, TRUE, TRUE);
    ((PWSK_PROVIDER_CONNECTION_DISPATCH)ext->Socket->Dispatch)->WskSend(ext->Socket, &ext->Data, 0, own);
    IoReleaseRemoveLock(&ext->Lock, irp); // warning: remove-lock-held
    return STATUS_PENDING;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    driver->MajorFunction[IRP_MJ_READ] = Read;
    driver->MajorFunction[IRP_MJ_WRITE] = Write;
    return STATUS_SUCCESS;
}

//=== the routine releases it, needs nothing, or has been waited for
typedef struct { IO_REMOVE_LOCK Lock; PDEVICE_OBJECT Lower; KEVENT Event; LONG Count; } EXT;

static NTSTATUS Fail(PIRP irp, NTSTATUS status)
{
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = 0;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    return status;
}

static NTSTATUS Counted(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    EXT *ext = context;

    if (irp->PendingReturned) IoMarkIrpPending(irp);
    ext->Count++;
    IoReleaseRemoveLock(&ext->Lock, irp);
    return STATUS_SUCCESS;
}

static NTSTATUS Read(PDEVICE_OBJECT device, PIRP irp)
{
    EXT *ext = device->DeviceExtension;
    NTSTATUS status = IoAcquireRemoveLock(&ext->Lock, irp);

    if (!NT_SUCCESS(status)) return Fail(irp, status);
    IoCopyCurrentIrpStackLocationToNext(irp);
    IoSetCompletionRoutine(irp, Counted, ext, TRUE, TRUE, TRUE);
    return IoCallDriver(ext->Lower, irp);
}

static NTSTATUS Passed(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    if (irp->PendingReturned) IoMarkIrpPending(irp);
    return STATUS_SUCCESS;
}

static NTSTATUS Write(PDEVICE_OBJECT device, PIRP irp)
{
    EXT *ext = device->DeviceExtension;
    NTSTATUS status = IoAcquireRemoveLock(&ext->Lock, irp);

    if (!NT_SUCCESS(status)) return Fail(irp, status);
    IoCopyCurrentIrpStackLocationToNext(irp);
    IoSetCompletionRoutine(irp, Passed, NULL, TRUE, TRUE, TRUE);
    status = IoCallDriver(ext->Lower, irp);
    IoReleaseRemoveLock(&ext->Lock, irp);
    return status;
}

static NTSTATUS Tell(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    EXT *ext = context;

    KeSetEvent(&ext->Event, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS Control(PDEVICE_OBJECT device, PIRP irp)
{
    EXT *ext = device->DeviceExtension;
    NTSTATUS status = IoAcquireRemoveLock(&ext->Lock, irp);

    if (!NT_SUCCESS(status)) return Fail(irp, status);
    KeInitializeEvent(&ext->Event, NotificationEvent, FALSE);
    IoCopyCurrentIrpStackLocationToNext(irp);
    IoSetCompletionRoutine(irp, Tell, ext, TRUE, TRUE, TRUE);
    status = IoCallDriver(ext->Lower, irp);
    if (status == STATUS_PENDING) {
        KeWaitForSingleObject(&ext->Event, Executive, KernelMode, FALSE, NULL);
        status = irp->IoStatus.Status;
    }
    IoReleaseRemoveLock(&ext->Lock, irp);
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    return status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    driver->MajorFunction[IRP_MJ_READ] = Read;
    driver->MajorFunction[IRP_MJ_WRITE] = Write;
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
    return STATUS_SUCCESS;
}

//=== a spin lock is released on a way that did not take it
typedef struct { KSPIN_LOCK Lock; LONG Count; LIST_ENTRY Queue; } POOL;

NTSTATUS Add(POOL *pool, ULONG count)
{
    KIRQL irql = 0;
    NTSTATUS status = STATUS_SUCCESS;

    if (count > 5) {
        status = STATUS_INVALID_PARAMETER;
        goto end;
    }
    KeAcquireSpinLock(&pool->Lock, &irql);
    pool->Count += count;
end:
    KeReleaseSpinLock(&pool->Lock, irql); // error: spin-lock-not-held
    return status;
}

VOID Count(POOL *pool, BOOLEAN locks)
{
    KIRQL irql = 0;

    if (locks) KeAcquireSpinLock(&pool->Lock, &irql);
    pool->Count++;
    KeReleaseSpinLock(&pool->Lock, irql); // error: spin-lock-not-held
}

VOID CountRight(POOL *pool, BOOLEAN locks)
{
    KIRQL irql = 0;

    if (locks) KeAcquireSpinLock(&pool->Lock, &irql);
    pool->Count++;
    if (locks) KeReleaseSpinLock(&pool->Lock, irql);
}

VOID Open(POOL *pool, KIRQL irql)
{
    KeReleaseSpinLock(&pool->Lock, irql);
    pool->Count++;
    KeAcquireSpinLock(&pool->Lock, &irql);
}

VOID Drain(POOL *pool)
{
    KIRQL irql;

    KeAcquireSpinLock(&pool->Lock, &irql);
    while (!IsListEmpty(&pool->Queue)) {
        PLIST_ENTRY entry = RemoveHeadList(&pool->Queue);

        KeReleaseSpinLock(&pool->Lock, irql);
        ExFreePoolWithTag(entry, 'looP');
        KeAcquireSpinLock(&pool->Lock, &irql);
    }
    KeReleaseSpinLock(&pool->Lock, irql);
}

//=== a helper that knows the level opens the lock for a while
typedef struct { KSPIN_LOCK Lock; BOOLEAN Needed; ULONG Count; } QUEUE;

static VOID Notify(QUEUE *queue, KIRQL *irql)
{
    if (*irql != PASSIVE_LEVEL)
        return;
    KeReleaseSpinLock(&queue->Lock, *irql);
    KeAcquireSpinLock(&queue->Lock, irql);
}

VOID Work(QUEUE *queue)
{
    KIRQL irql;

    KeAcquireSpinLock(&queue->Lock, &irql);
    if (queue->Needed)
        Notify(queue, &irql);
    queue->Count++;
    KeReleaseSpinLock(&queue->Lock, irql);
}

static VOID End(QUEUE *queue)
{
    KeReleaseSpinLock(&queue->Lock, PASSIVE_LEVEL);
}

VOID StartNext(QUEUE *queue, PDEVICE_OBJECT device)
{
    KIRQL irql;

    KeAcquireSpinLock(&queue->Lock, &irql);
    End(queue);
    IoStartNextPacket(device, FALSE); // error: irql-too-low
}

//=== functions that say how high they may be called, and call what may not be called so high
_IRQL_requires_max_(APC_LEVEL)
NTSTATUS Begin(PWSK_REGISTRATION registration, PWSK_PROVIDER_NPI npi)
{
    return WskCaptureProviderNPI(registration, WSK_INFINITE_WAIT, npi); // warning: irql-too-high
}

_IRQL_requires_max_(DISPATCH_LEVEL)
VOID Await(PKEVENT done, PKEVENT other)
{
    if (other == NULL)
        return;
    KeWaitForSingleObject(done, Executive, KernelMode, FALSE, NULL); // warning: wait-at-dispatch
}

_IRQL_requires_max_(DISPATCH_LEVEL)
VOID AwaitIf(PKEVENT done, BOOLEAN mayWait)
{
    if (mayWait)
        KeWaitForSingleObject(done, Executive, KernelMode, FALSE, NULL);
    if (KeGetCurrentIrql() == PASSIVE_LEVEL)
        KeWaitForSingleObject(done, Executive, KernelMode, FALSE, NULL);
}

_When_(mayWait, _IRQL_requires_max_(PASSIVE_LEVEL))
_When_(!mayWait, _IRQL_requires_max_(DISPATCH_LEVEL))
VOID AwaitWhen(PKEVENT done, BOOLEAN mayWait)
{
    LARGE_INTEGER none;
    none.QuadPart = 0;
    KeWaitForSingleObject(done, Executive, KernelMode, FALSE, mayWait ? NULL : &none);
}
