/** Places of their own: sizes, casts, macros that hand an argument on, byte counts, labels, words of SAL. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { complete } from '../completion.ts';
import { signatureHelp } from '../signature-help.ts';
import { analyseDriver } from '../testing.ts';

const head = `typedef struct _CTX { PWSK_SOCKET Socket; PVOID Opaque; PIRP Irp; WSK_BUF Buf; KEVENT Done; CHAR Name[8]; } CTX, *PCTX;
typedef struct { ULONG Count; } REPLY;
#define SEND(s, b, f, i) (((const WSK_PROVIDER_CONNECTION_DISPATCH *)(s)->Dispatch)->WskSend((s), (b), (f), (i)))
#define TRANSMIT(buffer, socket) SEND(socket, buffer, 0, NULL)
#define BAD(st) (((NTSTATUS)(st)) < 0)
#define NOTHING(a) do { } while (0)
`;

function labels(body: string): readonly string[] {
  const { analysis, offset } = analyseDriver(
    `${head}NTSTATUS g(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context, PCTX ctx) {\n${body}`,
  );
  return complete(analysis, offset, { trigger: 'character' })
    .items.toSorted((a, b) => a.rank - b.rank)
    .map(({ label }) => label);
}

function checkFirst(body: string, ...expected: readonly string[]): void {
  assert.deepEqual(labels(body).slice(0, Math.max(1, expected.length)), expected, body);
}

test('the size that goes with another argument', () => {
  const rows: readonly (readonly [string, ...string[]])[] = [
    ['CTX *own = ExAllocatePool2(POOL_FLAG_NON_PAGED, /*$*/, 1);\n}', 'sizeof(CTX)'],
    ['ctx = (PCTX)ExAllocatePoolWithTag(NonPagedPoolNx, /*$*/', 'sizeof(CTX)'],
    ['REPLY *r;\n  r = ExAllocatePoolZero(NonPagedPoolNx, /*$*/, 1);\n}', 'sizeof(REPLY)'],
    ['RtlZeroMemory(ctx, /*$*/', 'sizeof(*ctx)'],
    ['RtlZeroMemory(&ctx->Buf, /*$*/);\n}', 'sizeof(ctx->Buf)'],
    ['KEVENT e;\n  RtlZeroMemory(&e, /*$*/);\n}', 'sizeof(e)'],
    ['RtlCopyMemory(ctx->Name, Context, /*$*/);\n}', 'sizeof(ctx->Name)'],
    ['RtlFillMemory(ctx->Name, /*$*/, 0);\n}', 'sizeof(ctx->Name)'],
    ['ULONG n;\n  IoAllocateMdl(&n, /*$*/, FALSE, FALSE, NULL);\n}', 'sizeof(n)'],
    ['IoAllocateMdl((PVOID)ctx, /*$*/, FALSE, FALSE, NULL);\n}', 'sizeof(*ctx)'],
    // How much a pointer to characters or anything points to, nobody knows.
    ['RtlZeroMemory(Context, /*$*/);\n}'],
    ['PCHAR p;\n  p = ExAllocatePool2(POOL_FLAG_NON_PAGED, /*$*/, 1);\n}'],
    ['IoAllocateIrp(/*$*/, FALSE);\n}', 'Device->StackSize'],
  ];
  for (const [body, ...expected] of rows) checkFirst(`  ${body}`, ...expected);
});

test('behind a # that begins a line: words of the preprocessor, and no name of C', () => {
  checkFirst('#/*$*/\n}', 'include', 'define', 'ifdef');
  checkFirst('#inc/*$*/', 'include');
  checkFirst('  # ifn/*$*/\n}', 'include');
  checkFirst('#pragma al/*$*/\n}', 'once', 'alloc_text');
  for (const word of ['#inc', '#pragma al']) {
    assert.ok(labels(`${word}/*$*/\n}`).every((label) => /^[a-z_]+$/.test(label)));
  }
  for (const other of ['#define NAMED(x) #/*$*/x', '#define NAMED(x) \\\n#/*$*/x', '#if /*$*/']) {
    assert.ok(!labels(`${other}\n}`).includes('include'), other);
  }
});

test('what is cast: contexts, extensions, buffers, and what a socket is found in', () => {
  const anything = ['Context', 'ctx->Opaque', 'Device->DeviceExtension', 'Irp->AssociatedIrp.SystemBuffer'];
  checkFirst('  REPLY *r = (REPLY *)/*$*/;\n}', ...anything);
  checkFirst('  PCTX own = (PCTX)/*$*/', 'Context', 'ctx->Opaque');
  checkFirst('  Use((const struct _CTX *)/*$*/);\n}', ...anything);
  checkFirst('  ctx->Socket = (PWSK_SOCKET)/*$*/;\n}', 'Irp->IoStatus.Information', 'Context', 'ctx->Opaque');
  checkFirst('  ((PWSK_PROVIDER_LISTEN_DISPATCH)/*$*/)->WskAccept', 'ctx->Socket->Dispatch');
  for (const none of ['if (ctx) /*$*/', 'sizeof(CTX) /*$*/', 'return (NTSTATUS)/*$*/', 'g(Device) /*$*/']) {
    assert.deepEqual(labels(`  ${none};\n}`), [], none);
  }
});

test('an argument of a macro is one of the function that it is handed on to', () => {
  checkFirst('  SEND(ctx->Socket, /*$*/', '&ctx->Buf');
  checkFirst('  SEND(ctx->Socket, &ctx->Buf, /*$*/, Irp);\n}', 'WSK_FLAG_NODELAY');
  checkFirst('  SEND(ctx->Socket, &ctx->Buf, WSK_FLAG_OOB | /*$*/, Irp);\n}', 'WSK_FLAG_NODELAY');
  checkFirst('  TRANSMIT(/*$*/', '&ctx->Buf');
  checkFirst('  TRANSMIT(&ctx->Buf, /*$*/', 'ctx->Socket');
  checkFirst('  if (BAD(/*$*/', 'STATUS_SUCCESS');
  assert.deepEqual(labels('  NOTHING(/*$*/'), []);
  const note = (body: string): string | undefined => {
    const { analysis, offset } = analyseDriver(`${head}void g(PCTX ctx) {\n${body}`);
    const help = signatureHelp(analysis, offset);
    return help?.parameters[help.active]?.markdown;
  };
  assert.match(note('  SEND(ctx->Socket, /*$*/') ?? '', /^`PWSK_BUF Buffer` of `WskSend`\n\n.*MDL/);
  assert.match(note('  TRANSMIT(&ctx->Buf, /*$*/') ?? '', /^`PWSK_SOCKET Socket` of `WskSend`/);
  assert.equal(note('  NOTHING(/*$*/'), '');
});

test('an argument of a helper is one of the API that it is handed on to', () => {
  const helpers = `#include <d4drvif.h>
static NTSTATUS Ask(PDEVICE_OBJECT below, ULONG code, PVOID in, ULONG bytes, BOOLEAN internal) {
  KEVENT event; IO_STATUS_BLOCK answer; ULONG unrelated = bytes;
  PIRP irp = IoBuildDeviceIoControlRequest(code, below, in, bytes, in, bytes, internal, &event, &answer);
  KeInitializeEvent(&event, NotificationEvent, FALSE);
  return unrelated > 1 ? IoCallDriver(below, irp) : 0;
}
static NTSTATUS AskTwice(ULONG code, PDEVICE_OBJECT below) { return Ask(below, (ULONG)code, NULL, 0, FALSE); }
static void Signal(PKEVENT event, KPRIORITY by) { KeSetEvent(event, by, FALSE); }
static LONG Sum(LONG a, LONG b) { return a + b; }
#define ASK(d, c) Ask(d, c, NULL, 0, FALSE)
`;
  const open = 'DOT4_DC_OPEN_DATA od;\n';
  const at = (call: string): readonly string[] => {
    const { analysis, offset } = analyseDriver(
      `${head}${helpers}void g(PDEVICE_OBJECT Device, PCTX ctx) {\n  ${open}  ${call}`,
    );
    return complete(analysis, offset, { trigger: 'character' })
      .items.toSorted((a, b) => a.rank - b.rank)
      .map(({ label }) => label);
  };
  assert.equal(at('Ask(Device, /*$*/')[0], 'IOCTL_DOT4_CREATE_SOCKET');
  assert.equal(at('AskTwice(/*$*/, Device);\n}')[0], 'IOCTL_DOT4_CREATE_SOCKET');
  assert.equal(at('ASK(Device, /*$*/);\n}')[0], 'IOCTL_DOT4_CREATE_SOCKET');
  assert.equal(at('Ask(Device, IOCTL_DOT4_OPEN_CHANNEL, /*$*/')[0], '&od');
  assert.equal(at('Ask(Device, IOCTL_DOT4_OPEN_CHANNEL, &od, /*$*/')[0], 'sizeof(DOT4_DC_OPEN_DATA)');
  assert.equal(at('Signal(&ctx->Done, /*$*/')[0], 'IO_NO_INCREMENT');
  assert.ok(!at('Sum(/*$*/').some((label) => /^IO|^STATUS/.test(label)));
  const note = (call: string): string | undefined => {
    const { analysis, offset } = analyseDriver(`${head}${helpers}void g(PDEVICE_OBJECT Device) {\n  ${call}`);
    const help = signatureHelp(analysis, offset);
    return help?.parameters[help.active]?.markdown;
  };
  assert.match(
    note('Ask(Device, /*$*/') ?? '',
    /^`ULONG IoControlCode` of `IoBuildDeviceIoControlRequest`\n\nIts method/,
  );
  assert.equal(note('Sum(/*$*/'), '');
});

test('an argument of a macro is what the macro looks for in another one', () => {
  const device = ['DO_BUFFERED_IO', 'DO_DIRECT_IO'];
  for (const call of ['FlagOn', 'BooleanFlagOn', 'SetFlag', 'ClearFlag', 'CLEARED', 'RtlNothing']) {
    const expected = call === 'RtlNothing' ? [''] : device;
    const found = labels(`#define CLEARED(a, b) ((BOOLEAN)(!FlagOn(a, b)))
#define RtlNothing(a, b) ((a) + (b))
  ${call}(Device->Flags, /*$*/);\n}`);
    assert.deepEqual(
      expected.map((_, i) => found[i] ?? ''),
      expected,
      call,
    );
  }
  checkFirst('#define HAS(dev, bits) (((dev)->Flags & (ULONG)(bits)) == (bits))\n  if (HAS(Device, /*$*/', ...device);
  checkFirst('#define HAS(bits, dev) (((dev)->Flags & bits) != 0)\n  if (HAS(/*$*/, Device)) {}\n}', ...device);
  checkFirst('#define IS(irp, code) ((irp)->IoStatus.Status == (code))\n  if (IS(Irp, /*$*/', 'STATUS_SUCCESS');
  checkFirst('#define PUT(irp, code) (irp)->IoStatus.Status = code\n  PUT(Irp, /*$*/', 'STATUS_SUCCESS');
  checkFirst('  SetFlag(Device->Flags, DO_BUFFERED_IO | /*$*/);\n}', 'DO_DIRECT_IO');
  const event = 'NTSTATUS OnData(PVOID S, ULONG Flags, PWSK_DATA_INDICATION D, SIZE_T N, SIZE_T *A) {\n';
  const { analysis, offset } = analyseDriver(
    `WSK_CLIENT_CONNECTION_DISPATCH Table;\n${event}if (FlagOn(Flags, /*$*/)) {}\n}\nvoid Set(void) { Table.WskReceiveEvent = OnData; }`,
  );
  assert.equal(complete(analysis, offset, { trigger: 'character' }).items[0]?.label, 'WSK_FLAG_RELEASE_ASAP');
});

test('how many bytes a request has moved, and what its flags are', () => {
  const own = `  REPLY *reply = (REPLY *)Irp->AssociatedIrp.SystemBuffer; ULONG copied; int n; SIZE_T all;
  PIO_STACK_LOCATION sp = IoGetCurrentIrpStackLocation(Irp);\n`;
  checkFirst(`${own}  Irp->IoStatus.Information = /*$*/;\n}`, '0', 'sizeof(*reply)', 'copied', 'all');
  assert.ok(!labels(`${own}  Irp->IoStatus.Information = /*$*/;\n}`).includes('n'));
  checkFirst(`${own}  if (sp->Flags & /*$*/) {}\n}`, 'SL_FORCE_ACCESS_CHECK');
});

test('a value is not offered to itself, and text at the end of a file is in its blocks', () => {
  const list = (body: string): readonly string[] => labels(`  PIRP a; PIRP b;\n${body}`);
  assert.deepEqual(list('  a = /*$*/;\n}').slice(0, 2), ['b', 'Irp']);
  assert.ok(!list('  a = /*$*/;\n}').includes('a'));
  assert.ok(!list('  PIRP c = /*$*/;\n}').includes('c'));
  assert.ok(!list('  if (ctx->Irp == /*$*/) {}\n}').includes('ctx->Irp'));
  assert.deepEqual(list('  while (a) {\n    PIRP inner;\n    b = /*$*/').slice(0, 2), ['inner', 'a']);
});

test('what is nested deeper than anybody writes has no type, and costs no more than that', () => {
  const deep = 20_000;
  checkFirst(`  int t[] = ${'{'.repeat(deep)}/*$*/`);
  for (const text of [
    `${'('.repeat(deep)}ctx${')'.repeat(deep)}->/*$*/`,
    `ctx${'->Next'.repeat(deep)}->/*$*/`,
    `${'Next('.repeat(deep)}ctx${')'.repeat(deep)}->/*$*/`,
  ])
    assert.ok(labels(`  ${text}\n}`).length < 100);
});

test('labels behind goto, and words of SAL', () => {
  const jump = '  if (ctx) goto /*$*/;\n  return 0;\nFree:\n  return 1;\nStop:\n  return 2;\n}';
  assert.deepEqual(labels(jump), ['Free', 'Stop']);
  assert.deepEqual(labels(jump.replace('/*$*/;', 'F/*$*/')), ['Free', 'Stop']);
  assert.deepEqual(labels('Again:\n  goto /*$*/;\nOut: return 0;\n}'), ['Out', 'Again']);
  const words = (fixture: string): readonly string[] => {
    const { analysis, offset } = analyseDriver(fixture);
    const { items } = complete(analysis, offset, { trigger: 'person' });
    return items.toSorted((a, b) => a.rank - b.rank).map(({ label }) => label);
  };
  assert.deepEqual(words('void f(_In_/*$*/').slice(0, 2), ['_In_', '_In_opt_']);
  assert.equal(words('_IRQL_req/*$*/\nvoid f(void);')[0], '_IRQL_requires_');
  assert.deepEqual(words('_IRQL_requires_max_(/*$*/)\nvoid f(void);').slice(0, 2), ['PASSIVE_LEVEL', 'APC_LEVEL']);
  assert.ok(words('_Dispatch_type_(IRP/*$*/)\nDRIVER_DISPATCH f;').includes('IRP_MJ_READ'));
  assert.ok(!words('void f(void) { IoFr/*$*/').includes('_In_'));
  // What is being typed is no name yet, whatever the text reads as.
  for (const half of ['static void\nFini/*$*/\n    (int a)\n{\n}', 'IoFre/*$*/\nint x;', 'void f(_Ou/*$*/']) {
    const typed = /\w+(?=\/\*)/.exec(half)?.[0] ?? '';
    assert.ok(!words(half).includes(typed), half);
  }
  assert.ok(words('int Fini(void);\nvoid f(void) { Fini/*$*/').includes('Fini'));
});
