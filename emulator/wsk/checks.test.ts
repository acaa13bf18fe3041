// Misuse of WSK: each wrong driver has its finding with the rule of the documentation, each right twin has none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeAll, connected, eventTable, type Pair, receiveEvent, testPairs } from './testing/pairs.ts';
import { runWsk, type WskTest } from './testing.ts';

/** A listener whose callbacks stand in a table of `type`, and a connection to it. */
function tableOf(type: string): WskTest {
  return {
    declarations: `
static NTSTATUS WSKAPI Refuses(PVOID c, ULONG f, PSOCKADDR l, PSOCKADDR r, PWSK_SOCKET s, PVOID *sc, const WSK_CLIENT_CONNECTION_DISPATCH **d)
{
  UNREFERENCED_PARAMETER(c); UNREFERENCED_PARAMETER(f); UNREFERENCED_PARAMETER(l); UNREFERENCED_PARAMETER(r);
  UNREFERENCED_PARAMETER(s); UNREFERENCED_PARAMETER(sc); UNREFERENCED_PARAMETER(d);
  return STATUS_REQUEST_NOT_ACCEPTED;
}
static PWSK_SOCKET Listens(void)
{
  ${type} table = { Refuses, NULL, NULL };
  WSK_EVENT_CALLBACK_CONTROL control = { (PNPIID)&NPI_WSK_INTERFACE_ID, WSK_EVENT_ACCEPT };
  PWSK_SOCKET l = Open(WSK_FLAG_LISTEN_SOCKET, SOCK_STREAM, IPPROTO_TCP, AF_INET, NULL, &table);
  Bind(l, At(INADDR_LOOPBACK, 8888));
  B(l)->WskControlSocket(l, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET, sizeof(control), &control, 0, NULL, NULL, NULL);
  return l;
}`,
    body: 'PWSK_SOCKET l = Listens(), c = Connection(); Bind(c, At(INADDR_ANY, 0)); C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send()); Wait(); Close(c); Close(l);',
  };
}

/** A datagram to itself, for which the pages are locked so. */
function receivesInto(access: string): string {
  return `PWSK_SOCKET s = Udp(); BUFFER out = Buffer(8); WSK_BUF b = { NULL, 0, 8 };
    PVOID data = ExAllocatePool2(POOL_FLAG_PAGED, 8, 'ldMT');
    RtlFillMemory(out.Data, 8, 'x');
    b.Mdl = IoAllocateMdl(data, 8, FALSE, FALSE, NULL);
    MmProbeAndLockPages(b.Mdl, KernelMode, ${access});
    Bind(s, At(INADDR_LOOPBACK, 5000));
    D(s)->WskSendTo(s, &out.Buf, 0, At(INADDR_LOOPBACK, 5000), 0, NULL, Send()); Wait();
    D(s)->WskReceiveFrom(s, &b, 0, NULL, NULL, NULL, NULL, Send()); Wait();
    Close(s); MmUnlockPages(b.Mdl); IoFreeMdl(b.Mdl); ExFreePool(data); FreeBuffer(out);`;
}

/** A completion routine that binds, then closes, with one IRP; `before` stands in front of the second call. */
function sentOn(before: string): string {
  return `
static PWSK_SOCKET mine;
static SOCKADDR_IN any;
static KEVENT over;
static NTSTATUS Closed(PDEVICE_OBJECT d, PIRP i, PVOID c)
{
  UNREFERENCED_PARAMETER(d); UNREFERENCED_PARAMETER(i); UNREFERENCED_PARAMETER(c);
  KeSetEvent(&over, IO_NO_INCREMENT, FALSE);
  return STATUS_MORE_PROCESSING_REQUIRED;
}
static NTSTATUS Bound(PDEVICE_OBJECT d, PIRP i, PVOID c)
{
  UNREFERENCED_PARAMETER(d); UNREFERENCED_PARAMETER(c);
  ${before}
  IoSetCompletionRoutine(i, Closed, NULL, TRUE, TRUE, TRUE);
  B(mine)->WskCloseSocket(mine, i);
  return STATUS_MORE_PROCESSING_REQUIRED;
}
static VOID CloseBy(PWSK_SOCKET s)
{
  PIRP i = IoAllocateIrp(1, FALSE);
  mine = s;
  any.sin_family = AF_INET;
  KeInitializeEvent(&over, NotificationEvent, FALSE);
  IoSetCompletionRoutine(i, Bound, NULL, TRUE, TRUE, TRUE);
  D(s)->WskBind(s, (PSOCKADDR)&any, 0, i);
  KeWaitForSingleObject(&over, Executive, KernelMode, FALSE, NULL);
  IoFreeIrp(i);
}`;
}

const cases: Readonly<Record<string, Pair>> = {
  'an option value on the stack of a function that has returned': {
    finding: 'stack-buffer-outlives-call R75',
    at: /WskControlSocket/,
    wrong: {
      declarations: `
static NTSTATUS SetIt(PWSK_SOCKET s)
{
  ULONG on = 1;
  return B(s)->WskControlSocket(s, WskSetOption, SO_EXCLUSIVEADDRUSE, SOL_SOCKET, sizeof(on), &on, 0, NULL, NULL, Send());
}`,
      body: 'PWSK_SOCKET s = Listener(); SetIt(s); Wait(); Close(s);',
    },
    right: {
      declarations: `
static NTSTATUS SetIt(PWSK_SOCKET s)
{
  ULONG on = 1;
  B(s)->WskControlSocket(s, WskSetOption, SO_EXCLUSIVEADDRUSE, SOL_SOCKET, sizeof(on), &on, 0, NULL, NULL, Send());
  return Wait();
}`,
      body: 'PWSK_SOCKET s = Listener(); SetIt(s); Close(s);',
    },
  },
  'the frame was used again by another call of the same function': {
    finding: 'stack-buffer-outlives-call R75',
    wrong: {
      declarations: `
static void Ask(PWSK_SOCKET s, BOOLEAN waits)
{
  SOCKADDR_IN a;
  if (!waits) L(s)->WskGetLocalAddress(s, (PSOCKADDR)&a, Send());
  else { a.sin_port = 0; Wait(); }
}
static void Deeper(PWSK_SOCKET s) { Ask(s, TRUE); }`,
      body: 'PWSK_SOCKET s = Listener(); Bind(s, At(INADDR_ANY, 0)); Ask(s, FALSE); Deeper(s); Close(s);',
    },
    right:
      'PWSK_SOCKET s = Listener(); SOCKADDR_IN a; Bind(s, At(INADDR_ANY, 0)); L(s)->WskGetLocalAddress(s, (PSOCKADDR)&a, Send()); Wait(); Close(s);',
  },
  'pool memory that is freed while the call is pending': {
    finding: 'stack-buffer-outlives-call R76',
    wrong: `
    PWSK_SOCKET s = Listener();
    PSOCKADDR a = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(SOCKADDR_IN), 'rddA');
    Bind(s, At(INADDR_ANY, 0));
    L(s)->WskGetLocalAddress(s, a, Send());
    ExFreePool(a);
    Wait(); Close(s);`,
    right: `
    PWSK_SOCKET s = Listener();
    PSOCKADDR a = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(SOCKADDR_IN), 'rddA');
    Bind(s, At(INADDR_ANY, 0));
    L(s)->WskGetLocalAddress(s, a, Send());
    Wait();
    ExFreePool(a); Close(s);`,
  },
  'an MDL that is freed while a receive uses it': {
    finding: 'stack-buffer-outlives-call R76',
    wrong: `${connected}
    C(a)->WskReceive(a, &in.Buf, 0, Send2());
    FreeBuffer(in);
    C(c)->WskSend(c, &out.Buf, 0, Send()); Wait(); WaitFor(irp2, &done2);
    Close(a); Close(c); Close(l); FreeBuffer(out);`,
    right: `${connected}
    C(a)->WskReceive(a, &in.Buf, 0, Send2());
    C(c)->WskSend(c, &out.Buf, 0, Send()); Wait(); WaitFor(irp2, &done2);
    FreeBuffer(in);
    Close(a); Close(c); Close(l); FreeBuffer(out);`,
  },
  'WskReceiveEvent takes more than was indicated': {
    finding: 'event-bytes-accepted R89',
    at: /return/,
    wrong: {
      declarations: eventTable(
        'OnReceive',
        'UNREFERENCED_PARAMETER(context); UNREFERENCED_PARAMETER(flags); UNREFERENCED_PARAMETER(data); *accepted = indicated + 1; return STATUS_SUCCESS;',
      ),
      body: `${receiveEvent} ${closeAll} UNREFERENCED_PARAMETER(kept); UNREFERENCED_PARAMETER(held);`,
    },
    right: {
      declarations: eventTable(
        'OnReceive',
        'UNREFERENCED_PARAMETER(context); UNREFERENCED_PARAMETER(flags); UNREFERENCED_PARAMETER(data); *accepted = indicated; return STATUS_SUCCESS;',
      ),
      body: `${receiveEvent} ${closeAll} UNREFERENCED_PARAMETER(kept); UNREFERENCED_PARAMETER(held);`,
    },
  },
  'a buffer that is filled anew while it is sent': {
    finding: 'buffer-changed-while-sent',
    at: /WskSend/,
    wrong: `${connected} RtlFillMemory(out.Data, 8, 1);
    C(c)->WskSend(c, &out.Buf, 0, Send()); ((PCHAR)out.Data)[7] = 2; Wait();
    Close(a); Close(c); Close(l); FreeBuffer(in); FreeBuffer(out);`,
    right: `${connected} RtlFillMemory(out.Data, 8, 1);
    C(c)->WskSend(c, &out.Buf, 0, Send()); ((PCHAR)out.Data)[7] = 1; ((PCHAR)in.Data)[7] = 2; Wait(); ((PCHAR)out.Data)[7] = 2;
    Close(a); Close(c); Close(l); FreeBuffer(in); FreeBuffer(out);`,
  },
  'a byte that is written while a receive fills the buffer': {
    finding: 'buffer-used-while-receiving',
    at: /\[7\] = 2/,
    ...ofReceive('((PCHAR)in.Data)[7] = 2;'),
  },
  'an answer that is looked at before it is there': {
    finding: 'buffer-used-while-receiving',
    at: /RtlCompareMemory/,
    ...ofReceive('if (RtlCompareMemory(in.Data, "12345678", 8) == 8) DbgPrint("there");'),
  },
  'bytes that nobody has written are sent': {
    finding: 'uninitialised-output',
    at: /WskSend/,
    wrong: sendOfNew('POOL_FLAG_NON_PAGED | POOL_FLAG_UNINITIALIZED'),
    right: sendOfNew('POOL_FLAG_NON_PAGED'),
  },
  'a send out of a buffer that a receive fills': {
    finding: 'buffer-used-while-receiving',
    at: /WskSend/,
    wrong: sendWhileReceiving('in'),
    right: sendWhileReceiving('out'),
  },
  'a WSK_BUF that is longer than its MDL': {
    finding: 'wsk-buf-beyond-mdl R45',
    history: /^allocated by IoAllocateMdl for 8 bytes .*\nbuilt for non-paged pool$/,
    wrong:
      'PWSK_SOCKET s = Udp(); BUFFER b = Buffer(8); Bind(s, At(INADDR_ANY, 0)); b.Buf.Length = 16; D(s)->WskSendTo(s, &b.Buf, 0, At(INADDR_LOOPBACK, 5), 0, NULL, Send()); Wait();',
    right:
      'PWSK_SOCKET s = Udp(); BUFFER b = Buffer(8); Bind(s, At(INADDR_ANY, 0)); D(s)->WskSendTo(s, &b.Buf, 0, At(INADDR_LOOPBACK, 5), 0, NULL, Send()); Wait(); Close(s); FreeBuffer(b);',
  },
  'an Offset that lies outside the first MDL': {
    finding: 'wsk-buf-beyond-mdl R45',
    wrong:
      'PWSK_SOCKET s = Udp(); BUFFER b = Buffer(8); Bind(s, At(INADDR_ANY, 0)); b.Buf.Offset = 9; b.Buf.Length = 1; D(s)->WskSendTo(s, &b.Buf, 0, At(INADDR_LOOPBACK, 5), 0, NULL, Send()); Wait();',
    right:
      'PWSK_SOCKET s = Udp(); BUFFER b = Buffer(8); Bind(s, At(INADDR_ANY, 0)); b.Buf.Offset = 7; b.Buf.Length = 1; D(s)->WskSendTo(s, &b.Buf, 0, At(INADDR_LOOPBACK, 5), 0, NULL, Send()); Wait(); Close(s); FreeBuffer(b);',
  },
  'an Offset and a Length that go beyond the MDL together': {
    finding: 'wsk-buf-beyond-mdl R45',
    wrong:
      'PWSK_SOCKET s = Udp(); BUFFER b = Buffer(8); Bind(s, At(INADDR_ANY, 0)); b.Buf.Offset = 4; b.Buf.Length = 5; D(s)->WskReceiveFrom(s, &b.Buf, 0, NULL, NULL, NULL, NULL, Send()); Wait();',
    right:
      'PWSK_SOCKET s = Udp(); BUFFER b = Buffer(8), c = Buffer(8); Bind(s, At(INADDR_ANY, 0)); b.Buf.Mdl->Next = c.Buf.Mdl; b.Buf.Offset = 4; b.Buf.Length = 12; D(s)->WskSendTo(s, &b.Buf, 0, At(INADDR_LOOPBACK, 5), 0, NULL, Send()); Wait(); Close(s); b.Buf.Mdl->Next = NULL; FreeBuffer(b); FreeBuffer(c);',
  },
  'a Length without an MDL': {
    finding: 'wsk-buf-beyond-mdl R45',
    wrong:
      'PWSK_SOCKET s = Udp(); WSK_BUF b = { NULL, 0, 100 }; Bind(s, At(INADDR_ANY, 0)); D(s)->WskSendTo(s, &b, 0, At(INADDR_LOOPBACK, 5), 0, NULL, Send()); Wait();',
    right:
      'PWSK_SOCKET s = Udp(); WSK_BUF b = { NULL, 0, 0 }; Bind(s, At(INADDR_ANY, 0)); D(s)->WskSendTo(s, &b, 0, At(INADDR_LOOPBACK, 5), 0, NULL, Send()); Wait(); Close(s);',
  },
  'an MDL that is neither built nor locked': {
    finding: 'mdl-not-locked R45',
    wrong:
      "PWSK_SOCKET s = Udp(); WSK_BUF b = { NULL, 0, 8 }; PVOID data = ExAllocatePool2(POOL_FLAG_NON_PAGED, 8, 'ldMT'); b.Mdl = IoAllocateMdl(data, 8, FALSE, FALSE, NULL); Bind(s, At(INADDR_ANY, 0)); D(s)->WskSendTo(s, &b, 0, At(INADDR_LOOPBACK, 5), 0, NULL, Send()); Wait();",
    right:
      "PWSK_SOCKET s = Udp(); WSK_BUF b = { NULL, 0, 8 }; PVOID data = ExAllocatePool2(POOL_FLAG_NON_PAGED, 8, 'ldMT'); b.Mdl = IoAllocateMdl(data, 8, FALSE, FALSE, NULL); MmBuildMdlForNonPagedPool(b.Mdl); Bind(s, At(INADDR_ANY, 0)); D(s)->WskSendTo(s, &b, 0, At(INADDR_LOOPBACK, 5), 0, NULL, Send()); Wait(); Close(s); IoFreeMdl(b.Mdl); ExFreePool(data);",
  },
  'a receive into pages that are locked for reading': {
    finding: 'mdl-locked-for-read',
    wrong: receivesInto('IoReadAccess'),
    right: receivesInto('IoWriteAccess'),
  },
  'a chain of messages that runs in a circle': {
    finding: 'wsk-buf-beyond-mdl R45',
    wrong:
      'PWSK_SOCKET s = Udp(); BUFFER b = Buffer(8); Bind(s, At(INADDR_ANY, 0)); WSK_BUF_LIST one = { &one, { NULL, 0, 0 } }; D(s)->WskSendMessages(s, &one, 0, At(INADDR_LOOPBACK, 5), 0, NULL, Send()); Wait();',
    right:
      'PWSK_SOCKET s = Udp(); BUFFER b = Buffer(8); Bind(s, At(INADDR_ANY, 0)); WSK_BUF_LIST one = { NULL, b.Buf }; D(s)->WskSendMessages(s, &one, 0, At(INADDR_LOOPBACK, 5), 0, NULL, Send()); Wait(); Close(s); FreeBuffer(b);',
  },
  'a security descriptor that is released while its socket is being made': {
    finding: 'stack-buffer-outlives-call R76',
    wrong:
      'PSECURITY_DESCRIPTOR raw = &reg, cached; npi.Dispatch->WskControlClient(npi.Client, WSK_CACHE_SD, sizeof(raw), &raw, sizeof(cached), &cached, NULL, NULL); npi.Dispatch->WskSocket(npi.Client, AF_INET, SOCK_STREAM, IPPROTO_TCP, WSK_FLAG_LISTEN_SOCKET, NULL, NULL, NULL, NULL, cached, Send()); npi.Dispatch->WskControlClient(npi.Client, WSK_RELEASE_SD, sizeof(cached), &cached, 0, NULL, NULL, NULL); Wait();',
    right:
      'PSECURITY_DESCRIPTOR raw = &reg, cached; npi.Dispatch->WskControlClient(npi.Client, WSK_CACHE_SD, sizeof(raw), &raw, sizeof(cached), &cached, NULL, NULL); npi.Dispatch->WskSocket(npi.Client, AF_INET, SOCK_STREAM, IPPROTO_TCP, WSK_FLAG_LISTEN_SOCKET, NULL, NULL, NULL, NULL, cached, Send()); Wait(); npi.Dispatch->WskControlClient(npi.Client, WSK_RELEASE_SD, sizeof(cached), &cached, 0, NULL, NULL, NULL); Close((PWSK_SOCKET)irp->IoStatus.Information);',
  },
  'a client that deregisters while a name is being looked up: WskDeregister waits for the IRP': {
    finding: 'irp-missing R26',
    wrong:
      'PADDRINFOEXW list; UNICODE_STRING n; RtlInitUnicodeString(&n, L"localhost"); STATUS(npi.Dispatch->WskGetAddressInfo(npi.Client, &n, NULL, 0, NULL, NULL, &list, NULL, NULL, NULL), STATUS_INVALID_PARAMETER);',
    right: {
      declarations: 'static WSK_REGISTRATION other; static PADDRINFOEXW list;',
      body: 'WSK_CLIENT_NPI client = { NULL, &clientDispatch }; WSK_PROVIDER_NPI two; UNICODE_STRING n; RtlInitUnicodeString(&n, L"nobody"); if (NT_SUCCESS(WskRegister(&client, &other)) && NT_SUCCESS(WskCaptureProviderNPI(&other, 0, &two))) { two.Dispatch->WskGetAddressInfo(two.Client, &n, NULL, 0, NULL, NULL, &list, NULL, NULL, Send()); WskReleaseProviderNPI(&other); WskDeregister(&other); Is("completed", KeReadStateEvent(&done), 1); }',
    },
  },
  'a socket that is used after its close': {
    finding: 'socket-after-close R72',
    wrong:
      'PWSK_SOCKET s = Listener(); const WSK_PROVIDER_LISTEN_DISPATCH *d = L(s); d->WskCloseSocket(s, Send()); d->WskBind(s, At(INADDR_ANY, 0), 0, Send2()); Wait();',
    right:
      'PWSK_SOCKET s = Listener(); const WSK_PROVIDER_LISTEN_DISPATCH *d = L(s); d->WskBind(s, At(INADDR_ANY, 0), 0, Send2()); WaitFor(irp2, &done2); d->WskCloseSocket(s, Send()); Wait();',
  },
  'a socket that is closed twice': {
    finding: 'socket-after-close R72',
    wrong:
      'PWSK_SOCKET s = Listener(); const WSK_PROVIDER_LISTEN_DISPATCH *d = L(s); d->WskCloseSocket(s, Send()); Wait(); d->WskCloseSocket(s, Send()); Wait();',
    right: 'PWSK_SOCKET s = Listener(); Close(s);',
  },
  'Socket->Dispatch that is read after the close': {
    finding: 'use-after-free',
    wrong: 'PWSK_SOCKET s = Listener(); Close(s); if (s->Dispatch != NULL) DbgPrint("ok\\n");',
    right: 'PWSK_SOCKET s = Listener(); if (s->Dispatch != NULL) Close(s);',
  },
  'the dispatch table of another category': {
    finding: 'socket-table R66',
    wrong:
      'PWSK_SOCKET s = Listener(); BUFFER b = Buffer(4); Bind(s, At(INADDR_ANY, 0)); C(s)->WskConnect(s, At(INADDR_LOOPBACK, 5), 0, Send()); Wait();',
    right: 'PWSK_SOCKET s = Connection(); Bind(s, At(INADDR_ANY, 0)); Close(s);',
  },
  'the dispatch table of another category, whose function there takes as many arguments': {
    finding: 'socket-table R66',
    at: /WskGetLocalAddress/,
    wrong:
      'PWSK_SOCKET s = Connection(); Bind(s, At(INADDR_ANY, 0)); L(s)->WskGetLocalAddress(s, (PSOCKADDR)&address, Send()); Wait();',
    right: {
      declarations: '#define FIRST(call, then) (call, then)',
      body: 'PWSK_SOCKET s = Connection(); Bind(s, At(INADDR_ANY, 0)); FIRST(C(s)->WskGetLocalAddress(s, (PSOCKADDR)&address, Send()), Wait()); FIRST(((PWSK_PROVIDER_CONNECTION_DISPATCH)s->Dispatch)->WskGetLocalAddress(s, (PSOCKADDR)&address, Send()), Wait()); Close(s);',
    },
  },
  'a context for a basic socket': {
    finding: 'basic-socket-dispatch R30',
    wrong: 'TRUE_(Open(WSK_FLAG_BASIC_SOCKET, SOCK_STREAM, IPPROTO_TCP, AF_INET, &reg, NULL) == NULL);',
    right: 'Close(Open(WSK_FLAG_BASIC_SOCKET, SOCK_STREAM, IPPROTO_TCP, AF_INET, NULL, NULL));',
  },
  'two category flags': {
    finding: 'socket-category-flags R32',
    wrong:
      'TRUE_(Open(WSK_FLAG_LISTEN_SOCKET | WSK_FLAG_CONNECTION_SOCKET, SOCK_STREAM, IPPROTO_TCP, AF_INET, NULL, NULL) == NULL);',
    right: 'Close(Listener());',
  },
  'a category with a protocol that does not fit': {
    finding: 'socket-category-protocol R33',
    wrong: 'TRUE_(Open(WSK_FLAG_CONNECTION_SOCKET, SOCK_DGRAM, IPPROTO_UDP, AF_INET, NULL, NULL) == NULL);',
    right: 'Close(Connection());',
  },
  'a reserved flag': {
    finding: 'reserved-flags R34',
    wrong:
      'PWSK_SOCKET s = Listener(); L(s)->WskBind(s, At(INADDR_ANY, 0), 1, Send()); STATUS(Wait(), STATUS_INVALID_PARAMETER); Close(s);',
    right:
      'PWSK_SOCKET s = Listener(); L(s)->WskBind(s, At(INADDR_ANY, 0), 0, Send()); STATUS(Wait(), STATUS_SUCCESS); Close(s);',
  },
  'receiving for ever what has ended': {
    finding: 'hang',
    at: /WskReceive/,
    wrong:
      'PWSK_SOCKET l = Listener(), c = Connection(), a; BUFFER in = Buffer(8); Bind(l, At(INADDR_LOOPBACK, 8888)); Bind(c, At(INADDR_ANY, 0)); C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send()); Wait(); L(l)->WskAccept(l, 0, NULL, NULL, NULL, NULL, Send()); Wait(); a = (PWSK_SOCKET)irp->IoStatus.Information; C(a)->WskDisconnect(a, NULL, 0, Send()); Wait(); for (;;) { C(c)->WskReceive(c, &in.Buf, 0, Send()); if (!NT_SUCCESS(Wait())) break; } Close(a); Close(c); Close(l); FreeBuffer(in);',
    right:
      'PWSK_SOCKET l = Listener(), c = Connection(), a; BUFFER in = Buffer(8); Bind(l, At(INADDR_LOOPBACK, 8888)); Bind(c, At(INADDR_ANY, 0)); C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send()); Wait(); L(l)->WskAccept(l, 0, NULL, NULL, NULL, NULL, Send()); Wait(); a = (PWSK_SOCKET)irp->IoStatus.Information; C(a)->WskDisconnect(a, NULL, 0, Send()); Wait(); for (;;) { C(c)->WskReceive(c, &in.Buf, 0, Send()); if (!NT_SUCCESS(Wait()) || irp->IoStatus.Information == 0) break; } Close(a); Close(c); Close(l); FreeBuffer(in);',
  },
  'an option after the bind': {
    finding: 'option-order R68',
    wrong:
      'PWSK_SOCKET s = Listener(); Bind(s, At(INADDR_ANY, 0)); STATUS(Set(s, SO_REUSEADDR, SOL_SOCKET, 1), STATUS_INVALID_DEVICE_STATE); Close(s);',
    right:
      'PWSK_SOCKET s = Listener(); STATUS(Set(s, SO_REUSEADDR, SOL_SOCKET, 1), STATUS_SUCCESS); Bind(s, At(INADDR_ANY, 0)); Close(s);',
  },
  'an option of another category': {
    finding: 'option-category R50',
    wrong:
      'PWSK_SOCKET s = Listener(); STATUS(Set(s, SO_BROADCAST, SOL_SOCKET, 1), STATUS_INVALID_PARAMETER); Close(s);',
    right: 'PWSK_SOCKET s = Udp(); STATUS(Set(s, SO_BROADCAST, SOL_SOCKET, 1), STATUS_SUCCESS); Close(s);',
  },
  'an address of another family': {
    finding: 'address-family R81',
    wrong:
      'PWSK_SOCKET s = Open(WSK_FLAG_LISTEN_SOCKET, SOCK_STREAM, IPPROTO_TCP, AF_INET6, NULL, NULL); Bind(s, At(INADDR_ANY, 0)); Close(s);',
    right: 'PWSK_SOCKET s = Listener(); Bind(s, At(INADDR_ANY, 0)); Close(s);',
  },
  'a call through the provider after its release': {
    finding: 'npi-after-release R03',
    wrong: 'WskReleaseProviderNPI(&reg); Listener();',
    right: 'Close(Listener());',
  },
  'a dispatch table on the stack of a function that has returned': {
    finding: 'stack-buffer-outlives-call R75',
    at: /Dispatch->WskSocket/,
    wrong: tableOf('const WSK_CLIENT_LISTEN_DISPATCH'),
    right: tableOf('static const WSK_CLIENT_LISTEN_DISPATCH'),
  },
  'a WSK_REGISTRATION on the stack of a function that has returned': {
    finding: 'registration-block-gone R07',
    wrong: {
      declarations: `
static void Another(void)
{
  WSK_REGISTRATION other;
  WSK_CLIENT_NPI client = { NULL, &clientDispatch };
  if (NT_SUCCESS(WskRegister(&client, &other))) irp2->UserBuffer = &other;
}`,
      body: 'Another(); WskDeregister((PWSK_REGISTRATION)irp2->UserBuffer);',
    },
    right: {
      declarations: 'static WSK_REGISTRATION other;',
      body: 'WSK_CLIENT_NPI client = { NULL, &clientDispatch }; if (NT_SUCCESS(WskRegister(&client, &other))) WskDeregister(&other);',
    },
  },
  'a release without a capture': {
    finding: 'npi-not-captured R02',
    wrong: 'WskReleaseProviderNPI(&reg);',
    right:
      'WSK_PROVIDER_NPI n; if (NT_SUCCESS(WskCaptureProviderNPI(&reg, WSK_NO_WAIT, &n))) WskReleaseProviderNPI(&reg);',
  },
  'a receive event with a return value that is not allowed': {
    finding: 'event-return-value R85',
    at: /^return STATUS_INSUFFICIENT_RESOURCES;$/,
    wrong: {
      declarations: eventTable('OnReceive', 'return STATUS_INSUFFICIENT_RESOURCES;'),
      body: receiveEvent + closeAll,
    },
    right: { declarations: eventTable('OnReceive', 'return STATUS_SUCCESS;'), body: receiveEvent + closeAll },
  },
  'data that was kept is not released before the close': {
    finding: 'indication-not-released R73',
    wrong: {
      declarations: eventTable('OnReceive', 'held = data; return STATUS_PENDING;'),
      body: receiveEvent + closeAll,
    },
    right: {
      declarations: eventTable('OnReceive', 'held = data; return STATUS_PENDING;'),
      body: `${receiveEvent} Is("bytes", held->Buffer.Length, 3); STATUS(C(c)->WskRelease(c, held), STATUS_SUCCESS); ${closeAll}`,
    },
  },
  'data that was taken is read after the event': {
    finding: 'use-after-free',
    wrong: {
      declarations: eventTable('OnReceive', 'held = data; return STATUS_SUCCESS;'),
      body: `${receiveEvent} Is("bytes", held->Buffer.Length, 3);`,
    },
    right: {
      declarations: eventTable('OnReceive', 'Is("bytes", data->Buffer.Length, 3); return STATUS_SUCCESS;'),
      body: receiveEvent + closeAll,
    },
  },
  'a list of addresses that is not freed': {
    finding: 'address-info-leak R59',
    wrong:
      'PADDRINFOEXW list; UNICODE_STRING n; RtlInitUnicodeString(&n, L"localhost"); npi.Dispatch->WskGetAddressInfo(npi.Client, &n, NULL, 0, NULL, NULL, &list, NULL, NULL, Send()); Wait();',
    right:
      'PADDRINFOEXW list; UNICODE_STRING n; RtlInitUnicodeString(&n, L"localhost"); npi.Dispatch->WskGetAddressInfo(npi.Client, &n, NULL, 0, NULL, NULL, &list, NULL, NULL, Send()); Wait(); npi.Dispatch->WskFreeAddressInfo(npi.Client, list);',
  },
  'a cached security descriptor that is not released': {
    finding: 'security-descriptor-leak R77',
    wrong:
      'PSECURITY_DESCRIPTOR raw = &reg, cached; npi.Dispatch->WskControlClient(npi.Client, WSK_CACHE_SD, sizeof(raw), &raw, sizeof(cached), &cached, NULL, NULL);',
    right:
      'PSECURITY_DESCRIPTOR raw = &reg, cached; npi.Dispatch->WskControlClient(npi.Client, WSK_CACHE_SD, sizeof(raw), &raw, sizeof(cached), &cached, NULL, NULL); npi.Dispatch->WskControlClient(npi.Client, WSK_RELEASE_SD, sizeof(cached), &cached, 0, NULL, NULL, NULL);',
  },
  'a socket call above DISPATCH_LEVEL': {
    finding: 'irql-too-high',
    wrong:
      'PWSK_SOCKET s = Listener(); KIRQL old; KeRaiseIrql(HIGH_LEVEL, &old); B(s)->WskCloseSocket(s, Send()); KeLowerIrql(old); Wait();',
    right:
      'PWSK_SOCKET s = Listener(); KIRQL old; KeRaiseIrql(DISPATCH_LEVEL, &old); B(s)->WskCloseSocket(s, Send()); KeLowerIrql(old); Wait();',
  },
  'an IRP that is sent again while WSK has it': {
    finding: 'irp-reused-while-pending R22',
    wrong:
      'PWSK_SOCKET s = Listener(); Bind(s, At(INADDR_ANY, 0)); L(s)->WskAccept(s, 0, NULL, NULL, NULL, NULL, Send()); L(s)->WskAccept(s, 0, NULL, NULL, NULL, NULL, irp);',
    right:
      'PWSK_SOCKET s = Listener(); Bind(s, At(INADDR_ANY, 0)); L(s)->WskAccept(s, 0, NULL, NULL, NULL, NULL, Send2()); Close(s); WaitFor(irp2, &done2);',
  },
  'a socket that stays open: WskDeregister never returns': {
    finding: 'unload-blocked R79',
    wrong: 'Listener();',
    right: 'Close(Listener());',
  },
};

/** What touches the buffer `in` comes while the receive fills it, or when it is over. */
function ofReceive(touch: string): { readonly wrong: string; readonly right: string } {
  const whole = (whileFilling: string, after: string): string => `${connected}
    RtlZeroMemory(out.Data, 8);
    C(a)->WskReceive(a, &in.Buf, 0, Send2()); ${whileFilling}
    C(c)->WskSend(c, &out.Buf, 0, Send()); Wait(); WaitFor(irp2, &done2); ${after}
    Close(a); Close(c); Close(l); FreeBuffer(in); FreeBuffer(out);`;
  return { wrong: whole(touch, ''), right: whole('', touch) };
}

/** A send of eight new bytes of the pool, of which one is written. */
function sendOfNew(flags: string): string {
  return `${connected}
    BUFFER fresh = out;
    fresh.Data = ExAllocatePool2(${flags}, 8, 'fuBT'); ((PCHAR)fresh.Data)[0] = 1;
    fresh.Buf.Mdl = IoAllocateMdl(fresh.Data, 8, FALSE, FALSE, NULL); MmBuildMdlForNonPagedPool(fresh.Buf.Mdl);
    C(c)->WskSend(c, &fresh.Buf, 0, Send()); Wait();
    Close(a); Close(c); Close(l); FreeBuffer(in); FreeBuffer(out); FreeBuffer(fresh);`;
}

/** A send while a receive fills `in`. */
function sendWhileReceiving(buffer: string): string {
  return `${connected}
    RtlZeroMemory(out.Data, 8); RtlZeroMemory(in.Data, 8);
    C(a)->WskReceive(a, &in.Buf, 0, Send2());
    C(c)->WskSend(c, &${buffer}.Buf, 0, Send()); Wait(); WaitFor(irp2, &done2);
    Close(a); Close(c); Close(l); FreeBuffer(in); FreeBuffer(out);`;
}

test('an IRP that has come back is sent on after IoReuseIrp, in its completion routine too', () => {
  const rulesOf = (before: string): readonly string[] =>
    runWsk({ declarations: sentOn(before), body: 'CloseBy(Udp());' }).findings.map(({ rule }) => rule);
  assert.deepEqual(rulesOf(''), ['wsk-call-in-completion-routine', 'irp-not-reused']);
  assert.deepEqual(rulesOf('IoReuseIrp(i, STATUS_UNSUCCESSFUL);'), ['wsk-call-in-completion-routine']);
});

test('a use after the close names where the socket was made and where it was closed', () => {
  const result = runWsk({
    body: `PWSK_SOCKET s = Listener();
      const WSK_PROVIDER_LISTEN_DISPATCH *d = L(s);
      d->WskCloseSocket(s, Send()); Wait();
      d->WskBind(s, At(INADDR_ANY, 0), 0, Send());`,
  });
  const [finding] = result.findings;
  const texts = finding?.history.map(({ what, span }) => {
    const line = span?.file.text.slice(0, span.start).split('\n').length ?? 0;
    return `${what}: ${span?.file.text.split('\n')[line - 1]?.trim()}`;
  });
  assert.equal(finding?.rule, 'socket-after-close');
  assert.match(texts?.[0] ?? '', /created by WskSocket: .*WskSocket\(/);
  assert.match(texts?.[1] ?? '', /WskCloseSocket was called: d->WskCloseSocket\(s, Send\(\)\)/);
});

test('a use of freed memory of WSK names who allocated it and who gave it back', () => {
  const indication = runWsk({
    declarations: eventTable(
      'OnReceive',
      'UNREFERENCED_PARAMETER(context); UNREFERENCED_PARAMETER(flags); UNREFERENCED_PARAMETER(indicated); UNREFERENCED_PARAMETER(accepted); held = data; return STATUS_SUCCESS;',
    ),
    body: `${receiveEvent} DbgPrint("%p", held->Next); ${closeAll} UNREFERENCED_PARAMETER(kept);`,
  });
  const addresses = runWsk({
    body: `
      UNICODE_STRING node = RTL_CONSTANT_STRING(L"localhost");
      PADDRINFOEXW list;
      npi.Dispatch->WskGetAddressInfo(npi.Client, &node, NULL, NS_ALL, NULL, NULL, &list, NULL, NULL, Send()); Wait();
      npi.Dispatch->WskFreeAddressInfo(npi.Client, list);
      DbgPrint("%p", list->ai_addr);`,
  });
  const told = [indication, addresses].map(({ findings: [first] }) => [
    first?.rule,
    ...(first?.history ?? []).map(
      ({ what, span }) => `${what}: ${span?.file.text.slice(span.start, span.end).split('(')[0]}`,
    ),
  ]);
  assert.deepEqual(told, [
    ['use-after-free', 'given back to WSK as the event callback returned: return STATUS_SUCCESS;'],
    [
      'use-after-free',
      'allocated by WskGetAddressInfo: npi.Dispatch->WskGetAddressInfo',
      'freed by WskFreeAddressInfo: npi.Dispatch->WskFreeAddressInfo',
    ],
  ]);
});

testPairs(cases);
