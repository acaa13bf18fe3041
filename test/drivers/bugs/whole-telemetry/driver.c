/*++
Telemetry: a sampler that announces counters to the IPv6 group ff02::4242 (link-local scope) and to the IPv4 group 239.1.2.3,
and takes commands ("rate N", "mute") from whoever sends them to UDP port 4242. The groups are joined when the registry says so.
--*/
#include <wdm.h>
#include <wsk.h>
#include <ntstrsafe.h>

#define TEL_TAG        'leTm'
#define TEL_PORT       4242
#define TEL_DATAGRAM   256

typedef struct _TEL_SENDER {
    SLIST_ENTRY Entry;
    PIRP Irp;
    PMDL Mdl;
    CHAR Text[TEL_DATAGRAM];
} TEL_SENDER, *PTEL_SENDER;

typedef struct _TEL_ENDPOINT {
    ADDRESS_FAMILY Family;
    PWSK_SOCKET Socket;
    SOCKADDR_STORAGE Group;
    BOOLEAN Joined;
    LONG Outstanding;               /* sends under way; the socket is closed when it is 0 and Closing */
    KEVENT Idle;
} TEL_ENDPOINT, *PTEL_ENDPOINT;

typedef struct _TEL_STATE {
    WSK_REGISTRATION Registration;
    WSK_PROVIDER_NPI Provider;
    TEL_ENDPOINT Endpoints[2];
    SLIST_HEADER Senders;
    volatile LONG PeriodMs;
    volatile LONG Muted;
    volatile LONG Commands;
    LONG Counter;
    KEVENT Stop, Changed;
    PETHREAD Sampler;
} TEL_STATE;

static TEL_STATE State;

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD TelUnload;
KSTART_ROUTINE TelSampler;
IO_COMPLETION_ROUTINE TelSyncComplete, TelSendComplete;

_Use_decl_annotations_
NTSTATUS TelSyncComplete(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    _Analysis_assume_(Context != NULL);
    KeSetEvent(Context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

/* Runs at DISPATCH_LEVEL, perhaps for any socket: everything is told from the sockaddr's family. */
static NTSTATUS WSKAPI TelReceiveFrom(PVOID SocketContext, ULONG Flags, PWSK_DATAGRAM_INDICATION Indication)
{
    PTEL_ENDPOINT endpoint = SocketContext;

    if (Indication == NULL) {
        DbgPrint("telemetry: the socket of family %u is gone\n", endpoint->Family);
        return STATUS_SUCCESS;
    }
    UNREFERENCED_PARAMETER(Flags);
    for (; Indication != NULL; Indication = Indication->Next) {
        CHAR text[16] = { 0 };
        SIZE_T length = min(Indication->Buffer.Length, sizeof(text) - 1), done = 0;
        ULONG offset = Indication->Buffer.Offset;
        PMDL mdl;

        for (mdl = Indication->Buffer.Mdl; mdl != NULL && done < length; mdl = mdl->Next) {
            PUCHAR from = MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority | MdlMappingNoExecute);
            SIZE_T part = min(MmGetMdlByteCount(mdl) - offset, length - done);

            if (from == NULL) {
                break;
            }
            RtlCopyMemory(text + done, from + offset, part);
            done += part;
            offset = 0;
        }
        if (RtlCompareMemory(text, "rate ", 5) == 5 && text[5] >= '1' && text[5] <= '9') {
            InterlockedExchange(&State.PeriodMs, (text[5] - '0') * 10);
        } else if (RtlCompareMemory(text, "mute", 4) == 4) {
            InterlockedExchange(&State.Muted, TRUE);
        } else {
            continue;
        }
        InterlockedIncrement(&State.Commands);
        KeSetEvent(&State.Changed, IO_NO_INCREMENT, FALSE);
    }
#ifdef WRONG
    return STATUS_PENDING; /* It keeps nothing, and so nothing will be given back. */
#else
    return STATUS_SUCCESS;
#endif
}

static const WSK_CLIENT_DATAGRAM_DISPATCH TelDatagramDispatch = { TelReceiveFrom };

/* One request and its end; the status of the end. */
typedef struct _TEL_CALL {
    KEVENT Event;
    PIRP Irp;
} TEL_CALL;

static NTSTATUS TelCallBegin(TEL_CALL *Call)
{
    KeInitializeEvent(&Call->Event, SynchronizationEvent, FALSE);
    Call->Irp = IoAllocateIrp(1, FALSE);
    if (Call->Irp == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    IoSetCompletionRoutine(Call->Irp, TelSyncComplete, &Call->Event, TRUE, TRUE, TRUE);
    return STATUS_SUCCESS;
}

static NTSTATUS TelCallEnd(TEL_CALL *Call, PULONG_PTR Information)
{
    NTSTATUS status;

    KeWaitForSingleObject(&Call->Event, Executive, KernelMode, FALSE, NULL);
    status = Call->Irp->IoStatus.Status;
    if (Information != NULL) {
        *Information = Call->Irp->IoStatus.Information;
    }
    IoFreeIrp(Call->Irp);
    return status;
}

static NTSTATUS TelControl(PTEL_ENDPOINT Endpoint, ULONG Level, ULONG Option, PVOID Value, SIZE_T Size)
{
    const WSK_PROVIDER_DATAGRAM_DISPATCH *dispatch = Endpoint->Socket->Dispatch;
    TEL_CALL call;
    NTSTATUS status = TelCallBegin(&call);

    if (!NT_SUCCESS(status)) {
        return status;
    }
    dispatch->WskControlSocket(Endpoint->Socket, WskSetOption, Option, Level, Size, Value, 0, NULL, NULL, call.Irp);
    return TelCallEnd(&call, NULL);
}

static NTSTATUS TelMembership(PTEL_ENDPOINT Endpoint, BOOLEAN Join)
{
    NTSTATUS status;

    if (Endpoint->Family == AF_INET) {
        IP_MREQ request = { 0 };

        request.imr_multiaddr = ((PSOCKADDR_IN)&Endpoint->Group)->sin_addr;
        status = TelControl(Endpoint, IPPROTO_IP, Join ? IP_ADD_MEMBERSHIP : IP_DROP_MEMBERSHIP, &request, sizeof(request));
    } else {
        IPV6_MREQ request = { 0 };

        request.ipv6mr_multiaddr = ((PSOCKADDR_IN6)&Endpoint->Group)->sin6_addr;
        request.ipv6mr_interface = ((PSOCKADDR_IN6)&Endpoint->Group)->sin6_scope_id;
        status = TelControl(Endpoint, IPPROTO_IPV6, Join ? IPV6_ADD_MEMBERSHIP : IPV6_DROP_MEMBERSHIP, &request, sizeof(request));
    }
    if (NT_SUCCESS(status)) {
        Endpoint->Joined = Join;
    }
    return status;
}

static NTSTATUS TelOpen(PTEL_ENDPOINT Endpoint, ADDRESS_FAMILY Family)
{
    const WSK_PROVIDER_DATAGRAM_DISPATCH *dispatch;
    WSK_EVENT_CALLBACK_CONTROL events = { &NPI_WSK_INTERFACE_ID, WSK_EVENT_RECEIVE_FROM };
    SOCKADDR_STORAGE local = { 0 };
    ULONG_PTR made;
    TEL_CALL call;
    NTSTATUS status;

    Endpoint->Family = Family;
    Endpoint->Group.ss_family = Family;
    local.ss_family = Family;
    KeInitializeEvent(&Endpoint->Idle, NotificationEvent, FALSE);
    Endpoint->Outstanding = 1;
    if (Family == AF_INET) {
        PSOCKADDR_IN group = (PSOCKADDR_IN)&Endpoint->Group;

        group->sin_port = RtlUshortByteSwap(TEL_PORT + 1);
        group->sin_addr.s_addr = RtlUlongByteSwap(0xEF010203);
        ((PSOCKADDR_IN)&local)->sin_port = RtlUshortByteSwap(TEL_PORT);
    } else {
        static const UCHAR address[16] = { 0xff, 0x02, [14] = 0x42, [15] = 0x42 };
        PSOCKADDR_IN6 group = (PSOCKADDR_IN6)&Endpoint->Group;

        group->sin6_port = RtlUshortByteSwap(TEL_PORT + 1);
        RtlCopyMemory(group->sin6_addr.u.Byte, address, sizeof(address));
        group->sin6_scope_id = 1;
        ((PSOCKADDR_IN6)&local)->sin6_port = RtlUshortByteSwap(TEL_PORT);
    }

    status = TelCallBegin(&call);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    State.Provider.Dispatch->WskSocket(State.Provider.Client, Family, SOCK_DGRAM, IPPROTO_UDP, WSK_FLAG_DATAGRAM_SOCKET, Endpoint,
        &TelDatagramDispatch, NULL, NULL, NULL, call.Irp);
    status = TelCallEnd(&call, &made);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    Endpoint->Socket = (PWSK_SOCKET)made;
    dispatch = Endpoint->Socket->Dispatch;
    if (Family == AF_INET6) {
        ULONG only = TRUE;

        status = TelControl(Endpoint, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof(only));
        if (!NT_SUCCESS(status)) {
            return status;
        }
    }
    status = TelCallBegin(&call);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    dispatch->WskBind(Endpoint->Socket, (PSOCKADDR)&local, 0, call.Irp);
    status = TelCallEnd(&call, NULL);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = dispatch->WskControlSocket(Endpoint->Socket, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET, sizeof(events), &events,
        0, NULL, NULL, NULL);
    if (NT_SUCCESS(status)) {
        status = TelMembership(Endpoint, TRUE);
    }
    return status;
}

static VOID TelLeave(PTEL_ENDPOINT Endpoint)
{
    if (InterlockedDecrement(&Endpoint->Outstanding) == 0) {
        KeSetEvent(&Endpoint->Idle, IO_NO_INCREMENT, FALSE);
    }
}

static VOID TelClose(PTEL_ENDPOINT Endpoint)
{
    TEL_CALL call;

    if (Endpoint->Socket == NULL) {
        return;
    }
    TelLeave(Endpoint);
    KeWaitForSingleObject(&Endpoint->Idle, Executive, KernelMode, FALSE, NULL);
    if (Endpoint->Joined) {
        TelMembership(Endpoint, FALSE);
    }
    if (NT_SUCCESS(TelCallBegin(&call))) {
        ((const WSK_PROVIDER_BASIC_DISPATCH *)Endpoint->Socket->Dispatch)->WskCloseSocket(Endpoint->Socket, call.Irp); /* finding: indication-not-released */
        TelCallEnd(&call, NULL);
    }
    Endpoint->Socket = NULL;
}

static PTEL_SENDER TelTakeSender(VOID)
{
    PSLIST_ENTRY entry = InterlockedPopEntrySList(&State.Senders);
    PTEL_SENDER sender;

    if (entry != NULL) {
        sender = CONTAINING_RECORD(entry, TEL_SENDER, Entry);
        IoReuseIrp(sender->Irp, STATUS_SUCCESS);
        return sender;
    }
    sender = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(TEL_SENDER), TEL_TAG);
    if (sender == NULL) {
        return NULL;
    }
    sender->Irp = IoAllocateIrp(1, FALSE);
    sender->Mdl = IoAllocateMdl(sender->Text, sizeof(sender->Text), FALSE, FALSE, NULL);
    if (sender->Irp == NULL || sender->Mdl == NULL) {
        if (sender->Irp != NULL) {
            IoFreeIrp(sender->Irp);
        }
        if (sender->Mdl != NULL) {
            IoFreeMdl(sender->Mdl);
        }
        ExFreePoolWithTag(sender, TEL_TAG);
        return NULL;
    }
    MmBuildMdlForNonPagedPool(sender->Mdl);
    return sender;
}

_Use_decl_annotations_
NTSTATUS TelSendComplete(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    PTEL_SENDER sender = Context;
    PTEL_ENDPOINT endpoint = *(PTEL_ENDPOINT *)(sender->Text + TEL_DATAGRAM - sizeof(PVOID));

    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    InterlockedPushEntrySList(&State.Senders, &sender->Entry);
    TelLeave(endpoint);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID TelAnnounce(PTEL_ENDPOINT Endpoint, LONG Counter)
{
    PTEL_SENDER sender = TelTakeSender();
    WSK_BUF buffer;
    size_t left;

    if (sender == NULL) {
        return;
    }
    RtlStringCbPrintfExA(sender->Text, 64, NULL, &left, 0, "sample %ld", Counter);
    *(PTEL_ENDPOINT *)(sender->Text + TEL_DATAGRAM - sizeof(PVOID)) = Endpoint;
    buffer.Mdl = sender->Mdl;
    buffer.Offset = 0;
    buffer.Length = 64 - left;
    InterlockedIncrement(&Endpoint->Outstanding);
    IoSetCompletionRoutine(sender->Irp, TelSendComplete, sender, TRUE, TRUE, TRUE);
    ((const WSK_PROVIDER_DATAGRAM_DISPATCH *)Endpoint->Socket->Dispatch)->WskSendTo(Endpoint->Socket, &buffer, 0,
        (PSOCKADDR)&Endpoint->Group, 0, NULL, sender->Irp);
}

_Use_decl_annotations_
VOID TelSampler(PVOID StartContext)
{
    PVOID objects[2] = { &State.Stop, &State.Changed };
    ULONG i;

    UNREFERENCED_PARAMETER(StartContext);
    for (;;) {
        LARGE_INTEGER period;
        NTSTATUS status;

        period.QuadPart = -10000LL * State.PeriodMs;
        status = KeWaitForMultipleObjects(2, objects, WaitAny, Executive, KernelMode, FALSE, &period, NULL);
        if (status == STATUS_WAIT_0) {
            break;
        }
        if (status == STATUS_TIMEOUT && !State.Muted) {
            State.Counter++;
            for (i = 0; i < RTL_NUMBER_OF(State.Endpoints); i++) {
                TelAnnounce(&State.Endpoints[i], State.Counter);
            }
        }
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID TelCleanUp(VOID)
{
    PSLIST_ENTRY entry;
    ULONG i;

    if (State.Sampler != NULL) {
        KeSetEvent(&State.Stop, IO_NO_INCREMENT, FALSE);
        KeWaitForSingleObject(State.Sampler, Executive, KernelMode, FALSE, NULL);
        ObDereferenceObject(State.Sampler);
    }
    for (i = 0; i < RTL_NUMBER_OF(State.Endpoints); i++) {
        TelClose(&State.Endpoints[i]);
    }
    while ((entry = InterlockedPopEntrySList(&State.Senders)) != NULL) {
        PTEL_SENDER sender = CONTAINING_RECORD(entry, TEL_SENDER, Entry);

        IoFreeMdl(sender->Mdl);
        IoFreeIrp(sender->Irp);
        ExFreePoolWithTag(sender, TEL_TAG);
    }
    WskReleaseProviderNPI(&State.Registration);
    WskDeregister(&State.Registration);
}

_Use_decl_annotations_
VOID TelUnload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    TelCleanUp();
    DbgPrint("telemetry: %ld samples, %ld commands\n", State.Counter, State.Commands);
}

_Use_decl_annotations_
NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    static const WSK_CLIENT_DISPATCH dispatch = { MAKE_WSK_VERSION(1, 0), 0, NULL };
    WSK_CLIENT_NPI client = { NULL, &dispatch };
    OBJECT_ATTRIBUTES attributes;
    HANDLE thread;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    State.PeriodMs = 100;
    InitializeSListHead(&State.Senders);
    KeInitializeEvent(&State.Stop, NotificationEvent, FALSE);
    KeInitializeEvent(&State.Changed, SynchronizationEvent, FALSE);
    status = WskRegister(&client, &State.Registration);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = WskCaptureProviderNPI(&State.Registration, WSK_NO_WAIT, &State.Provider);
    if (!NT_SUCCESS(status)) {
        WskDeregister(&State.Registration);
        return status;
    }
    status = TelOpen(&State.Endpoints[0], AF_INET);
    if (NT_SUCCESS(status)) {
        status = TelOpen(&State.Endpoints[1], AF_INET6);
    }
    if (NT_SUCCESS(status)) {
        InitializeObjectAttributes(&attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
        status = PsCreateSystemThread(&thread, THREAD_ALL_ACCESS, &attributes, NULL, NULL, TelSampler, NULL);
        if (NT_SUCCESS(status)) {
            status = ObReferenceObjectByHandle(thread, THREAD_ALL_ACCESS, *PsThreadType, KernelMode, (PVOID *)&State.Sampler, NULL);
            ZwClose(thread);
        }
    }
    if (!NT_SUCCESS(status)) {
        TelCleanUp();
        return status;
    }
    DriverObject->DriverUnload = TelUnload;
    return STATUS_SUCCESS;
}
