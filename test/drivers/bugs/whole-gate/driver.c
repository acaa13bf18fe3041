/*++
    gate - an upper filter with a control device and a WSK control connection.

    Reads and writes pass through; what a WSK listener on port 7300 is told ("+" or "-") opens and shuts the gate. While it is
    shut, writes wait in a list and go down when it opens.

    Wrong: What waited goes down with its cancel routine.
    Right: The routine is taken away first; where it runs already, the request is its.
--*/
#include <ntddk.h>
#include <wsk.h>

#define GATE_TAG 'etaG'

typedef struct _GATE_EXTENSION {
    PDEVICE_OBJECT Self;
    PDEVICE_OBJECT Lower;
    IO_REMOVE_LOCK RemoveLock;
    LIST_ENTRY Waiting;
    KSPIN_LOCK WaitingLock;
    BOOLEAN IsShut;
    BOOLEAN IsStarted;
    LIST_ENTRY Link;
} GATE_EXTENSION, *PGATE_EXTENSION;

static LIST_ENTRY Gates;
static FAST_MUTEX GatesMutex;
static WSK_REGISTRATION Registration;
static WSK_PROVIDER_NPI Npi;
static PWSK_SOCKET Listener, Peer;
static KEVENT SocketDone;
static PIRP SocketIrp;
static PIRP ReceiveIrp;
static PMDL ReceiveMdl;
static UCHAR Command[4];
static PVOID Thread;
static KEVENT CommandEvent;
static LONG Stop;
static const WSK_CLIENT_DISPATCH ClientDispatch = { MAKE_WSK_VERSION(1, 0), 0, NULL };

DRIVER_INITIALIZE DriverEntry;
static DRIVER_ADD_DEVICE GateAddDevice;
static DRIVER_UNLOAD GateUnload;
static DRIVER_CANCEL GateCancel;
static IO_COMPLETION_ROUTINE GateSignal, GateStartDone, GateReadDone;

static NTSTATUS
GateComplete(_In_ PIRP Irp, _In_ NTSTATUS Status)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

static NTSTATUS
GatePass(_In_ PDEVICE_OBJECT DeviceObject, _In_ PIRP Irp)
{
    PGATE_EXTENSION gate = DeviceObject->DeviceExtension;
    NTSTATUS status = IoAcquireRemoveLock(&gate->RemoveLock, Irp);

    if (!NT_SUCCESS(status)) {
        return GateComplete(Irp, status);
    }
    IoSkipCurrentIrpStackLocation(Irp);
    status = IoCallDriver(gate->Lower, Irp);
    IoReleaseRemoveLock(&gate->RemoveLock, Irp);
    return status;
}

static NTSTATUS
GateReadDone(_In_ PDEVICE_OBJECT DeviceObject, _In_ PIRP Irp, _In_opt_ PVOID Context)
{
    PGATE_EXTENSION gate = Context;
    UNREFERENCED_PARAMETER(DeviceObject);
    if (Irp->PendingReturned) {
        IoMarkIrpPending(Irp);
    }
    IoReleaseRemoveLock(&gate->RemoveLock, Irp);
    return STATUS_CONTINUE_COMPLETION;
}

static NTSTATUS
GateRead(_In_ PDEVICE_OBJECT DeviceObject, _Inout_ PIRP Irp)
{
    PGATE_EXTENSION gate = DeviceObject->DeviceExtension;
    NTSTATUS status = IoAcquireRemoveLock(&gate->RemoveLock, Irp);

    if (!NT_SUCCESS(status)) {
        return GateComplete(Irp, status);
    }
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, GateReadDone, gate, TRUE, TRUE, TRUE);
    return IoCallDriver(gate->Lower, Irp);
}

static VOID
GateCancel(_Inout_ PDEVICE_OBJECT DeviceObject, _Inout_ PIRP Irp)
{
    PGATE_EXTENSION gate = DeviceObject->DeviceExtension;
    KIRQL irql;

    IoReleaseCancelSpinLock(Irp->CancelIrql);
    KeAcquireSpinLock(&gate->WaitingLock, &irql);
    RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
    KeReleaseSpinLock(&gate->WaitingLock, irql);
    GateComplete(Irp, STATUS_CANCELLED);
    IoReleaseRemoveLock(&gate->RemoveLock, Irp);
}

static NTSTATUS
GateWrite(_In_ PDEVICE_OBJECT DeviceObject, _Inout_ PIRP Irp)
{
    PGATE_EXTENSION gate = DeviceObject->DeviceExtension;
    NTSTATUS status = IoAcquireRemoveLock(&gate->RemoveLock, Irp);
    KIRQL irql;

    if (!NT_SUCCESS(status)) {
        return GateComplete(Irp, status);
    }
    KeAcquireSpinLock(&gate->WaitingLock, &irql);
    if (gate->IsShut) {
        IoMarkIrpPending(Irp);
        IoSetCancelRoutine(Irp, GateCancel);
        if (Irp->Cancel && IoSetCancelRoutine(Irp, NULL) != NULL) {
            KeReleaseSpinLock(&gate->WaitingLock, irql);
            GateComplete(Irp, STATUS_CANCELLED);
            IoReleaseRemoveLock(&gate->RemoveLock, Irp);
            return STATUS_PENDING;
        }
        InsertTailList(&gate->Waiting, &Irp->Tail.Overlay.ListEntry);
        KeReleaseSpinLock(&gate->WaitingLock, irql);
        return STATUS_PENDING;
    }
    KeReleaseSpinLock(&gate->WaitingLock, irql);
    IoSkipCurrentIrpStackLocation(Irp);
    status = IoCallDriver(gate->Lower, Irp);
    IoReleaseRemoveLock(&gate->RemoveLock, Irp);
    return status;
}

/* What waits goes down, or ends with Status where that is no success. */
static VOID
GateFlush(_In_ PGATE_EXTENSION Gate, _In_ NTSTATUS Status)
{
    for (;;) {
        PIRP irp = NULL;
        PLIST_ENTRY entry;
        KIRQL irql;

        KeAcquireSpinLock(&Gate->WaitingLock, &irql);
        for (entry = Gate->Waiting.Flink; entry != &Gate->Waiting; entry = entry->Flink) {
            irp = CONTAINING_RECORD(entry, IRP, Tail.Overlay.ListEntry);
#ifdef WRONG
            RemoveEntryList(entry);
            break;
#else
            if (IoSetCancelRoutine(irp, NULL) != NULL) {
                RemoveEntryList(entry);
                break;
            }
            irp = NULL;
#endif
        }
        KeReleaseSpinLock(&Gate->WaitingLock, irql);
        if (irp == NULL) {
            return;
        }
        if (NT_SUCCESS(Status)) {
            IoSkipCurrentIrpStackLocation(irp);
            IoCallDriver(Gate->Lower, irp); /* finding: sent-with-cancel-routine */
        } else {
            GateComplete(irp, Status);
        }
        IoReleaseRemoveLock(&Gate->RemoveLock, irp);
    }
}

static VOID
GateSet(_In_ BOOLEAN IsShut)
{
    PLIST_ENTRY entry;

    ExAcquireFastMutex(&GatesMutex);
    for (entry = Gates.Flink; entry != &Gates; entry = entry->Flink) {
        PGATE_EXTENSION gate = CONTAINING_RECORD(entry, GATE_EXTENSION, Link);
        KIRQL irql;

        KeAcquireSpinLock(&gate->WaitingLock, &irql);
        gate->IsShut = IsShut;
        KeReleaseSpinLock(&gate->WaitingLock, irql);
        if (!IsShut) {
            GateFlush(gate, STATUS_SUCCESS);
        }
    }
    ExReleaseFastMutex(&GatesMutex);
}

static NTSTATUS
GateSignal(_In_ PDEVICE_OBJECT DeviceObject, _In_ PIRP Irp, _In_opt_ PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    KeSetEvent(Context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS
GateStartDone(_In_ PDEVICE_OBJECT DeviceObject, _In_ PIRP Irp, _In_opt_ PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    if (Irp->PendingReturned) {
        KeSetEvent(Context, IO_NO_INCREMENT, FALSE);
    }
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS
GatePnp(_In_ PDEVICE_OBJECT DeviceObject, _Inout_ PIRP Irp)
{
    PGATE_EXTENSION gate = DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS status = IoAcquireRemoveLock(&gate->RemoveLock, Irp);
    KEVENT done;

    if (!NT_SUCCESS(status)) {
        return GateComplete(Irp, status);
    }
    switch (stack->MinorFunction) {
    case IRP_MN_START_DEVICE:
        KeInitializeEvent(&done, NotificationEvent, FALSE);
        IoCopyCurrentIrpStackLocationToNext(Irp);
        IoSetCompletionRoutine(Irp, GateStartDone, &done, TRUE, TRUE, TRUE);
        status = IoCallDriver(gate->Lower, Irp);
        if (status == STATUS_PENDING) {
            KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
            status = Irp->IoStatus.Status;
        }
        if (NT_SUCCESS(status)) {
            gate->IsStarted = TRUE;
        }
        IoCompleteRequest(Irp, IO_NO_INCREMENT);
        IoReleaseRemoveLock(&gate->RemoveLock, Irp);
        return status;

    case IRP_MN_REMOVE_DEVICE:
        ExAcquireFastMutex(&GatesMutex);
        RemoveEntryList(&gate->Link);
        ExReleaseFastMutex(&GatesMutex);
        GateFlush(gate, STATUS_DELETE_PENDING);
        Irp->IoStatus.Status = STATUS_SUCCESS;
        IoSkipCurrentIrpStackLocation(Irp);
        status = IoCallDriver(gate->Lower, Irp);
        IoReleaseRemoveLockAndWait(&gate->RemoveLock, Irp);
        IoDetachDevice(gate->Lower);
        IoDeleteDevice(DeviceObject);
        return status;

    case IRP_MN_SURPRISE_REMOVAL:
        GateFlush(gate, STATUS_DELETE_PENDING);
        Irp->IoStatus.Status = STATUS_SUCCESS;
        break;

    default:
        break;
    }
    IoSkipCurrentIrpStackLocation(Irp);
    status = IoCallDriver(gate->Lower, Irp);
    IoReleaseRemoveLock(&gate->RemoveLock, Irp);
    return status;
}

static NTSTATUS
GatePower(_In_ PDEVICE_OBJECT DeviceObject, _Inout_ PIRP Irp)
{
    PGATE_EXTENSION gate = DeviceObject->DeviceExtension;
    NTSTATUS status = IoAcquireRemoveLock(&gate->RemoveLock, Irp);

    if (!NT_SUCCESS(status)) {
        PoStartNextPowerIrp(Irp);
        return GateComplete(Irp, status);
    }
    PoStartNextPowerIrp(Irp);
    IoSkipCurrentIrpStackLocation(Irp);
    status = PoCallDriver(gate->Lower, Irp);
    IoReleaseRemoveLock(&gate->RemoveLock, Irp);
    return status;
}

static NTSTATUS
GateAddDevice(_In_ PDRIVER_OBJECT DriverObject, _In_ PDEVICE_OBJECT PhysicalDeviceObject)
{
    PDEVICE_OBJECT device;
    PGATE_EXTENSION gate;
    NTSTATUS status = IoCreateDevice(DriverObject, sizeof(GATE_EXTENSION), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);

    if (!NT_SUCCESS(status)) {
        return status;
    }
    gate = device->DeviceExtension;
    RtlZeroMemory(gate, sizeof(*gate));
    gate->Self = device;
    IoInitializeRemoveLock(&gate->RemoveLock, GATE_TAG, 0, 0);
    InitializeListHead(&gate->Waiting);
    KeInitializeSpinLock(&gate->WaitingLock);
    gate->Lower = IoAttachDeviceToDeviceStack(device, PhysicalDeviceObject);
    if (gate->Lower == NULL) {
        IoDeleteDevice(device);
        return STATUS_NO_SUCH_DEVICE;
    }
    device->Flags |= gate->Lower->Flags & (DO_BUFFERED_IO | DO_DIRECT_IO | DO_POWER_PAGABLE);
    device->DeviceType = gate->Lower->DeviceType;
    ExAcquireFastMutex(&GatesMutex);
    InsertTailList(&Gates, &gate->Link);
    ExReleaseFastMutex(&GatesMutex);
    device->Flags &= ~DO_DEVICE_INITIALIZING;
    return STATUS_SUCCESS;
}

/* ---- the connection that opens and shuts the gates ---- */

static PIRP
Ready(VOID)
{
    KeClearEvent(&SocketDone);
    IoReuseIrp(SocketIrp, STATUS_UNSUCCESSFUL);
    IoSetCompletionRoutine(SocketIrp, GateSignal, &SocketDone, TRUE, TRUE, TRUE);
    return SocketIrp;
}

static NTSTATUS
Finish(VOID)
{
    KeWaitForSingleObject(&SocketDone, Executive, KernelMode, FALSE, NULL);
    return SocketIrp->IoStatus.Status;
}

static VOID
CloseIt(_Inout_ PWSK_SOCKET *Socket)
{
    PWSK_SOCKET socket = *Socket;

    if (socket == NULL) {
        return;
    }
    *Socket = NULL;
    ((PWSK_PROVIDER_BASIC_DISPATCH)socket->Dispatch)->WskCloseSocket(socket, Ready());
    Finish();
}

static VOID
GateThread(_In_ PVOID Context)
{
    static LARGE_INTEGER tick = { .QuadPart = -200000 };

    UNREFERENCED_PARAMETER(Context);
    while (!Stop) {
        /* Accept with an IRP that can be cancelled by the unload. */
        KeClearEvent(&CommandEvent);
        IoReuseIrp(ReceiveIrp, STATUS_UNSUCCESSFUL);
        IoSetCompletionRoutine(ReceiveIrp, GateSignal, &CommandEvent, TRUE, TRUE, TRUE);
        ((PWSK_PROVIDER_LISTEN_DISPATCH)Listener->Dispatch)->WskAccept(Listener, 0, NULL, NULL, NULL, NULL, ReceiveIrp);
        while (KeWaitForSingleObject(&CommandEvent, Executive, KernelMode, FALSE, &tick) == STATUS_TIMEOUT) {
            if (Stop) {
                IoCancelIrp(ReceiveIrp);
            }
        }
        if (!NT_SUCCESS(ReceiveIrp->IoStatus.Status)) {
            continue;
        }
        Peer = (PWSK_SOCKET)ReceiveIrp->IoStatus.Information;
        for (;;) {
            WSK_BUF buffer = { ReceiveMdl, 0, 1 };

            KeClearEvent(&CommandEvent);
            IoReuseIrp(ReceiveIrp, STATUS_UNSUCCESSFUL);
            IoSetCompletionRoutine(ReceiveIrp, GateSignal, &CommandEvent, TRUE, TRUE, TRUE);
            ((PWSK_PROVIDER_CONNECTION_DISPATCH)Peer->Dispatch)->WskReceive(Peer, &buffer, 0, ReceiveIrp);
            while (KeWaitForSingleObject(&CommandEvent, Executive, KernelMode, FALSE, &tick) == STATUS_TIMEOUT) {
                if (Stop) {
                    IoCancelIrp(ReceiveIrp);
                }
            }
            if (!NT_SUCCESS(ReceiveIrp->IoStatus.Status) || ReceiveIrp->IoStatus.Information == 0) {
                break;
            }
            GateSet((BOOLEAN)(Command[0] == '-'));
        }
        CloseIt(&Peer);
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID
GateUnload(_In_ PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    InterlockedExchange(&Stop, 1);
    if (Thread != NULL) {
        KeWaitForSingleObject(Thread, Executive, KernelMode, FALSE, NULL);
        ObDereferenceObject(Thread);
    }
    CloseIt(&Listener);
    IoFreeIrp(SocketIrp);
    IoFreeIrp(ReceiveIrp);
    IoFreeMdl(ReceiveMdl);
    WskReleaseProviderNPI(&Registration);
    WskDeregister(&Registration);
}

NTSTATUS
DriverEntry(_In_ PDRIVER_OBJECT DriverObject, _In_ PUNICODE_STRING RegistryPath)
{
    WSK_CLIENT_NPI client = { NULL, &ClientDispatch };
    SOCKADDR_IN here = { AF_INET, 0, { 0 }, { 0 } };
    HANDLE handle;
    NTSTATUS status;
    ULONG i;

    UNREFERENCED_PARAMETER(RegistryPath);
    InitializeListHead(&Gates);
    ExInitializeFastMutex(&GatesMutex);
    KeInitializeEvent(&SocketDone, NotificationEvent, FALSE);
    KeInitializeEvent(&CommandEvent, NotificationEvent, FALSE);
    status = WskRegister(&client, &Registration);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = WskCaptureProviderNPI(&Registration, WSK_NO_WAIT, &Npi);
    if (!NT_SUCCESS(status)) {
        goto NoProvider;
    }
    status = STATUS_INSUFFICIENT_RESOURCES;
    SocketIrp = IoAllocateIrp(1, FALSE);
    ReceiveIrp = IoAllocateIrp(1, FALSE);
    ReceiveMdl = IoAllocateMdl(Command, sizeof(Command), FALSE, FALSE, NULL);
    if (SocketIrp == NULL || ReceiveIrp == NULL || ReceiveMdl == NULL) {
        goto NoMemory;
    }
    MmBuildMdlForNonPagedPool(ReceiveMdl);
    Npi.Dispatch->WskSocket(Npi.Client, AF_INET, SOCK_STREAM, IPPROTO_TCP, WSK_FLAG_LISTEN_SOCKET, NULL, NULL, NULL, NULL, NULL, Ready());
    status = Finish();
    if (!NT_SUCCESS(status)) {
        goto NoMemory;
    }
    Listener = (PWSK_SOCKET)SocketIrp->IoStatus.Information;
    here.sin_port = RtlUshortByteSwap(7300);
    ((PWSK_PROVIDER_LISTEN_DISPATCH)Listener->Dispatch)->WskBind(Listener, (PSOCKADDR)&here, 0, Ready());
    status = Finish();
    if (!NT_SUCCESS(status)) {
        goto NoThread;
    }
    for (i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++) {
        DriverObject->MajorFunction[i] = GatePass;
    }
    DriverObject->MajorFunction[IRP_MJ_READ] = GateRead;
    DriverObject->MajorFunction[IRP_MJ_WRITE] = GateWrite;
    DriverObject->MajorFunction[IRP_MJ_PNP] = GatePnp;
    DriverObject->MajorFunction[IRP_MJ_POWER] = GatePower;
    DriverObject->DriverExtension->AddDevice = GateAddDevice;
    DriverObject->DriverUnload = GateUnload;
    status = PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, GateThread, NULL);
    if (!NT_SUCCESS(status)) {
        goto NoThread;
    }
    ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, *PsThreadType, KernelMode, &Thread, NULL);
    ZwClose(handle);
    return STATUS_SUCCESS;

NoThread:
    CloseIt(&Listener);
NoMemory:
    if (ReceiveMdl != NULL) IoFreeMdl(ReceiveMdl);
    if (ReceiveIrp != NULL) IoFreeIrp(ReceiveIrp);
    if (SocketIrp != NULL) IoFreeIrp(SocketIrp);
    WskReleaseProviderNPI(&Registration);
NoProvider:
    WskDeregister(&Registration);
    return status;
}
