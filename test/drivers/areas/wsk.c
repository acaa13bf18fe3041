/*
 * WSK: registration, each socket category, addresses, options, connecting, sending, receiving, half close, abort,
 * events, datagrams, name resolution. Sockets of the driver talk to each other over the loopback address.
 */
#include "check.h"
#include "../wsk-client.h"

#define BASIC(Socket) ((PWSK_PROVIDER_BASIC_DISPATCH)(Socket)->Dispatch)
#define LISTEN(Socket) ((PWSK_PROVIDER_LISTEN_DISPATCH)(Socket)->Dispatch)
#define CONNECTION(Socket) ((PWSK_PROVIDER_CONNECTION_DISPATCH)(Socket)->Dispatch)
#define DATAGRAM(Socket) ((PWSK_PROVIDER_DATAGRAM_DISPATCH)(Socket)->Dispatch)
#define PORT 8123

static REQUEST Request;
static ULONG_PTR Information;
static UCHAR Bytes[64];
static PMDL BytesMdl;
static WSK_BUF Buffer;

/* An IRP for the next call, and the status with which the call completes it. */
#define SEND() (RequestReuse(&Request), Request.Irp)
#define COMPLETES(Call, Status)                                                                   \
    do {                                                                                          \
        NTSTATUS returned_ = (Call), done_ = RequestWait(&Request);                               \
        Information = Request.Irp->IoStatus.Information;                                          \
        CheckReport(done_ == (Status), #Call " completes with " #Status, (ULONG)done_, (ULONG)(Status)); \
        CheckReport(returned_ == STATUS_PENDING || returned_ == done_, "it returns that or STATUS_PENDING", (ULONG)returned_, (ULONG)done_); \
    } while (0)

static PWSK_BUF Fill(PCSTR Text, SIZE_T Length)
{
    if (Text != NULL) {
        RtlCopyMemory(Bytes, Text, Length);
    } else {
        RtlZeroMemory(Bytes, sizeof(Bytes));
    }
    Buffer.Mdl = BytesMdl;
    Buffer.Offset = 0;
    Buffer.Length = Length;
    return &Buffer;
}

static PWSK_SOCKET New(USHORT Type, ULONG Protocol, ULONG Flags, PVOID Context, const VOID *Dispatch)
{
    Provider.Dispatch->WskSocket(Provider.Client, AF_INET, Type, Protocol, Flags, Context, Dispatch, NULL, NULL, NULL, SEND());
    return NT_SUCCESS(RequestWait(&Request)) ? (PWSK_SOCKET)Request.Irp->IoStatus.Information : NULL;
}

static LONG ReceivedBytes, Disconnects, DatagramBytes;

static NTSTATUS WSKAPI OnReceive(PVOID Context, ULONG Flags, PWSK_DATA_INDICATION Indication, SIZE_T Length, SIZE_T *Accepted)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Flags);
    UNREFERENCED_PARAMETER(Accepted);
    if (Indication != NULL) {
        InterlockedAdd(&ReceivedBytes, (LONG)Length);
    }
    return STATUS_SUCCESS;
}

static NTSTATUS WSKAPI OnDisconnect(PVOID Context, ULONG Flags)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Flags);
    InterlockedIncrement(&Disconnects);
    return STATUS_SUCCESS;
}

static const WSK_CLIENT_CONNECTION_DISPATCH Events = { OnReceive, OnDisconnect, NULL };

static NTSTATUS WSKAPI OnReceiveFrom(PVOID Context, ULONG Flags, PWSK_DATAGRAM_INDICATION Indication)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Flags);
    if (Indication != NULL) {
        InterlockedAdd(&DatagramBytes, (LONG)Indication->Buffer.Length);
    }
    return STATUS_SUCCESS;
}

static const WSK_CLIENT_DATAGRAM_DISPATCH DatagramEvents = { OnReceiveFrom };

static VOID Registration(VOID)
{
    WSK_CLIENT_NPI npi = { NULL, &ClientDispatch };
    WSK_REGISTRATION registration;
    WSK_PROVIDER_NPI provider;
    WSK_CLIENT_DISPATCH newer = { MAKE_WSK_VERSION(9, 0), 0, NULL };

    CHECK(WSK_MAJOR_VERSION(Provider.Dispatch->Version) >= 1);
    RETURNS(WskRegister(&npi, &registration), STATUS_SUCCESS);
    RETURNS(WskCaptureProviderNPI(&registration, WSK_INFINITE_WAIT, &provider), STATUS_SUCCESS);
    CHECK(provider.Dispatch->WskSocket != NULL);
    WskReleaseProviderNPI(&registration);
    WskDeregister(&registration);
    npi.Dispatch = &newer;
    RETURNS(WskRegister(&npi, &registration), STATUS_SUCCESS);
    RETURNS(WskCaptureProviderNPI(&registration, WSK_NO_WAIT, &provider), STATUS_NOINTERFACE);
    WskDeregister(&registration);
}

static VOID Sockets(VOID)
{
    PWSK_SOCKET basic, stream;
    SOCKADDR_IN any = AddressOf(INADDR_ANY, 0), loopback = AddressOf(INADDR_LOOPBACK, PORT);
    ULONG value = 0;
    SIZE_T size = 0;

    basic = New(SOCK_DGRAM, IPPROTO_UDP, WSK_FLAG_BASIC_SOCKET, NULL, NULL);
    CHECK(basic != NULL);
    COMPLETES(BASIC(basic)->WskCloseSocket(basic, SEND()), STATUS_SUCCESS);
    COMPLETES(Provider.Dispatch->WskSocket(Provider.Client, 99, SOCK_STREAM, IPPROTO_TCP, WSK_FLAG_CONNECTION_SOCKET, NULL, NULL, NULL, NULL, NULL, SEND()),
              STATUS_NOT_SUPPORTED);
    stream = New(SOCK_STREAM, IPPROTO_TCP, WSK_FLAG_CONNECTION_SOCKET, NULL, NULL);
    CHECK(stream != NULL);
    COMPLETES(CONNECTION(stream)->WskGetRemoteAddress(stream, (PSOCKADDR)&any, SEND()), STATUS_INVALID_DEVICE_STATE);
    any = AddressOf(INADDR_ANY, 0);
    COMPLETES(CONNECTION(stream)->WskBind(stream, (PSOCKADDR)&any, 0, SEND()), STATUS_SUCCESS);
    COMPLETES(CONNECTION(stream)->WskGetLocalAddress(stream, (PSOCKADDR)&any, SEND()), STATUS_SUCCESS);
    CHECK(any.sin_port != 0);
    COMPLETES(CONNECTION(stream)->WskConnect(stream, (PSOCKADDR)&loopback, 0, SEND()), STATUS_CONNECTION_REFUSED);
    COMPLETES(CONNECTION(stream)->WskCloseSocket(stream, SEND()), STATUS_SUCCESS);
    stream = New(SOCK_STREAM, IPPROTO_TCP, WSK_FLAG_LISTEN_SOCKET, NULL, NULL);
    value = 1;
    COMPLETES(LISTEN(stream)->WskControlSocket(stream, WskSetOption, SO_EXCLUSIVEADDRUSE, SOL_SOCKET, sizeof(value), &value, 0, NULL, NULL, SEND()),
              STATUS_SUCCESS);
    value = 0;
    COMPLETES(LISTEN(stream)->WskControlSocket(stream, WskGetOption, SO_EXCLUSIVEADDRUSE, SOL_SOCKET, 0, NULL, sizeof(value), &value, &size, SEND()),
              STATUS_SUCCESS);
    EQUAL(value, 1);
    COMPLETES(LISTEN(stream)->WskCloseSocket(stream, SEND()), STATUS_SUCCESS);
}

static VOID Streams(VOID)
{
    SOCKADDR_IN address = AddressOf(INADDR_LOOPBACK, PORT), any = AddressOf(INADDR_ANY, 0), peer;
    WSK_EVENT_CALLBACK_CONTROL control = { (PNPIID)&NPI_WSK_INTERFACE_ID, WSK_EVENT_RECEIVE | WSK_EVENT_DISCONNECT };
    PWSK_SOCKET listener, second, client, accepted;

    listener = New(SOCK_STREAM, IPPROTO_TCP, WSK_FLAG_LISTEN_SOCKET, NULL, NULL);
    COMPLETES(LISTEN(listener)->WskBind(listener, (PSOCKADDR)&address, 0, SEND()), STATUS_SUCCESS);
    second = New(SOCK_STREAM, IPPROTO_TCP, WSK_FLAG_LISTEN_SOCKET, NULL, NULL);
    COMPLETES(LISTEN(second)->WskBind(second, (PSOCKADDR)&address, 0, SEND()), STATUS_ADDRESS_ALREADY_EXISTS);
    COMPLETES(LISTEN(second)->WskCloseSocket(second, SEND()), STATUS_SUCCESS);
    client = New(SOCK_STREAM, IPPROTO_TCP, WSK_FLAG_CONNECTION_SOCKET, NULL, &Events);
    CONNECTION(client)->WskBind(client, (PSOCKADDR)&any, 0, SEND());
    RequestWait(&Request);
    COMPLETES(CONNECTION(client)->WskConnect(client, (PSOCKADDR)&address, 0, SEND()), STATUS_SUCCESS);
    COMPLETES(LISTEN(listener)->WskAccept(listener, 0, NULL, NULL, NULL, (PSOCKADDR)&peer, SEND()), STATUS_SUCCESS);
    accepted = (PWSK_SOCKET)Information;
    CHECK(accepted != NULL);
    EQUAL(peer.sin_family, AF_INET);
    EQUAL(RtlUlongByteSwap(peer.sin_addr.s_addr), INADDR_LOOPBACK);
    COMPLETES(CONNECTION(client)->WskGetRemoteAddress(client, (PSOCKADDR)&peer, SEND()), STATUS_SUCCESS);
    EQUAL(RtlUshortByteSwap(peer.sin_port), PORT);
    COMPLETES(CONNECTION(client)->WskSend(client, Fill("hello", 5), 0, SEND()), STATUS_SUCCESS);
    EQUAL(Information, 5);
    COMPLETES(CONNECTION(accepted)->WskReceive(accepted, Fill(NULL, 64), 0, SEND()), STATUS_SUCCESS);
    EQUAL(Information, 5);
    CHECK(RtlEqualMemory(Bytes, "hello", 5));
    COMPLETES(CONNECTION(client)->WskSend(client, Fill("abcdef", 6), WSK_FLAG_NODELAY, SEND()), STATUS_SUCCESS);
    COMPLETES(CONNECTION(accepted)->WskReceive(accepted, Fill(NULL, 2), 0, SEND()), STATUS_SUCCESS);
    EQUAL(Information, 2);
    COMPLETES(CONNECTION(accepted)->WskReceive(accepted, Fill(NULL, 4), WSK_FLAG_WAITALL, SEND()), STATUS_SUCCESS);
    EQUAL(Information, 4);
    CHECK(RtlEqualMemory(Bytes, "cdef", 4));
    /* Events of the client's socket, enabled when it is connected. */
    RETURNS(CONNECTION(client)->WskControlSocket(client, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET, sizeof(control), &control, 0, NULL, NULL, NULL), STATUS_SUCCESS);
    COMPLETES(CONNECTION(accepted)->WskSend(accepted, Fill("event", 5), 0, SEND()), STATUS_SUCCESS);
    Pause(5);
    EQUAL(ReceivedBytes, 5);
    /* Half close: the other end reads its end, and may still send. */
    COMPLETES(CONNECTION(client)->WskDisconnect(client, NULL, 0, SEND()), STATUS_SUCCESS);
    COMPLETES(CONNECTION(accepted)->WskReceive(accepted, Fill(NULL, 4), 0, SEND()), STATUS_SUCCESS);
    EQUAL(Information, 0);
    COMPLETES(CONNECTION(accepted)->WskSend(accepted, Fill("late", 4), 0, SEND()), STATUS_SUCCESS);
    Pause(5);
    EQUAL(ReceivedBytes, 9);
    COMPLETES(CONNECTION(client)->WskSend(client, Fill("x", 1), 0, SEND()), STATUS_INVALID_DEVICE_STATE);
    COMPLETES(CONNECTION(accepted)->WskDisconnect(accepted, NULL, 0, SEND()), STATUS_SUCCESS);
    Pause(5);
    EQUAL(Disconnects, 1);
    SocketClose(client);
    SocketClose(accepted);
    /* Abort: the other end is reset. */
    client = New(SOCK_STREAM, IPPROTO_TCP, WSK_FLAG_CONNECTION_SOCKET, NULL, NULL);
    CONNECTION(client)->WskBind(client, (PSOCKADDR)&any, 0, SEND());
    RequestWait(&Request);
    COMPLETES(CONNECTION(client)->WskConnect(client, (PSOCKADDR)&address, 0, SEND()), STATUS_SUCCESS);
    COMPLETES(LISTEN(listener)->WskAccept(listener, 0, NULL, NULL, NULL, NULL, SEND()), STATUS_SUCCESS);
    accepted = (PWSK_SOCKET)Information;
    COMPLETES(CONNECTION(client)->WskDisconnect(client, NULL, WSK_FLAG_ABORTIVE, SEND()), STATUS_SUCCESS);
    COMPLETES(CONNECTION(accepted)->WskReceive(accepted, Fill(NULL, 4), 0, SEND()), STATUS_CONNECTION_RESET);
    SocketClose(client);
    SocketClose(accepted);
    SocketClose(listener);
}

static VOID Datagrams(VOID)
{
    SOCKADDR_IN address = AddressOf(INADDR_LOOPBACK, PORT), any = AddressOf(INADDR_ANY, 0), from;
    WSK_EVENT_CALLBACK_CONTROL control = { (PNPIID)&NPI_WSK_INTERFACE_ID, WSK_EVENT_RECEIVE_FROM };
    PWSK_SOCKET one, two;

    one = New(SOCK_DGRAM, IPPROTO_UDP, WSK_FLAG_DATAGRAM_SOCKET, NULL, &DatagramEvents);
    two = New(SOCK_DGRAM, IPPROTO_UDP, WSK_FLAG_DATAGRAM_SOCKET, NULL, NULL);
    COMPLETES(DATAGRAM(one)->WskBind(one, (PSOCKADDR)&address, 0, SEND()), STATUS_SUCCESS);
    COMPLETES(DATAGRAM(two)->WskBind(two, (PSOCKADDR)&any, 0, SEND()), STATUS_SUCCESS);
    COMPLETES(DATAGRAM(two)->WskSendTo(two, Fill("datagram", 8), 0, (PSOCKADDR)&address, 0, NULL, SEND()), STATUS_SUCCESS);
    EQUAL(Information, 8);
    COMPLETES(DATAGRAM(one)->WskReceiveFrom(one, Fill(NULL, 64), 0, (PSOCKADDR)&from, NULL, NULL, NULL, SEND()), STATUS_SUCCESS);
    EQUAL(Information, 8);
    CHECK(RtlEqualMemory(Bytes, "datagram", 8));
    CHECK(from.sin_port != 0);
    COMPLETES(DATAGRAM(two)->WskSendTo(two, Fill("datagram", 8), 0, (PSOCKADDR)&address, 0, NULL, SEND()), STATUS_SUCCESS);
    COMPLETES(DATAGRAM(one)->WskReceiveFrom(one, Fill(NULL, 3), 0, (PSOCKADDR)&from, NULL, NULL, NULL, SEND()), STATUS_BUFFER_OVERFLOW);
    EQUAL(Information, 3);
    RETURNS(DATAGRAM(one)->WskControlSocket(one, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET, sizeof(control), &control, 0, NULL, NULL, NULL), STATUS_SUCCESS);
    COMPLETES(DATAGRAM(two)->WskSendTo(two, Fill("abc", 3), 0, (PSOCKADDR)&address, 0, NULL, SEND()), STATUS_SUCCESS);
    Pause(5);
    EQUAL(DatagramBytes, 3);
    SocketClose(one);
    SocketClose(two);
}

static VOID Names(VOID)
{
    UNICODE_STRING localhost = RTL_CONSTANT_STRING(L"localhost"), none = RTL_CONSTANT_STRING(L"no.such.host"), port = RTL_CONSTANT_STRING(L"80");
    ADDRINFOEXW hints = { 0 };
    PADDRINFOEXW result = NULL;

    hints.ai_family = AF_INET;
    COMPLETES(Provider.Dispatch->WskGetAddressInfo(Provider.Client, &localhost, &port, 0, NULL, &hints, &result, NULL, NULL, SEND()), STATUS_SUCCESS);
    CHECK(result != NULL);
    if (result != NULL) {
        EQUAL(result->ai_family, AF_INET);
        EQUAL(result->ai_addrlen, sizeof(SOCKADDR_IN));
        EQUAL(RtlUlongByteSwap(((PSOCKADDR_IN)result->ai_addr)->sin_addr.s_addr), INADDR_LOOPBACK);
        EQUAL(RtlUshortByteSwap(((PSOCKADDR_IN)result->ai_addr)->sin_port), 80);
        Provider.Dispatch->WskFreeAddressInfo(Provider.Client, result);
    }
    result = NULL;
    COMPLETES(Provider.Dispatch->WskGetAddressInfo(Provider.Client, &none, NULL, 0, NULL, &hints, &result, NULL, NULL, SEND()), STATUS_NOT_FOUND);
    EQUAL(result, NULL);
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    RETURNS(ClientStart(), STATUS_SUCCESS);
    RequestInitialize(&Request);
    BytesMdl = IoAllocateMdl(Bytes, sizeof(Bytes), FALSE, FALSE, NULL);
    MmBuildMdlForNonPagedPool(BytesMdl);
    Registration();
    Sockets();
    Streams();
    Datagrams();
    Names();
    IoFreeMdl(BytesMdl);
    RequestFree(&Request);
    ClientStop();
}
