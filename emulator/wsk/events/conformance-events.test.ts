// Event callbacks: when each is called, with what, at which level; what each answer leads to; enabling and disabling.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runWsk } from '../testing.ts';

interface Case {
  /** Bodies of callbacks by name; the others accept. */
  readonly callbacks?: Readonly<Record<string, string>>;
  readonly declarations?: string;
  readonly body: string;
  /** Lines that the callbacks have logged, in order. */
  readonly log: readonly string[];
  /** "rule R12" of each finding; none where it is left out. */
  readonly findings?: readonly string[];
  readonly scenario?: string;
}

const defaults: Readonly<Record<string, string>> = {
  receive: 'return STATUS_SUCCESS;',
  disconnect: 'return STATUS_SUCCESS;',
  backlog: 'return STATUS_SUCCESS;',
  accept: 'accepted = socket; *ctx = &accepted; *dispatch = &connectionTable; return STATUS_SUCCESS;',
  inspect: 'return WskInspectAccept;',
  abort: 'return STATUS_SUCCESS;',
  datagram: 'return STATUS_SUCCESS;',
};

const callbacks = (given: Readonly<Record<string, string>>): string => {
  const body = { ...defaults, ...given };
  return `
static PWSK_SOCKET l, c, a, d, e, accepted;
static BUFFER in, out, big;
static PWSK_DATA_INDICATION kept;
static PWSK_DATAGRAM_INDICATION keptDatagram;
static WSK_INSPECT_ID id;
static NTSTATUS status;
static int calls;
static KSPIN_LOCK lock;
static KIRQL old;
static WSK_EVENT_CALLBACK_CONTROL control;
static NTSTATUS Events(PWSK_SOCKET s, ULONG mask, PIRP request)
{
  control.NpiId = (PNPIID)&NPI_WSK_INTERFACE_ID;
  control.EventMask = mask;
  return B(s)->WskControlSocket(s, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET, sizeof(control), &control, 0, NULL, NULL, request);
}
static WSK_BUF Part(BUFFER b, SIZE_T length) { WSK_BUF w = { b.Buf.Mdl, 0, length }; return w; }
static void SendText(PWSK_SOCKET s, SIZE_T length) { WSK_BUF w = Part(out, length); C(s)->WskSend(s, &w, 0, Send()); Wait(); Sleep(1); }
static void Level(ULONG flags) { Is("level", KeGetCurrentIrql(), DISPATCH_LEVEL); Is("flag", flags & WSK_FLAG_AT_DISPATCH_LEVEL, WSK_FLAG_AT_DISPATCH_LEVEL); }
static NTSTATUS WSKAPI OnReceive(PVOID ctx, ULONG flags, PWSK_DATA_INDICATION data, SIZE_T bytes, SIZE_T *taken)
{
  UNREFERENCED_PARAMETER(ctx); UNREFERENCED_PARAMETER(taken); Level(flags); calls++;
  DbgPrint(data ? "> receive %Iu\\n" : "> receive NULL\\n", bytes);
  ${body.receive}
}
static NTSTATUS WSKAPI OnDisconnect(PVOID ctx, ULONG flags)
{
  UNREFERENCED_PARAMETER(ctx); Level(flags);
  DbgPrint("> disconnect %s\\n", (flags & WSK_FLAG_ABORTIVE) ? "abortive" : "graceful");
  ${body.disconnect}
}
static NTSTATUS WSKAPI OnBacklog(PVOID ctx, SIZE_T ideal)
{
  UNREFERENCED_PARAMETER(ctx); Is("level", KeGetCurrentIrql(), DISPATCH_LEVEL);
  DbgPrint("> backlog %Iu\\n", ideal);
  ${body.backlog}
}
static const WSK_CLIENT_CONNECTION_DISPATCH connectionTable = { OnReceive, OnDisconnect, OnBacklog };
static const WSK_CLIENT_CONNECTION_DISPATCH withoutReceive = { NULL, OnDisconnect, OnBacklog };
static NTSTATUS WSKAPI OnAccept(PVOID ctx0, ULONG flags, PSOCKADDR local, PSOCKADDR remote, PWSK_SOCKET socket, PVOID *ctx, const WSK_CLIENT_CONNECTION_DISPATCH **dispatch)
{
  UNREFERENCED_PARAMETER(ctx0); UNREFERENCED_PARAMETER(local); UNREFERENCED_PARAMETER(remote); Level(flags);
  DbgPrint(socket ? "> accept\\n" : "> accept NULL\\n");
  ${body.accept}
}
static WSK_INSPECT_ACTION WSKAPI OnInspect(PVOID ctx, PSOCKADDR local, PSOCKADDR remote, PWSK_INSPECT_ID inspect)
{
  UNREFERENCED_PARAMETER(ctx); UNREFERENCED_PARAMETER(local); UNREFERENCED_PARAMETER(remote);
  DbgPrint(inspect ? "> inspect\\n" : "> inspect NULL\\n");
  if (inspect) id = *inspect;
  ${body.inspect}
}
static NTSTATUS WSKAPI OnAbort(PVOID ctx, PWSK_INSPECT_ID inspect)
{
  UNREFERENCED_PARAMETER(ctx);
  Is("serial number", inspect->SerialNumber, id.SerialNumber);
  DbgPrint("> abort\\n");
  ${body.abort}
}
static const WSK_CLIENT_LISTEN_DISPATCH listenTable = { OnAccept, OnInspect, OnAbort };
static const WSK_CLIENT_STREAM_DISPATCH streamTable = { &listenTable, &connectionTable };
static NTSTATUS WSKAPI OnDatagram(PVOID ctx, ULONG flags, PWSK_DATAGRAM_INDICATION data)
{
  UNREFERENCED_PARAMETER(ctx); Level(flags);
  if (data) DbgPrint("> datagram %Iu\\n", data->Buffer.Length); else DbgPrint("> datagram NULL\\n");
  ${body.datagram}
}
static const WSK_CLIENT_DATAGRAM_DISPATCH datagramTable = { OnDatagram };
static PWSK_SOCKET With(ULONG flag, const VOID *table) { return Open(flag, SOCK_STREAM, IPPROTO_TCP, AF_INET, &reg, table); }
static PWSK_SOCKET Datagrams(USHORT port)
{
  PWSK_SOCKET s = Open(WSK_FLAG_DATAGRAM_SOCKET, SOCK_DGRAM, IPPROTO_UDP, AF_INET, &reg, &datagramTable);
  Bind(s, At(INADDR_LOOPBACK, port));
  return s;
}
static void Datagram(SIZE_T length) { WSK_BUF w = Part(out, length); D(e)->WskSendTo(e, &w, 0, At(INADDR_LOOPBACK, 5000), 0, NULL, Send()); Wait(); Sleep(1); }
static void Connect(void) { C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send()); Wait(); Sleep(1); }
/* A connection c with callbacks, and its other end a. */
static void Pair(void)
{
  l = Listener(); Bind(l, At(INADDR_LOOPBACK, 8888));
  c = With(WSK_FLAG_CONNECTION_SOCKET, &connectionTable); Bind(c, At(INADDR_ANY, 0)); Connect();
  L(l)->WskAccept(l, 0, NULL, NULL, NULL, NULL, Send()); Wait(); a = (PWSK_SOCKET)irp->IoStatus.Information;
}
/* A listener l with callbacks, and a connection c that is not connected yet. */
static void Listen(ULONG conditional)
{
  l = With(WSK_FLAG_LISTEN_SOCKET, &listenTable);
  if (conditional) Set(l, SO_CONDITIONAL_ACCEPT, SOL_SOCKET, 1);
  Bind(l, At(INADDR_LOOPBACK, 8888));
  c = Connection(); Bind(c, At(INADDR_ANY, 0));
}`;
};

const end = `
  if (a) Close(a);
  if (accepted) Close(accepted);
  if (c) Close(c);
  if (l) Close(l);
  if (d) Close(d);
  if (e) Close(e);
  if (big.Data) FreeBuffer(big);
  FreeBuffer(in); FreeBuffer(out);`;

const on = (socket: string, mask: string): string => `STATUS(Events(${socket}, ${mask}, NULL), STATUS_SUCCESS);`;
const release = 'STATUS(C(c)->WskRelease(c, kept), STATUS_SUCCESS);';

const cases: Readonly<Record<string, Case>> = {
  'no event is enabled from the start': { body: 'Pair(); SendText(a, 5);', log: [] },
  'WskReceiveEvent: all is taken': {
    body: `Pair(); ${on('c', 'WSK_EVENT_RECEIVE')} SendText(a, 5); SendText(a, 6);`,
    log: ['receive 5', 'receive 6'],
  },
  'WskReceiveEvent: a part is taken; the rest comes again after WskReceive of nothing': {
    callbacks: { receive: 'if (bytes > 2) *taken = 2; return STATUS_SUCCESS;' },
    body: `Pair(); ${on('c', 'WSK_EVENT_RECEIVE')} SendText(a, 4); SendText(a, 1); Is("calls", calls, 1);
      WSK_BUF none = { NULL, 0, 0 }; C(c)->WskReceive(c, &none, 0, Send()); STATUS(Wait(), STATUS_SUCCESS); Sleep(1);`,
    log: ['receive 4', 'receive 3'],
  },
  'WskReceiveEvent: nothing is taken; WskReceive gets it, and then the event is called again': {
    callbacks: { receive: 'return calls == 1 ? STATUS_DATA_NOT_ACCEPTED : STATUS_SUCCESS;' },
    body: `Pair(); ${on('c', 'WSK_EVENT_RECEIVE')} SendText(a, 4); SendText(a, 3);
      C(c)->WskReceive(c, &in.Buf, 0, Send()); STATUS(Wait(), STATUS_SUCCESS); Is("bytes", irp->IoStatus.Information, 7); SendText(a, 2);`,
    log: ['receive 4', 'receive 2'],
  },
  'WskReceiveEvent that receives itself: the data is there once': {
    callbacks: { receive: 'C(c)->WskReceive(c, &in.Buf, 0, Send2()); return STATUS_DATA_NOT_ACCEPTED;' },
    body: `Pair(); ${on('c', 'WSK_EVENT_RECEIVE')} SendText(a, 4); STATUS(WaitFor(irp2, &done2), STATUS_SUCCESS); Is("bytes", irp2->IoStatus.Information, 4);`,
    log: ['receive 4'],
  },
  'WskReceiveEvent that takes all and receives: the receive waits for more': {
    callbacks: { receive: 'if (calls == 1) C(c)->WskReceive(c, &in.Buf, 0, Send2()); return STATUS_SUCCESS;' },
    body: `Pair(); ${on('c', 'WSK_EVENT_RECEIVE')} SendText(a, 4); Is("waits", KeReadStateEvent(&done2), 0); SendText(a, 3);
      STATUS(WaitFor(irp2, &done2), STATUS_SUCCESS); Is("bytes", irp2->IoStatus.Information, 3);`,
    log: ['receive 4'],
  },
  'WskReceiveEvent: the data is kept and released, more comes meanwhile': {
    callbacks: { receive: 'if (calls == 1) { kept = data; return STATUS_PENDING; } return STATUS_SUCCESS;' },
    body: `Pair(); ${on('c', 'WSK_EVENT_RECEIVE')} SendText(a, 4); SendText(a, 3); Is("kept", kept->Buffer.Length, 4); ${release}`,
    log: ['receive 4', 'receive 3'],
  },
  'WskReceiveEvent asks for what is kept once that is as much as the connection holds': {
    callbacks: {
      receive:
        'Is("asks", flags & WSK_FLAG_RELEASE_ASAP, calls == 2 ? WSK_FLAG_RELEASE_ASAP : 0); if (calls == 1) { kept = data; return STATUS_PENDING; } return STATUS_SUCCESS;',
    },
    body: `Pair(); Set(c, SO_RCVBUF, SOL_SOCKET, 4); ${on('c', 'WSK_EVENT_RECEIVE')} SendText(a, 4); SendText(a, 3); ${release} SendText(a, 2);`,
    log: ['receive 4', 'receive 3', 'receive 2'],
  },
  'a pending WskReceive comes before WskReceiveEvent': {
    body: `Pair(); ${on('c', 'WSK_EVENT_RECEIVE')} C(c)->WskReceive(c, &in.Buf, 0, Send2()); SendText(a, 4); STATUS(WaitFor(irp2, &done2), STATUS_SUCCESS);`,
    log: [],
  },
  'WskReceiveEvent with another answer': {
    callbacks: { receive: 'return STATUS_UNSUCCESSFUL;' },
    body: `Pair(); ${on('c', 'WSK_EVENT_RECEIVE')} SendText(a, 4);`,
    log: ['receive 4'],
    findings: ['event-return-value R85'],
  },
  'WskReceiveEvent without data: the socket has failed': {
    scenario: 'faults: [{ call: WskReceiveEvent }]',
    body: `Pair(); ${on('c', 'WSK_EVENT_RECEIVE')} SendText(a, 4);
      STATUS(C(c)->WskSend(c, &out.Buf, 0, Send()), STATUS_FILE_FORCED_CLOSED); STATUS(Wait(), STATUS_FILE_FORCED_CLOSED);
      STATUS(C(c)->WskReceive(c, &in.Buf, 0, Send()), STATUS_FILE_FORCED_CLOSED); STATUS(Wait(), STATUS_FILE_FORCED_CLOSED);
      STATUS(C(c)->WskDisconnect(c, NULL, 0, Send()), STATUS_FILE_FORCED_CLOSED); STATUS(Wait(), STATUS_FILE_FORCED_CLOSED);`,
    log: ['receive NULL'],
  },
  'a list that is released twice': {
    callbacks: { receive: 'kept = data; return STATUS_PENDING;' },
    body: `Pair(); ${on('c', 'WSK_EVENT_RECEIVE')} SendText(a, 4); ${release} STATUS(C(c)->WskRelease(c, kept), STATUS_INVALID_PARAMETER);`,
    log: ['receive 4'],
    findings: ['indication-not-kept R74'],
  },
  'a list that is released although STATUS_SUCCESS was returned': {
    callbacks: { receive: 'kept = data; return STATUS_SUCCESS;' },
    body: `Pair(); ${on('c', 'WSK_EVENT_RECEIVE')} SendText(a, 4); STATUS(C(c)->WskRelease(c, kept), STATUS_INVALID_PARAMETER);`,
    log: ['receive 4'],
    findings: ['indication-not-kept R74'],
  },

  'WskDisconnectEvent: graceful, after the data': {
    body: `Pair(); ${on('c', 'WSK_EVENT_RECEIVE | WSK_EVENT_DISCONNECT')} SendText(a, 4); C(a)->WskDisconnect(a, NULL, 0, Send()); Wait(); Sleep(1); Close(c); c = NULL;`,
    log: ['receive 4', 'disconnect graceful'],
  },
  'WskDisconnectEvent: abortive': {
    body: `Pair(); ${on('c', 'WSK_EVENT_DISCONNECT')} C(a)->WskDisconnect(a, NULL, WSK_FLAG_ABORTIVE, Send()); Wait(); Sleep(1);`,
    log: ['disconnect abortive'],
  },
  'WskDisconnectEvent with another answer': {
    callbacks: { disconnect: 'return STATUS_PENDING;' },
    body: `Pair(); ${on('c', 'WSK_EVENT_DISCONNECT')} C(a)->WskDisconnect(a, NULL, 0, Send()); Wait(); Sleep(1); Close(c); c = NULL;`,
    log: ['disconnect graceful'],
    findings: ['event-return-value R85'],
  },

  'WskSendBacklogEvent: more is sent than WSK asked for': {
    body: `Pair(); ${on('c', 'WSK_EVENT_SEND_BACKLOG')} SIZE_T ideal = 0; WSK_BUF drain = { NULL, 0, 0 };
      big = Buffer(100000); C(a)->WskReceive(a, &drain, WSK_FLAG_DRAIN, Send2());
      C(c)->WskSend(c, &big.Buf, 0, Send()); STATUS(Wait(), STATUS_SUCCESS); Sleep(1);
      B(c)->WskControlSocket(c, WskIoctl, SIO_WSK_QUERY_IDEAL_SEND_BACKLOG, 0, 0, NULL, sizeof(ideal), &ideal, NULL, Send()); STATUS(Wait(), STATUS_SUCCESS);
      Is("ideal", ideal, 131072);
      C(c)->WskSend(c, &big.Buf, 0, Send()); STATUS(Wait(), STATUS_SUCCESS);
      C(c)->WskDisconnect(c, NULL, 0, Send()); Wait(); WaitFor(irp2, &done2);`,
    log: ['backlog 131072'],
  },
  'WskSendBacklogEvent with another answer': {
    callbacks: { backlog: 'return STATUS_UNSUCCESSFUL;' },
    body: `Pair(); ${on('c', 'WSK_EVENT_SEND_BACKLOG')} WSK_BUF drain = { NULL, 0, 0 };
      big = Buffer(100000); C(a)->WskReceive(a, &drain, WSK_FLAG_DRAIN, Send2());
      C(c)->WskSend(c, &big.Buf, 0, Send()); STATUS(Wait(), STATUS_SUCCESS); Sleep(1);
      C(c)->WskDisconnect(c, NULL, 0, Send()); Wait(); WaitFor(irp2, &done2);`,
    log: ['backlog 131072'],
    findings: ['event-return-value R85'],
  },

  'WskAcceptEvent: accepted; events of the listener are those of the connection': {
    body: `Listen(0); ${on('l', 'WSK_EVENT_ACCEPT | WSK_EVENT_RECEIVE')} Connect(); SendText(c, 4);`,
    log: ['accept', 'receive 4'],
  },
  'WskAcceptEvent: refused': {
    callbacks: {
      accept: 'UNREFERENCED_PARAMETER(ctx); UNREFERENCED_PARAMETER(dispatch); return STATUS_REQUEST_NOT_ACCEPTED;',
    },
    body: `Listen(0); ${on('l', 'WSK_EVENT_ACCEPT')} Connect(); C(c)->WskReceive(c, &in.Buf, 0, Send()); STATUS(Wait(), STATUS_CONNECTION_RESET);`,
    log: ['accept'],
  },
  'WskAcceptEvent with another answer': {
    callbacks: { accept: '*ctx = NULL; *dispatch = NULL; return STATUS_PENDING;' },
    body: `Listen(0); ${on('l', 'WSK_EVENT_ACCEPT')} Connect();`,
    log: ['accept'],
    findings: ['event-return-value R85'],
  },
  'WskAcceptEvent that sets no dispatch table': {
    callbacks: { accept: 'accepted = socket; *ctx = NULL; UNREFERENCED_PARAMETER(dispatch); return STATUS_SUCCESS;' },
    body: `Listen(0); ${on('l', 'WSK_EVENT_ACCEPT')} Connect();`,
    log: ['accept'],
    findings: ['accept-event-outputs R87'],
  },
  'an accepted connection whose table lacks a callback that the listener has enabled': {
    callbacks: { accept: 'accepted = socket; *ctx = NULL; *dispatch = &withoutReceive; return STATUS_SUCCESS;' },
    body: `Listen(0); ${on('l', 'WSK_EVENT_ACCEPT | WSK_EVENT_RECEIVE')} Connect(); SendText(c, 4);`,
    log: ['accept'],
    findings: ['event-callback-missing R56'],
  },
  'a connection that WskAccept accepted has no events of the listener': {
    body: `Listen(0); ${on('l', 'WSK_EVENT_ACCEPT | WSK_EVENT_RECEIVE')} L(l)->WskAccept(l, 0, NULL, &connectionTable, NULL, NULL, Send2()); Connect();
      STATUS(WaitFor(irp2, &done2), STATUS_SUCCESS); a = (PWSK_SOCKET)irp2->IoStatus.Information; SendText(c, 4);`,
    log: [],
  },
  'WskAcceptEvent without a socket: the listener has failed': {
    scenario: 'faults: [{ call: WskAcceptEvent }]',
    callbacks: {
      accept: 'UNREFERENCED_PARAMETER(ctx); UNREFERENCED_PARAMETER(dispatch); return STATUS_REQUEST_NOT_ACCEPTED;',
    },
    body: `Listen(0); ${on('l', 'WSK_EVENT_ACCEPT')} Connect();
      STATUS(L(l)->WskAccept(l, 0, NULL, NULL, NULL, NULL, Send()), STATUS_FILE_FORCED_CLOSED); STATUS(Wait(), STATUS_FILE_FORCED_CLOSED);`,
    log: ['accept NULL'],
  },
  'a stream socket that listens': {
    body: `l = With(WSK_FLAG_STREAM_SOCKET, &streamTable); S(l)->WskBind(l, At(INADDR_LOOPBACK, 8888), 0, Send()); Wait(); S(l)->WskListen(l, Send()); Wait();
      ${on('l', 'WSK_EVENT_ACCEPT')} c = Connection(); Bind(c, At(INADDR_ANY, 0)); Connect();`,
    log: ['accept'],
  },
  'a stream socket that is connected': {
    body: `e = Listener(); Bind(e, At(INADDR_LOOPBACK, 8888)); c = With(WSK_FLAG_STREAM_SOCKET, &streamTable);
      S(c)->WskBind(c, At(INADDR_ANY, 0), 0, Send()); Wait(); S(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send()); STATUS(Wait(), STATUS_SUCCESS);
      ${on('c', 'WSK_EVENT_RECEIVE')} L(e)->WskAccept(e, 0, NULL, NULL, NULL, NULL, Send()); Wait(); a = (PWSK_SOCKET)irp->IoStatus.Information; SendText(a, 4);`,
    log: ['receive 4'],
  },

  'WskInspectEvent: accepted': {
    body: `Listen(1); ${on('l', 'WSK_EVENT_ACCEPT')} Connect(); SIZE_T size; WSK_INSPECT_ID mine;
      STATUS(B(accepted)->WskControlSocket(accepted, WskIoctl, SIO_WSK_QUERY_INSPECT_ID, 0, 0, NULL, sizeof(mine), &mine, &size, NULL), STATUS_SUCCESS);
      Is("serial number", mine.SerialNumber, id.SerialNumber); Is("key", mine.Key, id.Key); Is("size", size, sizeof(mine));
      STATUS(B(accepted)->WskControlSocket(accepted, WskIoctl, SIO_WSK_QUERY_INSPECT_ID, 0, 0, NULL, 4, &mine, &size, NULL), STATUS_BUFFER_OVERFLOW);`,
    log: ['inspect', 'accept'],
  },
  'WskInspectEvent: rejected': {
    callbacks: { inspect: 'return WskInspectReject;' },
    body: `Listen(1); ${on('l', 'WSK_EVENT_ACCEPT')} C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send()); STATUS(Wait(), STATUS_CONNECTION_REFUSED);`,
    log: ['inspect'],
  },
  'WskInspectEvent: pended, then accepted': {
    callbacks: { inspect: 'return WskInspectPend;' },
    body: `Listen(1); ${on('l', 'WSK_EVENT_ACCEPT')} C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send2()); Sleep(5); Is("waits", KeReadStateEvent(&done2), 0);
      STATUS(L(l)->WskInspectComplete(l, &id, WskInspectAccept, Send()), STATUS_PENDING); STATUS(Wait(), STATUS_SUCCESS); Is("Information", irp->IoStatus.Information, 0);
      STATUS(WaitFor(irp2, &done2), STATUS_SUCCESS); Sleep(1);`,
    log: ['inspect', 'accept'],
  },
  'WskInspectEvent: pended, then rejected': {
    callbacks: { inspect: 'return WskInspectPend;' },
    body: `Listen(1); C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send2()); Sleep(5);
      L(l)->WskInspectComplete(l, &id, WskInspectReject, Send()); STATUS(Wait(), STATUS_SUCCESS); STATUS(WaitFor(irp2, &done2), STATUS_CONNECTION_REFUSED);`,
    log: ['inspect'],
  },
  'WskInspectComplete with another key': {
    callbacks: { inspect: 'return WskInspectPend;' },
    body: `Listen(1); C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send2()); Sleep(5); id.Key++;
      L(l)->WskInspectComplete(l, &id, WskInspectAccept, Send()); STATUS(Wait(), STATUS_NOT_FOUND); id.Key--;
      L(l)->WskInspectComplete(l, &id, WskInspectReject, Send()); STATUS(Wait(), STATUS_SUCCESS); WaitFor(irp2, &done2);`,
    log: ['inspect'],
  },
  'WskAbortEvent: the other end has given up before the connection is made': {
    callbacks: { inspect: 'return WskInspectPend;' },
    body: `Listen(1); C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send2()); Sleep(5); IoCancelIrp(irp2); STATUS(WaitFor(irp2, &done2), STATUS_CANCELLED); Sleep(5);
      L(l)->WskInspectComplete(l, &id, WskInspectAccept, Send()); STATUS(Wait(), STATUS_SUCCESS); Sleep(5);
      L(l)->WskInspectComplete(l, &id, WskInspectAccept, Send()); STATUS(Wait(), STATUS_NOT_FOUND);`,
    log: ['inspect', 'abort'],
  },
  'WskInspectEvent with another answer': {
    callbacks: { inspect: 'return WskInspectMax;' },
    body: `Listen(1); Connect();`,
    log: ['inspect'],
    findings: ['event-return-value R85'],
  },
  'WskInspectEvent without an id: the listener has failed': {
    scenario: 'faults: [{ call: WskInspectEvent }]',
    body: `Listen(1); Connect(); STATUS(L(l)->WskAccept(l, 0, NULL, NULL, NULL, NULL, Send()), STATUS_FILE_FORCED_CLOSED); STATUS(Wait(), STATUS_FILE_FORCED_CLOSED);`,
    log: ['inspect NULL'],
  },

  'WskReceiveFromEvent: taken': {
    body: `d = Datagrams(5000); e = Datagrams(5001); ${on('d', 'WSK_EVENT_RECEIVE_FROM')} Datagram(4); Datagram(0);`,
    log: ['datagram 4', 'datagram 0'],
  },
  'WskReceiveFromEvent: not taken; WskReceiveFrom gets it, and the event is disabled until it is enabled again': {
    callbacks: { datagram: 'return calls++ == 0 ? STATUS_DATA_NOT_ACCEPTED : STATUS_SUCCESS;' },
    body: `d = Datagrams(5000); e = Datagrams(5001); ${on('d', 'WSK_EVENT_RECEIVE_FROM')} Datagram(4); Datagram(5); Datagram(6);
      D(d)->WskReceiveFrom(d, &in.Buf, 0, NULL, NULL, NULL, NULL, Send()); STATUS(Wait(), STATUS_SUCCESS); Is("bytes", irp->IoStatus.Information, 4);
      ${on('d', 'WSK_EVENT_RECEIVE_FROM')} Sleep(1);`,
    log: ['datagram 4', 'datagram 5', 'datagram 6'],
  },
  'WskReceiveFromEvent that is static is called for the next one all the same': {
    callbacks: { datagram: 'return STATUS_DATA_NOT_ACCEPTED;' },
    body: `WSK_EVENT_CALLBACK_CONTROL all = { (PNPIID)&NPI_WSK_INTERFACE_ID, WSK_EVENT_RECEIVE_FROM };
      STATUS(npi.Dispatch->WskControlClient(npi.Client, WSK_SET_STATIC_EVENT_CALLBACKS, sizeof(all), &all, 0, NULL, NULL, NULL), STATUS_SUCCESS);
      d = Datagrams(5000); e = Datagrams(5001); Datagram(4); Datagram(5);`,
    log: ['datagram 4', 'datagram 5'],
  },
  'WskReceiveFromEvent: kept and released': {
    callbacks: { datagram: 'keptDatagram = data; return STATUS_PENDING;' },
    body: `d = Datagrams(5000); e = Datagrams(5001); ${on('d', 'WSK_EVENT_RECEIVE_FROM')} Datagram(4);
      Is("port", RtlUshortByteSwap(((PSOCKADDR_IN)keptDatagram->RemoteAddress)->sin_port), 5001); Is("no control", keptDatagram->ControlInfoLength, 0);
      STATUS(D(d)->WskRelease(d, keptDatagram), STATUS_SUCCESS);`,
    log: ['datagram 4'],
  },
  'WskReceiveFromEvent with IP_PKTINFO': {
    callbacks: {
      datagram:
        'Is("length", data->ControlInfoLength, 24); Is("type", data->ControlInfo->cmsg_type, IP_PKTINFO); Is("host", ((PIN_PKTINFO)(data->ControlInfo + 1))->ipi_addr.s_addr, RtlUlongByteSwap(INADDR_LOOPBACK)); return STATUS_SUCCESS;',
    },
    body: `d = Datagrams(5000); e = Datagrams(5001); STATUS(Set(d, IP_PKTINFO, IPPROTO_IP, 1), STATUS_SUCCESS); ${on('d', 'WSK_EVENT_RECEIVE_FROM')} Datagram(4);`,
    log: ['datagram 4'],
  },
  'WskReceiveFromEvent that receives itself: no datagram is lost': {
    callbacks: {
      datagram:
        'if (calls++ == 0) D(d)->WskReceiveFrom(d, &in.Buf, 0, NULL, NULL, NULL, NULL, Send2()); return STATUS_SUCCESS;',
    },
    body: `d = Datagrams(5000); e = Datagrams(5001); Datagram(4); Datagram(5); Datagram(6); ${on('d', 'WSK_EVENT_RECEIVE_FROM')} Sleep(1);
      STATUS(WaitFor(irp2, &done2), STATUS_SUCCESS); Is("bytes", irp2->IoStatus.Information, 5);`,
    log: ['datagram 4', 'datagram 6'],
  },
  'a pending WskReceiveFrom comes before WskReceiveFromEvent': {
    body: `d = Datagrams(5000); e = Datagrams(5001); ${on('d', 'WSK_EVENT_RECEIVE_FROM')} D(d)->WskReceiveFrom(d, &in.Buf, 0, NULL, NULL, NULL, NULL, Send2()); Datagram(4); STATUS(WaitFor(irp2, &done2), STATUS_SUCCESS);`,
    log: [],
  },
  'WskReceiveFromEvent without a datagram: the socket has failed': {
    scenario: 'faults: [{ call: WskReceiveFromEvent }]',
    body: `d = Datagrams(5000); e = Datagrams(5001); ${on('d', 'WSK_EVENT_RECEIVE_FROM')} Datagram(4);
      STATUS(D(d)->WskReceiveFrom(d, &in.Buf, 0, NULL, NULL, NULL, NULL, Send()), STATUS_FILE_FORCED_CLOSED); STATUS(Wait(), STATUS_FILE_FORCED_CLOSED);`,
    log: ['datagram NULL'],
  },

  'an event is disabled': {
    body: `Pair(); ${on('c', 'WSK_EVENT_RECEIVE')} SendText(a, 4); STATUS(Events(c, WSK_EVENT_RECEIVE | WSK_EVENT_DISABLE, NULL), STATUS_SUCCESS); SendText(a, 5);`,
    log: ['receive 4'],
  },
  'an event is disabled with an IRP: at once, where no callback runs': {
    body: `Pair(); ${on('c', 'WSK_EVENT_RECEIVE')} STATUS(Events(c, WSK_EVENT_RECEIVE | WSK_EVENT_DISABLE, Send()), STATUS_SUCCESS); STATUS(Wait(), STATUS_SUCCESS); SendText(a, 5);`,
    log: [],
  },
  'an event is enabled with an IRP': {
    body: `Pair(); STATUS(Events(c, WSK_EVENT_RECEIVE, Send()), STATUS_PENDING); STATUS(Wait(), STATUS_SUCCESS); SendText(a, 4);`,
    log: ['receive 4'],
    findings: ['irp-missing R48'],
  },
  'an event is disabled in its own callback, without an IRP': {
    callbacks: { receive: 'status = Events(c, WSK_EVENT_RECEIVE | WSK_EVENT_DISABLE, NULL); return STATUS_SUCCESS;' },
    body: `Pair(); ${on('c', 'WSK_EVENT_RECEIVE')} SendText(a, 4); STATUS(status, STATUS_EVENT_PENDING); SendText(a, 5);`,
    log: ['receive 4'],
  },
  'an event is disabled in its own callback, with an IRP': {
    callbacks: {
      receive:
        'status = Events(c, WSK_EVENT_RECEIVE | WSK_EVENT_DISABLE, Send2()); Is("waits", KeReadStateEvent(&done2), 0); return STATUS_SUCCESS;',
    },
    body: `Pair(); ${on('c', 'WSK_EVENT_RECEIVE')} SendText(a, 4); STATUS(status, STATUS_PENDING); STATUS(WaitFor(irp2, &done2), STATUS_SUCCESS); SendText(a, 5);`,
    log: ['receive 4'],
  },
  'an event of the connections cannot be disabled on their listener': {
    body: `Listen(0); ${on('l', 'WSK_EVENT_ACCEPT | WSK_EVENT_RECEIVE')} STATUS(Events(l, WSK_EVENT_RECEIVE | WSK_EVENT_DISABLE, NULL), STATUS_INVALID_PARAMETER); Connect(); SendText(c, 4);`,
    log: ['accept', 'receive 4'],
  },
  'WSK_EVENT_ACCEPT is disabled and enabled again': {
    body: `Listen(0); ${on('l', 'WSK_EVENT_ACCEPT | WSK_EVENT_RECEIVE')} STATUS(Events(l, WSK_EVENT_ACCEPT | WSK_EVENT_DISABLE, NULL), STATUS_SUCCESS); Connect();
      ${on('l', 'WSK_EVENT_ACCEPT')} Sleep(1); SendText(c, 4);`,
    log: ['accept', 'receive 4'],
  },
  'two events are disabled at once': {
    body: `Pair(); STATUS(Events(c, WSK_EVENT_RECEIVE | WSK_EVENT_DISCONNECT | WSK_EVENT_DISABLE, NULL), STATUS_INVALID_PARAMETER);`,
    log: [],
    findings: ['event-mask R53'],
  },
  'an event of another category': {
    body: `d = Datagrams(5000); STATUS(Events(d, WSK_EVENT_ACCEPT, NULL), STATUS_INVALID_PARAMETER);`,
    log: [],
    findings: ['event-mask R54'],
  },
  'an event of a basic socket': {
    body: `d = Open(WSK_FLAG_BASIC_SOCKET, SOCK_STREAM, IPPROTO_TCP, AF_INET, NULL, NULL); STATUS(Events(d, WSK_EVENT_RECEIVE, NULL), STATUS_INVALID_PARAMETER);`,
    log: [],
    findings: ['event-mask R54'],
  },
  'an event before WskBind': {
    body: `l = With(WSK_FLAG_LISTEN_SOCKET, &listenTable); STATUS(Events(l, WSK_EVENT_ACCEPT | WSK_EVENT_DISCONNECT, NULL), STATUS_INVALID_DEVICE_STATE);`,
    log: [],
    findings: ['option-order R69'],
  },
  'an event before WskConnect': {
    body: `c = With(WSK_FLAG_CONNECTION_SOCKET, &connectionTable); Bind(c, At(INADDR_ANY, 0)); STATUS(Events(c, WSK_EVENT_RECEIVE, NULL), STATUS_INVALID_DEVICE_STATE);`,
    log: [],
    findings: ['option-order R69'],
  },
  'an event without its callback': {
    body: `l = Listener(); Bind(l, At(INADDR_ANY, 0)); STATUS(Events(l, WSK_EVENT_ACCEPT, NULL), STATUS_INVALID_PARAMETER);`,
    log: [],
    findings: ['event-callback-missing R56'],
  },
  'static events and a table without one of their callbacks': {
    body: `WSK_EVENT_CALLBACK_CONTROL all = { (PNPIID)&NPI_WSK_INTERFACE_ID, WSK_EVENT_RECEIVE };
      STATUS(npi.Dispatch->WskControlClient(npi.Client, WSK_SET_STATIC_EVENT_CALLBACKS, sizeof(all), &all, 0, NULL, NULL, NULL), STATUS_SUCCESS);
      c = With(WSK_FLAG_CONNECTION_SOCKET, &withoutReceive);`,
    log: [],
    findings: ['event-callback-missing R56'],
  },
  'a callback that returns with a spin lock held': {
    callbacks: { receive: 'KeAcquireSpinLock(&lock, &old); return STATUS_SUCCESS;' },
    body: `KeInitializeSpinLock(&lock); Pair(); ${on('c', 'WSK_EVENT_RECEIVE')} SendText(a, 4);`,
    log: ['receive 4'],
    findings: ['spin-lock-held-at-return'],
  },
  'a callback that returns at another IRQL': {
    callbacks: { receive: 'KIRQL old; KeRaiseIrql(HIGH_LEVEL, &old); return STATUS_SUCCESS;' },
    body: `Pair(); ${on('c', 'WSK_EVENT_RECEIVE')} SendText(a, 4);`,
    log: ['receive 4'],
    findings: ['irql-not-restored'],
  },
  'conditional accept without WskAbortEvent': {
    declarations: 'static const WSK_CLIENT_LISTEN_DISPATCH noAbort = { OnAccept, OnInspect, NULL };',
    body: `l = With(WSK_FLAG_LISTEN_SOCKET, &noAbort); Set(l, SO_CONDITIONAL_ACCEPT, SOL_SOCKET, 1); Bind(l, At(INADDR_LOOPBACK, 8888)); c = Connection(); Bind(c, At(INADDR_ANY, 0)); Connect();`,
    log: ['inspect'],
    findings: ['inspect-event-missing R78'],
  },
};

for (const [name, { callbacks: given, declarations, body, log, findings, scenario }] of Object.entries(cases)) {
  test(name, () => {
    const result = runWsk({
      declarations: `${callbacks(given ?? {})}\n${declarations ?? ''}`,
      body: `in = Buffer(256); out = Buffer(256); RtlFillMemory(out.Data, 256, 'x');\n${body}\n${end}`,
      ...(scenario === undefined ? {} : { scenario }),
    });
    assert.deepEqual(
      result.findings.map(({ rule, docRules }) => [rule, ...(docRules ?? [])].join(' ')),
      findings ?? [],
      result.findings.map(({ message }) => message).join('\n'),
    );
    assert.deepEqual(
      result.log.filter((line) => line.startsWith('not ok')),
      [],
    );
    assert.deepEqual(
      result.log.filter((line) => line.startsWith('> ')).map((line) => line.slice(2)),
      log,
    );
  });
}
