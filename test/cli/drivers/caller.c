/*
 * Calls a program on 127.0.0.1, port PORT, sends it a line, prints its answer and hangs up. Everything happens in
 * DriverEntry, one request after the other.
 */
#include <ntddk.h>
#include <wsk.h>

#define POOL_TAG 'llaC'

static const WSK_CLIENT_DISPATCH ClientDispatch = { MAKE_WSK_VERSION(1, 0), 0, NULL };
static WSK_REGISTRATION Registration;
static WSK_PROVIDER_NPI Provider;
static KEVENT Done;
static PIRP Irp;

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD Unload;
static IO_COMPLETION_ROUTINE Completed;

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

static void Talk(PWSK_SOCKET Socket)
{
    static const char Line[] = "hello from the driver\n";
    const WSK_PROVIDER_CONNECTION_DISPATCH *dispatch = Socket->Dispatch;
    char *bytes = (char *)ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, POOL_TAG);
    WSK_BUF buffer;
    NTSTATUS status;

    if (bytes == NULL) return;
    buffer.Mdl = IoAllocateMdl(bytes, 64, FALSE, FALSE, NULL);
    if (buffer.Mdl == NULL) {
        ExFreePoolWithTag(bytes, POOL_TAG);
        return;
    }
    MmBuildMdlForNonPagedPool(buffer.Mdl);
    buffer.Offset = 0;
    buffer.Length = sizeof(Line) - 1;
    RtlCopyMemory(bytes, Line, buffer.Length);
    dispatch->WskSend(Socket, &buffer, 0, Prepared());
    status = Result();
    DbgPrint("caller: send 0x%08X\n", status);
    buffer.Length = 63;
    dispatch->WskReceive(Socket, &buffer, 0, Prepared());
    status = Result();
    bytes[Irp->IoStatus.Information] = 0;
    DbgPrint("caller: received 0x%08X \"%s\"\n", status, bytes);
    dispatch->WskDisconnect(Socket, NULL, 0, Prepared());
    DbgPrint("caller: disconnect 0x%08X\n", Result());
    IoFreeMdl(buffer.Mdl);
    ExFreePoolWithTag(bytes, POOL_TAG);
}

static void Call(void)
{
    SOCKADDR_IN local = { AF_INET, 0 };
    SOCKADDR_IN remote = { AF_INET, RtlUshortByteSwap(PORT) };
    PWSK_SOCKET socket;
    NTSTATUS status;

    remote.sin_addr.s_addr = RtlUlongByteSwap(0x7F000001);
    Provider.Dispatch->WskSocketConnect(Provider.Client, SOCK_STREAM, IPPROTO_TCP, (PSOCKADDR)&local,
                                        (PSOCKADDR)&remote, 0, NULL, NULL, NULL, NULL, NULL, Prepared());
    status = Result();
    DbgPrint("caller: connect 0x%08X\n", status);
    if (!NT_SUCCESS(status)) return;
    socket = (PWSK_SOCKET)Irp->IoStatus.Information;
    Talk(socket);
    ((PWSK_PROVIDER_BASIC_DISPATCH)socket->Dispatch)->WskCloseSocket(socket, Prepared());
    Result();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    WSK_CLIENT_NPI client = { NULL, &ClientDispatch };
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    KeInitializeEvent(&Done, NotificationEvent, FALSE);
    Irp = IoAllocateIrp(1, FALSE);
    if (Irp == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    status = WskRegister(&client, &Registration);
    if (!NT_SUCCESS(status)) {
        IoFreeIrp(Irp);
        return status;
    }
    if (NT_SUCCESS(WskCaptureProviderNPI(&Registration, WSK_INFINITE_WAIT, &Provider))) {
        Call();
        WskReleaseProviderNPI(&Registration);
    }
    return STATUS_SUCCESS;
}

VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    WskDeregister(&Registration);
    IoFreeIrp(Irp);
}
