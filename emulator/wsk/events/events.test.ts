// Event callbacks: accept, conditional accept, receive, disconnect, receive-from; enabling, refusing, inheritance.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runWsk, type WskTest } from '../testing.ts';

const enable = (socket: string, events: string): string =>
  `{ WSK_EVENT_CALLBACK_CONTROL control = { (PNPIID)&NPI_WSK_INTERFACE_ID, ${events} };
     STATUS(B(${socket})->WskControlSocket(${socket}, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET, sizeof(control), &control, 0, NULL, NULL, NULL), STATUS_SUCCESS); }`;

const accepting = `
static PWSK_SOCKET accepted;
static int context;
static NTSTATUS WSKAPI OnReceive(PVOID c, ULONG flags, PWSK_DATA_INDICATION data, SIZE_T indicated, SIZE_T *taken)
{
  UNREFERENCED_PARAMETER(data);
  Is("receive context", (ULONG_PTR)c, (ULONG_PTR)&context);
  Is("at DISPATCH_LEVEL", flags & WSK_FLAG_AT_DISPATCH_LEVEL, WSK_FLAG_AT_DISPATCH_LEVEL);
  Is("IRQL", KeGetCurrentIrql(), DISPATCH_LEVEL);
  DbgPrint("ok %Iu bytes\\n", indicated);
  *taken = indicated;
  return STATUS_SUCCESS;
}
static NTSTATUS WSKAPI OnDisconnect(PVOID c, ULONG flags)
{
  UNREFERENCED_PARAMETER(c);
  DbgPrint("ok disconnect %s\\n", (flags & WSK_FLAG_ABORTIVE) ? "abortive" : "graceful");
  return STATUS_SUCCESS;
}
static const WSK_CLIENT_CONNECTION_DISPATCH connectionDispatch = { OnReceive, OnDisconnect, NULL };
static NTSTATUS WSKAPI OnAccept(PVOID c, ULONG flags, PSOCKADDR local, PSOCKADDR remote, PWSK_SOCKET socket, PVOID *ctx, const WSK_CLIENT_CONNECTION_DISPATCH **dispatch)
{
  UNREFERENCED_PARAMETER(flags);
  Is("listener context", (ULONG_PTR)c, (ULONG_PTR)&reg);
  Is("local port", RtlUshortByteSwap(((PSOCKADDR_IN)local)->sin_port), 8888);
  Is("remote family", remote->sa_family, AF_INET);
  accepted = socket;
  *ctx = &context;
  *dispatch = &connectionDispatch;
  return STATUS_SUCCESS;
}
static const WSK_CLIENT_LISTEN_DISPATCH listenDispatch = { OnAccept, NULL, NULL };
static PWSK_SOCKET Events(void) { return Open(WSK_FLAG_LISTEN_SOCKET, SOCK_STREAM, IPPROTO_TCP, AF_INET, &reg, &listenDispatch); }`;

const peer = (steps: string): string =>
  `peers: [{ name: p, connect: "127.0.0.1:8888", afterMs: 5, steps: [${steps}] }]`;

const inspecting = (body: string): string => `
static WSK_INSPECT_ID saved;
static WSK_INSPECT_ACTION WSKAPI OnInspect(PVOID c, PSOCKADDR local, PSOCKADDR remote, PWSK_INSPECT_ID id)
{
  UNREFERENCED_PARAMETER(c); UNREFERENCED_PARAMETER(local); UNREFERENCED_PARAMETER(remote);
  saved = *id;
  ${body}
}
static NTSTATUS WSKAPI OnAbort(PVOID c, PWSK_INSPECT_ID id)
{
  UNREFERENCED_PARAMETER(c);
  Is("aborted", id->SerialNumber, saved.SerialNumber);
  return STATUS_SUCCESS;
}
static const WSK_CLIENT_LISTEN_DISPATCH inspectDispatch = { NULL, OnInspect, OnAbort };
static PWSK_SOCKET Conditional(void)
{
  PWSK_SOCKET s = Open(WSK_FLAG_LISTEN_SOCKET, SOCK_STREAM, IPPROTO_TCP, AF_INET, NULL, &inspectDispatch);
  Set(s, SO_CONDITIONAL_ACCEPT, SOL_SOCKET, 1);
  Bind(s, At(INADDR_ANY, 8888));
  return s;
}`;

const cases: Readonly<Record<string, WskTest & { readonly log?: readonly string[] }>> = {
  'an accepted connection inherits the events that its listener has enabled': {
    declarations: accepting,
    scenario: peer('{ send: hello }, { close: fin }, { expectClose: fin }'),
    body: `PWSK_SOCKET s = Events(); Bind(s, At(INADDR_ANY, 8888));
      ${enable('s', 'WSK_EVENT_ACCEPT | WSK_EVENT_RECEIVE | WSK_EVENT_DISCONNECT')}
      Sleep(20);
      C(accepted)->WskDisconnect(accepted, NULL, 0, Send()); STATUS(Wait(), STATUS_SUCCESS);
      Close(accepted); Close(s);`,
    log: ['ok 5 bytes', 'ok disconnect graceful'],
  },
  'a connection that was reset before it was accepted says so once it is': {
    declarations: accepting,
    scenario: peer('{ send: hello }, { close: rst }'),
    body: `PWSK_SOCKET s = Events(); Bind(s, At(INADDR_ANY, 8888));
      ${enable('s', 'WSK_EVENT_ACCEPT | WSK_EVENT_RECEIVE | WSK_EVENT_DISCONNECT')}
      Sleep(20);
      Close(accepted); Close(s);`,
    log: ['ok 5 bytes', 'ok disconnect abortive'],
  },
  'an event that is enabled late tells of the end that came before': {
    declarations: accepting,
    scenario: peer('{ close: fin }'),
    body: `PWSK_SOCKET s = Events(); Bind(s, At(INADDR_ANY, 8888));
      ${enable('s', 'WSK_EVENT_ACCEPT')}
      Sleep(20);
      ${enable('accepted', 'WSK_EVENT_DISCONNECT')}
      Sleep(20);
      Close(accepted); Close(s);`,
    log: ['ok disconnect graceful'],
  },
  'a reset is an abortive disconnect': {
    declarations: accepting,
    scenario: peer('{ send: hello }, { waitMs: 1 }, { close: rst }'),
    body: `PWSK_SOCKET s = Events(); Bind(s, At(INADDR_ANY, 8888));
      ${enable('s', 'WSK_EVENT_ACCEPT | WSK_EVENT_RECEIVE | WSK_EVENT_DISCONNECT')}
      Sleep(20); Close(accepted); Close(s);`,
    log: ['ok 5 bytes', 'ok disconnect abortive'],
  },
  'events come late: what waits is told when they are enabled': {
    declarations: accepting,
    scenario: peer('{ send: hello }'),
    body: `PWSK_SOCKET s = Events(); Bind(s, At(INADDR_ANY, 8888));
      Sleep(20); TRUE_(accepted == NULL);
      ${enable('s', 'WSK_EVENT_ACCEPT')}
      Sleep(1); TRUE_(accepted != NULL);
      ${enable('accepted', 'WSK_EVENT_RECEIVE')}
      Sleep(1); Close(accepted); Close(s);`,
    log: ['ok 5 bytes'],
  },
  'static events are enabled on every socket from the start': {
    declarations: accepting,
    scenario: peer('{ send: hello }'),
    body: `WSK_EVENT_CALLBACK_CONTROL control = { (PNPIID)&NPI_WSK_INTERFACE_ID, WSK_EVENT_ACCEPT | WSK_EVENT_RECEIVE };
      STATUS(npi.Dispatch->WskControlClient(npi.Client, WSK_SET_STATIC_EVENT_CALLBACKS, sizeof(control), &control, 0, NULL, NULL, NULL), STATUS_SUCCESS);
      PWSK_SOCKET s = Events(); Bind(s, At(INADDR_ANY, 8888));
      Sleep(20); Close(accepted); Close(s);`,
    log: ['ok 5 bytes'],
  },
  'a pending WskAccept wins over the event': {
    declarations: accepting,
    scenario: peer('{ close: fin }'),
    body: `PWSK_SOCKET s = Events(); Bind(s, At(INADDR_ANY, 8888));
      ${enable('s', 'WSK_EVENT_ACCEPT')}
      L(s)->WskAccept(s, 0, NULL, NULL, NULL, NULL, Send()); STATUS(Wait(), STATUS_SUCCESS);
      TRUE_(accepted == NULL);
      Close((PWSK_SOCKET)irp->IoStatus.Information); Close(s);`,
  },
  'a refused connection is reset': {
    declarations: accepting.replace(
      'return STATUS_SUCCESS;\n}\nstatic const WSK_CLIENT_LISTEN',
      'return STATUS_REQUEST_NOT_ACCEPTED;\n}\nstatic const WSK_CLIENT_LISTEN',
    ),
    scenario: peer('{ expectClose: rst }'),
    body: `PWSK_SOCKET s = Events(); Bind(s, At(INADDR_ANY, 8888)); ${enable('s', 'WSK_EVENT_ACCEPT')} Sleep(20); Close(s);`,
  },
  'conditional accept: accepted, with its id on the connection': {
    declarations: inspecting('return WskInspectAccept;'),
    scenario: peer('{ close: fin }'),
    body: `PWSK_SOCKET s = Conditional(), a; WSK_INSPECT_ID id; SIZE_T size;
      L(s)->WskAccept(s, 0, NULL, NULL, NULL, NULL, Send()); STATUS(Wait(), STATUS_SUCCESS);
      a = (PWSK_SOCKET)irp->IoStatus.Information;
      STATUS(B(a)->WskControlSocket(a, WskIoctl, SIO_WSK_QUERY_INSPECT_ID, 0, 0, NULL, sizeof(id), &id, &size, NULL), STATUS_SUCCESS);
      Is("serial number", id.SerialNumber, saved.SerialNumber);
      Close(a); Close(s);`,
  },
  'conditional accept: pended, then accepted': {
    declarations: inspecting('return WskInspectPend;'),
    scenario: peer('{ close: fin }'),
    body: `PWSK_SOCKET s = Conditional();
      L(s)->WskAccept(s, 0, NULL, NULL, NULL, NULL, Send2());
      Sleep(20); Is("still pending", (ULONG)KeReadStateEvent(&done2), 0);
      L(s)->WskInspectComplete(s, &saved, WskInspectAccept, Send()); STATUS(Wait(), STATUS_SUCCESS);
      STATUS(WaitFor(irp2, &done2), STATUS_SUCCESS);
      L(s)->WskInspectComplete(s, &saved, WskInspectAccept, Send()); STATUS(Wait(), STATUS_NOT_FOUND);
      Close((PWSK_SOCKET)irp2->IoStatus.Information); Close(s);`,
  },
  'datagrams by event': {
    declarations: `
static NTSTATUS WSKAPI OnDatagram(PVOID c, ULONG flags, PWSK_DATAGRAM_INDICATION data)
{
  UNREFERENCED_PARAMETER(c); UNREFERENCED_PARAMETER(flags);
  Is("from", RtlUshortByteSwap(((PSOCKADDR_IN)data->RemoteAddress)->sin_port), 5001);
  DbgPrint("ok %Iu bytes: %c\\n", data->Buffer.Length, ((char *)MmGetSystemAddressForMdlSafe(data->Buffer.Mdl, NormalPagePriority))[data->Buffer.Offset]);
  return STATUS_SUCCESS;
}
static const WSK_CLIENT_DATAGRAM_DISPATCH datagramDispatch = { OnDatagram };`,
    scenario:
      'peers: [{ datagram: "192.0.2.20:5001", to: "192.0.2.10:5000", afterMs: 5, steps: [{ send: abc }, { send: xy }] }]',
    body: `PWSK_SOCKET s = Open(WSK_FLAG_DATAGRAM_SOCKET, SOCK_DGRAM, IPPROTO_UDP, AF_INET, NULL, &datagramDispatch);
      Bind(s, At(INADDR_ANY, 5000)); ${enable('s', 'WSK_EVENT_RECEIVE_FROM')} Sleep(20); Close(s);`,
    log: ['ok 3 bytes: a', 'ok 2 bytes: x'],
  },
  'data that is not accepted waits for WskReceive': {
    declarations: accepting.replace(
      '*taken = indicated;\n  return STATUS_SUCCESS;',
      'return STATUS_DATA_NOT_ACCEPTED;',
    ),
    scenario: peer('{ send: hello }'),
    body: `PWSK_SOCKET s = Events(); BUFFER in = Buffer(16); Bind(s, At(INADDR_ANY, 8888));
      ${enable('s', 'WSK_EVENT_ACCEPT | WSK_EVENT_RECEIVE')}
      Sleep(20);
      C(accepted)->WskReceive(accepted, &in.Buf, 0, Send()); STATUS(Wait(), STATUS_SUCCESS);
      Is("bytes", irp->IoStatus.Information, 5);
      Close(accepted); Close(s); FreeBuffer(in);`,
    log: ['ok 5 bytes'],
  },
};

for (const [name, { log, ...given }] of Object.entries(cases)) {
  test(name, () => {
    const result = runWsk(given);
    assert.deepEqual(
      result.findings.map((finding) => `${finding.rule}: ${finding.message}`),
      [],
    );
    assert.deepEqual(
      result.log.filter((line) => !line.startsWith('ok ')),
      [],
    );
    assert.ok(result.log.length > 0, 'the driver checked something');
    const told = result.log.filter((line) => /^ok (\d+ bytes|disconnect)/.test(line));
    assert.deepEqual(told, log ?? []);
  });
}
