/*
 * courier: a store-and-forward link to one server.
 * Records come in by IOCTL, wait in a cancel-safe queue, leave over one TCP connection, each with a two byte length in front;
 * the server answers each with one byte. Connection is made by a work item; a lost one is made again by a timer that
 * doubles its patience.
 * Wrong: The queue's peek takes the list's head for the first request where the list is empty.
 * Right: It says that there is none.
 */
#include <ntddk.h>
#include <wsk.h>
#include <ntstrsafe.h>

#define TAG 'ruoC'
#define MAX_RECORD 512
#define IOCTL_COURIER_PUT   CTL_CODE(FILE_DEVICE_UNKNOWN, 0x901, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_COURIER_STATS CTL_CODE(FILE_DEVICE_UNKNOWN, 0x902, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef enum { LinkDown, LinkConnecting, LinkUp, LinkClosing } link_state;

typedef struct courier_stats { ULONG sent, acked, reconnects, cancelled; } courier_stats;

typedef struct courier {
    PDEVICE_OBJECT device;
    UNICODE_STRING linkName;
    WSK_REGISTRATION registration;
    WSK_PROVIDER_NPI npi;
    BOOLEAN captured;

    KSPIN_LOCK lock;                /* state, socket, current, stats */
    link_state state;
    BOOLEAN stopping;
    PWSK_SOCKET socket;
    BOOLEAN owned;                  /* somebody sends, or is about to */
    PIRP current;                   /* user's request under way */
    courier_stats stats;

    IO_CSQ csq;
    LIST_ENTRY pending;
    KSPIN_LOCK csqLock;

    PIO_WORKITEM connectItem;
    PIO_WORKITEM closeItem;
    KTIMER retryTimer;
    KDPC retryDpc;
    LONG retryMs;

    PIRP wskIrp;                    /* connect, send, receive: one after the other */
    PIRP closeIrp;
    KEVENT closeDone;
    PUCHAR frame;
    PMDL frameMdl;
    UCHAR ack;
    PMDL ackMdl;

    KEVENT idle;                    /* no work item, nothing under way */
    LONG busy;
} courier;

static const WSK_CLIENT_DISPATCH clientDispatch = { MAKE_WSK_VERSION(1, 0), 0, NULL };
static courier *theCourier;

static VOID ackWork(PDEVICE_OBJECT d, PVOID context);
static void sendNext(courier *c);
static void linkLost(courier *c);

static void enter(courier *c) { if (InterlockedIncrement(&c->busy) == 1) KeClearEvent(&c->idle); }
static void depart(courier *c) { if (InterlockedDecrement(&c->busy) == 0) KeSetEvent(&c->idle, IO_NO_INCREMENT, FALSE); }

/* ---- cancel-safe queue ---- */

static VOID csqInsert(PIO_CSQ q, PIRP irp)
{
    courier *c = CONTAINING_RECORD(q, courier, csq);
    InsertTailList(&c->pending, &irp->Tail.Overlay.ListEntry);
}

static VOID csqRemove(PIO_CSQ q, PIRP irp)
{
    UNREFERENCED_PARAMETER(q);
    RemoveEntryList(&irp->Tail.Overlay.ListEntry);
}

static PIRP csqPeek(PIO_CSQ q, PIRP irp, PVOID context)
{
    courier *c = CONTAINING_RECORD(q, courier, csq);
    PLIST_ENTRY e = irp ? irp->Tail.Overlay.ListEntry.Flink : c->pending.Flink;
    UNREFERENCED_PARAMETER(context);
#ifdef WRONG
    return CONTAINING_RECORD(e, IRP, Tail.Overlay.ListEntry);
#else
    return e == &c->pending ? NULL : CONTAINING_RECORD(e, IRP, Tail.Overlay.ListEntry);
#endif
}

static VOID csqLock(PIO_CSQ q, PKIRQL irql)
{
    KeAcquireSpinLock(&CONTAINING_RECORD(q, courier, csq)->csqLock, irql);
}

static VOID csqUnlock(PIO_CSQ q, KIRQL irql)
{
    KeReleaseSpinLock(&CONTAINING_RECORD(q, courier, csq)->csqLock, irql);
}

static VOID csqCancelled(PIO_CSQ q, PIRP irp)
{
    courier *c = CONTAINING_RECORD(q, courier, csq);
    InterlockedIncrement((LONG *)&c->stats.cancelled);
    irp->IoStatus.Status = STATUS_CANCELLED;
    irp->IoStatus.Information = 0;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
}

/* ---- retry ---- */

static void scheduleConnect(courier *c, LONG ms)
{
    LARGE_INTEGER due;
    due.QuadPart = -10000LL * ms;
    KeSetTimer(&c->retryTimer, due, &c->retryDpc);
}

static IO_WORKITEM_ROUTINE connectWork;
static IO_WORKITEM_ROUTINE closeWork;

static VOID retryDpc(PKDPC dpc, PVOID context, PVOID a, PVOID b)
{
    courier *c = context;
    BOOLEAN go;
    UNREFERENCED_PARAMETER(dpc); UNREFERENCED_PARAMETER(a); UNREFERENCED_PARAMETER(b);
    KeAcquireSpinLockAtDpcLevel(&c->lock);
    go = !c->stopping && c->state == LinkDown;
    if (go) { c->state = LinkConnecting; enter(c); }
    KeReleaseSpinLockFromDpcLevel(&c->lock);
    if (go) IoQueueWorkItem(c->connectItem, connectWork, DelayedWorkQueue, c);
}

/* ---- WSK ---- */

static void prepare(courier *c, PIO_COMPLETION_ROUTINE routine)
{
    IoReuseIrp(c->wskIrp, STATUS_UNSUCCESSFUL);
    IoSetCompletionRoutine(c->wskIrp, routine, c, TRUE, TRUE, TRUE);
}

static NTSTATUS ackDone(PDEVICE_OBJECT d, PIRP irp, PVOID context)
{
    courier *c = context;
    KIRQL irql;
    PIRP user;
    BOOLEAN ok = NT_SUCCESS(irp->IoStatus.Status) && irp->IoStatus.Information == 1;
    UNREFERENCED_PARAMETER(d);
    KeAcquireSpinLock(&c->lock, &irql);
    user = c->current;
    c->current = NULL;
    if (ok) c->stats.acked++;
    KeReleaseSpinLock(&c->lock, irql);
    if (user) {
        user->IoStatus.Status = ok ? STATUS_SUCCESS : STATUS_CONNECTION_RESET;
        user->IoStatus.Information = 0;
        IoCompleteRequest(user, IO_NETWORK_INCREMENT);
    }
    if (ok) sendNext(c); else linkLost(c);
    depart(c);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS sendDone(PDEVICE_OBJECT d, PIRP irp, PVOID context)
{
    courier *c = context;
    UNREFERENCED_PARAMETER(d);
    if (!NT_SUCCESS(irp->IoStatus.Status)) {
        KIRQL irql;
        PIRP user;
        KeAcquireSpinLock(&c->lock, &irql);
        user = c->current;
        c->current = NULL;
        KeReleaseSpinLock(&c->lock, irql);
        if (user) {
            user->IoStatus.Status = irp->IoStatus.Status;
            user->IoStatus.Information = 0;
            IoCompleteRequest(user, IO_NO_INCREMENT);
        }
        linkLost(c);
        depart(c);
        return STATUS_MORE_PROCESSING_REQUIRED;
    }
    InterlockedIncrement((LONG *)&c->stats.sent);
    /* New WSK calls are not made in completion routines. */
    IoQueueWorkItem(c->connectItem, ackWork, DelayedWorkQueue, c);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID ackWork(PDEVICE_OBJECT d, PVOID context)
{
    courier *c = context;
    WSK_BUF b = { c->ackMdl, 0, 1 };
    PWSK_SOCKET s = c->socket;
    UNREFERENCED_PARAMETER(d);
    prepare(c, ackDone);
    ((const WSK_PROVIDER_CONNECTION_DISPATCH *)s->Dispatch)->WskReceive(s, &b, 0, c->wskIrp);
}

static VOID sendWork(PDEVICE_OBJECT d, PVOID context)
{
    courier *c = context;
    KIRQL irql;
    PIRP user;
    PIO_STACK_LOCATION sp;
    USHORT n;
    WSK_BUF b;
    PWSK_SOCKET s;
    UNREFERENCED_PARAMETER(d);

    KeAcquireSpinLock(&c->lock, &irql);
    user = IoCsqRemoveNextIrp(&c->csq, NULL); /* finding: not-an-irp */
    if (user == NULL || c->stopping) {
        c->current = NULL;
        c->owned = FALSE;
        KeReleaseSpinLock(&c->lock, irql);
        if (user) {
            user->IoStatus.Status = STATUS_DELETE_PENDING;
            user->IoStatus.Information = 0;
            IoCompleteRequest(user, IO_NO_INCREMENT);
        }
        depart(c);
        return;
    }
    c->current = user;
    s = c->socket;
    KeReleaseSpinLock(&c->lock, irql);

    sp = IoGetCurrentIrpStackLocation(user);
    n = (USHORT)sp->Parameters.DeviceIoControl.InputBufferLength;
    c->frame[0] = (UCHAR)(n >> 8);
    c->frame[1] = (UCHAR)n;
    RtlCopyMemory(c->frame + 2, user->AssociatedIrp.SystemBuffer, n);
    b.Mdl = c->frameMdl;
    b.Offset = 0;
    b.Length = n + 2;
    prepare(c, sendDone);
    ((const WSK_PROVIDER_CONNECTION_DISPATCH *)s->Dispatch)->WskSend(s, &b, 0, c->wskIrp);
}

/* The link is free: the next record leaves, if there is one. Whoever has `owned` has wskIrp and the work item. */
static void sendNext(courier *c)
{
    enter(c);
    IoQueueWorkItem(c->connectItem, sendWork, DelayedWorkQueue, c);
}

static NTSTATUS closeDone(PDEVICE_OBJECT d, PIRP irp, PVOID context)
{
    UNREFERENCED_PARAMETER(d); UNREFERENCED_PARAMETER(irp);
    KeSetEvent(context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static void closeSocket(courier *c)
{
    PWSK_SOCKET s = InterlockedExchangePointer((PVOID *)&c->socket, NULL);
    if (s == NULL) return;
    KeClearEvent(&c->closeDone);
    IoReuseIrp(c->closeIrp, STATUS_UNSUCCESSFUL);
    IoSetCompletionRoutine(c->closeIrp, closeDone, &c->closeDone, TRUE, TRUE, TRUE);
    ((const WSK_PROVIDER_BASIC_DISPATCH *)s->Dispatch)->WskCloseSocket(s, c->closeIrp);
    KeWaitForSingleObject(&c->closeDone, Executive, KernelMode, FALSE, NULL);
}

static VOID closeWork(PDEVICE_OBJECT d, PVOID context)
{
    courier *c = context;
    KIRQL irql;
    LONG ms = 0;
    UNREFERENCED_PARAMETER(d);
    closeSocket(c);
    KeAcquireSpinLock(&c->lock, &irql);
    c->state = LinkDown;
    if (!c->stopping) { ms = c->retryMs; c->retryMs = min(c->retryMs * 2, 160); c->stats.reconnects++; }
    KeReleaseSpinLock(&c->lock, irql);
    if (ms) scheduleConnect(c, ms);
    depart(c);
}

static void linkLost(courier *c)
{
    KIRQL irql;
    KeAcquireSpinLock(&c->lock, &irql);
    c->state = LinkClosing;
    KeReleaseSpinLock(&c->lock, irql);
    enter(c);
    IoQueueWorkItem(c->closeItem, closeWork, DelayedWorkQueue, c);
}

static NTSTATUS connectDone(PDEVICE_OBJECT d, PIRP irp, PVOID context)
{
    courier *c = context;
    UNREFERENCED_PARAMETER(d);
    if (NT_SUCCESS(irp->IoStatus.Status)) {
        KIRQL irql;
        KeAcquireSpinLock(&c->lock, &irql);
        c->socket = (PWSK_SOCKET)irp->IoStatus.Information;
        c->state = LinkUp;
        c->owned = TRUE;
        c->retryMs = 10;
        KeReleaseSpinLock(&c->lock, irql);
        sendNext(c);
    } else {
        linkLost(c);
    }
    depart(c);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID connectWork(PDEVICE_OBJECT d, PVOID context)
{
    courier *c = context;
    SOCKADDR_IN local = { 0 }, remote = { 0 };
    UNREFERENCED_PARAMETER(d);
    local.sin_family = remote.sin_family = AF_INET;
    remote.sin_port = RtlUshortByteSwap(7100);
    remote.sin_addr.s_addr = RtlUlongByteSwap(0xC0000214);
    prepare(c, connectDone);
    c->npi.Dispatch->WskSocketConnect(c->npi.Client, SOCK_STREAM, IPPROTO_TCP, (PSOCKADDR)&local, (PSOCKADDR)&remote, 0, NULL, NULL,
                                      NULL, NULL, NULL, c->wskIrp);
}

/* ---- device ---- */

static NTSTATUS finish(PIRP irp, NTSTATUS status, ULONG_PTR information)
{
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = information;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    return status;
}

static NTSTATUS onCreateClose(PDEVICE_OBJECT d, PIRP irp)
{
    UNREFERENCED_PARAMETER(d);
    return finish(irp, STATUS_SUCCESS, 0);
}

static NTSTATUS onControl(PDEVICE_OBJECT d, PIRP irp)
{
    courier *c = *(courier **)d->DeviceExtension;
    PIO_STACK_LOCATION sp = IoGetCurrentIrpStackLocation(irp);
    KIRQL irql;
    BOOLEAN kick;

    switch (sp->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_COURIER_PUT:
        if (sp->Parameters.DeviceIoControl.InputBufferLength == 0 ||
            sp->Parameters.DeviceIoControl.InputBufferLength > MAX_RECORD)
            return finish(irp, STATUS_INVALID_BUFFER_SIZE, 0);
        IoCsqInsertIrp(&c->csq, irp, NULL);
        KeAcquireSpinLock(&c->lock, &irql);
        kick = c->state == LinkUp && !c->owned && !c->stopping;
        if (kick) c->owned = TRUE;
        KeReleaseSpinLock(&c->lock, irql);
        if (kick) sendNext(c);
        return STATUS_PENDING;
    case IOCTL_COURIER_STATS:
        if (sp->Parameters.DeviceIoControl.OutputBufferLength < sizeof(courier_stats))
            return finish(irp, STATUS_BUFFER_TOO_SMALL, 0);
        KeAcquireSpinLock(&c->lock, &irql);
        *(courier_stats *)irp->AssociatedIrp.SystemBuffer = c->stats;
        KeReleaseSpinLock(&c->lock, irql);
        return finish(irp, STATUS_SUCCESS, sizeof(courier_stats));
    default:
        return finish(irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
}

static NTSTATUS onCleanup(PDEVICE_OBJECT d, PIRP irp)
{
    courier *c = *(courier **)d->DeviceExtension;
    PIRP waiting;

    while ((waiting = IoCsqRemoveNextIrp(&c->csq, NULL)) != NULL)
        finish(waiting, STATUS_CANCELLED, 0);
    return finish(irp, STATUS_SUCCESS, 0);
}

static void destroy(courier *c)
{
    if (c->captured) WskReleaseProviderNPI(&c->registration), WskDeregister(&c->registration);
    if (c->frameMdl) IoFreeMdl(c->frameMdl);
    if (c->ackMdl) IoFreeMdl(c->ackMdl);
    if (c->frame) ExFreePoolWithTag(c->frame, TAG);
    if (c->wskIrp) IoFreeIrp(c->wskIrp);
    if (c->closeIrp) IoFreeIrp(c->closeIrp);
    if (c->connectItem) IoFreeWorkItem(c->connectItem);
    if (c->closeItem) IoFreeWorkItem(c->closeItem);
    if (c->device) IoDeleteSymbolicLink(&c->linkName), IoDeleteDevice(c->device);
    ExFreePoolWithTag(c, TAG);
}

static VOID unload(PDRIVER_OBJECT driver)
{
    courier *c = theCourier;
    KIRQL irql;
    UNREFERENCED_PARAMETER(driver);
    KeAcquireSpinLock(&c->lock, &irql);
    c->stopping = TRUE;
    KeReleaseSpinLock(&c->lock, irql);
    KeCancelTimer(&c->retryTimer);
    KeFlushQueuedDpcs();
    IoCancelIrp(c->wskIrp);
    KeWaitForSingleObject(&c->idle, Executive, KernelMode, FALSE, NULL);
    closeSocket(c);
    destroy(c);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Courier");
    WSK_CLIENT_NPI client = { NULL, &clientDispatch };
    NTSTATUS status;
    courier *c;

    UNREFERENCED_PARAMETER(path);
    c = ExAllocatePoolZero(NonPagedPoolNx, sizeof(*c), TAG);
    if (c == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    KeInitializeSpinLock(&c->lock);
    KeInitializeSpinLock(&c->csqLock);
    InitializeListHead(&c->pending);
    KeInitializeEvent(&c->idle, NotificationEvent, TRUE);
    KeInitializeEvent(&c->closeDone, NotificationEvent, FALSE);
    KeInitializeTimer(&c->retryTimer);
    KeInitializeDpc(&c->retryDpc, retryDpc, c);
    c->retryMs = 10;
    IoCsqInitialize(&c->csq, csqInsert, csqRemove, csqPeek, csqLock, csqUnlock, csqCancelled);

    status = IoCreateDevice(driver, sizeof(courier *), &name, FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN, FALSE, &c->device);
    if (!NT_SUCCESS(status)) { c->device = NULL; destroy(c); return status; }
    *(courier **)c->device->DeviceExtension = c;
    RtlInitUnicodeString(&c->linkName, L"\\??\\Courier");
    IoCreateSymbolicLink(&c->linkName, &name);

    status = STATUS_INSUFFICIENT_RESOURCES;
    c->connectItem = IoAllocateWorkItem(c->device);
    c->closeItem = IoAllocateWorkItem(c->device);
    c->wskIrp = IoAllocateIrp(1, FALSE);
    c->closeIrp = IoAllocateIrp(1, FALSE);
    c->frame = ExAllocatePoolUninitialized(NonPagedPoolNx, MAX_RECORD + 2, TAG);
    if (!c->connectItem || !c->closeItem || !c->wskIrp || !c->closeIrp || !c->frame) goto failed;
    c->frameMdl = IoAllocateMdl(c->frame, MAX_RECORD + 2, FALSE, FALSE, NULL);
    c->ackMdl = IoAllocateMdl(&c->ack, 1, FALSE, FALSE, NULL);
    if (!c->frameMdl || !c->ackMdl) goto failed;
    MmBuildMdlForNonPagedPool(c->frameMdl);
    MmBuildMdlForNonPagedPool(c->ackMdl);

    status = WskRegister(&client, &c->registration);
    if (!NT_SUCCESS(status)) goto failed;
    status = WskCaptureProviderNPI(&c->registration, WSK_NO_WAIT, &c->npi);
    if (!NT_SUCCESS(status)) { WskDeregister(&c->registration); goto failed; }
    c->captured = TRUE;

    driver->MajorFunction[IRP_MJ_CREATE] = driver->MajorFunction[IRP_MJ_CLOSE] = onCreateClose;
    driver->MajorFunction[IRP_MJ_CLEANUP] = onCleanup;
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = onControl;
    driver->DriverUnload = unload;
    theCourier = c;
    scheduleConnect(c, 1);
    return STATUS_SUCCESS;

failed:
    destroy(c);
    return status;
}
