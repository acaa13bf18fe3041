/*
 * The listening driver of ../listen with eight mistakes, one for each rule that is listed in README.md.
 *
 * Each one compiles without a warning and most of them work on a quiet machine, which is why they are worth finding
 * before the driver runs.
 */
#include <ntddk.h>
#include <wsk.h>

#define LISTEN_PORT 40007
#define LISTENER_TAG 'gubL'

typedef struct _LISTENER {
    PWSK_SOCKET Socket;
    PWSK_SOCKET ControlSocket;
    PWSK_SOCKET Connection;
    SOCKADDR_IN LocalAddress;
    SOCKADDR_IN PeerAddress;
    KEVENT Done;
    KEVENT AcceptDone;
    NTSTATUS Status;
    ULONG_PTR Information;
} LISTENER, *PLISTENER;

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD ListenUnload;
IO_COMPLETION_ROUTINE RequestComplete;
IO_COMPLETION_ROUTINE AcceptComplete;

static const WSK_CLIENT_DISPATCH ClientDispatch = { MAKE_WSK_VERSION(1, 0), 0, NULL };
static const WSK_CLIENT_CONNECTION_DISPATCH ConnectionDispatch = { NULL, NULL, NULL };
static WSK_REGISTRATION Registration;
static WSK_PROVIDER_NPI Provider;
static PLISTENER Listener;

_Use_decl_annotations_
NTSTATUS
RequestComplete(
    PDEVICE_OBJECT DeviceObject,
    PIRP Irp,
    PVOID Context
    )
{
    PLISTENER listener = (PLISTENER)Context;

    UNREFERENCED_PARAMETER(DeviceObject);

    listener->Status = Irp->IoStatus.Status;
    listener->Information = Irp->IoStatus.Information;
    IoFreeIrp(Irp);
    KeSetEvent(&listener->Done, IO_NO_INCREMENT, FALSE);

    return STATUS_MORE_PROCESSING_REQUIRED;
}

/* The I/O manager goes on with an IRP that has been freed. */
_Use_decl_annotations_
NTSTATUS
AcceptComplete(
    PDEVICE_OBJECT DeviceObject,
    PIRP Irp,
    PVOID Context
    )
{
    PLISTENER listener = (PLISTENER)Context;

    UNREFERENCED_PARAMETER(DeviceObject);

    if (NT_SUCCESS(Irp->IoStatus.Status)) {
        listener->Connection = (PWSK_SOCKET)Irp->IoStatus.Information;
    }
    IoFreeIrp(Irp);
    KeSetEvent(&listener->AcceptDone, IO_NO_INCREMENT, FALSE);

    return STATUS_SUCCESS;
}

static
NTSTATUS
WaitForRequest(
    _In_ PLISTENER Target
    )
{
    KeWaitForSingleObject(&Target->Done, Executive, KernelMode, FALSE, NULL);
    return Target->Status;
}

/* WSK needs a stack location of its own in the IRP. */
static
NTSTATUS
CreateListeningSocket(
    _Inout_ PLISTENER Target
    )
{
    NTSTATUS status;
    PIRP irp = IoAllocateIrp(0, FALSE);

    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }

    KeClearEvent(&Target->Done);
    IoSetCompletionRoutine(irp, RequestComplete, Target, TRUE, TRUE, TRUE);
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

    status = WaitForRequest(Target);
    if (NT_SUCCESS(status)) {
        Target->Socket = (PWSK_SOCKET)Target->Information;
    }
    return status;
}

/* A basic socket has no events, so it takes neither a context nor a dispatch table. */
static
NTSTATUS
CreateControlSocket(
    _Inout_ PLISTENER Target
    )
{
    NTSTATUS status;
    PIRP irp = IoAllocateIrp(1, FALSE);

    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }

    KeClearEvent(&Target->Done);
    IoSetCompletionRoutine(irp, RequestComplete, Target, TRUE, TRUE, TRUE);
    Provider.Dispatch->WskSocket(
        Provider.Client,
        AF_INET,
        SOCK_STREAM,
        IPPROTO_TCP,
        WSK_FLAG_BASIC_SOCKET,
        Target,
        &ConnectionDispatch,
        NULL,
        NULL,
        NULL,
        irp);

    status = WaitForRequest(Target);
    if (NT_SUCCESS(status)) {
        Target->ControlSocket = (PWSK_SOCKET)Target->Information;
    }
    return status;
}

/* The option's value is gone when this function returns; WSK may read it later. */
static
NTSTATUS
SetExclusiveAddress(
    _In_ PLISTENER Target
    )
{
    const WSK_PROVIDER_LISTEN_DISPATCH *dispatch = Target->Socket->Dispatch;
    ULONG exclusive = 1;
    PIRP irp = IoAllocateIrp(1, FALSE);

    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }

    KeClearEvent(&Target->Done);
    IoSetCompletionRoutine(irp, RequestComplete, Target, TRUE, TRUE, TRUE);
    return dispatch->WskControlSocket(
        Target->Socket,
        WskSetOption,
        SO_EXCLUSIVEADDRUSE,
        SOL_SOCKET,
        sizeof(exclusive),
        &exclusive,
        0,
        NULL,
        NULL,
        irp);
}

/* RequestComplete frees the IRP, perhaps before WskBind has returned. */
static
NTSTATUS
BindSocket(
    _Inout_ PLISTENER Target
    )
{
    const WSK_PROVIDER_LISTEN_DISPATCH *dispatch = Target->Socket->Dispatch;
    PIRP irp = IoAllocateIrp(1, FALSE);

    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }

    Target->LocalAddress.sin_family = AF_INET;
    Target->LocalAddress.sin_port = RtlUshortByteSwap(LISTEN_PORT);
    Target->LocalAddress.sin_addr.s_addr = INADDR_ANY;

    KeClearEvent(&Target->Done);
    IoSetCompletionRoutine(irp, RequestComplete, Target, TRUE, TRUE, TRUE);
    dispatch->WskBind(Target->Socket, (PSOCKADDR)&Target->LocalAddress, 0, irp);

    KeWaitForSingleObject(&Target->Done, Executive, KernelMode, FALSE, NULL);
    return irp->IoStatus.Status;
}

/* An own IRP without a completion routine goes to the I/O manager when it completes. */
static
NTSTATUS
QueryLocalAddress(
    _Inout_ PLISTENER Target
    )
{
    const WSK_PROVIDER_LISTEN_DISPATCH *dispatch = Target->Socket->Dispatch;
    PIRP irp = IoAllocateIrp(1, FALSE);

    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }

    return dispatch->WskGetLocalAddress(Target->Socket, (PSOCKADDR)&Target->LocalAddress, irp);
}

/* IoAllocateIrp returns NULL when memory is short. */
static
NTSTATUS
StartAccept(
    _Inout_ PLISTENER Target
    )
{
    const WSK_PROVIDER_LISTEN_DISPATCH *dispatch = Target->Socket->Dispatch;
    PIRP irp = IoAllocateIrp(1, FALSE);

    KeClearEvent(&Target->AcceptDone);
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

/* When the request fails or is cancelled, the completion routine is left out and the wait never ends. */
static
NTSTATUS
CloseSocket(
    _Inout_ PLISTENER Target,
    _In_ PWSK_SOCKET Socket
    )
{
    const WSK_PROVIDER_BASIC_DISPATCH *dispatch = Socket->Dispatch;
    PIRP irp = IoAllocateIrp(1, FALSE);

    if (irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }

    KeClearEvent(&Target->Done);
    IoSetCompletionRoutine(irp, RequestComplete, Target, TRUE, FALSE, FALSE);
    dispatch->WskCloseSocket(Socket, irp);

    return WaitForRequest(Target);
}

static
VOID
StopListening(
    _Inout_ PLISTENER Target
    )
{
    if (Target->Socket != NULL) {
        CloseSocket(Target, Target->Socket);
        Target->Socket = NULL;
    }

    KeWaitForSingleObject(&Target->AcceptDone, Executive, KernelMode, FALSE, NULL);

    if (Target->Connection != NULL) {
        CloseSocket(Target, Target->Connection);
        Target->Connection = NULL;
    }
    if (Target->ControlSocket != NULL) {
        CloseSocket(Target, Target->ControlSocket);
        Target->ControlSocket = NULL;
    }
}

static
NTSTATUS
StartListening(
    _Inout_ PLISTENER Target
    )
{
    NTSTATUS status = CreateListeningSocket(Target);

    if (NT_SUCCESS(status)) {
        status = CreateControlSocket(Target);
    }
    if (NT_SUCCESS(status)) {
        status = SetExclusiveAddress(Target);
    }
    if (NT_SUCCESS(status)) {
        status = WaitForRequest(Target);
    }
    if (NT_SUCCESS(status)) {
        status = BindSocket(Target);
    }
    if (NT_SUCCESS(status)) {
        status = QueryLocalAddress(Target);
    }
    if (NT_SUCCESS(status)) {
        status = StartAccept(Target);
    }
    return status;
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

    Listener = (PLISTENER)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(LISTENER), LISTENER_TAG);
    if (Listener == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    KeInitializeEvent(&Listener->Done, NotificationEvent, FALSE);
    KeInitializeEvent(&Listener->AcceptDone, NotificationEvent, TRUE);

    clientNpi.ClientContext = NULL;
    clientNpi.Dispatch = &ClientDispatch;
    status = WskRegister(&clientNpi, &Registration);
    if (!NT_SUCCESS(status)) {
        goto FreeListener;
    }

    status = WskCaptureProviderNPI(&Registration, WSK_NO_WAIT, &Provider);
    if (!NT_SUCCESS(status)) {
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
FreeListener:
    ExFreePoolWithTag(Listener, LISTENER_TAG);
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

    StopListening(Listener);
    WskReleaseProviderNPI(&Registration);
    WskDeregister(&Registration);

    ExFreePoolWithTag(Listener, LISTENER_TAG);
    Listener = NULL;
}
