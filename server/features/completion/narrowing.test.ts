import assert from 'node:assert/strict';
import test from 'node:test';
import { complete } from '../completion.ts';
import { analyseDriver } from '../testing.ts';
import type { CompletionItem } from './item.ts';

function items(fixture: string): readonly CompletionItem[] {
  const { analysis, offset } = analyseDriver(fixture);
  return complete(analysis, offset, { trigger: 'character' }).items.toSorted((a, b) => a.rank - b.rank);
}

/** All that is offered, best first. */
function checkAll(fixture: string, ...expected: readonly string[]): void {
  assert.deepEqual(
    items(fixture).map((item) => item.label),
    expected,
    fixture,
  );
}

const labels = (fixture: string): readonly string[] => items(fixture).map((item) => item.label);

function checkFirst(fixture: string, ...expected: readonly string[]): void {
  const found = items(fixture).map((item) => item.label);
  assert.deepEqual(found.slice(0, expected.length), expected, fixture);
}

const f = (body: string): string => `void f(PWSK_PROVIDER_NPI Npi, PWSK_SOCKET Socket, PIRP Irp) {\n${body}\n}\n`;
const socket = (args: string): string => f(`  Npi->Dispatch->WskSocket(Npi->Client, ${args}/*$*/);`);
const control = (category: string, args: string): string =>
  f(`  ((PWSK_PROVIDER_${category}_DISPATCH)Socket->Dispatch)->WskControlSocket(Socket, ${args}/*$*/);`);

test('a new socket: family, type, protocol and flags fit each other', () => {
  checkAll(socket(''), 'AF_INET', 'AF_INET6');
  checkAll(socket('AF_INET, '), 'SOCK_STREAM', 'SOCK_DGRAM', 'SOCK_RAW');
  checkAll(socket('AF_INET, SOCK_STREAM, '), 'IPPROTO_TCP');
  checkAll(socket('AF_INET6, SOCK_DGRAM, '), 'IPPROTO_UDP');
  checkAll(socket('AF_INET, SOCK_RAW, '), 'IPPROTO_ICMP', 'IPPROTO_RAW', 'IPPROTO_UDP', 'IPPROTO_TCP');
  checkAll(socket('AF_INET6, SOCK_RAW, '), 'IPPROTO_ICMPV6', 'IPPROTO_RAW', 'IPPROTO_UDP', 'IPPROTO_TCP');
  checkAll(
    socket('AF_INET, SOCK_STREAM, IPPROTO_TCP, '),
    'WSK_FLAG_LISTEN_SOCKET',
    'WSK_FLAG_CONNECTION_SOCKET',
    'WSK_FLAG_STREAM_SOCKET',
    'WSK_FLAG_BASIC_SOCKET',
  );
  checkAll(socket('AF_INET, SOCK_DGRAM, IPPROTO_UDP, '), 'WSK_FLAG_DATAGRAM_SOCKET', 'WSK_FLAG_BASIC_SOCKET');
  checkFirst(f('  Npi->Dispatch->WskSocketConnect(Npi->Client, /*$*/'), 'SOCK_STREAM');
  checkFirst(f('  Npi->Dispatch->WskSocketConnect(Npi->Client, SOCK_STREAM, /*$*/'), 'IPPROTO_TCP');
});

test('a new socket: the client’s dispatch table of its category', () => {
  const tables = `WSK_CLIENT_LISTEN_DISPATCH Listens;\nstatic const WSK_CLIENT_DATAGRAM_DISPATCH Datagrams;
const WSK_CLIENT_CONNECTION_DISPATCH *Connections;\n`;
  const make = (flags: string): string => tables + socket(`AF_INET, SOCK_STREAM, IPPROTO_TCP, ${flags}, NULL, `);
  checkAll(make('WSK_FLAG_LISTEN_SOCKET'), '&Listens', 'NULL');
  checkAll(make('WSK_FLAG_DATAGRAM_SOCKET'), '&Datagrams', 'NULL');
  checkAll(make('WSK_FLAG_CONNECTION_SOCKET'), 'Connections', 'NULL');
  checkAll(make('WSK_FLAG_BASIC_SOCKET'), 'NULL');
  checkAll(make('Flags'), '&Listens', '&Datagrams', 'Connections', 'NULL');
  const connect = 'Npi->Dispatch->WskSocketConnect(Npi->Client, SOCK_STREAM, IPPROTO_TCP, a, b, 0, NULL, /*$*/';
  checkAll(tables + f(connect), 'Connections', 'NULL');
});

test('control requests: the codes that the socket’s category has', () => {
  const codes = (fixture: string): ReadonlySet<string> => new Set(items(fixture).map(({ label }) => label));
  const datagram = codes(control('DATAGRAM', 'WskSetOption, '));
  assert.ok(datagram.has('SO_BROADCAST') && !datagram.has('SO_CONDITIONAL_ACCEPT'));
  const listen = codes(control('LISTEN', 'WskSetOption, '));
  assert.ok(!listen.has('SO_BROADCAST') && listen.has('SO_CONDITIONAL_ACCEPT'));
  const basic = codes(control('BASIC', 'WskSetOption, '));
  assert.ok(basic.has('SO_BROADCAST') && basic.has('SO_CONDITIONAL_ACCEPT'));
  assert.ok(!codes(control('LISTEN', 'WskIoctl, ')).has('SIO_WSK_QUERY_RECEIVE_BACKLOG'));
  const events = `  WSK_EVENT_CALLBACK_CONTROL events;\n  ((PWSK_PROVIDER_LISTEN_DISPATCH)Socket->Dispatch)->WskControlSocket(Socket, WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET, sizeof(events), /*$*/`;
  checkFirst(f(events), '&events');
  const client = codes(f('  Npi->Dispatch->WskControlClient(Npi->Client, /*$*/'));
  assert.ok(client.has('WSK_TRANSPORT_LIST_QUERY') && client.has('WSK_SET_STATIC_EVENT_CALLBACKS'));
});

test('arguments behind the one at hand say what comes first', () => {
  const behind = (args: string): string =>
    f(`  ((PWSK_PROVIDER_CONNECTION_DISPATCH)Socket->Dispatch)->WskControlSocket(Socket, ${args});`);
  const tcp = labels(behind('WskSetOption, /*$*/, IPPROTO_TCP, sizeof(ULONG), &x, 0, NULL, NULL, NULL'));
  assert.equal(tcp[0], 'TCP_NODELAY');
  assert.ok(tcp.includes('SO_KEEPALIVE'), 'the level may be about to change as well');
  const socketLevel = labels(behind('WskSetOption, /*$*/, SOL_SOCKET, f(1, "a, b"), &x, 0, NULL, NULL, NULL'));
  assert.ok(socketLevel.indexOf('SO_KEEPALIVE') < socketLevel.indexOf('TCP_NODELAY'));
  assert.equal(labels(behind('/*$*/, SIO_WSK_QUERY_RECEIVE_BACKLOG, 0, 0'))[0], 'WskIoctl');
  assert.equal(labels(behind('/*$*/, SO_WSK_EVENT_CALLBACK, SOL_SOCKET'))[0], 'WskSetOption');
});

test('a member that holds a known kind of value', () => {
  const head = `static const NPIID Mine = { 0 };
void g(NPI_CLIENT_CHARACTERISTICS *c, WSK_EVENT_CALLBACK_CONTROL *e, ADDRINFOEXW *a, SOCKADDR_IN *in, PDEVICE_OBJECT d,
  PMDL m, PIRP i, PIO_STACK_LOCATION s, WSK_CLIENT_DISPATCH *w, OBJECT_ATTRIBUTES *o, PSOCKADDR any) {\n`;
  const rows: readonly (readonly [string, ...string[]])[] = [
    ['e->NpiId = /*$*/;', '&NPI_WSK_INTERFACE_ID', '&Mine'],
    ['c->ClientRegistrationInstance.NpiId = /*$*/', '&NPI_WSK_INTERFACE_ID', '&Mine'],
    ['c->ClientRegistrationInstance.Size = /*$*/;', 'sizeof(NPI_REGISTRATION_INSTANCE)'],
    ['c->Length = /*$*/;', 'sizeof(NPI_CLIENT_CHARACTERISTICS)'],
    ['c->Version = /*$*/;', '0'],
    ['w->Version = /*$*/;', 'MAKE_WSK_VERSION(1, 0)'],
    ['a->ai_family = /*$*/;', 'AF_INET', 'AF_INET6', 'AF_UNSPEC'],
    ['if (a->ai_socktype != /*$*/) {}', 'SOCK_STREAM', 'SOCK_DGRAM', 'SOCK_RAW'],
    ['a->ai_protocol = /*$*/;', 'IPPROTO_TCP', 'IPPROTO_UDP'],
    ['a->ai_flags |= /*$*/;', 'AI_CANONNAME'],
    ['switch (any->sa_family) { case /*$*/: break; }', 'AF_INET', 'AF_INET6'],
    ['in->sin_port = /*$*/;', 'RtlUshortByteSwap'],
    ['in->sin_addr.s_addr = /*$*/;', 'INADDR_ANY', 'RtlUlongByteSwap(INADDR_LOOPBACK)'],
    ['d->Flags |= /*$*/;', 'DO_BUFFERED_IO', 'DO_DIRECT_IO'],
    ['d->Flags &= ~/*$*/;', 'DO_BUFFERED_IO', 'DO_DIRECT_IO'],
    ['if (d->Flags & /*$*/) {}', 'DO_BUFFERED_IO', 'DO_DIRECT_IO'],
    ['if ((m->MdlFlags & /*$*/', 'MDL_MAPPED_TO_SYSTEM_VA', 'MDL_PAGES_LOCKED'],
    ['s->Control = SL_PENDING_RETURNED | /*$*/;', 'SL_INVOKE_ON_SUCCESS'],
    ['if (i->RequestorMode == /*$*/) {}', 'KernelMode', 'UserMode'],
    ['d->DeviceType == /*$*/;', 'FILE_DEVICE_UNKNOWN'],
    ['o->Attributes = /*$*/;', 'OBJ_KERNEL_HANDLE', 'OBJ_CASE_INSENSITIVE'],
    ['o->Length = /*$*/;', 'sizeof(OBJECT_ATTRIBUTES)'],
  ];
  for (const [body, ...expected] of rows) checkFirst(`${head}  ${body}\n}`, ...expected);
  checkFirst('WSK_CLIENT_DISPATCH t = { /*$*/, 0, NULL };', 'MAKE_WSK_VERSION(1, 0)');
  const disconnect = 'NTSTATUS WSKAPI Gone(PVOID Ctx, ULONG How) {\n';
  const table = '\n}\nconst WSK_CLIENT_CONNECTION_DISPATCH t = { .WskDisconnectEvent = Gone };';
  checkFirst(`${disconnect}  if (How & /*$*/) {}${table}`, 'WSK_FLAG_ABORTIVE', 'WSK_FLAG_AT_DISPATCH_LEVEL');
  checkFirst(`${disconnect}  switch (How) { case /*$*/: break; }${table}`);
  // An address is no flag.
  checkAll(`${head}  KeSetEvent(&/*$*/`);
});

test('a line that is half typed says nothing about the next one', () => {
  const half = (body: string): string => `void g(PWSK_SOCKET Socket, PIRP Irp, PDEVICE_OBJECT d) {
  PWSK_PROVIDER_NPI Npi;\n  WSK_BUF buffer;\n  KEVENT event;\n${body}\n}\n`;
  const rows: readonly (readonly [string, ...string[]])[] = [
    ['  Npi->Dispatch->/*$*/\n  buffer.\n  KeSetEvent(&event,', 'WskSocket', 'WskSocketConnect'],
    ['  Npi->Dispatch->\n  buffer./*$*/\n  KeSetEvent(&event,', 'Mdl', 'Offset', 'Length'],
    ['  Npi->Dispatch->\n  buffer.\n  KeInitializeEvent(&event, /*$*/', 'NotificationEvent'],
    ['  KeInitializeEvent(&event,\n  buffer./*$*/', 'Mdl', 'Offset', 'Length'],
    ['  KeInitializeEvent(&event,\n  ULONG\n  d->Flags |= /*$*/\n  IoFreeIrp(', 'DO_BUFFERED_IO'],
    ['  if (buffer.\n  d->Flags |= /*$*/\n  x = (', 'DO_BUFFERED_IO'],
    ['  ULONG\n  PIRP other\n  other->IoStatus./*$*/', 'Status'],
    ['  WSK_BUF\n  const WSK_BUF *other\n  other->/*$*/', 'Mdl'],
    ['  d->Flags =\n  Irp->IoStatus.Status = /*$*/', 'STATUS_SUCCESS'],
    // Arguments in the column of their call are no statements.
    ['  KeInitializeEvent(\n  &event,\n  /*$*/);', 'NotificationEvent'],
  ];
  for (const [body, ...expected] of rows) checkFirst(half(body), ...expected);
  assert.ok(!labels(half('  if (d->DeviceType ==\n  /*$*/\n  d->Flags = 0;')).includes('FILE_DEVICE_UNKNOWN'));
});

test('event masks by category', () => {
  const mask = (category: string, place: string): string =>
    f(`  PWSK_PROVIDER_${category}_DISPATCH d = 0;\n  WSK_EVENT_CALLBACK_CONTROL events${place}`);
  checkAll(mask('DATAGRAM', ';\n  events.EventMask = /*$*/;'), 'WSK_EVENT_RECEIVE_FROM', 'WSK_EVENT_DISABLE');
  checkAll(
    mask('CONNECTION', ';\n  events.EventMask = WSK_EVENT_RECEIVE | /*$*/;'),
    'WSK_EVENT_DISCONNECT',
    'WSK_EVENT_SEND_BACKLOG',
    'WSK_EVENT_DISABLE',
  );
  checkFirst(mask('LISTEN', ' = { &NPI_WSK_INTERFACE_ID, /*$*/ };'), 'WSK_EVENT_ACCEPT');
  checkFirst(mask('LISTEN', ' = { .EventMask = /*$*/ };'), 'WSK_EVENT_ACCEPT');
});

test('control requests of Dot4: code with structures, then buffers and sizes', () => {
  const build = (args: string): string =>
    `#include <d4drvif.h>\n${f(`  DOT4_DC_CREATE_DATA create;\n  IoBuildDeviceIoControlRequest(${args}/*$*/`)}`;
  const detail = (code: string): string | undefined => items(build('')).find(({ label }) => label === code)?.detail;
  assert.equal(detail('IOCTL_DOT4_OPEN_CHANNEL'), 'DOT4_DC_OPEN_DATA');
  assert.equal(detail('IOCTL_DOT4_READ'), 'DOT4_DRIVER_CMD, the data');
  assert.equal(detail('IOCTL_DOT4_REMOVE_ACTIVITY_BROADCAST'), 'CHANNEL_HANDLE');
  assert.equal(detail('IOCTL_DOT4_WAIT_FOR_CHANNEL'), 'METHOD_OUT_DIRECT');
  checkFirst(build('IOCTL_DOT4_CREATE_SOCKET, d, '), '&create');
  checkFirst(build('IOCTL_DOT4_CREATE_SOCKET, d, &create, '), 'sizeof(DOT4_DC_CREATE_DATA)');
  checkFirst(build('IOCTL_DOT4_CREATE_SOCKET, d, &create, sizeof(create), '), '&create');
  checkFirst(build('IOCTL_DOT4_CLOSE_CHANNEL, d, &channel, 4, '), 'NULL');
  checkFirst(build('IOCTL_DOT4_CLOSE_CHANNEL, d, &channel, 4, NULL, '), '0');
  for (const name of ['WdfIoTargetSendIoctlSynchronously', 'WdfIoTargetSendInternalIoctlSynchronously']) {
    checkFirst(f(`  ${name}(target, NULL, /*$*/`), 'IOCTL_DOT4_CREATE_SOCKET');
  }
  checkFirst('#include <d4drvif.h>\nDOT4_DC_CREATE_DATA c = { .bType = /*$*/ };', 'STREAM_TYPE_CHANNEL');
});

test('KMDF: control codes, descriptors and options by their types, handles of their kind, callbacks by role', () => {
  const inDriver = (call: string): string => `#include <d4drvif.h>
#include <wdf.h>
typedef struct _CTX { WDFREQUEST Pending; WDFSPINLOCK Lock; WDFIOTARGET Target; } CTX;
EVT_WDF_TIMER Tick;
void f(WDFREQUEST Request, CTX *c) {
  WDF_MEMORY_DESCRIPTOR in; WDF_REQUEST_SEND_OPTIONS options; WDF_TIMER_CONFIG timer; WDF_OBJECT_ATTRIBUTES a;
  ${call}/*$*/;
}`;
  for (const name of ['SendIoctlSynchronously', 'SendInternalIoctlSynchronously', 'FormatRequestForInternalIoctl'])
    checkFirst(inDriver(`WdfIoTarget${name}(c->Target, NULL, `), 'IOCTL_DOT4_CREATE_SOCKET');
  checkAll(inDriver('WdfIoTargetSendIoctlSynchronously(c->Target, NULL, 1, '), 'NULL', '&in');
  checkAll(inDriver('WdfIoTargetSendIoctlSynchronously(c->Target, NULL, 1, &in, NULL, '), 'NULL', '&options');
  checkAll(inDriver('WdfRequestComplete('), 'Request', 'c->Pending');
  checkFirst(inDriver('WdfRequestComplete(Request, '), 'STATUS_SUCCESS', 'STATUS_INVALID_DEVICE_REQUEST');
  checkAll(inDriver('WdfSpinLockAcquire('), 'c->Lock');
  checkAll(inDriver('WDF_TIMER_CONFIG_INIT(&timer, '), 'Tick', 'EvtTimerFunc');
  assert.ok(labels(inDriver('a.ExecutionLevel = ')).includes('WdfExecutionLevelPassive'));
});

test('variables and members that fit by what they are for', () => {
  const own = `typedef struct _CTX { PWSK_SOCKET Socket; KEVENT Event; PIRP Irp; WSK_BUF Buf; SOCKADDR_IN Local; } CTX;
void f(CTX *c, SOCKADDR_IN *a, PWSK_BUF b, PWSK_PROVIDER_LISTEN_DISPATCH d, PETHREAD t) {\n  KEVENT e; SOCKADDR_STORAGE s;\n`;
  checkAll(`${own}  KeWaitForSingleObject(/*$*/, Executive, KernelMode, FALSE, NULL);\n}`, '&e', 't', '&c->Event');
  checkAll(`${own}  KeSetEvent(/*$*/, 0, FALSE);\n}`, '&e', '&c->Event');
  checkAll(`${own}  d->WskBind(c->Socket, /*$*/`, '(PSOCKADDR)&s', '(PSOCKADDR)a', '(PSOCKADDR)&c->Local');
  checkAll(`${own}  d->WskBind(/*$*/`, 'c->Socket');
  checkAll(`${own}  IoFreeIrp(/*$*/`, 'c->Irp');
  checkFirst(`${own}  ((PWSK_PROVIDER_CONNECTION_DISPATCH)d)->WskSend(c->Socket, /*$*/`, 'b', '&c->Buf');
  // Members of the system's structures are no business of the driver's.
  checkAll('void f(PIRP Irp) { KeSetEvent(/*$*/');
  // Other than those that are made to be handed on.
  checkAll('void f(PIRP Irp, WSK_BUF *b) { MmUnlockPages(/*$*/', 'Irp->MdlAddress', 'b->Mdl');
});

test('locks, levels and pointers', () => {
  const own = `typedef struct _CTX { KSPIN_LOCK Lock; ULONG_PTR Other; PIRP Irp; } CTX;
void f(CTX *c, PSIZE_T out) {\n  KIRQL old; KLOCK_QUEUE_HANDLE q; SIZE_T size; PIRP irp;\n`;
  checkAll(`${own}  KeAcquireInStackQueuedSpinLock(/*$*/, &q);\n}`, '&c->Lock');
  checkFirst(`${own}  KeReleaseSpinLock(&c->Lock, /*$*/);\n}`, 'old', 'PASSIVE_LEVEL');
  checkFirst(`${own}  KeRaiseIrql(DISPATCH_LEVEL, /*$*/);\n}`, '&old');
  checkFirst(`${own}  if (irp == /*$*/) return;\n}`, 'NULL');
  checkFirst(`${own}  c->Irp = /*$*/;\n}`, 'irp', 'NULL');
  checkFirst(`${own}  Socket->Dispatch->\n  IoMarkIrp/*$*/\n}`, 'IoMarkIrpPending');
});

test('a flag that is there already is not offered again', () => {
  const flags = labels(f('  ExAllocatePool2(POOL_FLAG_NON_PAGED | POOL_FLAG_UNINITIALIZED | /*$*/'));
  assert.ok(flags.includes('POOL_FLAG_CACHE_ALIGNED'));
  assert.ok(!flags.includes('POOL_FLAG_NON_PAGED') && !flags.includes('POOL_FLAG_UNINITIALIZED'));
});

test('a result behind a condition', () => {
  for (const result of ['a ? /*$*/', 'a ? /*$*/ : st', '(a == 1) ? STATUS_PENDING : /*$*/']) {
    const found = labels(`NTSTATUS g(int a) {\n  return ${result};\n}`);
    assert.deepEqual(found.slice(0, 2), ['STATUS_SUCCESS', 'STATUS_PENDING'], result);
  }
  assert.ok(!labels('NTSTATUS g(int a) {\n  return g(a ? /*$*/ : 1);\n}').includes('STATUS_SUCCESS'));
  assert.ok(!labels('NTSTATUS g(int a) {\n  switch (a) { case 1: /*$*/ }\n}').includes('STATUS_SUCCESS'));
});

test('codes of requests', () => {
  const d = 'void g(PDRIVER_OBJECT d, PIO_STACK_LOCATION s) {\n';
  checkFirst(`${d}  d->MajorFunction[/*$*/] = 0;\n}`, 'IRP_MJ_CREATE');
  // An element of that table is a routine.
  const routine = 'DRIVER_DISPATCH Ready;\n';
  checkFirst(`${routine}${d}  d->MajorFunction[IRP_MJ_READ] = /*$*/;\n}`, 'Ready', 'DispatchRead');
  checkFirst(`${d}  if (s->MajorFunction == /*$*/) {}\n}`, 'IRP_MJ_CREATE');
  checkFirst(`${d}  switch (s->MajorFunction) { case /*$*/: break; }\n}`, 'IRP_MJ_CREATE');
  const own = '#define IOCTL_MINE CTL_CODE(1, 2, 0, 0)\n';
  checkFirst(
    `${own}${d}  switch (s->Parameters.DeviceIoControl.IoControlCode) { case /*$*/: break; }\n}`,
    'IOCTL_MINE',
  );
  checkFirst('SOCKADDR_IN a = { .sin_family = /*$*/ };', 'AF_INET');
  checkFirst(f('  SOCKADDR_IN6 a;\n  a.sin6_family = /*$*/;'), 'AF_INET6');
  checkFirst(f('  ExAllocatePool2(/*$*/'), 'POOL_FLAG_NON_PAGED');
});

test('functions of a socket, with the cast that they need', () => {
  const found = items(f('  Socket->Dispatch->/*$*/'));
  const send = found.find(({ label }) => label === 'WskSend');
  assert.deepEqual(
    send?.edits?.map(({ newText }) => newText),
    ['((const WSK_PROVIDER_CONNECTION_DISPATCH *)', ')'],
  );
  assert.deepEqual(
    found.slice(0, 2).map(({ label }) => label),
    ['WskControlSocket', 'WskCloseSocket'],
  );
  const known =
    'void g(PWSK_SOCKET Socket) { PWSK_PROVIDER_DATAGRAM_DISPATCH d = (PWSK_PROVIDER_DATAGRAM_DISPATCH)Socket->Dispatch; }\n';
  const datagram = items(known + f('  Socket->Dispatch->/*$*/')).map(({ label }) => label);
  assert.ok(datagram.includes('WskSendTo') && !datagram.includes('WskSend'));
  checkAll(f('  Irp->UserBuffer->/*$*/'));
});

test('a control code brings the arguments that go with it, where none follow yet', () => {
  const insertOf = (fixture: string, code: string): string | undefined =>
    items(fixture).find(({ label }) => label === code)?.insert;
  assert.equal(
    insertOf(control('LISTEN', 'WskSetOption, '), 'SO_EXCLUSIVEADDRUSE'),
    'SO_EXCLUSIVEADDRUSE, SOL_SOCKET, sizeof(ULONG), &${1:input}, 0, NULL, NULL, ${2:irp}',
  );
  assert.equal(
    insertOf(control('LISTEN', 'WskSetOption, '), 'SO_WSK_EVENT_CALLBACK'),
    'SO_WSK_EVENT_CALLBACK, SOL_SOCKET, sizeof(WSK_EVENT_CALLBACK_CONTROL), &${1:input}, 0, NULL, NULL, NULL',
  );
  assert.equal(
    insertOf(control('LISTEN', 'WskGetOption, '), 'SO_RCVBUF'),
    'SO_RCVBUF, SOL_SOCKET, 0, NULL, sizeof(ULONG), &${1:output}, NULL, ${2:irp}',
  );
  const followed = f(
    '  ((PWSK_PROVIDER_LISTEN_DISPATCH)Socket->Dispatch)->WskControlSocket(Socket, WskSetOption, /*$*/, SOL_SOCKET);',
  );
  assert.equal(insertOf(followed, 'SO_EXCLUSIVEADDRUSE'), undefined);
});

test('what a callback may return: all of it where the contract says so, the usual elsewhere', () => {
  const role = (type: string, parameters: string): string =>
    `${type} Own;\nNTSTATUS Own(${parameters}) {\n  NTSTATUS status = 0;\n  return /*$*/;\n}\n`;
  checkAll(
    role('IO_COMPLETION_ROUTINE', 'PDEVICE_OBJECT d, PIRP i, PVOID c'),
    'STATUS_MORE_PROCESSING_REQUIRED',
    'STATUS_SUCCESS',
    'STATUS_CONTINUE_COMPLETION',
    'status',
  );
  const dispatch = role('DRIVER_DISPATCH', 'PDEVICE_OBJECT d, PIRP i');
  checkFirst(dispatch, 'status', 'STATUS_SUCCESS', 'STATUS_PENDING', 'STATUS_INVALID_DEVICE_REQUEST');
  const event = (member: string, type: string, parameters: string): string =>
    `NTSTATUS WSKAPI Own(${parameters});\n${type} t = { .${member} = Own };\nNTSTATUS WSKAPI Own(${parameters}) {\n  return /*$*/;\n}\n`;
  checkAll(
    event(
      'WskReceiveEvent',
      'WSK_CLIENT_CONNECTION_DISPATCH',
      'PVOID c, ULONG f, PWSK_DATA_INDICATION d, SIZE_T n, SIZE_T *a',
    ),
    'STATUS_SUCCESS',
    'STATUS_PENDING',
    'STATUS_DATA_NOT_ACCEPTED',
  );
  checkAll(event('WskDisconnectEvent', 'WSK_CLIENT_CONNECTION_DISPATCH', 'PVOID c, ULONG f'), 'STATUS_SUCCESS');
  checkAll(
    event('WskReceiveFromEvent', 'WSK_CLIENT_DATAGRAM_DISPATCH', 'PVOID c, ULONG f, PWSK_DATAGRAM_INDICATION d'),
    'STATUS_SUCCESS',
    'STATUS_PENDING',
    'STATUS_DATA_NOT_ACCEPTED',
  );
});

test('what is likely returned comes first, by what was done on the way', () => {
  const completion = (body: string): string =>
    `IO_COMPLETION_ROUTINE Own;\nNTSTATUS Own(PDEVICE_OBJECT d, PIRP i, PVOID c) {\n  NTSTATUS status = i->IoStatus.Status;\n${body}\n}\n`;
  const dispatch = (body: string): string =>
    `DRIVER_DISPATCH Own;\nNTSTATUS Own(PDEVICE_OBJECT d, PIRP i) {\n${body}\n}\n`;
  const plain = (body: string): string =>
    `NTSTATUS Own(PIRP i, int a) {\n  NTSTATUS first, second;\n  PVOID p = NULL;\n${body}\n}\n`;
  const cases: readonly (readonly [fixture: string, ...first: readonly string[]])[] = [
    [completion('  KeSetEvent(c, 0, FALSE);\n  return /*$*/;'), 'STATUS_MORE_PROCESSING_REQUIRED', 'STATUS_SUCCESS'],
    [
      completion('  if (i->PendingReturned) IoMarkIrpPending(i);\n  return /*$*/;'),
      'STATUS_SUCCESS',
      'STATUS_MORE_PROCESSING_REQUIRED',
    ],
    [
      completion('  if (c) return STATUS_CONTINUE_COMPLETION;\n  IoMarkIrpPending(i);\n  return STA/*$*/;'),
      'STATUS_CONTINUE_COMPLETION',
    ],
    [
      completion('  if (c) { IoMarkIrpPending(i); return STATUS_SUCCESS; }\n  return /*$*/;'),
      'STATUS_MORE_PROCESSING_REQUIRED',
    ],
    [dispatch('  IoMarkIrpPending(i);\n  return /*$*/;'), 'STATUS_PENDING', 'STATUS_SUCCESS'],
    [dispatch('  if (d) { IoMarkIrpPending(i);\n  return /*$*/; }\n  return 0;'), 'STATUS_PENDING'],
    [dispatch('  if (d) { IoMarkIrpPending(i); return STATUS_PENDING; }\n  return /*$*/;'), 'STATUS_SUCCESS'],
    [
      dispatch('  i->IoStatus.Status = STATUS_NOT_FOUND;\n  IoCompleteRequest(i, 0);\n  return /*$*/;'),
      'STATUS_NOT_FOUND',
      'STATUS_SUCCESS',
    ],
    [
      dispatch('  NTSTATUS status = 0;\n  i->IoStatus.Status = status;\n  IoCompleteRequest(i, 0);\n  return /*$*/;'),
      'status',
      'STATUS_SUCCESS',
    ],
    [
      dispatch(
        '  switch (a) {\n  case 1:\n    IoMarkIrpPending(i);\n    break;\n  case 2:\n    i->IoStatus.Status = STATUS_CANCELLED;\n    return /*$*/;\n  }\n  return 0;',
      ),
      'STATUS_CANCELLED',
    ],
    [plain('  second = Other();\n  return /*$*/;'), 'second', 'first', 'STATUS_SUCCESS'],
    [plain('  first = One();\n  second = Two();\n  if (!NT_SUCCESS(first)) return /*$*/;'), 'first', 'second'],
    [plain('  first = One();\n  if (first != STATUS_SUCCESS) {\n    a++;\n    return /*$*/;\n  }\n'), 'first'],
    [
      plain(
        '  first = One();\n  p = ExAllocatePool2(POOL_FLAG_PAGED, 1, 1);\n  if (p == NULL) {\n    return /*$*/;\n  }\n',
      ),
      'STATUS_INSUFFICIENT_RESOURCES',
      'first',
    ],
    [plain('  if (!p) return /*$*/;'), 'first', 'second'],
    ['NTSTATUS Own(void) {\n  return /*$*/;\n}\n', 'STATUS_SUCCESS'],
  ];
  for (const [fixture, ...first] of cases) checkFirst(fixture, ...first);
});

test('no list in comments, strings and behind numbers, and no words tacked on to a value', () => {
  for (const body of [
    '  // IoAllocateIrp(/*$*/',
    '  /* Socket->Dispatch->/*$*/ */',
    '  DbgPrint("WskSocket(/*$*/',
    '  int n = 12/*$*/;',
    '  int n = 0x1F/*$*/;',
    '  double d = 1./*$*/;',
    "  int c = 'a/*$*/",
  ]) {
    checkAll(f(body));
  }
});

test('behind an & and in a cast: what the place is for', () => {
  const own = `WSK_REGISTRATION Registration; WSK_PROVIDER_NPI Npi; static const WSK_CLIENT_LISTEN_DISPATCH Listens;
void f(PWSK_SOCKET Socket, PIRP Irp, SOCKADDR_IN *Peer) {
  KEVENT event; WSK_CLIENT_NPI client; SOCKADDR_IN local; const WSK_PROVIDER_LISTEN_DISPATCH *d; PWSK_SOCKET made;\n`;
  checkAll(`${own}  WskRegister(&/*$*/`, 'client');
  checkAll(`${own}  WskRegister(&client, & /*$*/);\n}`, 'Registration');
  checkAll(`${own}  KeWaitForSingleObject(&/*$*/`, 'event');
  checkAll(`${own}  d->WskBind(Socket, (PSOCKADDR)&/*$*/`, 'local');
  checkAll(`${own}  d->WskBind(Socket, (PSOCKADDR)/*$*/`, '&local', 'Peer');
  checkAll(`${own}  d->WskBind(Socket, (/*$*/)&local, 0, Irp);\n}`, 'PSOCKADDR');
  checkAll(`${own}  made = (/*$*/)Irp->IoStatus.Information;\n}`, 'PWSK_SOCKET');
  checkFirst(`${own}  made = (PWSK_SOCKET)/*$*/;\n}`, 'Irp->IoStatus.Information');
  checkFirst(`${own}  d = (/*$*/)Socket->Dispatch;\n}`, 'const WSK_PROVIDER_LISTEN_DISPATCH *');
  checkFirst(`${own}  ((/*$*/)Socket->Dispatch)->WskBind(Socket`, 'const WSK_PROVIDER_LISTEN_DISPATCH *');
  checkAll(
    `${own}  Npi.Dispatch->WskSocket(Npi.Client, AF_INET, SOCK_STREAM, IPPROTO_TCP, WSK_FLAG_LISTEN_SOCKET, NULL, &/*$*/`,
    'Listens',
  );
  checkAll(`${own}  Npi.Dispatch->WskSocket(/*$*/`, 'Npi.Client');
  // An operator between two values takes no address.
  checkAll(`${own}  if (Peer &/*$*/`);
  checkAll(`${own}  if (Peer && /*$*/`);
});

test('of a socket option: no buffer where nothing comes back, and an IRP where it is required', () => {
  const set = (args: string): string =>
    control('CONNECTION', `WskSetOption, SO_KEEPALIVE, SOL_SOCKET, sizeof(ULONG), ${args}`);
  checkAll(set('NULL, 0, '), 'NULL');
  checkAll(set('NULL, 0, NULL, NULL, '), 'Irp');
});

test('what is given already comes behind what is not', () => {
  const own = 'typedef struct _ITEM { LIST_ENTRY Link; } ITEM;\nvoid f(LIST_ENTRY *head, ITEM *item) {\n';
  checkAll(`${own}  InsertTailList(/*$*/`, 'head', '&item->Link');
  checkAll(`${own}  InsertTailList(head, /*$*/`, '&item->Link', 'head');
});

test('either side of a condition is for what the whole is for', () => {
  const own = 'NTSTATUS f(PIRP Irp, ULONG n) {\n  NTSTATUS status; KEVENT event;\n';
  for (const place of ['status = n ? /*$*/', 'status = n > 2 ? STATUS_PENDING : /*$*/', 'return n ? /*$*/']) {
    assert.ok(labels(`${own}  ${place};\n}`).includes('STATUS_SUCCESS'), place);
  }
  checkFirst(`${own}  KeInitializeEvent(&event, n ? /*$*/`, 'NotificationEvent');
  checkFirst(`${own}  KeInitializeEvent(&event, n ? f(Irp, 1) : /*$*/`, 'NotificationEvent');
  checkAll(`${own}  again: /*$*/`);
});

test('a case: what the variable holds, and constants before all else', () => {
  const codes = ['IOCTL_DOT4_CREATE_SOCKET', 'IOCTL_DOT4_OPEN_CHANNEL'];
  const held =
    'void f(PIO_STACK_LOCATION s) {\n  ULONG code = s->Parameters.DeviceIoControl.IoControlCode;\n  switch (code) {';
  const role =
    'static EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL Control;\nstatic void Control(WDFQUEUE q, WDFREQUEST r, size_t o, size_t i, ULONG code) {\n  switch (code) {';
  for (const body of [held, role]) {
    const found = labels(`#include <wdf.h>\n#include <d4drvif.h>\n${body}\n  case /*$*/:\n  }\n}`);
    for (const code of codes) assert.ok(found.includes(code), `${code}: ${body}`);
  }
  const { analysis, offset } = analyseDriver(
    '#define MINE 3\nvoid f(ULONG n) {\n  ULONG other;\n  switch (n) {\n  case /*$*/:\n  }\n}',
  );
  const all = complete(analysis, offset, { trigger: 'person' }).items.toSorted((a, b) => a.rank - b.rank);
  assert.equal(all[0]?.label, 'MINE');
});

test('a condition of the preprocessor knows macros only', () => {
  const { analysis, offset } = analyseDriver('#define MINE 3\nULONG Own;\n#ifdef /*$*/\n');
  const all = complete(analysis, offset, { trigger: 'person' }).items.map(({ label }) => label);
  assert.ok(all.includes('MINE') && !all.includes('Own'), all.join());
});

test('the structure around a member is one that holds what is pointed to', () => {
  const own = `typedef struct _ITEM { ULONG Size; LIST_ENTRY Link; } ITEM, *PITEM; typedef struct _POOL { KSPIN_LOCK Lock; } POOL;
#define OUTER(Address) CONTAINING_RECORD(Address, ITEM, Link)
void f(PLIST_ENTRY entry, LIST_ENTRY *head) {\n`;
  checkAll(`${own}  ITEM *i = CONTAINING_RECORD(entry, /*$*/`, 'ITEM');
  checkAll(`${own}  ITEM *i = CONTAINING_RECORD(head->Flink, /*$*/, Link);\n}`, 'ITEM');
  checkAll(`${own}  ULONG at = FIELD_OFFSET(/*$*/`, 'ITEM', 'POOL');
});
