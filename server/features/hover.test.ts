import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { hover } from './hover.ts';
import { apiMarkdown } from './markdown/api-markdown.ts';
import { analyse, analyseDriver, catalog, root } from './testing.ts';

function markdownAt(fixture: string): string {
  const { analysis, offset } = analyseDriver(fixture);
  return hover(analysis, offset)?.markdown ?? '';
}

/** The hover must have each of the texts; with none it must not be there. */
function check(fixture: string, ...expected: readonly string[]): void {
  const markdown = markdownAt(fixture);
  if (expected.length === 0) assert.equal(markdown, '', fixture);
  for (const text of expected) assert.ok(markdown.includes(text), `${fixture}\nlacks ${text}:\n${markdown}`);
}

const f = (body: string): string => `void f(PWSK_PROVIDER_NPI Npi, PWSK_SOCKET Socket, PIRP Irp) {\n${body}\n}\n`;
const socket = [
  'NTSTATUS WskSocket(',
  '_In_ ADDRESS_FAMILY AddressFamily',
  '**IRQL** ≤ DISPATCH_LEVEL',
  '`SocketContext`',
  'STATUS_PENDING',
  'learn.microsoft.com',
];

test('an API, by any way to it', () => {
  check(f('  Npi->Dispatch->Wsk/*$*/Socket(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Irp);'), ...socket);
  check(f('  (*Npi->Dispatch->Wsk/*$*/Socket)(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Irp);'), ...socket);
  check(f('  PFN_WSK_SOCKET make = Npi->Dispatch->WskSocket; ma/*$*/ke(0);'), 'PFN_WSK_SOCKET make', ...socket);
  check('PFN_WSK_SOC/*$*/KET make;', ...socket);
  check('struct t { PFN_WSK_SOCKET Make; }; void g(struct t *t) { t->Ma/*$*/ke; }', ...socket);
  check(
    f('  ((PWSK_PROVIDER_BASIC_DISPATCH)Socket->Dispatch)->WskClose/*$*/Socket(Socket, Irp);'),
    'NTSTATUS WskCloseSocket(',
  );
  check(f('  Io/*$*/FreeIrp(Irp);'), 'void IoFreeIrp(_In_ PIRP Irp);', '**IRQL**');
  check(
    f('  IoSet/*$*/CompletionRoutine(Irp, 0, 0, TRUE, TRUE, TRUE);'),
    'IoSetCompletionRoutine(',
    '_In_opt_ PIO_COMPLETION_ROUTINE',
  );
});

const accept =
  'NTSTATUS WSKAPI Accept(PVOID, ULONG, PSOCKADDR, PSOCKADDR, PWSK_SOCKET, PVOID *, const WSK_CLIENT_CONNECTION_DISPATCH **);\n';

test('a callback of the driver’s tells its contract, whatever declares it', () => {
  const contract = ['Implements `WskAcceptEvent`', 'STATUS_REQUEST_NOT_ACCEPTED', '**Called at IRQL**'];
  check(`${accept}const WSK_CLIENT_LISTEN_DISPATCH t = { Acc/*$*/ept, NULL, NULL };`, ...contract);
  check(`${accept}const WSK_CLIENT_LISTEN_DISPATCH t = { .WskAcceptEvent = &Acc/*$*/ept };`, ...contract);
  check(`${accept.replace('Accept', 'Acc/*$*/ept')}const WSK_CLIENT_LISTEN_DISPATCH t = { Accept };`, ...contract);
  check('IO_COMPLETION_ROUTINE Do/*$*/ne;', 'Implements `IO_COMPLETION_ROUTINE`', 'STATUS_MORE_PROCESSING_REQUIRED');
  check(
    'void Bye(PDRIVER_OBJECT d);\nvoid g(PDRIVER_OBJECT d) { d->DriverUnload = B/*$*/ye; }',
    'Implements `DRIVER_UNLOAD`',
  );
  check(
    `NTSTATUS Done(PDEVICE_OBJECT d, PIRP i, PVOID c);\n${f('  IoSetCompletionRoutine(Irp, D/*$*/one, 0, 1, 1, 1);')}`,
    'Implements `IO_COMPLETION_ROUTINE`',
  );
  check(
    `int Done(void *d, PIRP i);\n${f('  IoSetCompletionRoutine(Irp, (PIO_COMPLETION_ROUTINE)D/*$*/one, 0, 1, 1, 1);')}`,
    'Implements `IO_COMPLETION_ROUTINE`',
  );
  check(
    'IO_COMPLETION_ROUTINE Done;\nNTSTATUS Done(PDEVICE_OBJECT d, PIRP i/*$*/rp, PVOID c) { return 0; }',
    'PIRP irp',
    '`IO_COMPLETION_ROUTINE`:',
  );
  check('static int Help/*$*/er(int a);', '```c\nint Helper(int a);\n```');
});

test('names of the driver', () => {
  check(f('  int lo/*$*/cal = 1;'), 'int local');
  check(f('  int local = 1; lo/*$*/cal++;'), 'int local');
  check('static WSK_REGISTRATION Reg/*$*/istration;', 'WSK_REGISTRATION Registration');
  check('void g(int a, char *na/*$*/me);', 'char *name');
  check(
    'typedef struct _R { int a; short b; } R, *PR;\nP/*$*/R p;',
    'typedef struct _R *PR;',
    'struct _R {',
    '// 8 bytes',
    'short b;',
    '// 4',
  );
  check('struct S { int a; struct { char b; long de/*$*/ep; } in; };', 'long deep;  // offset 4');
  check(
    'struct S { int a; struct { char b; long deep; }; }; int g(struct S *s) { return s->de/*$*/ep; }',
    'long deep;  // offset 8',
  );
  check('struct S { int lo : 3; int h/*$*/i : 5; };', '5 bits from bit 3');
  check('struct S { int a, b; }; struct S s = { .b/*$*/ = 1 };', 'int b;  // offset 4');
  check('enum e { one, t/*$*/wo };', 'two = 1', 'enum e');
  check('typedef enum _E { one, two } E;\n/*$*/E x;', 'one = 0', 'two = 1');
});

test('structures and members of the headers', () => {
  check(f('  Irp->IoSta/*$*/tus.Status = 0;'), 'IO_STATUS_BLOCK IoStatus;  // offset 48', 'completion routine');
  check('WSK_B/*$*/UF b;', 'struct _WSK_BUF {', 'Mdl', 'ns-wsk-_wsk_buf');
  check('PI/*$*/RP p;', 'typedef struct _IRP *PIRP;', '**Members**');
  check('NTSTA/*$*/TUS s;', 'typedef long NTSTATUS;');
});

test('numbers with a name', () => {
  check('int x = STATUS_PEN/*$*/DING;', '0x00000103', 'a success status', 'TRUE');
  check('int x = STATUS_MORE_PROCESSING_REQ/*$*/UIRED;', '0xC0000016', 'an error status', 'FALSE');
  check('int x = STATUS_BUFFER_OVER/*$*/FLOW;', 'a warning status');
  check(
    'int x = SO_EXCL/*$*/USIVEADDRUSE;',
    '**Value** -5 (0xFFFFFFFB)',
    'before WskBind',
    '**For** `WskControlSocket` ControlCode',
  );
  check('int x = WSK_FLAG_LISTEN_SO/*$*/CKET;', '0x00000001', '**For** `WskSocket` Flags');
  check('int x = WskSet/*$*/Option;', 'WskSetOption = 0', 'WSK_CONTROL_SOCKET_TYPE');
  check(
    '#include <d4drvif.h>\nint x = IOCTL_DOT4_CREATE_SOCK/*$*/ET;',
    '**Value** 0x003A2022',
    'METHOD_OUT_DIRECT',
    'FILE_ANY_ACCESS',
  );
  check(
    '#define IOCTL_MINE CTL_CODE(0x8000, 0x801, METHOD_NEITHER, FILE_READ_ACCESS)\nint x = IOCTL_M/*$*/INE;',
    '0x80006007',
    'device type 0x8000, function 0x801, METHOD_NEITHER, FILE_READ_ACCESS',
  );
  check("#define TAG 'nsiL'\nint x = T/*$*/AG;", "#define TAG 'nsiL'", '`Lisn`');
  check("int x = 'ns/*$*/iL';", '`Lisn`');
  check("int x = 'a/*$*/';");
  check('#define MINE 3\nint x = M/*$*/INE;', '#define MINE 3');
  check('#define ADD(a, b) ((a) + (b))\nint x = A/*$*/DD(1, 2);', '#define ADD(a, b) ((a) + (b))');
  check('#define OLD(...) __VA_ARGS__\n#define O/*$*/LD2(a, ...) a\n', '#define OLD2(a, ...) a');
});

test('a structure from inside: unions without a name, bit-fields, packing', () => {
  const own = `#pragma pack(push, 1)
typedef struct _FRAME { UCHAR Kind; union { ULONG Whole; struct { USHORT Lo, Hi; } Half[2]; }; USHORT A : 3, B : 5;
  UCHAR Tail[3]; union { int a; } Z[2][3]; } FRAME;\n#pragma pack(pop)\n`;
  check(
    `${own}FRA/*$*/ME f;`,
    '// 38 bytes',
    '    union {             // 1\n        ULONG Whole;    // 1\n        struct {        // 1\n            USHORT Lo;  // 1',
    '        } Half[2];\n    };\n',
    'USHORT B : 5;       // 9, bit 3',
    'UCHAR Tail[3];      // 11',
    '    } Z[2][3];\n};',
  );
  // One with more inside than a hover has place for stays closed.
  check('IO_STACK_LO/*$*/CATION s;', 'union { … } Parameters;', 'PFILE_OBJECT FileObject;');
  check('int x = MAKE_WSK_VER/*$*/SION(1, 0);', '**Value** 256 (0x00000100)');
  check('#define PAGES(n) ((SIZE_T)(n) * 4096)\nint x = PA/*$*/GES(3);', '**Value** 12288');
  check('int x = WskSet/*$*/Option;', 'new value', '**For** `WskControlSocket` RequestType');
});

test('words of SAL', () => {
  check('void g(_In_o/*$*/pt_ int *a);', 'NULL is allowed');
  check('_IRQL_requires_m/*$*/ax_(DISPATCH_LEVEL) void g(void);', 'up to this IRQL');
  check('_Use_decl_anno/*$*/tations_ void g(void) { }', 'declaration');
});

test('include lines', () => {
  check('#include <d4/*$*/drvif.h>', '`d4drvif.h`, a header');
  check('#include <nowhere/*$*/.h>');
  const { analysis, offset } = analyse('#include "my/*$*/.h"\n//- my.h\nint a;\n');
  assert.equal(hover(analysis, offset)?.markdown, '`my.h`');
});

test('nothing in comments, strings, numbers, at keywords and labels', () => {
  for (const fixture of [
    '// Wsk/*$*/Socket',
    '/* Wsk/*$*/Socket */',
    f('  DbgPrint("Wsk/*$*/Socket failed");'),
    f('  ret/*$*/urn;'),
    f('  goto o/*$*/ut; out: ;'),
    'int x = 0x1F/*$*/F;',
    '#error Wsk/*$*/Socket',
    'int /*$*/ x;',
  ]) {
    check(fixture);
  }
});

test('a parameter in each declaration, and what words of SAL name', () => {
  const twice = (first: string, second: string): string =>
    `void g(_In_reads_(${first}) PUCHAR Bytes, _In_ ULONG ${second});\nvoid g(PUCHAR Bytes, ULONG Count) { Bytes[Count] = 0; }\n`;
  check(twice('Count', '/*$*/Count'), '_In_ ULONG Count');
  check(twice('/*$*/Count', 'Count'), '_In_ ULONG Count');
  check('void g(_In_ PUCHAR By/*$*/tes, ULONG Count);', 'PUCHAR Bytes');
  check('struct s { _Field_size_bytes_part_(Size, /*$*/Used) void *p; ULONG Size; ULONG Used; };', 'ULONG Used;');
  check('struct s { _Field_size_bytes_part/*$*/_(Size, Used) void *p; ULONG Size; ULONG Used; };', 'room for');
  check('void g(_In_reads_(/*$*/COUNT) PUCHAR Bytes);\nenum { COUNT = 4 };', 'COUNT = 4');
});

test('a macro’s own parameter is not what has its name elsewhere', () => {
  check('#define FREE(n, PIRP) IoFreeIrp(n + /*$*/PIRP)\n');
  check('#define FREE(n) IoFreeIrp((/*$*/PIRP)n)\n', 'typedef struct _IRP');
});

test('what is not understood costs nothing else', () => {
  check(`void broken( {{{\n}\n${f('  Io/*$*/FreeIrp(Irp);')}`, 'void IoFreeIrp(');
  check(f('  Irp->; Io/*$*/FreeIrp(Irp)'), 'void IoFreeIrp(');
  check(`#if 0\n${f('  IoFree/*$*/Irp(Irp);')}#endif`, 'IoFreeIrp');
  check('class C { public: void g() { Io/*$*/FreeIrp(0); } };', 'IoFreeIrp');
  check('', '');
});

test('every word of the sample has a well-formed hover', () => {
  for (const sample of ['listen/listen.c', 'listen-buggy/listen-buggy.c']) {
    const path = join(root, 'samples', sample);
    assert.ok(existsSync(path), path);
    const { analysis } = analyse(readFileSync(path, 'utf8'));
    let seen = 0;
    for (const { index } of analysis.unit.file.text.matchAll(/[A-Za-z_]\w*/g)) {
      const markdown = hover(analysis, index)?.markdown;
      if (markdown === undefined) continue;
      seen++;
      assert.equal((markdown.match(/^```/gm) ?? []).length % 2, 0, markdown);
      assert.doesNotMatch(markdown, /undefined|\[object|<unknown|\n\n\n|_Inexpressible_|\* \w+;$/, markdown);
    }
    assert.ok(seen > 300, `${seen} hovers`);
  }
});

test('what the facts say comes as it is written: no star, underscore or backslash of theirs is a mark of Markdown', () => {
  let escaped = 0;
  for (const facts of catalog.facts) {
    const markdown = apiMarkdown(facts, undefined, catalog);
    const prose = markdown.replace(/```[\s\S]*?```|`[^`]*`|\]\([^)]*\)|^- |\*\*[^*]+\*\*/gm, '');
    assert.doesNotMatch(prose.replace(/\\[!-/:-@[-`{-~]/g, ''), /\*|(?<!\w)_|_(?!\w)/, markdown);
    escaped += (prose.match(/\\[*_]/g) ?? []).length;
  }
  assert.ok(escaped > 20, `${escaped} of them`);
  check(f('  Npi->Dispatch->WskSo/*$*/cket('), '\\_DATAGRAM\\_');
});

test('an option tells the level that goes with it', () => {
  check(f('  ULONG option = TCP_NO/*$*/DELAY;'), 'WskSetOption, WskGetOption, Level IPPROTO_TCP');
  check(f('  ULONG option = IPV6_V6/*$*/ONLY;'), 'Level IPPROTO_IPV6');
  check(f('  ULONG option = SO_KEEP/*$*/ALIVE;'), 'Level SOL_SOCKET');
});

test('a prototype has the sizes of its buffers, or the direction alone where they are long', () => {
  const head = 'void g(_Out_writes_bytes_to_(';
  check(
    `${head}Room, *Written) PVOID To, ULONG Room, PULONG Written);\nvoid h(void) { /*$*/g(0, 0, 0); }`,
    '_to_(Room, *Written) PVOID To',
  );
  const long = 'MaximumNumberOfBytesInTheString, *BytesWritten';
  check(`${head}${long}) PVOID To);\nvoid h(void) { /*$*/g(0); }`, '_Out_ PVOID To');
  check('void g(_In_reads_or_z_opt_(_Inexpressible_(n)) PVOID To);\nvoid h(void) { /*$*/g(0); }', '_In_opt_ PVOID To');
});

test('members that designators and macros name', () => {
  const own = 'typedef struct _CTX { int First; WSK_BUF Buf; WSK_BUF Bufs[2]; } CTX;\n';
  check(`${own}CTX c = { .Bu/*$*/f = { 0 } };`, 'WSK_BUF Buf;', 'offset 8');
  check(`${own}CTX c = { .Buf.Len/*$*/gth = 1 };`, 'SIZE_T Length;', 'offset 16');
  check(`${own}CTX c = { .Bufs[1].Mdl = 0, .Bufs = { [0] = { .Off/*$*/set = 1 } } };`, 'Offset;', 'offset 8');
  for (const use of [
    'FIELD_OFFSET(CTX, Bu/*$*/f)',
    'offsetof(CTX, Bu/*$*/f)',
    'CONTAINING_RECORD(e, CTX, Bu/*$*/f)->First',
  ])
    check(`${own}void g(PVOID e) { int x = ${use}; }`, 'WSK_BUF Buf;', 'offset 8');
});

test('arguments that a macro puts into parentheses', () => {
  const own = 'struct a { char Name[8]; struct a *Next; };\nULONG Len;\nenum { Most = 8 };\n';
  const inBody = (call: string): string => `${own}void g(struct a *P, UCHAR Len) { ${call}; }`;
  check(inBody('RtlCopyMemory(P->Na/*$*/me, P, Len)'), 'char Name[8];');
  check(inBody('RtlCopyMemory(P->Ne/*$*/xt->Name, P, Len)'), 'struct a *Next;', 'offset 8');
  check(inBody('RtlCopyMemory(/*$*/P->Name, P, Len)'), 'struct a *P');
  check(inBody('RtlCopyMemory(P->Name, /*$*/P, Len)'), 'struct a *P');
  check(inBody('RtlCopyMemory(P->Name, P, /*$*/Len)'), 'UCHAR Len');
  check(inBody('RtlCopyMemory(P->Name, P, /*$*/Most)'), 'Most = 8');
  check(inBody('RtlCopyMemory(P->Name, P, min(Len, /*$*/Most))'), 'Most = 8');
  check(inBody('RtlCopyMemory(P->Name, P, min(/*$*/Len, Most))'), 'UCHAR Len');
  check(inBody('RtlZeroMemory(&P->Name, sizeof(P->Na/*$*/me))'), 'char Name[8];');
});

test('the IRQL of the driver’s own functions, and a status by its number', () => {
  const own = '_IRQL_requires_max_(PASSIVE_LEVEL)\nVOID Quiet(PVOID p);\n';
  check(`${own}void g(void) { Qui/*$*/et(0); }`, '**IRQL** PASSIVE_LEVEL', 'void Quiet(PVOID p);');
  check(
    `${own}void g(PKSPIN_LOCK l) { KIRQL o; KeAcquireSpinLock(l, &o); Qui/*$*/et(0); }`,
    '**IRQL** PASSIVE_LEVEL; here DISPATCH_LEVEL, since `KeAcquireSpinLock`',
  );
  check('NTSTATUS s = (NTSTATUS)0xC0000/*$*/00DL;', 'STATUS_INVALID_PARAMETER', 'error status');
  check('NTSTATUS s = 0x7f00/*$*/0000;');
  check('int s = 12/*$*/34;');
});

test('a handle is a name, not the structure that DECLARE_HANDLE makes up', () => {
  assert.equal(markdownAt('#include <wdf.h>\nWDFREQ/*$*/UEST r;').includes('unused'), false);
  check('DECLARE_HANDLE(MYHANDLE);\nMYHAN/*$*/DLE h;', 'typedef struct MYHANDLE__ *MYHANDLE;');
  check('struct Odd__ { int used; };\nstruct Od/*$*/d__ h;', 'int used;');
});
