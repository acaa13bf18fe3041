/*
 * "Hub": machines send it lines over TCP; programs leave requests with it that it completes with a line each (inverted
 * calls). Two threads of its own serve the connections; a line that nobody waits for is kept until somebody asks.
 */
#include <ntddk.h>
#include <wsk.h>
#include <ntstrsafe.h>

#define HUB_TAG 'bubH'
#define HUB_PORT 5000
#define HUB_THREADS 2
#define HUB_LINE 64
#define HUB_KEPT_MAX 8

#define IOCTL_HUB_NEXT_LINE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_HUB_COUNT     CTL_CODE(FILE_DEVICE_UNKNOWN, 0x802, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _HUB_LINE_ENTRY {
    LIST_ENTRY Link;
    ULONG Length;
    CHAR Text[HUB_LINE];
} HUB_LINE_ENTRY, *PHUB_LINE_ENTRY;

typedef struct _HUB_CONNECTION {
    LIST_ENTRY Link;
    PWSK_SOCKET Socket;
    const WSK_PROVIDER_CONNECTION_DISPATCH *Dispatch;
    PIRP Irp;
    KEVENT Done;
    PMDL Mdl;
    UCHAR Buffer[128];
} HUB_CONNECTION, *PHUB_CONNECTION;

typedef struct _HUB {
    PDEVICE_OBJECT Device;
    WSK_REGISTRATION Registration;
    WSK_PROVIDER_NPI Npi;
    PWSK_SOCKET Listener;
    KSPIN_LOCK Lock;            /* guards the four lists and Kept, Total */
    LIST_ENTRY Fresh;           /* connections that no thread serves yet */
    LIST_ENTRY Busy;            /* connections that a thread serves */
    LIST_ENTRY Waiting;         /* IRPs of programs */
    LIST_ENTRY Lines;           /* lines that nobody has asked for */
    ULONG Kept;
    ULONG Total;
    BOOLEAN Stopping;
    KSEMAPHORE Work;
    PKTHREAD Threads[HUB_THREADS];
} HUB, *PHUB;

static HUB Hub;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD HubUnload;
static DRIVER_DISPATCH HubCreateClose, HubControl, HubCleanup;
static DRIVER_CANCEL HubCancel;
static KSTART_ROUTINE HubThread;
static IO_COMPLETION_ROUTINE HubDone;
static NTSTATUS WSKAPI HubAccept(PVOID, ULONG, PSOCKADDR, PSOCKADDR, PWSK_SOCKET, PVOID *, const WSK_CLIENT_CONNECTION_DISPATCH **);

static const WSK_CLIENT_DISPATCH HubClient = { MAKE_WSK_VERSION(1, 0), 0, NULL };
static const WSK_CLIENT_LISTEN_DISPATCH HubListen = { HubAccept, NULL, NULL };

static NTSTATUS HubDone(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(Irp);
    KeSetEvent((PKEVENT)Context, IO_NETWORK_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

/* Makes the IRP ready for another call; the caller waits with HubAwait. */
static PIRP HubArm(PIRP Irp, PKEVENT Event)
{
    IoReuseIrp(Irp, STATUS_SUCCESS);
    KeClearEvent(Event);
    IoSetCompletionRoutine(Irp, HubDone, Event, TRUE, TRUE, TRUE);
    return Irp;
}

static NTSTATUS HubAwait(PIRP Irp, PKEVENT Event)
{
    KeWaitForSingleObject(Event, Executive, KernelMode, FALSE, NULL);
    return Irp->IoStatus.Status;
}

static VOID HubAnswer(PIRP Irp, PHUB_LINE_ENTRY Line)
{
    ULONG room = IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.OutputBufferLength;
    ULONG length = min(room, Line->Length);

    RtlCopyMemory(Irp->AssociatedIrp.SystemBuffer, Line->Text, length);
    Irp->IoStatus.Information = length;
    Irp->IoStatus.Status = length < Line->Length ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
    IoCompleteRequest(Irp, IO_NO_INCREMENT); /* finding: completed-with-cancel-routine */
    ExFreePoolWithTag(Line, HUB_TAG);
}

/* The first request that is not being cancelled. Called with the lock. */
static PIRP HubTakeWaiting(VOID)
{
    while (!IsListEmpty(&Hub.Waiting)) {
        PIRP irp = CONTAINING_RECORD(RemoveHeadList(&Hub.Waiting), IRP, Tail.Overlay.ListEntry);

#ifdef WRONG
        /* Its cancel routine may still be called while it is being answered. */
        if (!irp->Cancel) {
            return irp;
        }
#else
        if (IoSetCancelRoutine(irp, NULL) != NULL) {
            return irp;
        }
#endif
        /* Its cancel routine is about to run and takes it off a list: let that be one of its own. */
        InitializeListHead(&irp->Tail.Overlay.ListEntry);
    }
    return NULL;
}

static VOID HubPublish(const UCHAR *Text, ULONG Length)
{
    PHUB_LINE_ENTRY line, old = NULL;
    PIRP irp;
    KIRQL irql;

    line = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(*line), HUB_TAG);
    if (line == NULL) {
        return;
    }
    line->Length = min(Length, HUB_LINE);
    RtlCopyMemory(line->Text, Text, line->Length);

    KeAcquireSpinLock(&Hub.Lock, &irql);
    Hub.Total++;
    irp = HubTakeWaiting();
    if (irp == NULL) {
        if (Hub.Kept == HUB_KEPT_MAX) {
            old = CONTAINING_RECORD(RemoveHeadList(&Hub.Lines), HUB_LINE_ENTRY, Link);
            Hub.Kept--;
        }
        InsertTailList(&Hub.Lines, &line->Link);
        Hub.Kept++;
    }
    KeReleaseSpinLock(&Hub.Lock, irql);

    if (old != NULL) {
        ExFreePoolWithTag(old, HUB_TAG);
    }
    if (irp != NULL) {
        HubAnswer(irp, line);
    }
}

static VOID HubFreeConnection(PHUB_CONNECTION Connection)
{
    IoFreeMdl(Connection->Mdl);
    IoFreeIrp(Connection->Irp);
    ExFreePoolWithTag(Connection, HUB_TAG);
}

/* Reads lines until the other side has said all, then closes. */
static VOID HubServe(PHUB_CONNECTION Connection)
{
    ULONG have = 0;
    KIRQL irql;
    NTSTATUS status;

    for (;;) {
        WSK_BUF buffer = { Connection->Mdl, have, sizeof(Connection->Buffer) - have };
        ULONG from = 0, i;

        Connection->Dispatch->WskReceive(Connection->Socket, &buffer, 0, HubArm(Connection->Irp, &Connection->Done));
        status = HubAwait(Connection->Irp, &Connection->Done);
        if (!NT_SUCCESS(status) || Connection->Irp->IoStatus.Information == 0) {
            break;
        }
        have += (ULONG)Connection->Irp->IoStatus.Information;
        for (i = 0; i < have; i++) {
            if (Connection->Buffer[i] == '\n') {
                HubPublish(Connection->Buffer + from, i - from);
                from = i + 1;
            }
        }
        RtlMoveMemory(Connection->Buffer, Connection->Buffer + from, have - from);
        have -= from;
        if (have == sizeof(Connection->Buffer)) {
            status = STATUS_BUFFER_OVERFLOW;
            break;
        }
    }
    if (NT_SUCCESS(status)) {
        Connection->Dispatch->WskDisconnect(Connection->Socket, NULL, 0, HubArm(Connection->Irp, &Connection->Done));
        HubAwait(Connection->Irp, &Connection->Done);
    }
    KeAcquireSpinLock(&Hub.Lock, &irql);
    RemoveEntryList(&Connection->Link);
    KeReleaseSpinLock(&Hub.Lock, irql);
    Connection->Dispatch->WskCloseSocket(Connection->Socket, HubArm(Connection->Irp, &Connection->Done));
    HubAwait(Connection->Irp, &Connection->Done);
    HubFreeConnection(Connection);
}

static VOID HubThread(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    for (;;) {
        PHUB_CONNECTION connection = NULL;
        BOOLEAN stopping;
        KIRQL irql;

        KeWaitForSingleObject(&Hub.Work, Executive, KernelMode, FALSE, NULL);
        KeAcquireSpinLock(&Hub.Lock, &irql);
        stopping = Hub.Stopping;
        if (!IsListEmpty(&Hub.Fresh)) {
            connection = CONTAINING_RECORD(RemoveHeadList(&Hub.Fresh), HUB_CONNECTION, Link);
            InsertTailList(&Hub.Busy, &connection->Link);
        }
        KeReleaseSpinLock(&Hub.Lock, irql);
        if (connection != NULL) {
            HubServe(connection);
        } else if (stopping) {
            break;
        }
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static NTSTATUS WSKAPI HubAccept(PVOID SocketContext, ULONG Flags, PSOCKADDR Local, PSOCKADDR Remote,
    PWSK_SOCKET AcceptSocket, PVOID *AcceptContext, const WSK_CLIENT_CONNECTION_DISPATCH **AcceptDispatch)
{
    PHUB_CONNECTION connection;
    KIRQL irql;
    BOOLEAN stopping;

    UNREFERENCED_PARAMETER(SocketContext);
    UNREFERENCED_PARAMETER(Flags);
    UNREFERENCED_PARAMETER(Local);
    UNREFERENCED_PARAMETER(Remote);
    if (AcceptSocket == NULL) {
        return STATUS_REQUEST_NOT_ACCEPTED;
    }
    connection = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(*connection), HUB_TAG);
    if (connection == NULL) {
        return STATUS_REQUEST_NOT_ACCEPTED;
    }
    connection->Irp = IoAllocateIrp(1, FALSE);
    connection->Mdl = IoAllocateMdl(connection->Buffer, sizeof(connection->Buffer), FALSE, FALSE, NULL);
    if (connection->Irp == NULL || connection->Mdl == NULL) {
        goto refuse;
    }
    MmBuildMdlForNonPagedPool(connection->Mdl);
    KeInitializeEvent(&connection->Done, NotificationEvent, FALSE);
    connection->Socket = AcceptSocket;
    connection->Dispatch = AcceptSocket->Dispatch;

    KeAcquireSpinLock(&Hub.Lock, &irql);
    stopping = Hub.Stopping;
    if (!stopping) {
        InsertTailList(&Hub.Fresh, &connection->Link);
    }
    KeReleaseSpinLock(&Hub.Lock, irql);
    if (stopping) {
        goto refuse;
    }
    *AcceptContext = NULL;
    *AcceptDispatch = NULL;
    KeReleaseSemaphore(&Hub.Work, IO_NO_INCREMENT, 1, FALSE);
    return STATUS_SUCCESS;

refuse:
    if (connection->Irp != NULL) {
        IoFreeIrp(connection->Irp);
    }
    if (connection->Mdl != NULL) {
        IoFreeMdl(connection->Mdl);
    }
    ExFreePoolWithTag(connection, HUB_TAG);
    return STATUS_REQUEST_NOT_ACCEPTED;
}

static VOID HubCancel(PDEVICE_OBJECT Device, PIRP Irp)
{
    KIRQL irql;

    UNREFERENCED_PARAMETER(Device);
    IoReleaseCancelSpinLock(Irp->CancelIrql);
    KeAcquireSpinLock(&Hub.Lock, &irql);
    RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
    KeReleaseSpinLock(&Hub.Lock, irql);
    Irp->IoStatus.Status = STATUS_CANCELLED;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
}

static NTSTATUS HubComplete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

static NTSTATUS HubCreateClose(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    return HubComplete(Irp, STATUS_SUCCESS, 0);
}

/* The program goes: what it has asked for through this handle is answered. */
static NTSTATUS HubCleanup(PDEVICE_OBJECT Device, PIRP Irp)
{
    PFILE_OBJECT file = IoGetCurrentIrpStackLocation(Irp)->FileObject;
    LIST_ENTRY gone;
    PLIST_ENTRY at;
    KIRQL irql;

    UNREFERENCED_PARAMETER(Device);
    InitializeListHead(&gone);
    KeAcquireSpinLock(&Hub.Lock, &irql);
    for (at = Hub.Waiting.Flink; at != &Hub.Waiting;) {
        PIRP irp = CONTAINING_RECORD(at, IRP, Tail.Overlay.ListEntry);

        at = at->Flink;
        if (IoGetCurrentIrpStackLocation(irp)->FileObject == file && IoSetCancelRoutine(irp, NULL) != NULL) {
            RemoveEntryList(&irp->Tail.Overlay.ListEntry);
            InsertTailList(&gone, &irp->Tail.Overlay.ListEntry);
        }
    }
    KeReleaseSpinLock(&Hub.Lock, irql);
    while (!IsListEmpty(&gone)) {
        HubComplete(CONTAINING_RECORD(RemoveHeadList(&gone), IRP, Tail.Overlay.ListEntry), STATUS_CANCELLED, 0);
    }
    return HubComplete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS HubNextLine(PIRP Irp)
{
    PHUB_LINE_ENTRY line = NULL;
    KIRQL irql;

    KeAcquireSpinLock(&Hub.Lock, &irql);
    if (!IsListEmpty(&Hub.Lines)) {
        line = CONTAINING_RECORD(RemoveHeadList(&Hub.Lines), HUB_LINE_ENTRY, Link);
        Hub.Kept--;
        KeReleaseSpinLock(&Hub.Lock, irql);
        IoMarkIrpPending(Irp);
        HubAnswer(Irp, line);
        return STATUS_PENDING;
    }
    IoMarkIrpPending(Irp);
    InsertTailList(&Hub.Waiting, &Irp->Tail.Overlay.ListEntry);
    IoSetCancelRoutine(Irp, HubCancel);
    if (Irp->Cancel && IoSetCancelRoutine(Irp, NULL) != NULL) {
        RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
        KeReleaseSpinLock(&Hub.Lock, irql);
        HubComplete(Irp, STATUS_CANCELLED, 0);
        return STATUS_PENDING;
    }
    KeReleaseSpinLock(&Hub.Lock, irql);
    return STATUS_PENDING;
}

static NTSTATUS HubControl(PDEVICE_OBJECT Device, PIRP Irp)
{
    PIO_STACK_LOCATION at = IoGetCurrentIrpStackLocation(Irp);

    UNREFERENCED_PARAMETER(Device);
    switch (at->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_HUB_NEXT_LINE:
        return HubNextLine(Irp);
    case IOCTL_HUB_COUNT:
        if (at->Parameters.DeviceIoControl.OutputBufferLength < sizeof(ULONG)) {
            return HubComplete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
        }
        *(PULONG)Irp->AssociatedIrp.SystemBuffer = Hub.Total;
        return HubComplete(Irp, STATUS_SUCCESS, sizeof(ULONG));
    default:
        return HubComplete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
}

static NTSTATUS HubStartListening(VOID)
{
    SOCKADDR_IN address = { AF_INET, RtlUshortByteSwap(HUB_PORT) };
    KEVENT event;
    PIRP irp = IoAllocateIrp(1, FALSE);
    NTSTATUS status;

    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    KeInitializeEvent(&event, NotificationEvent, FALSE);
    Hub.Npi.Dispatch->WskSocket(Hub.Npi.Client, AF_INET, SOCK_STREAM, IPPROTO_TCP, WSK_FLAG_LISTEN_SOCKET, &Hub, &HubListen,
        NULL, NULL, NULL, HubArm(irp, &event));
    status = HubAwait(irp, &event);
    if (NT_SUCCESS(status)) {
        const WSK_PROVIDER_LISTEN_DISPATCH *dispatch;
        WSK_EVENT_CALLBACK_CONTROL control = { &NPI_WSK_INTERFACE_ID, WSK_EVENT_ACCEPT };

        Hub.Listener = (PWSK_SOCKET)irp->IoStatus.Information;
        dispatch = Hub.Listener->Dispatch;
        dispatch->WskBind(Hub.Listener, (PSOCKADDR)&address, 0, HubArm(irp, &event));
        status = HubAwait(irp, &event);
        if (NT_SUCCESS(status)) {
            status = dispatch->WskControlSocket(Hub.Listener, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET,
                sizeof(control), &control, 0, NULL, NULL, NULL);
        }
        if (!NT_SUCCESS(status)) {
            dispatch->WskCloseSocket(Hub.Listener, HubArm(irp, &event));
            HubAwait(irp, &event);
            Hub.Listener = NULL;
        }
    }
    IoFreeIrp(irp);
    return status;
}

static VOID HubCloseListener(VOID)
{
    KEVENT event;
    PIRP irp = IoAllocateIrp(1, FALSE);

    if (irp == NULL) {
        return;
    }
    KeInitializeEvent(&event, NotificationEvent, FALSE);
    ((const WSK_PROVIDER_BASIC_DISPATCH *)Hub.Listener->Dispatch)->WskCloseSocket(Hub.Listener, HubArm(irp, &event));
    HubAwait(irp, &event);
    IoFreeIrp(irp);
}

/* A thread that is receiving would wait for as long as the other side likes. */
static VOID HubCancelReceives(VOID)
{
    PLIST_ENTRY at;
    KIRQL irql;

    KeAcquireSpinLock(&Hub.Lock, &irql);
    for (at = Hub.Busy.Flink; at != &Hub.Busy; at = at->Flink) {
        IoCancelIrp(CONTAINING_RECORD(at, HUB_CONNECTION, Link)->Irp);
    }
    KeReleaseSpinLock(&Hub.Lock, irql);
}

static VOID HubStopThreads(VOID)
{
    ULONG i;

    Hub.Stopping = TRUE;
    KeReleaseSemaphore(&Hub.Work, IO_NO_INCREMENT, HUB_THREADS, FALSE);
    for (i = 0; i < HUB_THREADS; i++) {
        LARGE_INTEGER soon = { .QuadPart = -50 * 10000LL };

        if (Hub.Threads[i] == NULL) {
            continue;
        }
        /* One that is between two receives when the first is cancelled begins the next: hence again and again. */
        do {
            HubCancelReceives();
        } while (KeWaitForSingleObject(Hub.Threads[i], Executive, KernelMode, FALSE, &soon) == STATUS_TIMEOUT);
        ObDereferenceObject(Hub.Threads[i]);
    }
}

static VOID HubUnload(PDRIVER_OBJECT Driver)
{
    UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\Hub");

    UNREFERENCED_PARAMETER(Driver);
    HubCloseListener();
    HubStopThreads();
    WskReleaseProviderNPI(&Hub.Registration);
    WskDeregister(&Hub.Registration);
    while (!IsListEmpty(&Hub.Lines)) {
        ExFreePoolWithTag(CONTAINING_RECORD(RemoveHeadList(&Hub.Lines), HUB_LINE_ENTRY, Link), HUB_TAG);
    }
    IoDeleteSymbolicLink(&link);
    IoDeleteDevice(Hub.Device);
    DbgPrint("hub: %lu lines\n", Hub.Total);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Hub"), link = RTL_CONSTANT_STRING(L"\\DosDevices\\Hub");
    WSK_CLIENT_NPI client = { &Hub, &HubClient };
    HANDLE handle;
    NTSTATUS status;
    ULONG i;

    UNREFERENCED_PARAMETER(RegistryPath);
    KeInitializeSpinLock(&Hub.Lock);
    KeInitializeSemaphore(&Hub.Work, 0, MAXLONG);
    InitializeListHead(&Hub.Fresh);
    InitializeListHead(&Hub.Busy);
    InitializeListHead(&Hub.Waiting);
    InitializeListHead(&Hub.Lines);

    status = IoCreateDevice(Driver, 0, &name, FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN, FALSE, &Hub.Device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = IoCreateSymbolicLink(&link, &name);
    if (!NT_SUCCESS(status)) {
        goto no_link;
    }
    status = WskRegister(&client, &Hub.Registration);
    if (!NT_SUCCESS(status)) {
        goto no_registration;
    }
    status = WskCaptureProviderNPI(&Hub.Registration, WSK_NO_WAIT, &Hub.Npi);
    if (!NT_SUCCESS(status)) {
        goto no_provider;
    }
    for (i = 0; i < HUB_THREADS; i++) {
        status = PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, HubThread, NULL);
        if (NT_SUCCESS(status)) {
            status = ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, *PsThreadType, KernelMode, (PVOID *)&Hub.Threads[i], NULL);
            ZwClose(handle);
        }
        if (!NT_SUCCESS(status)) {
            goto no_threads;
        }
    }
    status = HubStartListening();
    if (!NT_SUCCESS(status)) {
        goto no_threads;
    }
    Driver->MajorFunction[IRP_MJ_CREATE] = HubCreateClose;
    Driver->MajorFunction[IRP_MJ_CLOSE] = HubCreateClose;
    Driver->MajorFunction[IRP_MJ_CLEANUP] = HubCleanup;
    Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = HubControl;
    Driver->DriverUnload = HubUnload;
    return STATUS_SUCCESS;

no_threads:
    HubStopThreads();
    WskReleaseProviderNPI(&Hub.Registration);
no_provider:
    WskDeregister(&Hub.Registration);
no_registration:
    IoDeleteSymbolicLink(&link);
no_link:
    IoDeleteDevice(Hub.Device);
    return status;
}
