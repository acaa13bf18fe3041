import assert from 'node:assert/strict';
import test from 'node:test';
import { completionMarkdown } from './completion/item.ts';
import { complete } from './completion.ts';
import { analyse, analyseDriver, catalog } from './testing.ts';

/** Labels at the cursor, best first. */
function labels(fixture: string, trigger: 'person' | 'character' = 'person'): readonly string[] {
  const { analysis, offset } = analyseDriver(fixture);
  return complete(analysis, offset, { trigger })
    .items.toSorted((a, b) => a.rank - b.rank)
    .map((item) => item.label);
}

/** The first labels must be just these. */
function checkFirst(fixture: string, ...expected: readonly string[]): void {
  assert.deepEqual(labels(fixture).slice(0, expected.length), expected, fixture);
}

function checkAll(fixture: string, ...expected: readonly string[]): void {
  assert.deepEqual(labels(fixture), expected, fixture);
}

const f = (body: string): string => `void f(PWSK_PROVIDER_NPI Npi, PWSK_SOCKET Socket, PIRP Irp) {\n${body}\n}\n`;
const make = (args: string): string => f(`  Npi->Dispatch->WskSocket(Npi->Client, AF_INET, SOCK_STREAM, ${args}`);
const control = (args: string): string =>
  f(`  ((PWSK_PROVIDER_BASIC_DISPATCH)Socket->Dispatch)->WskControlSocket(Socket, ${args}`);

const flags = [
  'WSK_FLAG_LISTEN_SOCKET',
  'WSK_FLAG_CONNECTION_SOCKET',
  'WSK_FLAG_STREAM_SOCKET',
  'WSK_FLAG_BASIC_SOCKET',
];

test('an argument is offered the constants of its parameter', () => {
  for (const args of [
    'IPPROTO_TCP, /*$*/',
    'IPPROTO_TCP, /*$*/);',
    'IPPROTO_TCP, /*$*/, NULL, NULL, NULL, NULL, NULL, Irp);',
    'IPPROTO_TCP, WSK_FLAG_LISTEN_SOCKET | /*$*/);',
    'IPPROTO_TCP, WSK_FLAG_LISTEN_SOCKET |\n    /*$*/',
    'IPPROTO_TCP, WSK_FL/*$*/);',
    'IPPROTO_TCP, /* which one? */ /*$*/',
    'sizeof(int[2]), /*$*/);',
    'strlen("a,b("), /*$*/);',
  ]) {
    const found = labels(make(args));
    // What stands there already is not offered again.
    const wanted = flags.filter((flag) => !args.includes(flag));
    assert.deepEqual(found.slice(0, wanted.length), wanted, args);
  }
  checkFirst(f('  IoAllocateMdl(Irp->UserBuffer, 1, FALSE, /*$*/'), 'FALSE', 'TRUE');
  checkFirst(f('  IoSetCompletionRoutine(Irp, NULL, NULL, /*$*/'), 'TRUE', 'FALSE');
  checkFirst(f('  KEVENT done; KeInitializeEvent(/*$*/'), '&done');
  checkFirst(f('  KEVENT done; KeInitializeEvent(&done, /*$*/'), 'NotificationEvent', 'SynchronizationEvent');
});

test('inside nested calls and macros it is the innermost call that counts', () => {
  for (const body of [
    '  KeRaiseIrql(DISPATCH_LEVEL, KeGetCurrentIrql(ExAllocatePool2(/*$*/',
    '  if (NT_SUCCESS(IoGetDeviceObjectPointer(ExAllocatePool2(/*$*/',
    '  PVOID p = (PVOID)ExAllocatePool2(/*$*/);',
    '  return ExAllocatePool2(/*$*/',
  ]) {
    assert.ok(labels(f(body)).includes('POOL_FLAG_NON_PAGED'), body);
  }
});

test('the arguments of a control request narrow each other', () => {
  checkFirst(control('/*$*/'), 'WskSetOption', 'WskGetOption', 'WskIoctl');
  const options = labels(control('WskSetOption, /*$*/'), 'character');
  assert.ok(options.includes('SO_EXCLUSIVEADDRUSE') && !options.some((label) => label.startsWith('SIO_')));
  assert.ok(!labels(control('WskGetOption, /*$*/'), 'character').includes('SO_WSK_EVENT_CALLBACK'));
  assert.ok(labels(control('WskIoctl, /*$*/'), 'character').every((label) => label.startsWith('SIO_')));
  checkFirst(control('WskSetOption, SO_EXCLUSIVEADDRUSE, /*$*/'), 'SOL_SOCKET');
  checkFirst(control('WskSetOption, TCP_NODELAY, /*$*/'), 'IPPROTO_TCP');
  checkFirst(control('WskIoctl, SIO_ADDRESS_LIST_QUERY, /*$*/'), '0');
  checkFirst(control('WskSetOption, SO_EXCLUSIVEADDRUSE, SOL_SOCKET, /*$*/'), 'sizeof(ULONG)');
  checkFirst(control('WskGetOption, SO_RCVBUF, SOL_SOCKET, /*$*/'), '0');
  checkFirst(control('WskGetOption, SO_RCVBUF, SOL_SOCKET, 0, NULL, /*$*/'), 'sizeof(ULONG)');
  checkFirst(control('WskSetOption, SO_WSK_EVENT_CALLBACK, SOL_SOCKET, /*$*/'), 'sizeof(WSK_EVENT_CALLBACK_CONTROL)');
  checkFirst(f('  Npi->Dispatch->WskControlClient(Npi->Client, WSK_TRANSPORT_LIST_QUERY, /*$*/'), '0');
});

test('a control code of a device request: those of Dot4, and the driver’s own', () => {
  const found = labels(
    `#include <d4drvif.h>\n#define IOCTL_MINE CTL_CODE(1, 2, 0, 0)\n${f('  IoBuildDeviceIoControlRequest(/*$*/')}`,
  );
  assert.ok(found.includes('IOCTL_DOT4_CREATE_SOCKET') && found.includes('IOCTL_MINE'), found.slice(0, 20).join());
});

test('members behind an object, however it is written', () => {
  const whole = ['WskSocket', 'WskSocketConnect', 'WskControlClient'];
  checkFirst(f('  Npi->Dispatch->/*$*/'), ...whole);
  checkFirst(f('  Npi->Dispatch->/*$*/\n  IoFreeIrp(Irp);'), ...whole);
  checkFirst(f('  Npi->Dispatch->Wsk/*$*/;'), ...whole);
  checkFirst(f('  Npi->Dispatch -> /*$*/'), ...whole);
  checkFirst(f('  if (Npi->Dispatch->/*$*/) { }'), ...whole);
  checkFirst(f('  NTSTATUS s = Npi->Dispatch->/*$*/'), ...whole);
  checkFirst(f('  Irp->IoStatus./*$*/'), 'Status');
  checkFirst(f('  ((PWSK_PROVIDER_LISTEN_DISPATCH)Socket->Dispatch)->/*$*/'), 'WskControlSocket', 'WskCloseSocket');
  checkFirst(f('  IoGetCurrentIrpStackLocation(Irp)->/*$*/'), 'MajorFunction', 'MinorFunction');
  checkFirst(f('  WSK_BUF a[2]; a[1]./*$*/'), 'Mdl', 'Offset', 'Length');
  checkFirst(f('  WSK_BUF *p; (*p)./*$*/'), 'Mdl');
  checkFirst(f('  KeSetEvent(Irp->/*$*/'), 'Type');
  checkFirst(f('  while (x < Irp->/*$*/ && y'), 'Type');
  checkFirst('static WSK_PROVIDER_NPI Npi;\nint g(void) { return Npi./*$*/', 'Client', 'Dispatch');
  checkAll(f('  Unknown->/*$*/'));
  checkAll(f('  int n; n./*$*/'));
  checkAll(f('  Npi->Nothing->/*$*/'));
});

test('members behind macros and choices, in text that ends there', () => {
  const own = `typedef struct _CTX { PWSK_SOCKET Socket; LIST_ENTRY Link; WSK_BUF Bufs[2]; } CTX, *PCTX;\nCTX Global;
#define EXT(d) ((PCTX)(d)->DeviceExtension)\n#define GLOBAL Global.Link\n
#define DISPATCH(s) ((PWSK_PROVIDER_LISTEN_DISPATCH)(s)->Dispatch)\n`;
  const g = (body: string): string => `${own}void g(PDEVICE_OBJECT d, PCTX c) {\n${body}\n}\n`;
  checkFirst(g('  DISPATCH(c->Socket)->/*$*/'), 'WskControlSocket', 'WskCloseSocket', 'WskBind', 'WskAccept');
  checkFirst(g('  DISPATCH(c->Socket)->/*$*/;'), 'WskControlSocket', 'WskCloseSocket', 'WskBind', 'WskAccept');
  checkFirst(g('  if (DISPATCH(EXT(d)->Socket)->Wsk/*$*/'), 'WskControlSocket');
  checkFirst(g('  EXT(d)->/*$*/'), 'Socket', 'Link');
  checkFirst(g('  EXT(d)->Link./*$*/'), 'Flink');
  checkFirst(g('  GLOBAL./*$*/'), 'Flink');
  checkFirst(g('  (&Global)->/*$*/'), 'Socket');
  checkFirst(g('  (d ? EXT(d) : c)->/*$*/'), 'Socket');
});

test('the member that an argument of a macro names', () => {
  const own = `typedef struct _CTX { PWSK_SOCKET Socket; LIST_ENTRY Link; WSK_BUF Bufs[2]; } CTX, *PCTX;
#define OWNER(e) CONTAINING_RECORD(e, CTX, Link)\n#define END_OF(t, m) (FIELD_OFFSET(t, m) + 1)\n`;
  const g = (body: string): string => `${own}void g(PLIST_ENTRY e, PCTX c) {\n${body}\n}\n`;
  const members = ['Socket', 'Link', 'Bufs'];
  checkAll(g('  x = FIELD_OFFSET(CTX, /*$*/'), ...members);
  checkAll(g('  x = offsetof(struct _CTX, So/*$*/);'), ...members);
  checkAll(g('  c = CONTAINING_RECORD(e, CTX, /*$*/);'), ...members);
  checkAll(g('  x = END_OF(CTX, /*$*/)'), ...members);
  checkFirst(g('  x = RTL_SIZEOF_THROUGH_FIELD(CTX, Bufs[0]./*$*/);'), 'Mdl');
  checkFirst(g('  x = RTL_CONTAINS_FIELD(c, sizeof(CTX), Link./*$*/);'), 'Flink');
});

test('designators of a list', () => {
  const own =
    'NTSTATUS WSKAPI Accept(PVOID, ULONG, PSOCKADDR, PSOCKADDR, PWSK_SOCKET, PVOID *, const WSK_CLIENT_CONNECTION_DISPATCH **);\n';
  checkAll('WSK_CLIENT_LISTEN_DISPATCH t = { ./*$*/', 'WskAcceptEvent', 'WskInspectEvent', 'WskAbortEvent');
  checkAll('WSK_CLIENT_LISTEN_DISPATCH t = { .WskAcceptEvent = 0, ./*$*/ };', 'WskInspectEvent', 'WskAbortEvent');
  checkAll(
    f('  WSK_CLIENT_LISTEN_DISPATCH t[2] = { { .Wsk/*$*/ } };'),
    'WskAcceptEvent',
    'WskInspectEvent',
    'WskAbortEvent',
  );
  checkAll('struct { int a; WSK_BUF b; } t = { .b = { ./*$*/', 'Mdl', 'Offset', 'Length');
  checkAll(f('  x = (WSK_BUF){ ./*$*/ };'), 'Mdl', 'Offset', 'Length');
  const nested = 'struct { int a; WSK_BUF b; WSK_BUF c[2]; } t = ';
  checkAll(`${nested}{ .b./*$*/ };`, 'Mdl', 'Offset', 'Length');
  checkAll(`${nested}{ .c[1]./*$*/ };`, 'Mdl', 'Offset', 'Length');
  checkAll(`${nested}{ .c = { [1]./*$*/`, 'Mdl', 'Offset', 'Length');
  checkAll(`${nested}{ .a.b./*$*/ };`);
  checkFirst(`${own}WSK_CLIENT_LISTEN_DISPATCH t = { .WskAcceptEvent = /*$*/ };`, 'Accept');
  checkFirst(`${own}WSK_CLIENT_LISTEN_DISPATCH t = { /*$*/ };`, 'Accept');
});

test('a callback: the functions that implement it', () => {
  const own = 'IO_COMPLETION_ROUTINE Done;\nDRIVER_UNLOAD Unload;\nvoid Other(void);\n';
  checkFirst(`${own}${f('  IoSetCompletionRoutine(Irp, /*$*/, NULL, TRUE, TRUE, TRUE);')}`, 'Done', 'NULL');
  checkFirst(`${own}void g(PDRIVER_OBJECT d) { d->DriverUnload = /*$*/; }`, 'Unload');
});

test('a result: what the callback may return, or the common statuses', () => {
  const done =
    'IO_COMPLETION_ROUTINE Done;\nNTSTATUS Done(PDEVICE_OBJECT d, PIRP i, PVOID c) {\n  NTSTATUS status = 0;\n';
  checkFirst(`${done}  return /*$*/;\n}`, 'STATUS_MORE_PROCESSING_REQUIRED', 'STATUS_SUCCESS');
  checkFirst(`${done}  return STATUS_/*$*/\n}`, 'STATUS_MORE_PROCESSING_REQUIRED');
  checkFirst(`${done}  if (status == /*$*/) {}\n}`, 'STATUS_SUCCESS', 'STATUS_PENDING');
  checkFirst(`${done}  i->IoStatus.Status = /*$*/;\n}`, 'STATUS_SUCCESS', 'STATUS_PENDING');
  checkFirst('NTSTATUS g(void) { return /*$*/ }', 'STATUS_SUCCESS');
  checkFirst('NTSTATUS g(void) { NTSTATUS status = 0; return /*$*/ }', 'status', 'STATUS_SUCCESS');
  checkFirst('void g(void) { NTSTATUS status = 0; if (NT_SUCCESS(/*$*/)) {} }', 'status', 'STATUS_SUCCESS');
  checkFirst('void g(NTSTATUS s); void h(void) { NTSTATUS status; g(/*$*/); }', 'status', 'STATUS_SUCCESS');
  checkFirst('void g(void) { NTSTATUS status; NTSTATUS other; other = /*$*/; }', 'STATUS_SUCCESS');
  assert.ok(labels('NTSTATUS g(void) { return STATUS_INV/*$*/ }').includes('STATUS_INVALID_PARAMETER_1'));
  checkFirst('BOOLEAN g(void) { return (/*$*/', 'TRUE', 'FALSE');
  checkFirst('void g(WSK_INSPECT_ACTION a) { switch (a) { case /*$*/', 'WskInspectReject');
  const accept =
    'NTSTATUS Accept(PVOID, ULONG, PSOCKADDR, PSOCKADDR, PWSK_SOCKET, PVOID *, const WSK_CLIENT_CONNECTION_DISPATCH **);\nWSK_CLIENT_LISTEN_DISPATCH t = { Accept };\n';
  checkFirst(
    `${accept}NTSTATUS Accept(PVOID a, ULONG b, PSOCKADDR c, PSOCKADDR d, PWSK_SOCKET e, PVOID *g, const WSK_CLIENT_CONNECTION_DISPATCH **h) { return /*$*/; }`,
    'STATUS_SUCCESS',
    'STATUS_REQUEST_NOT_ACCEPTED',
  );
});

test('names: near before far, by their start, and inside from three letters on', () => {
  const own = 'static int IoCount;\n';
  checkFirst(`${own}${f('  int IoLocal; Io/*$*/')}`, 'IoLocal', 'IoCount');
  assert.ok(labels(f('  IoAll/*$*/')).includes('IoAllocateIrp'));
  assert.ok(labels(f('  AllocateI/*$*/')).includes('IoAllocateIrp'));
  assert.ok(labels('PIO_COM/*$*/').includes('PIO_COMPLETION_ROUTINE'));
  assert.ok(!labels(f('  W/*$*/')).includes('WskSocket'), 'functions of tables are members only');
  assert.ok(!labels(f('  { int inner; }\n  in/*$*/')).includes('inner'), 'the block has ended');
  assert.ok(!labels(f('  K/*$*/')).some((label) => label.startsWith('_')));
});

test('nothing in comments, strings, numbers, and after a blank where nothing is expected', () => {
  for (const fixture of [
    '// Io/*$*/',
    'int a; /* Io/*$*/ */',
    f('  DbgPrint("Io/*$*/");'),
    f('  DbgPrint("Io/*$*/'),
    "int c = 'I/*$*/';",
    'int n = 12/*$*/;',
    'int n = 0x/*$*/',
    '#error Io/*$*/',
  ]) {
    checkAll(fixture);
  }
  assert.deepEqual(labels('int /*$*/', 'character'), []);
  assert.deepEqual(labels(f('  Irp = Irp; /*$*/'), 'character'), []);
});

test('nothing where a new name is made', () => {
  for (const fixture of [
    f('  ULONG Io/*$*/'),
    f('  PIRP Irp/*$*/ = NULL;'),
    f('  const WSK_BUF *Io/*$*/;'),
    'void g(PIRP Irp/*$*/) {}',
    'NTSTATUS g(_In_ PDEVICE_OBJECT Device, _In_ PIRP Io/*$*/',
    'typedef struct _C { PIRP Irp/*$*/; } C;',
  ]) {
    checkAll(fixture);
  }
  assert.ok(labels(f('  ULONG\n  IoAl/*$*/')).includes('IoAllocateIrp'));
  assert.ok(labels(f('  x = (ULONG)IoAl/*$*/')).includes('IoAllocateIrp'));
  assert.ok(labels('static void Mine(void);\nNTSTATUS Mi/*$*/').includes('Mine'), 'it may be defined here');
});

test('headers after #include', () => {
  for (const line of ['#include </*$*/', '#include "/*$*/"', '#include <nt/*$*/>', '# include <wsk/*$*/']) {
    const { analysis, offset } = analyse(line);
    const { items } = complete(analysis, offset, { trigger: 'character' });
    assert.ok(
      ['ntddk.h', 'wsk.h', 'd4drvif.h'].every((name) => items.some((item) => item.label === name)),
      line,
    );
  }
  const rows = [
    ['#include <ntd/*$*/', 'ntddk.h>'],
    ['#include "ntd/*$*/\nint x;', 'ntddk.h"'],
    ['#include <ntd/*$*/>'],
    // The word at the cursor, which an editor replaces, begins behind the dot.
    ['#include <ntddk./*$*/', 'h>'],
    ['#include <ntddk./*$*/>', 'h'],
    ['#include "/*$*/" // own'],
  ];
  for (const [line = '', insert] of rows) {
    const { analysis, offset } = analyse(line);
    const { items } = complete(analysis, offset, { trigger: 'character' });
    assert.equal(items.find(({ label }) => label === 'ntddk.h')?.insert, insert, line);
  }
  const asked: string[] = [];
  const found = analyse('#include "net/d/*$*/"');
  const options = {
    trigger: 'character' as const,
    headers: ({ folder, isQuoted }: { readonly folder: string; readonly isQuoted: boolean }) => {
      asked.push(`${folder} ${isQuoted}`);
      return [{ name: 'deep.h', from: '/inc' }];
    },
  };
  const answer = complete(found.analysis, found.offset, options);
  assert.deepEqual(
    answer.items.map(({ label }) => label),
    ['deep.h'],
  );
  const plain = analyse('#include </*$*/>');
  assert.ok(complete(plain.analysis, plain.offset, options).items.some(({ label }) => label === 'wsk.h'));
  assert.deepEqual(asked, ['net/ true', ' false']);
  const { analysis, offset } = analyse('#include <wsk.h> /*$*/');
  assert.deepEqual(complete(analysis, offset, { trigger: 'person' }).items, []);
});

test('an answer is small, and an item tells everything when asked', () => {
  const { analysis, offset } = analyseDriver(f('  S/*$*/'));
  for (const fixture of ['/*$*/', f('  s/*$*/'), f('  I/*$*/'), f('  _/*$*/')]) {
    const marked = analyseDriver(fixture);
    const size = JSON.stringify(complete(marked.analysis, marked.offset, { trigger: 'person' })).length;
    assert.ok(size < 100_000, `${fixture}: ${size} bytes`);
  }
  assert.ok(complete(analysis, offset, { trigger: 'person' }).items.length > 5);
  const text = completionMarkdown({ name: 'WskSocket', typeName: 'PFN_WSK_SOCKET' }, catalog, analysis.unit);
  assert.match(text, /_In_ ADDRESS_FAMILY AddressFamily/);
  assert.match(text, /DISPATCH_LEVEL/);
  assert.equal(completionMarkdown({ name: 'Nothing' }, catalog, undefined), '');
});

test('a driver’s own pool tags', () => {
  const tags =
    "#define TAG_A 'aSvW'\n#define TAG_B ((ULONG)'bSvW')\n#define NO_TAG 7\n#define TEXT(c) 'abcd'\n#define CHAR 'a'\n";
  checkFirst(`${tags}void g(void *p) { ExFreePoolWithTag(p, /*$*/); }`, 'TAG_A', 'TAG_B', 'p');
  checkFirst(
    `${tags}void g(void) { PVOID p = ExAllocatePool2(POOL_FLAG_NON_PAGED, 8, /*$*/); }`,
    'TAG_A',
    'TAG_B',
    'p',
  );
});

test('arguments of kernel calls: own control codes first, no NULL for a number, types of objects', () => {
  const ioctl = '#define IOCTL_OWN CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)\n';
  checkFirst(`${ioctl}void g(void) { IoBuildDeviceIoControlRequest(/*$*/); }`, 'IOCTL_OWN', 'IOCTL_DOT4_CREATE_SOCKET');
  const lookUp = f('  Npi->Dispatch->WskGetAddressInfo(Npi->Client, NULL, NULL, /*$*/);');
  checkFirst(lookUp, 'NS_ALL');
  assert.ok(!labels(lookUp).slice(0, 8).includes('NULL'));
  checkFirst('void g(HANDLE h) { ObReferenceObjectByHandle(h, /*$*/); }', 'THREAD_ALL_ACCESS', 'SYNCHRONIZE');
  checkFirst('void g(HANDLE h) { ObReferenceObjectByHandle(h, THREAD_ALL_ACCESS, /*$*/); }', '*PsThreadType');
});

test('what is being typed is no name of its own', () => {
  const found = labels(f('  const WSK_PROVIDER_/*$*/\n  IoFreeIrp(Irp);'));
  assert.ok(found.includes('WSK_PROVIDER_NPI') && !found.includes('WSK_PROVIDER_'), found.slice(0, 5).join());
});

test('an address that is looked up by name: its hints are a structure', () => {
  checkFirst(f('  ADDRINFOEXW h; Npi->Dispatch->WskGetAddressInfo(Npi->Client, NULL, NULL, NS_ALL, NULL, &/*$*/'), 'h');
});
