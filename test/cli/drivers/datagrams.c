/* Sends every datagram that comes to port 40008 back to where it came from; its receive event copies the bytes. */
#include <ntddk.h>
#include <wsk.h>

#define POOL_TAG 'rgtD'

typedef struct _ANSWER {
    PIRP Irp;
    PMDL Mdl;
    SOCKADDR_IN6 To;
    char Bytes[2048];
} ANSWER, *PANSWER;

static const WSK_CLIENT_DISPATCH ClientDispatch = { MAKE_WSK_VERSION(1, 0), 0, NULL };
static WSK_REGISTRATION Registration;
static WSK_PROVIDER_NPI Provider;
static PWSK_SOCKET Socket;
static KEVENT Done;
static PIRP Irp;
/* One for the socket, and one for each answer under way. */
static LONG Answers;
static KEVENT NoAnswers;

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD Unload;
static IO_COMPLETION_ROUTINE Completed;
static IO_COMPLETION_ROUTINE Sent;

static NTSTATUS Completed(PDEVICE_OBJECT Device, PIRP CompletedIrp, PVOID Context)
{
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(CompletedIrp);
    UNREFERENCED_PARAMETER(Context);
    KeSetEvent(&Done, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static PIRP Prepared(void)
{
    IoReuseIrp(Irp, STATUS_UNSUCCESSFUL);
    KeClearEvent(&Done);
    IoSetCompletionRoutine(Irp, Completed, NULL, TRUE, TRUE, TRUE);
    return Irp;
}

static NTSTATUS Result(void)
{
    KeWaitForSingleObject(&Done, Executive, KernelMode, FALSE, NULL);
    return Irp->IoStatus.Status;
}

static void Dereference(void)
{
    if (InterlockedDecrement(&Answers) == 0) KeSetEvent(&NoAnswers, IO_NO_INCREMENT, FALSE);
}

static NTSTATUS Sent(PDEVICE_OBJECT Device, PIRP SentIrp, PVOID Context)
{
    PANSWER answer = (PANSWER)Context;
    UNREFERENCED_PARAMETER(Device);
    IoFreeMdl(answer->Mdl);
    IoFreeIrp(SentIrp);
    ExFreePoolWithTag(answer, POOL_TAG);
    Dereference();
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static void SendBack(PWSK_DATAGRAM_INDICATION Datagram)
{
    PANSWER answer = (PANSWER)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(*answer), POOL_TAG);
    WSK_BUF buffer;
    const char *bytes;

    if (answer == NULL) return;
    answer->Irp = IoAllocateIrp(1, FALSE);
    answer->Mdl = IoAllocateMdl(answer->Bytes, sizeof(answer->Bytes), FALSE, FALSE, NULL);
    if (answer->Irp == NULL || answer->Mdl == NULL || Datagram->Buffer.Length > sizeof(answer->Bytes)) {
        if (answer->Irp != NULL) IoFreeIrp(answer->Irp);
        if (answer->Mdl != NULL) IoFreeMdl(answer->Mdl);
        ExFreePoolWithTag(answer, POOL_TAG);
        return;
    }
    MmBuildMdlForNonPagedPool(answer->Mdl);
    bytes = (const char *)MmGetSystemAddressForMdlSafe(Datagram->Buffer.Mdl, NormalPagePriority);
    RtlCopyMemory(answer->Bytes, bytes + Datagram->Buffer.Offset, Datagram->Buffer.Length);
    RtlCopyMemory(&answer->To, Datagram->RemoteAddress, sizeof(answer->To));
    buffer.Mdl = answer->Mdl;
    buffer.Offset = 0;
    buffer.Length = Datagram->Buffer.Length;
    InterlockedIncrement(&Answers);
    IoSetCompletionRoutine(answer->Irp, Sent, answer, TRUE, TRUE, TRUE);
    ((PWSK_PROVIDER_DATAGRAM_DISPATCH)Socket->Dispatch)
        ->WskSendTo(Socket, &buffer, 0, (PSOCKADDR)&answer->To, 0, NULL, answer->Irp);
}

static NTSTATUS WSKAPI ReceiveFrom(PVOID SocketContext, ULONG Flags, PWSK_DATAGRAM_INDICATION Datagrams)
{
    UNREFERENCED_PARAMETER(SocketContext);
    UNREFERENCED_PARAMETER(Flags);
    for (; Datagrams != NULL; Datagrams = Datagrams->Next) SendBack(Datagrams);
    return STATUS_SUCCESS;
}

static const WSK_CLIENT_DATAGRAM_DISPATCH DatagramDispatch = { ReceiveFrom };

static NTSTATUS Open(void)
{
    WSK_EVENT_CALLBACK_CONTROL control = { &NPI_WSK_INTERFACE_ID, WSK_EVENT_RECEIVE_FROM };
    SOCKADDR_IN6 local = { AF_INET6, RtlUshortByteSwap(40008) };
    ULONG v6Only = 0;
    NTSTATUS status;

    Provider.Dispatch->WskSocket(Provider.Client, AF_INET6, SOCK_DGRAM, IPPROTO_UDP, WSK_FLAG_DATAGRAM_SOCKET, NULL,
                                 &DatagramDispatch, NULL, NULL, NULL, Prepared());
    status = Result();
    if (!NT_SUCCESS(status)) return status;
    Socket = (PWSK_SOCKET)Irp->IoStatus.Information;
    ((PWSK_PROVIDER_BASIC_DISPATCH)Socket->Dispatch)
        ->WskControlSocket(Socket, WskSetOption, IPV6_V6ONLY, IPPROTO_IPV6, sizeof(v6Only), &v6Only, 0, NULL, NULL,
                           Prepared());
    Result();
    ((PWSK_PROVIDER_DATAGRAM_DISPATCH)Socket->Dispatch)->WskBind(Socket, (PSOCKADDR)&local, 0, Prepared());
    status = Result();
    if (!NT_SUCCESS(status)) return status;
    ((PWSK_PROVIDER_BASIC_DISPATCH)Socket->Dispatch)
        ->WskControlSocket(Socket, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET, sizeof(control), &control, 0, NULL,
                           NULL, NULL);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    WSK_CLIENT_NPI client = { NULL, &ClientDispatch };
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeEvent(&Done, NotificationEvent, FALSE);
    KeInitializeEvent(&NoAnswers, NotificationEvent, FALSE);
    Answers = 1;
    Irp = IoAllocateIrp(1, FALSE);
    if (Irp == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    status = WskRegister(&client, &Registration);
    if (!NT_SUCCESS(status)) {
        IoFreeIrp(Irp);
        return status;
    }
    status = WskCaptureProviderNPI(&Registration, WSK_INFINITE_WAIT, &Provider);
    if (NT_SUCCESS(status)) {
        status = Open();
        DbgPrint("datagrams: open 0x%08X\n", status);
        WskReleaseProviderNPI(&Registration);
    }
    return STATUS_SUCCESS;
}

VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    if (Socket != NULL) {
        ((PWSK_PROVIDER_BASIC_DISPATCH)Socket->Dispatch)->WskCloseSocket(Socket, Prepared());
        Result();
    }
    Dereference();
    KeWaitForSingleObject(&NoAnswers, Executive, KernelMode, FALSE, NULL);
    WskDeregister(&Registration);
    IoFreeIrp(Irp);
}
