/*
 * A WSK driver that owns one TCP port while it is loaded.
 *
 * DriverEntry registers with WSK, creates a listening socket, makes its port exclusive, binds it and asks for the
 * first connection. That last request stays pending until a peer connects or the driver is unloaded. Unload closes
 * the socket, which completes the pending request with STATUS_CANCELLED, and then takes everything down in the
 * reverse order.
 *
 * Two habits make the driver correct:
 * - Everything that WSK may still use when a call has returned lives in the listener's pool block: the option value,
 *   the addresses and the events. Nothing of it is on a stack.
 * - An IRP belongs to WSK from the call until its completion routine runs. The routine copies the result, frees the
 *   IRP and keeps it from the I/O manager; nobody looks at the IRP after the call. Only the IRP for closing is made
 *   in advance and used again, because taking down must not fail for want of memory.
 */
#include <ntddk.h>
#include <wsk.h>

#define LISTEN_PORT 40007
#define LISTENER_TAG 'nsiL'

/* The one request that set-up or unload waits for: its completion routine fills it in. */
typedef struct _REQUEST {
    KEVENT Done;
    NTSTATUS Status;
    ULONG_PTR Information;
} REQUEST, *PREQUEST;

typedef struct _LISTENER {
    PWSK_SOCKET Socket;
    /* Set when a peer has connected. */
    PWSK_SOCKET Connection;
    /* Value of SO_EXCLUSIVEADDRUSE; WSK may read it until the request completes. */
    ULONG ExclusiveAddrUse;
    SOCKADDR_IN LocalAddress;
    /* WSK writes it when a connection is accepted. */
    SOCKADDR_IN PeerAddress;
    /* Made with the listener, freed with it. */
    PIRP CloseIrp;
    REQUEST Step;
    REQUEST Accept;
} LISTENER, *PLISTENER;

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD ListenUnload;
IO_COMPLETION_ROUTINE RequestComplete;
IO_COMPLETION_ROUTINE AcceptComplete;
IO_COMPLETION_ROUTINE CloseComplete;

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, ListenUnload)
#endif

/* WSK keeps pointers to both for as long as the driver is registered. */
static const WSK_CLIENT_DISPATCH ClientDispatch = { MAKE_WSK_VERSION(1, 0), 0, NULL };
static WSK_REGISTRATION Registration;

static WSK_PROVIDER_NPI Provider;
static PLISTENER Listener;

/* Runs when WSK is done with a request that a thread waits for, at DISPATCH_LEVEL as a rule. */
_Use_decl_annotations_
NTSTATUS
RequestComplete(
    PDEVICE_OBJECT DeviceObject,
    PIRP Irp,
    PVOID Context
    )
{
    PREQUEST request = (PREQUEST)Context;

    UNREFERENCED_PARAMETER(DeviceObject);
    _Analysis_assume_(Context != NULL);

    request->Status = Irp->IoStatus.Status;
    request->Information = Irp->IoStatus.Information;

    IoFreeIrp(Irp);
    KeSetEvent(&request->Done, IO_NO_INCREMENT, FALSE);

    /* The IRP is gone: the I/O manager must not look at it again. */
    return STATUS_MORE_PROCESSING_REQUIRED;
}

/* Runs when a peer has connected, or when the listening socket is closed before one did. */
_Use_decl_annotations_
NTSTATUS
AcceptComplete(
    PDEVICE_OBJECT DeviceObject,
    PIRP Irp,
    PVOID Context
    )
{
    PLISTENER listener = (PLISTENER)Context;
    NTSTATUS status = Irp->IoStatus.Status;

    UNREFERENCED_PARAMETER(DeviceObject);
    _Analysis_assume_(Context != NULL);

    if (NT_SUCCESS(status)) {
        listener->Connection = (PWSK_SOCKET)Irp->IoStatus.Information;
        DbgPrint("listen: a peer connected from port %u\n", RtlUshortByteSwap(listener->PeerAddress.sin_port));
    } else if (status == STATUS_CANCELLED) {
        DbgPrint("listen: no peer came\n");
    } else {
        DbgPrint("listen: accept failed with 0x%08X\n", status);
    }

    listener->Accept.Status = status;
    IoFreeIrp(Irp);
    KeSetEvent(&listener->Accept.Done, IO_NO_INCREMENT, FALSE);

    return STATUS_MORE_PROCESSING_REQUIRED;
}

/* Runs when a socket is closed, which never fails. The IRP stays with the listener. */
_Use_decl_annotations_
NTSTATUS
CloseComplete(
    PDEVICE_OBJECT DeviceObject,
    PIRP Irp,
    PVOID Context
    )
{
    PREQUEST request = (PREQUEST)Context;

    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    _Analysis_assume_(Context != NULL);

    KeSetEvent(&request->Done, IO_NO_INCREMENT, FALSE);

    return STATUS_MORE_PROCESSING_REQUIRED;
}

/*
 * Waits for a request that was sent with RequestComplete. The completion routine runs whatever the call returned, so
 * the wait always ends and the request's own status is the one that counts.
 */
static
NTSTATUS
WaitFor(
    _In_ PREQUEST Request
    )
{
    KeWaitForSingleObject(&Request->Done, Executive, KernelMode, FALSE, NULL);
    return Request->Status;
}

/* An IRP of our own with one stack location, for WSK to use; its completion is reported to Request. */
static
PIRP
AllocateRequestIrp(
    _Inout_ PREQUEST Request
    )
{
    PIRP irp = IoAllocateIrp(1, FALSE);

    if (irp == NULL) {
        return NULL;
    }

    KeClearEvent(&Request->Done);
    IoSetCompletionRoutine(irp, RequestComplete, Request, TRUE, TRUE, TRUE);
    return irp;
}

static
NTSTATUS
CreateListeningSocket(
    _Inout_ PLISTENER Target
    )
{
    NTSTATUS status;
    PIRP irp = AllocateRequestIrp(&Target->Step);

    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }

    /* No event callbacks are wanted, so there is neither a socket context nor a dispatch table. */
    Provider.Dispatch->WskSocket(
        Provider.Client,
        AF_INET,
        SOCK_STREAM,
        IPPROTO_TCP,
        WSK_FLAG_LISTEN_SOCKET,
        NULL,
        NULL,
        NULL,
        NULL,
        NULL,
        irp);

    status = WaitFor(&Target->Step);
    if (NT_SUCCESS(status)) {
        Target->Socket = (PWSK_SOCKET)Target->Step.Information;
    }
    return status;
}

/* Keeps other sockets from sharing the port. Such an option must be set before the socket is bound. */
static
NTSTATUS
SetExclusiveAddress(
    _Inout_ PLISTENER Target
    )
{
    const WSK_PROVIDER_LISTEN_DISPATCH *dispatch = Target->Socket->Dispatch;
    PIRP irp = AllocateRequestIrp(&Target->Step);

    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }

    Target->ExclusiveAddrUse = 1;
    dispatch->WskControlSocket(
        Target->Socket,
        WskSetOption,
        SO_EXCLUSIVEADDRUSE,
        SOL_SOCKET,
        sizeof(Target->ExclusiveAddrUse),
        &Target->ExclusiveAddrUse,
        0,
        NULL,
        NULL,
        irp);

    return WaitFor(&Target->Step);
}

/* Gives the socket its address. A listening socket listens from then on. */
static
NTSTATUS
BindSocket(
    _Inout_ PLISTENER Target
    )
{
    const WSK_PROVIDER_LISTEN_DISPATCH *dispatch = Target->Socket->Dispatch;
    PIRP irp = AllocateRequestIrp(&Target->Step);

    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }

    Target->LocalAddress.sin_family = AF_INET;
    Target->LocalAddress.sin_port = RtlUshortByteSwap(LISTEN_PORT);
    Target->LocalAddress.sin_addr.s_addr = INADDR_ANY;
    dispatch->WskBind(Target->Socket, (PSOCKADDR)&Target->LocalAddress, 0, irp);

    return WaitFor(&Target->Step);
}

/* Asks for the next connection and does not wait for it: AcceptComplete hears of it. */
static
NTSTATUS
StartAccept(
    _Inout_ PLISTENER Target
    )
{
    const WSK_PROVIDER_LISTEN_DISPATCH *dispatch = Target->Socket->Dispatch;
    PIRP irp = IoAllocateIrp(1, FALSE);

    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }

    KeClearEvent(&Target->Accept.Done);
    IoSetCompletionRoutine(irp, AcceptComplete, Target, TRUE, TRUE, TRUE);
    return dispatch->WskAccept(
        Target->Socket,
        0,
        NULL,
        NULL,
        NULL,
        (PSOCKADDR)&Target->PeerAddress,
        irp);
}

/* Closes a socket of any category. Requests that are still pending on it complete first, with STATUS_CANCELLED. */
static
VOID
CloseSocket(
    _Inout_ PLISTENER Target,
    _In_ PWSK_SOCKET Socket
    )
{
    const WSK_PROVIDER_BASIC_DISPATCH *dispatch = Socket->Dispatch;

    KeClearEvent(&Target->Step.Done);
    IoReuseIrp(Target->CloseIrp, STATUS_UNSUCCESSFUL);
    IoSetCompletionRoutine(Target->CloseIrp, CloseComplete, &Target->Step, TRUE, TRUE, TRUE);
    dispatch->WskCloseSocket(Socket, Target->CloseIrp);

    KeWaitForSingleObject(&Target->Step.Done, Executive, KernelMode, FALSE, NULL);
}

/* Takes down what has been set up, in the reverse order; fit for a listener that was only half made. */
static
VOID
StopListening(
    _In_ PLISTENER Target
    )
{
    if (Target->Socket != NULL) {
        CloseSocket(Target, Target->Socket);
        Target->Socket = NULL;
    }

    /* The accept request has completed by now; its event was set from the start if there was none. */
    KeWaitForSingleObject(&Target->Accept.Done, Executive, KernelMode, FALSE, NULL);

    if (Target->Connection != NULL) {
        CloseSocket(Target, Target->Connection);
        Target->Connection = NULL;
    }
}

static
PLISTENER
AllocateListener(
    VOID
    )
{
    PLISTENER listener = (PLISTENER)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(LISTENER), LISTENER_TAG);

    if (listener == NULL) {
        return NULL;
    }

    listener->CloseIrp = IoAllocateIrp(1, FALSE);
    if (listener->CloseIrp == NULL) {
        ExFreePoolWithTag(listener, LISTENER_TAG);
        return NULL;
    }

    KeInitializeEvent(&listener->Step.Done, NotificationEvent, FALSE);
    KeInitializeEvent(&listener->Accept.Done, NotificationEvent, TRUE);
    return listener;
}

static
VOID
FreeListener(
    _In_ PLISTENER Target
    )
{
    IoFreeIrp(Target->CloseIrp);
    ExFreePoolWithTag(Target, LISTENER_TAG);
}

static
NTSTATUS
StartListening(
    _Inout_ PLISTENER Target
    )
{
    NTSTATUS status;

    status = CreateListeningSocket(Target);
    if (!NT_SUCCESS(status)) {
        DbgPrint("listen: no socket, 0x%08X\n", status);
        return status;
    }
    DbgPrint("listen: socket created\n");

    status = SetExclusiveAddress(Target);
    if (!NT_SUCCESS(status)) {
        DbgPrint("listen: the port can't be made exclusive, 0x%08X\n", status);
        return status;
    }

    status = BindSocket(Target);
    if (!NT_SUCCESS(status)) {
        DbgPrint("listen: port %u can't be bound, 0x%08X\n", LISTEN_PORT, status);
        return status;
    }
    DbgPrint("listen: listening on port %u\n", LISTEN_PORT);

    return StartAccept(Target);
}

_Use_decl_annotations_
NTSTATUS
DriverEntry(
    PDRIVER_OBJECT DriverObject,
    PUNICODE_STRING RegistryPath
    )
{
    NTSTATUS status;
    WSK_CLIENT_NPI clientNpi;

    UNREFERENCED_PARAMETER(RegistryPath);
    PAGED_CODE();

    Listener = AllocateListener();
    if (Listener == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }

    clientNpi.ClientContext = NULL;
    clientNpi.Dispatch = &ClientDispatch;
    status = WskRegister(&clientNpi, &Registration);
    if (!NT_SUCCESS(status)) {
        goto Free;
    }

    /* DriverEntry must not wait for WSK to start. */
    status = WskCaptureProviderNPI(&Registration, WSK_NO_WAIT, &Provider);
    if (!NT_SUCCESS(status)) {
        DbgPrint("listen: WSK is not ready, 0x%08X\n", status);
        goto Deregister;
    }

    status = StartListening(Listener);
    if (!NT_SUCCESS(status)) {
        goto Stop;
    }

    DriverObject->DriverUnload = ListenUnload;
    return STATUS_SUCCESS;

Stop:
    StopListening(Listener);
    WskReleaseProviderNPI(&Registration);
Deregister:
    WskDeregister(&Registration);
Free:
    FreeListener(Listener);
    Listener = NULL;
    return status;
}

_Use_decl_annotations_
VOID
ListenUnload(
    PDRIVER_OBJECT DriverObject
    )
{
    UNREFERENCED_PARAMETER(DriverObject);
    PAGED_CODE();

    StopListening(Listener);
    DbgPrint("listen: socket closed\n");

    /* WskDeregister would wait for ever for a socket that is still open, or for an NPI that is still captured. */
    WskReleaseProviderNPI(&Registration);
    WskDeregister(&Registration);

    FreeListener(Listener);
    Listener = NULL;
    DbgPrint("listen: unloaded\n");
}
