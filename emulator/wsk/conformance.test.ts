// What WSK answers, call by call: the statuses that drivers see on Windows. Each case is a few lines of C that check
// themselves; all must be ok, and the run must be clean, but for the findings that a case names.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runWsk } from './testing.ts';

const cases: Readonly<
  Record<
    string,
    | string
    | {
        readonly declarations?: string;
        readonly body: string;
        readonly scenario?: string;
        /** Rules of what a refused call is told for. */
        readonly findings?: readonly string[];
      }
  >
> = {
  'WskSocket: no client, then a socket': `
    TRUE_(npi.Dispatch->Version >= MAKE_WSK_VERSION(1, 0));
    STATUS(npi.Dispatch->WskSocket(NULL, AF_INET, SOCK_STREAM, IPPROTO_TCP, WSK_FLAG_LISTEN_SOCKET, NULL, NULL, NULL, NULL, NULL, Send()), STATUS_INVALID_HANDLE);
    STATUS(npi.Dispatch->WskSocket(npi.Client, AF_INET, SOCK_STREAM, IPPROTO_TCP, WSK_FLAG_LISTEN_SOCKET, NULL, NULL, NULL, NULL, NULL, Send()), STATUS_PENDING);
    STATUS(Wait(), STATUS_SUCCESS);
    PWSK_SOCKET s = (PWSK_SOCKET)irp->IoStatus.Information;
    TRUE_(s != NULL && s->Dispatch != NULL);
    STATUS(B(s)->WskCloseSocket(s, Send()), STATUS_PENDING);
    STATUS(Wait(), STATUS_SUCCESS);
    Is("Information of the close", irp->IoStatus.Information, 0);`,
  'a UDP socket in the listening category can be made, but not bound': `
    PWSK_SOCKET s = Open(WSK_FLAG_LISTEN_SOCKET, SOCK_DGRAM, IPPROTO_UDP, AF_INET, NULL, NULL);
    TRUE_(s != NULL);
    STATUS(L(s)->WskBind(s, At(INADDR_LOOPBACK, 8888), 0, Send()), STATUS_PENDING);
    STATUS(Wait(), STATUS_NOT_IMPLEMENTED);
    Is("Information", irp->IoStatus.Information, 0);
    Close(s);`,
  'WskBind: success, a second time, an address in use': `
    PWSK_SOCKET s = Listener(), other = Listener();
    STATUS(L(s)->WskBind(s, At(INADDR_LOOPBACK, 8888), 0, Send()), STATUS_PENDING);
    STATUS(Wait(), STATUS_SUCCESS);
    Is("Information", irp->IoStatus.Information, 0);
    STATUS(L(s)->WskBind(s, At(INADDR_LOOPBACK, 8889), 0, Send()), STATUS_PENDING);
    STATUS(Wait(), STATUS_ADDRESS_ALREADY_ASSOCIATED);
    STATUS(L(other)->WskBind(other, At(INADDR_LOOPBACK, 8888), 0, Send()), STATUS_PENDING);
    STATUS(Wait(), STATUS_ADDRESS_ALREADY_EXISTS);
    STATUS(L(other)->WskBind(other, At(0x08080808, 8888), 0, Send()), STATUS_PENDING);
    STATUS(Wait(), STATUS_INVALID_ADDRESS_COMPONENT);
    Close(s);
    Bind(other, At(INADDR_LOOPBACK, 8888));
    STATUS(irp->IoStatus.Status, STATUS_SUCCESS);
    Close(other);`,
  'WskConnect before WskBind answers at once and completes the IRP all the same': {
    findings: ['socket-not-bound'],
    body: `
    PWSK_SOCKET s = Connection();
    STATUS(C(s)->WskConnect(s, At(INADDR_LOOPBACK, 9), 0, Send()), STATUS_INVALID_DEVICE_STATE);
    STATUS(Wait(), STATUS_INVALID_DEVICE_STATE);
    Is("Information", irp->IoStatus.Information, 0);
    Bind(s, At(INADDR_ANY, 0));
    STATUS(C(s)->WskConnect(s, At(INADDR_LOOPBACK, 9), 0, Send()), STATUS_PENDING);
    STATUS(Wait(), STATUS_CONNECTION_REFUSED);
    Close(s);`,
  },
  'closing a listener completes its pending WskAccept with STATUS_CANCELLED before the close': `
    PWSK_SOCKET s = Listener();
    Bind(s, At(INADDR_ANY, 8888));
    STATUS(L(s)->WskAccept(s, 0, NULL, NULL, NULL, NULL, Send2()), STATUS_PENDING);
    STATUS(L(s)->WskCloseSocket(s, Send()), STATUS_PENDING);
    STATUS(Wait(), STATUS_SUCCESS);
    Is("the accept has completed", (ULONG)KeReadStateEvent(&done2), 1);
    STATUS(WaitFor(irp2, &done2), STATUS_CANCELLED);
    Is("Information", irp2->IoStatus.Information, 0);`,
  'WskAccept before WskBind, addresses before there are any': {
    findings: ['socket-not-bound'],
    body: `
    PWSK_SOCKET s = Listener(), c = Connection();
    SOCKADDR_IN a;
    STATUS(L(s)->WskAccept(s, 0, NULL, NULL, NULL, NULL, Send()), STATUS_INVALID_DEVICE_STATE);
    STATUS(Wait(), STATUS_INVALID_DEVICE_STATE);
    STATUS(L(s)->WskGetLocalAddress(s, (PSOCKADDR)&a, Send()), STATUS_INVALID_DEVICE_STATE);
    STATUS(Wait(), STATUS_INVALID_DEVICE_STATE);
    STATUS(C(c)->WskGetRemoteAddress(c, (PSOCKADDR)&a, Send()), STATUS_INVALID_DEVICE_STATE);
    STATUS(Wait(), STATUS_INVALID_DEVICE_STATE);
    Bind(s, At(INADDR_ANY, 0));
    STATUS(L(s)->WskGetLocalAddress(s, (PSOCKADDR)&a, Send()), STATUS_PENDING);
    STATUS(Wait(), STATUS_SUCCESS);
    Is("family", a.sin_family, AF_INET);
    TRUE_(RtlUshortByteSwap(a.sin_port) >= 49152);
    Close(s); Close(c);`,
  },
  'a connection to a listener of the same driver: addresses, data both ways, a graceful end': `
    PWSK_SOCKET l = Listener(), c = Connection(), a;
    SOCKADDR_IN local, remote, own;
    BUFFER out = Buffer(256), in = Buffer(256);
    Bind(l, At(INADDR_LOOPBACK, 8888));
    Bind(c, At(INADDR_ANY, 0));
    STATUS(L(l)->WskAccept(l, 0, NULL, NULL, (PSOCKADDR)&local, (PSOCKADDR)&remote, Send2()), STATUS_PENDING);
    STATUS(C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send()), STATUS_PENDING);
    STATUS(Wait(), STATUS_SUCCESS);
    Is("Information of the connect", irp->IoStatus.Information, 0);
    STATUS(WaitFor(irp2, &done2), STATUS_SUCCESS);
    a = (PWSK_SOCKET)irp2->IoStatus.Information;
    Is("local port", RtlUshortByteSwap(local.sin_port), 8888);
    Is("local host", local.sin_addr.s_addr, RtlUlongByteSwap(INADDR_LOOPBACK));
    C(c)->WskGetLocalAddress(c, (PSOCKADDR)&own, Send()); Wait();
    Is("the accepted end sees the port of the connecting end", remote.sin_port, own.sin_port);
    C(a)->WskGetRemoteAddress(a, (PSOCKADDR)&own, Send()); Wait();
    Is("remote address", own.sin_port, remote.sin_port);
    STATUS(C(a)->WskReceive(a, &in.Buf, 0, Send2()), STATUS_PENDING);
    RtlCopyMemory(out.Data, "hello", 6);
    out.Buf.Length = 6;
    STATUS(C(c)->WskSend(c, &out.Buf, 0, Send()), STATUS_PENDING);
    STATUS(Wait(), STATUS_SUCCESS);
    Is("bytes sent", irp->IoStatus.Information, 6);
    STATUS(WaitFor(irp2, &done2), STATUS_SUCCESS);
    Is("bytes received", irp2->IoStatus.Information, 6);
    TRUE_(RtlCompareMemory(in.Data, "hello", 6) == 6);
    STATUS(C(c)->WskSend(c, &out.Buf, 0x40, Send()), STATUS_NOT_SUPPORTED);
    STATUS(Wait(), STATUS_NOT_SUPPORTED);
    STATUS(C(a)->WskReceive(a, &in.Buf, 0, Send2()), STATUS_PENDING);
    STATUS(C(c)->WskDisconnect(c, NULL, 0, Send()), STATUS_PENDING);
    STATUS(Wait(), STATUS_SUCCESS);
    STATUS(WaitFor(irp2, &done2), STATUS_SUCCESS);
    Is("zero bytes at the end", irp2->IoStatus.Information, 0);
    STATUS(C(c)->WskSend(c, &out.Buf, 0, Send()), STATUS_INVALID_DEVICE_STATE);
    STATUS(Wait(), STATUS_INVALID_DEVICE_STATE);
    C(a)->WskDisconnect(a, NULL, 0, Send()); STATUS(Wait(), STATUS_SUCCESS);
    Close(a); Close(c); Close(l);
    FreeBuffer(out); FreeBuffer(in);`,
  'an abortive disconnect resets the other end; a pending receive fails': `
    PWSK_SOCKET l = Listener(), c = Connection(), a;
    BUFFER in = Buffer(16);
    Bind(l, At(INADDR_LOOPBACK, 8888));
    Bind(c, At(INADDR_ANY, 0));
    C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send()); Wait();
    L(l)->WskAccept(l, 0, NULL, NULL, NULL, NULL, Send()); Wait();
    a = (PWSK_SOCKET)irp->IoStatus.Information;
    STATUS(C(a)->WskReceive(a, &in.Buf, 0, Send2()), STATUS_PENDING);
    C(c)->WskDisconnect(c, NULL, WSK_FLAG_ABORTIVE, Send()); STATUS(Wait(), STATUS_SUCCESS);
    STATUS(WaitFor(irp2, &done2), STATUS_CONNECTION_RESET);
    STATUS(C(a)->WskReceive(a, &in.Buf, 0, Send()), STATUS_CONNECTION_RESET);
    STATUS(Wait(), STATUS_CONNECTION_RESET);
    Close(a); Close(c); Close(l); FreeBuffer(in);`,
  'WAITALL waits for the whole buffer; data that came before the receive is kept': `
    PWSK_SOCKET l = Listener(), c = Connection(), a;
    BUFFER in = Buffer(10), out = Buffer(5);
    Bind(l, At(INADDR_LOOPBACK, 8888));
    Bind(c, At(INADDR_ANY, 0));
    C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send()); Wait();
    L(l)->WskAccept(l, 0, NULL, NULL, NULL, NULL, Send()); Wait();
    a = (PWSK_SOCKET)irp->IoStatus.Information;
    C(c)->WskSend(c, &out.Buf, 0, Send()); STATUS(Wait(), STATUS_SUCCESS);
    STATUS(C(a)->WskReceive(a, &in.Buf, WSK_FLAG_WAITALL, Send2()), STATUS_PENDING);
    Sleep(10);
    Is("still waits", (ULONG)KeReadStateEvent(&done2), 0);
    C(c)->WskSend(c, &out.Buf, WSK_FLAG_NODELAY, Send()); STATUS(Wait(), STATUS_SUCCESS);
    STATUS(WaitFor(irp2, &done2), STATUS_SUCCESS);
    Is("bytes", irp2->IoStatus.Information, 10);
    Close(a); Close(c); Close(l); FreeBuffer(in); FreeBuffer(out);`,
  'WskConnectEx: flags, too much data, data that goes along': `
    PWSK_SOCKET l = Listener(), c = Connection(), a;
    BUFFER big = Buffer(70000), in = Buffer(16);
    Bind(l, At(INADDR_LOOPBACK, 8888));
    Bind(c, At(INADDR_ANY, 0));
    STATUS(C(c)->WskConnectEx(c, At(INADDR_LOOPBACK, 8888), NULL, 1, Send()), STATUS_INVALID_PARAMETER);
    STATUS(Wait(), STATUS_INVALID_PARAMETER);
    STATUS(C(c)->WskConnectEx(c, At(INADDR_LOOPBACK, 8888), &big.Buf, 0, Send()), STATUS_BUFFER_OVERFLOW);
    STATUS(Wait(), STATUS_BUFFER_OVERFLOW);
    big.Buf.Length = 4;
    STATUS(C(c)->WskConnectEx(c, At(INADDR_LOOPBACK, 8888), &big.Buf, 0, Send()), STATUS_PENDING);
    STATUS(Wait(), STATUS_SUCCESS);
    L(l)->WskAccept(l, 0, NULL, NULL, NULL, NULL, Send()); Wait();
    a = (PWSK_SOCKET)irp->IoStatus.Information;
    C(a)->WskReceive(a, &in.Buf, 0, Send()); STATUS(Wait(), STATUS_SUCCESS);
    Is("bytes", irp->IoStatus.Information, 4);
    Close(a); Close(c); Close(l); FreeBuffer(in); FreeBuffer(big);`,
  'WskSocketConnect makes, binds and connects in one call': `
    PWSK_SOCKET l = Listener(), c;
    SOCKADDR_IN any = { AF_INET, 0 };
    Bind(l, At(INADDR_LOOPBACK, 8888));
    STATUS(npi.Dispatch->WskSocketConnect(npi.Client, SOCK_STREAM, IPPROTO_TCP, (PSOCKADDR)&any, At(INADDR_LOOPBACK, 8888), 0, NULL, NULL, NULL, NULL, NULL, Send()), STATUS_PENDING);
    STATUS(Wait(), STATUS_SUCCESS);
    c = (PWSK_SOCKET)irp->IoStatus.Information;
    TRUE_(c != NULL);
    STATUS(npi.Dispatch->WskSocketConnect(npi.Client, SOCK_STREAM, IPPROTO_TCP, (PSOCKADDR)&any, At(INADDR_LOOPBACK, 9), 0, NULL, NULL, NULL, NULL, NULL, Send()), STATUS_PENDING);
    STATUS(Wait(), STATUS_CONNECTION_REFUSED);
    Close(c); Close(l);`,
  'options: set and read, before and after the bind': `
    PWSK_SOCKET s = Listener();
    STATUS(Set(s, SO_EXCLUSIVEADDRUSE, SOL_SOCKET, 1), STATUS_SUCCESS);
    STATUS(Get(s, SO_EXCLUSIVEADDRUSE, SOL_SOCKET), STATUS_SUCCESS);
    Is("SO_EXCLUSIVEADDRUSE", option, 1);
    Is("output bytes", irp->IoStatus.Information, 4);
    STATUS(Set(s, SO_KEEPALIVE, SOL_SOCKET, 1), STATUS_SUCCESS);
    STATUS(Set(s, SO_RCVBUF, SOL_SOCKET, 1024), STATUS_SUCCESS);
    STATUS(Get(s, SO_RCVBUF, SOL_SOCKET), STATUS_SUCCESS);
    Is("SO_RCVBUF", option, 1024);
    STATUS(Get(s, SO_TYPE, SOL_SOCKET), STATUS_SUCCESS);
    Is("SO_TYPE", option, SOCK_STREAM);
    STATUS(B(s)->WskControlSocket(s, WskSetOption, SO_KEEPALIVE, SOL_SOCKET, 4, &option, 0, NULL, NULL, NULL), STATUS_INVALID_PARAMETER);
    Close(s);
    s = Udp();
    STATUS(Set(s, SO_BROADCAST, SOL_SOCKET, 1), STATUS_SUCCESS);
    Close(s);
    s = Open(WSK_FLAG_LISTEN_SOCKET, SOCK_STREAM, IPPROTO_TCP, AF_INET6, NULL, NULL);
    STATUS(Get(s, IPV6_V6ONLY, IPPROTO_IPV6), STATUS_SUCCESS);
    Is("IPV6_V6ONLY", option, 1);
    STATUS(Set(s, IPV6_V6ONLY, IPPROTO_IPV6, 0), STATUS_SUCCESS);
    Close(s);`,
  'client controls: transports, cached descriptors, static events': `
    SIZE_T size = 0;
    PSECURITY_DESCRIPTOR raw = (PSECURITY_DESCRIPTOR)&size, cached = NULL;
    WSK_TRANSPORT list[16];
    STATUS(npi.Dispatch->WskControlClient(npi.Client, WSK_TRANSPORT_LIST_QUERY, 0, NULL, 0, NULL, &size, NULL), STATUS_BUFFER_OVERFLOW);
    TRUE_(size >= sizeof(WSK_TRANSPORT) && size <= sizeof(list));
    STATUS(npi.Dispatch->WskControlClient(npi.Client, WSK_TRANSPORT_LIST_QUERY, 0, NULL, sizeof(list), list, &size, NULL), STATUS_SUCCESS);
    Is("first transport", list[0].Protocol, IPPROTO_TCP);
    STATUS(npi.Dispatch->WskControlClient(npi.Client, WSK_TRANSPORT_LIST_QUERY, 0, NULL, sizeof(list), list, &size, Send()), STATUS_INVALID_PARAMETER);
    STATUS(Wait(), STATUS_INVALID_PARAMETER);
    STATUS(npi.Dispatch->WskControlClient(npi.Client, WSK_CACHE_SD, sizeof(raw), &raw, sizeof(cached), &cached, NULL, NULL), STATUS_SUCCESS);
    TRUE_(cached != NULL);
    WSK_EVENT_CALLBACK_CONTROL control = { (PNPIID)&NPI_WSK_INTERFACE_ID, WSK_EVENT_ACCEPT };
    STATUS(npi.Dispatch->WskControlClient(npi.Client, WSK_SET_STATIC_EVENT_CALLBACKS, sizeof(control), &control, 0, NULL, NULL, NULL), STATUS_SUCCESS);
    npi.Dispatch->WskSocket(npi.Client, AF_INET, SOCK_STREAM, IPPROTO_TCP, WSK_FLAG_LISTEN_SOCKET, NULL, NULL, NULL, NULL, cached, Send());
    STATUS(Wait(), STATUS_SUCCESS);
    PWSK_SOCKET s = (PWSK_SOCKET)irp->IoStatus.Information;
    Close(s);
    STATUS(npi.Dispatch->WskControlClient(npi.Client, WSK_RELEASE_SD, sizeof(cached), &cached, 0, NULL, NULL, NULL), STATUS_SUCCESS);
    STATUS(npi.Dispatch->WskControlClient(npi.Client, WSK_TRANSPORT_LIST_CHANGE, 0, NULL, 0, NULL, NULL, Send()), STATUS_PENDING);
    TRUE_(IoCancelIrp(irp));
    STATUS(Wait(), STATUS_CANCELLED);`,
  'socket IOCTLs': `
    PWSK_SOCKET s = Listener(), d = Udp();
    SIZE_T size = 0;
    UCHAR list[256];
    WSK_INSPECT_ID id;
    WSK_EXTENSION_CONTROL_IN in = { (PNPIID)&NPI_WSK_INTERFACE_ID, NULL, NULL };
    WSK_EXTENSION_CONTROL_OUT out;
    STATUS(B(s)->WskControlSocket(s, WskIoctl, SIO_ADDRESS_LIST_QUERY, 0, 0, NULL, 0, NULL, &size, NULL), STATUS_BUFFER_OVERFLOW);
    TRUE_(size > 0 && size <= sizeof(list));
    STATUS(B(s)->WskControlSocket(s, WskIoctl, SIO_ADDRESS_LIST_QUERY, 0, 0, NULL, sizeof(list), list, &size, NULL), STATUS_SUCCESS);
    Is("addresses", ((PSOCKET_ADDRESS_LIST)list)->iAddressCount, 1);
    Is("family", ((PSOCKET_ADDRESS_LIST)list)->Address[0].lpSockaddr->sa_family, AF_INET);
    STATUS(B(s)->WskControlSocket(s, WskIoctl, SIO_ADDRESS_LIST_CHANGE, 0, 0, NULL, 0, NULL, NULL, Send()), STATUS_PENDING);
    TRUE_(IoCancelIrp(irp));
    STATUS(Wait(), STATUS_CANCELLED);
    STATUS(B(s)->WskControlSocket(s, WskIoctl, SIO_WSK_QUERY_INSPECT_ID, 0, 0, NULL, sizeof(id), &id, &size, NULL), STATUS_INVALID_DEVICE_REQUEST);
    STATUS(B(s)->WskControlSocket(s, WskIoctl, SIO_WSK_REGISTER_EXTENSION, 0, sizeof(in), &in, sizeof(out), &out, NULL, NULL), STATUS_NOT_SUPPORTED);
    Bind(d, At(INADDR_ANY, 0));
    STATUS(B(d)->WskControlSocket(d, WskIoctl, SIO_WSK_SET_REMOTE_ADDRESS, 0, sizeof(SOCKADDR_IN), At(INADDR_LOOPBACK, 7), 0, NULL, NULL, Send()), STATUS_PENDING);
    STATUS(Wait(), STATUS_SUCCESS);
    Close(s); Close(d);`,
  'datagrams: to oneself, truncated, to a fixed address': `
    PWSK_SOCKET a = Udp(), b = Udp();
    BUFFER out = Buffer(100), in = Buffer(40);
    SOCKADDR_IN from;
    ULONG flags = 7;
    Bind(a, At(INADDR_LOOPBACK, 5000));
    Bind(b, At(INADDR_LOOPBACK, 5001));
    out.Buf.Length = 10;
    STATUS(D(a)->WskSendTo(a, &out.Buf, 0, At(INADDR_LOOPBACK, 5001), 0, NULL, Send()), STATUS_PENDING);
    STATUS(Wait(), STATUS_SUCCESS);
    Is("bytes sent", irp->IoStatus.Information, 10);
    STATUS(D(b)->WskReceiveFrom(b, &in.Buf, 0, (PSOCKADDR)&from, NULL, NULL, &flags, Send()), STATUS_PENDING);
    STATUS(Wait(), STATUS_SUCCESS);
    Is("bytes received", irp->IoStatus.Information, 10);
    Is("from", RtlUshortByteSwap(from.sin_port), 5000);
    Is("flags", flags, 0);
    out.Buf.Length = 100;
    D(a)->WskSendTo(a, &out.Buf, 0, At(INADDR_LOOPBACK, 5001), 0, NULL, Send()); Wait();
    D(b)->WskReceiveFrom(b, &in.Buf, 0, NULL, NULL, NULL, &flags, Send());
    STATUS(Wait(), STATUS_BUFFER_OVERFLOW);
    Is("bytes that fit", irp->IoStatus.Information, 40);
    Is("MSG_TRUNC", flags, MSG_TRUNC);
    B(a)->WskControlSocket(a, WskIoctl, SIO_WSK_SET_SENDTO_ADDRESS, 0, sizeof(SOCKADDR_IN), At(INADDR_LOOPBACK, 5001), 0, NULL, NULL, Send()); Wait();
    WSK_BUF_LIST second = { NULL, { out.Buf.Mdl, 5, 3 } }, first = { &second, { out.Buf.Mdl, 0, 5 } };
    D(a)->WskSendMessages(a, &first, 0, NULL, 0, NULL, Send());
    STATUS(Wait(), STATUS_SUCCESS);
    Is("bytes of both", irp->IoStatus.Information, 8);
    D(b)->WskReceiveFrom(b, &in.Buf, 0, NULL, NULL, NULL, NULL, Send()); Wait();
    Is("first message", irp->IoStatus.Information, 5);
    D(b)->WskReceiveFrom(b, &in.Buf, 0, NULL, NULL, NULL, NULL, Send()); Wait();
    Is("second message", irp->IoStatus.Information, 3);
    Close(a); Close(b); FreeBuffer(out); FreeBuffer(in);`,
  'WskGetAddressInfo and WskGetNameInfo': {
    scenario: 'network: { names: { printer.local: [192.0.2.20] } }',
    body: `
    UNICODE_STRING node, service;
    PADDRINFOEXW list = NULL;
    WCHAR text[64];
    RtlInitUnicodeString(&node, L"dead.beef");
    RtlInitUnicodeString(&service, L"12345");
    STATUS(npi.Dispatch->WskGetAddressInfo(npi.Client, &node, &service, NS_ALL, NULL, NULL, &list, NULL, NULL, Send()), STATUS_PENDING);
    STATUS(Wait(), STATUS_NOT_FOUND);
    Is("Information", irp->IoStatus.Information, 0);
    RtlInitUnicodeString(&node, L"127.0.0.1");
    STATUS(npi.Dispatch->WskGetAddressInfo(npi.Client, &node, &service, NS_ALL, NULL, NULL, &list, NULL, NULL, Send()), STATUS_PENDING);
    STATUS(Wait(), STATUS_SUCCESS);
    Is("Information", irp->IoStatus.Information, 0);
    Is("length", list->ai_addrlen, sizeof(SOCKADDR_IN));
    Is("port", RtlUshortByteSwap(((PSOCKADDR_IN)list->ai_addr)->sin_port), 12345);
    Is("host", RtlUlongByteSwap(((PSOCKADDR_IN)list->ai_addr)->sin_addr.s_addr), INADDR_LOOPBACK);
    TRUE_(list->ai_next == NULL);
    npi.Dispatch->WskFreeAddressInfo(npi.Client, list);
    RtlInitUnicodeString(&node, L"printer.local");
    npi.Dispatch->WskGetAddressInfo(npi.Client, &node, NULL, NS_ALL, NULL, NULL, &list, NULL, NULL, Send());
    STATUS(Wait(), STATUS_SUCCESS);
    Is("host", RtlUlongByteSwap(((PSOCKADDR_IN)list->ai_addr)->sin_addr.s_addr), 0xC0000214);
    npi.Dispatch->WskFreeAddressInfo(npi.Client, list);
    STATUS(npi.Dispatch->WskGetNameInfo(npi.Client, At(INADDR_LOOPBACK, 80), sizeof(SOCKADDR_IN), NULL, NULL, 0, NULL, NULL, Send()), STATUS_INVALID_PARAMETER);
    STATUS(Wait(), STATUS_INVALID_PARAMETER);
    RtlInitEmptyUnicodeString(&node, text, sizeof(text));
    npi.Dispatch->WskGetNameInfo(npi.Client, At(INADDR_LOOPBACK, 80), sizeof(SOCKADDR_IN), &node, NULL, 0, NULL, NULL, Send());
    STATUS(Wait(), STATUS_SUCCESS);
    Is("length of localhost", node.Length, 18);`,
  },
  'a stream socket listens after WskListen; a basic socket has two functions': {
    findings: ['socket-not-bound'],
    body: `
    PWSK_SOCKET s = Open(WSK_FLAG_STREAM_SOCKET, SOCK_STREAM, IPPROTO_TCP, AF_INET, NULL, NULL);
    STATUS(S(s)->WskListen(s, Send()), STATUS_INVALID_DEVICE_STATE);
    STATUS(Wait(), STATUS_INVALID_DEVICE_STATE);
    S(s)->WskBind(s, At(INADDR_LOOPBACK, 8888), 0, Send()); STATUS(Wait(), STATUS_SUCCESS);
    STATUS(S(s)->WskListen(s, Send()), STATUS_PENDING);
    STATUS(Wait(), STATUS_SUCCESS);
    STATUS(S(s)->WskAccept(s, 0, NULL, NULL, NULL, NULL, Send2()), STATUS_PENDING);
    Close(s);
    STATUS(WaitFor(irp2, &done2), STATUS_CANCELLED);
    s = Open(WSK_FLAG_BASIC_SOCKET, SOCK_STREAM, IPPROTO_TCP, AF_INET, NULL, NULL);
    TRUE_(s != NULL);
    Close(s);`,
  },
  'IoCancelIrp on a pending WskAccept': `
    PWSK_SOCKET s = Listener();
    Bind(s, At(INADDR_ANY, 8888));
    L(s)->WskAccept(s, 0, NULL, NULL, NULL, NULL, Send());
    TRUE_(IoCancelIrp(irp));
    STATUS(Wait(), STATUS_CANCELLED);
    L(s)->WskAccept(s, 0, NULL, NULL, NULL, NULL, Send2());
    Close(s);
    STATUS(WaitFor(irp2, &done2), STATUS_CANCELLED);`,
  'a driver whose own functions have the names of WSK functions': {
    declarations: `
static NTSTATUS WskBind(PWSK_SOCKET s, USHORT port) { Bind(s, At(INADDR_ANY, port)); return irp->IoStatus.Status; }
static NTSTATUS WskSocket(PWSK_SOCKET *s) { *s = Listener(); return *s ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL; }`,
    body: `
    PWSK_SOCKET s;
    STATUS(WskSocket(&s), STATUS_SUCCESS);
    STATUS(WskBind(s, 8888), STATUS_SUCCESS);
    Close(s);`,
  },
  'WskQueryProviderCharacteristics, a second capture': `
    WSK_PROVIDER_CHARACTERISTICS range;
    WSK_PROVIDER_NPI second;
    STATUS(WskQueryProviderCharacteristics(&reg, &range), STATUS_SUCCESS);
    TRUE_(range.LowestVersion <= MAKE_WSK_VERSION(1, 0) && range.HighestVersion >= MAKE_WSK_VERSION(1, 0));
    STATUS(WskCaptureProviderNPI(&reg, WSK_NO_WAIT, &second), STATUS_SUCCESS);
    TRUE_(second.Client == npi.Client);
    WskReleaseProviderNPI(&reg);`,
};

for (const [name, given] of Object.entries(cases)) {
  const whole = typeof given === 'string' ? { body: given } : given;
  test(name, () => {
    const result = runWsk(whole);
    const bad = result.log.filter((line) => !line.startsWith('ok '));
    const told = 'findings' in whole ? whole.findings : [];
    assert.deepEqual(bad, []);
    assert.deepEqual(
      result.findings.map(({ rule }) => rule),
      told,
      result.findings.map(({ rule, message }) => `${rule}: ${message}`).join('\n'),
    );
    assert.equal(result.outcome, told.length === 0 ? 'clean' : 'findings');
    assert.ok(result.log.length > 0, 'the driver checked something');
  });
}
