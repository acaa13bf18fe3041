// Every status that the facts on WSK name, in one table: a call that ends with it. The table is held against the facts.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Row, testRows } from './testing/rows.ts';

const declarations = `
static WSK_REGISTRATION other;
static WSK_CLIENT_DISPATCH newer = { MAKE_WSK_VERSION(2, 0), 0, NULL };
static WSK_CLIENT_NPI newClient = { NULL, &newer };
static WSK_PROVIDER_NPI second;
static NTSTATUS answer, heard;
static SIZE_T taken;
static NTSTATUS WSKAPI OnReceive(PVOID ctx, ULONG flags, PWSK_DATA_INDICATION data, SIZE_T bytes, SIZE_T *accepted)
{
  UNREFERENCED_PARAMETER(flags); UNREFERENCED_PARAMETER(accepted);
  taken += bytes;
  if (data && answer == STATUS_EVENT_PENDING) {
    heard = Events(*(PWSK_SOCKET *)ctx, WSK_EVENT_RECEIVE | WSK_EVENT_DISABLE, NULL);
    return STATUS_SUCCESS;
  }
  return answer;
}
static NTSTATUS WSKAPI OnAccept(PVOID ctx, ULONG flags, PSOCKADDR local, PSOCKADDR remote, PWSK_SOCKET socket, PVOID *its, const WSK_CLIENT_CONNECTION_DISPATCH **table)
{
  UNREFERENCED_PARAMETER(ctx); UNREFERENCED_PARAMETER(flags); UNREFERENCED_PARAMETER(local); UNREFERENCED_PARAMETER(remote);
  UNREFERENCED_PARAMETER(socket); UNREFERENCED_PARAMETER(its); UNREFERENCED_PARAMETER(table);
  return answer;
}
static const WSK_CLIENT_CONNECTION_DISPATCH connectionTable = { OnReceive, NULL, NULL };
static const WSK_CLIENT_LISTEN_DISPATCH listenTable = { OnAccept, NULL, NULL };
static PWSK_SOCKET hearing;
/* A connection c that hears of data, and its other end a. */
static void Hearing(PWSK_SOCKET *l, PWSK_SOCKET *c, PWSK_SOCKET *a, NTSTATUS says)
{
  answer = says; taken = 0;
  *l = Bound(Listener(), INADDR_LOOPBACK, 8888);
  hearing = *c = Open(WSK_FLAG_CONNECTION_SOCKET, SOCK_STREAM, IPPROTO_TCP, AF_INET, &hearing, &connectionTable);
  Bound(*c, INADDR_ANY, 0);
  C(*c)->WskConnect(*c, At(INADDR_LOOPBACK, 8888), 0, Send()); Wait();
  L(*l)->WskAccept(*l, 0, NULL, NULL, NULL, NULL, Send()); Wait();
  *a = (PWSK_SOCKET)irp->IoStatus.Information;
  Events(*c, WSK_EVENT_RECEIVE, NULL);
  C(*a)->WskSend(*a, &out.Buf, 0, Send()); Wait(); Sleep(1);
}
static PADDRINFOEXW found;
static UNICODE_STRING node;
static NTSTATUS Look(PCWSTR name) { RtlInitUnicodeString(&node, name); return npi.Dispatch->WskGetAddressInfo(npi.Client, &node, NULL, NS_ALL, NULL, NULL, &found, NULL, NULL, Send()); }
static WCHAR text[64];
static NTSTATUS Name(ULONG host)
{
  RtlInitEmptyUnicodeString(&node, text, sizeof(text));
  return npi.Dispatch->WskGetNameInfo(npi.Client, At(host, 80), sizeof(SOCKADDR_IN), &node, NULL, NI_NAMEREQD, NULL, NULL, Send());
}
static NTSTATUS Kept(PDEVICE_OBJECT device, PIRP request, PVOID context)
{
  UNREFERENCED_PARAMETER(device); UNREFERENCED_PARAMETER(request);
  KeSetEvent((PKEVENT)context, 0, FALSE);
  return STATUS_MORE_PROCESSING_REQUIRED;
}
static PIRP Keep(void) { KeClearEvent(&done); IoReuseIrp(irp, STATUS_UNSUCCESSFUL); IoSetCompletionRoutine(irp, Kept, &done, TRUE, TRUE, TRUE); return irp; }
static KEVENT never;
static NTSTATUS WaitMs(LONG ms)
{
  LARGE_INTEGER time;
  time.QuadPart = -10000LL * ms;
  KeInitializeEvent(&never, NotificationEvent, FALSE);
  return KeWaitForSingleObject(&never, Executive, KernelMode, FALSE, &time);
}
/* Alertable: the scenario says what ends the first two. */
static NTSTATUS WaitOf(PVOID event) { return KeWaitForMultipleObjects(1, &event, WaitAny, Executive, KernelMode, TRUE, NULL, NULL); }
static WSK_TRANSPORT list[16];
static WSK_BUF_LIST one;
static PWSK_SOCKET Connecting(void) { return Bound(Connection(), INADDR_ANY, 0); }`;

// Who cannot be reached and who hangs up, and what the scenario has calls end with where nothing else on the wire does.
const scenario = `
network: { partitions: [{ hosts: [192.0.2.30] }, { hosts: [192.0.2.31], how: unreachable }, { hosts: [192.0.2.32], how: network-unreachable }] }
peers: [{ listen: "192.0.2.33:80", steps: [{ waitMs: 5 }, { close: rst }] }]
faults:
  - { call: WskSendEx, status: STATUS_CONNECTION_DISCONNECTED }
  - { call: WskListen, status: STATUS_TOO_MANY_ADDRESSES }
  - { call: WskSendMessages, status: STATUS_INSUFFICIENT_RESOURCES }
  - { call: WskSendMessages, occurrence: 2, status: STATUS_UNSUCCESSFUL }
  - { call: WskSendMessages, occurrence: 3, status: STATUS_INTEGER_OVERFLOW }
  - { call: WskSendMessages, occurrence: 4, status: STATUS_BUFFER_TOO_SMALL }
  - { call: WskReceiveEvent, occurrence: 2 }
  - { call: KeWaitForMultipleObjects, status: STATUS_ALERTED }
  - { call: KeWaitForMultipleObjects, occurrence: 2, status: STATUS_USER_APC }`;

const plain = (call: string, returns: string, more: Partial<Row> = {}): Row => ({
  call,
  returns,
  completes: 'no',
  ...more,
});
const pends = (call: string, completes: string, more: Partial<Row> = {}): Row => ({
  call,
  returns: 'STATUS_PENDING',
  completes,
  ...more,
});
const refused = (call: string, returns: string, more: Partial<Row> = {}): Row => ({ call, returns, ...more });
const connects = (host: string, status: string): Row =>
  pends(`C(c)->WskConnect(c, At(${host}, 80), 0, Send())`, status, { setup: 'c = Connecting();' });
const messages = (status: string): Row =>
  refused('D(s)->WskSendMessages(s, &one, 0, At(INADDR_LOOPBACK, 9), 0, NULL, Send())', status, {
    setup: 's = Bound(Udp(), INADDR_ANY, 0); one.Next = NULL; one.Buffer = out.Buf;',
  });

const rows = {
  STATUS_SUCCESS: plain('WskCaptureProviderNPI(&reg, WSK_NO_WAIT, &second)', 'STATUS_SUCCESS', {
    then: 'WskReleaseProviderNPI(&reg);',
  }),
  STATUS_PENDING: pends('L(s)->WskBind(s, At(INADDR_ANY, 0), 0, Send())', 'STATUS_SUCCESS', { setup: 's = Udp();' }),
  STATUS_MORE_PROCESSING_REQUIRED: pends('L(s)->WskBind(s, At(INADDR_ANY, 0), 0, Keep())', 'STATUS_SUCCESS', {
    setup: 's = Udp();',
    then: 'STATUS(Kept(NULL, irp, &done), STATUS_MORE_PROCESSING_REQUIRED); IoReuseIrp(irp, STATUS_SUCCESS);',
  }),
  STATUS_DATA_NOT_ACCEPTED: pends('C(c)->WskReceive(c, &in.Buf, 0, Send())', 'STATUS_SUCCESS', {
    setup: 'Hearing(&l, &c, &a, STATUS_DATA_NOT_ACCEPTED);',
    information: '256',
    then: 'Is("shown", taken, 256); STATUS(answer, STATUS_DATA_NOT_ACCEPTED);',
  }),
  STATUS_REQUEST_NOT_ACCEPTED: refused('C(c)->WskReceive(c, &in.Buf, 0, Send())', 'STATUS_CONNECTION_RESET', {
    setup: `answer = STATUS_REQUEST_NOT_ACCEPTED;
      l = Open(WSK_FLAG_LISTEN_SOCKET, SOCK_STREAM, IPPROTO_TCP, AF_INET, &reg, &listenTable); Bound(l, INADDR_LOOPBACK, 8888);
      Events(l, WSK_EVENT_ACCEPT, NULL);
      c = Connecting(); C(c)->WskConnect(c, At(INADDR_LOOPBACK, 8888), 0, Send()); Wait(); Sleep(1);`,
    then: 'STATUS(answer, STATUS_REQUEST_NOT_ACCEPTED);',
  }),
  STATUS_FILE_FORCED_CLOSED: refused('C(c)->WskReceive(c, &in.Buf, 0, Send())', 'STATUS_FILE_FORCED_CLOSED', {
    setup: 'Hearing(&l, &c, &a, STATUS_SUCCESS);',
  }),
  STATUS_INVALID_PARAMETER: plain('L(s)->WskBind(s, At(INADDR_ANY, 0), 0, NULL)', 'STATUS_INVALID_PARAMETER', {
    setup: 's = Udp();',
    finding: 'irp-missing R26',
  }),
  STATUS_INVALID_DEVICE_STATE: refused(
    'C(c)->WskConnect(c, At(INADDR_LOOPBACK, 80), 0, Send())',
    'STATUS_INVALID_DEVICE_STATE',
    { setup: 'c = Connection();', finding: 'socket-not-bound R64' },
  ),
  STATUS_INVALID_DEVICE_REQUEST: plain(
    'Io(c, SIO_WSK_QUERY_INSPECT_ID, NULL, 0, &value, sizeof(value), &size, NULL)',
    'STATUS_INVALID_DEVICE_REQUEST',
    { setup: 'c = Connecting();' },
  ),
  STATUS_INVALID_HANDLE: plain(
    'npi.Dispatch->WskControlClient(NULL, WSK_TRANSPORT_LIST_QUERY, 0, NULL, 0, NULL, &size, NULL)',
    'STATUS_INVALID_HANDLE',
  ),
  STATUS_NOT_SUPPORTED: refused('C(c)->WskSend(c, &out.Buf, 64, Send())', 'STATUS_NOT_SUPPORTED', {
    setup: 'Pair(&l, &c, &a);',
  }),
  STATUS_NOINTERFACE: plain('WskCaptureProviderNPI(&other, WSK_NO_WAIT, &second)', 'STATUS_NOINTERFACE', {
    setup: 'STATUS(WskRegister(&newClient, &other), STATUS_SUCCESS);',
    then: 'WskDeregister(&other);',
  }),
  STATUS_DEVICE_NOT_READY: plain('WskCaptureProviderNPI(&other, WSK_NO_WAIT, &second)', 'STATUS_DEVICE_NOT_READY', {
    setup: 'STATUS(WskRegister(&newClient, &other), STATUS_SUCCESS); WskDeregister(&other);',
  }),
  STATUS_BUFFER_OVERFLOW: plain(
    'Client(WSK_TRANSPORT_LIST_QUERY, NULL, 0, list, sizeof(list[0]), &size, NULL)',
    'STATUS_BUFFER_OVERFLOW',
    { then: 'TRUE_(!NT_SUCCESS(STATUS_BUFFER_OVERFLOW));' },
  ),
  STATUS_EVENT_PENDING: plain('heard', 'STATUS_EVENT_PENDING', {
    setup: 'Hearing(&l, &c, &a, STATUS_EVENT_PENDING);',
    then: 'TRUE_(NT_SUCCESS(STATUS_EVENT_PENDING));',
  }),
  STATUS_NO_MATCH: pends('Name(0xC0000263)', 'STATUS_NO_MATCH'),
  STATUS_NOT_FOUND: pends('Look(L"dead.beef")', 'STATUS_NOT_FOUND'),
  STATUS_ACCESS_DENIED: refused(
    'D(s)->WskSendTo(s, &out.Buf, 0, At(INADDR_BROADCAST, 9), 0, NULL, Send())',
    'STATUS_ACCESS_DENIED',
    { setup: 's = Bound(Udp(), INADDR_ANY, 0);', finding: 'send-to-address R50' },
  ),
  STATUS_ADDRESS_ALREADY_EXISTS: pends(
    'L(t)->WskBind(t, At(INADDR_LOOPBACK, 8888), 0, Send())',
    'STATUS_ADDRESS_ALREADY_EXISTS',
    {
      setup: 's = Bound(Listener(), INADDR_LOOPBACK, 8888); t = Listener();',
    },
  ),
  STATUS_ADDRESS_ALREADY_ASSOCIATED: pends(
    'L(s)->WskBind(s, At(INADDR_LOOPBACK, 8889), 0, Send())',
    'STATUS_ADDRESS_ALREADY_ASSOCIATED',
    {
      setup: 's = Bound(Listener(), INADDR_LOOPBACK, 8888);',
    },
  ),
  // What WskBind says where all ports are taken (emulator/net/binding.test.ts takes them all).
  STATUS_TOO_MANY_ADDRESSES: refused('S(s)->WskListen(s, Send())', 'STATUS_TOO_MANY_ADDRESSES', {
    setup: 's = Stream();',
  }),
  STATUS_INVALID_BUFFER_SIZE: refused(
    'Io(s, SIO_LOOPBACK_FAST_PATH, &value, 1, NULL, 0, NULL, Send())',
    'STATUS_INVALID_BUFFER_SIZE',
    { setup: 's = Listener();' },
  ),
  STATUS_NOT_IMPLEMENTED: pends('L(s)->WskBind(s, At(INADDR_LOOPBACK, 8888), 0, Send())', 'STATUS_NOT_IMPLEMENTED', {
    setup: 's = Open(WSK_FLAG_LISTEN_SOCKET, SOCK_DGRAM, IPPROTO_UDP, AF_INET, NULL, NULL);',
  }),
  STATUS_INSUFFICIENT_RESOURCES: messages('STATUS_INSUFFICIENT_RESOURCES'),
  STATUS_UNSUCCESSFUL: messages('STATUS_UNSUCCESSFUL'),
  STATUS_INTEGER_OVERFLOW: messages('STATUS_INTEGER_OVERFLOW'),
  STATUS_BUFFER_TOO_SMALL: messages('STATUS_BUFFER_TOO_SMALL'),
  STATUS_CANCELLED: pends('L(l)->WskAccept(l, 0, NULL, NULL, NULL, NULL, Send())', 'STATUS_CANCELLED', {
    setup: 'l = Bound(Listener(), INADDR_LOOPBACK, 8888);',
    meanwhile: 'IoCancelIrp(irp);',
  }),
  STATUS_IO_TIMEOUT: connects('0xC000021E', 'STATUS_IO_TIMEOUT'),
  STATUS_HOST_UNREACHABLE: connects('0xC000021F', 'STATUS_HOST_UNREACHABLE'),
  STATUS_NETWORK_UNREACHABLE: connects('0xC0000220', 'STATUS_NETWORK_UNREACHABLE'),
  STATUS_CONNECTION_REFUSED: connects('INADDR_LOOPBACK', 'STATUS_CONNECTION_REFUSED'),
  STATUS_CONNECTION_RESET: pends('C(c)->WskReceive(c, &in.Buf, 0, Send())', 'STATUS_CONNECTION_RESET', {
    setup: 'c = Connecting(); C(c)->WskConnect(c, At(0xC0000221, 80), 0, Send()); Wait();',
  }),
  STATUS_CONNECTION_DISCONNECTED: refused(
    'C(c)->WskSendEx(c, &out.Buf, 0, 0, NULL, Send())',
    'STATUS_CONNECTION_DISCONNECTED',
    {
      setup: 'Pair(&l, &c, &a);',
    },
  ),
  STATUS_CONNECTION_ABORTED: refused('C(c)->WskSend(c, &out.Buf, 0, Send())', 'STATUS_CONNECTION_ABORTED', {
    setup: 'Pair(&l, &c, &a); C(c)->WskDisconnect(c, NULL, WSK_FLAG_ABORTIVE, Send()); Wait();',
  }),
  STATUS_TIMEOUT: plain('WaitMs(1)', 'STATUS_TIMEOUT', { then: 'TRUE_(NT_SUCCESS(STATUS_TIMEOUT));' }),
  STATUS_ALERTED: plain('WaitOf(&never)', 'STATUS_ALERTED', { then: 'TRUE_(NT_SUCCESS(STATUS_ALERTED));' }),
  STATUS_USER_APC: plain('WaitOf(&never)', 'STATUS_USER_APC', { then: 'TRUE_(NT_SUCCESS(STATUS_USER_APC));' }),
  STATUS_WAIT_0: plain('WaitOf(&done)', 'STATUS_WAIT_0', { setup: 'KeSetEvent(&done, 0, FALSE);' }),
} satisfies Record<string, Row>;

testRows('statuses', rows, { declarations, scenario });

const facts = ['wsk-dot4.md', 'real-drivers.md'].map((name) =>
  join(process.env.WSK_ROOT ?? '', '../shared/facts', name),
);
const noFacts = facts.every((path) => existsSync(path)) ? false : '../shared/facts is not beside the checkout';

test('the facts on WSK name no status that has no row', { skip: noFacts }, () => {
  const [wsk = '', drivers = ''] = facts.map((path) => readFileSync(path, 'utf8'));
  const asserted = drivers.split(/^## /m).find((section) => section.startsWith('Statuses that a WSK')) ?? '';
  const named = [...`${wsk} ${asserted}`.matchAll(/\bSTATUS_[A-Z0-9]+(?:_[A-Z0-9]+)*/g)].map(([name]) => name);
  assert.ok(new Set(named).size > 35, 'the facts were read');
  assert.deepEqual([...new Set(named)].filter((name) => !(name in rows)).sort(), []);
});

test('each row shows the status that it stands for', () => {
  for (const [name, row] of Object.entries<Row>(rows)) {
    assert.ok(
      [row.returns, row.completes, row.then].some((text) => text?.includes(name)),
      name,
    );
  }
});
