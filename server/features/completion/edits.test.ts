import assert from 'node:assert/strict';
import test from 'node:test';
import type { Finding } from '../../../base/finding.ts';
import { lint, syntaxFindings } from '../../lint/lint.ts';
import type { Analysis } from '../analysis.ts';
import { complete } from '../completion.ts';
import { patterns } from '../patterns/index.ts';
import { expand } from '../patterns/pattern.ts';
import { functionTypeOf } from '../places/api-at.ts';
import { analyse, catalog, INCLUDES } from '../testing.ts';
import { stubText } from './callback-stub.ts';
import type { CompletionItem } from './item.ts';

interface Applied {
  readonly text: string;
  readonly item: CompletionItem;
}

/** What the file is after the item has been chosen. */
function choose(fixture: string, label: string): Applied {
  const { analysis, offset } = analyse(fixture);
  const { items } = complete(analysis, offset, { trigger: 'person' });
  const item = items.find((one) => one.label === label);
  assert.ok(
    item !== undefined,
    `${label} among ${items
      .slice(0, 12)
      .map((one) => one.label)
      .join(', ')}`,
  );
  const { text } = analysis.unit.file;
  const start = offset - (/\w*$/.exec(text.slice(0, offset))?.[0].length ?? 0);
  const edits = [
    { start, end: offset, newText: expand(item.insert ?? item.label) },
    ...(item.edits ?? []).map(({ span, newText }) => ({ start: span.start, end: span.end, newText })),
  ].toSorted((a, b) => b.start - a.start);
  const after = edits.reduce((t, { start: from, end, newText }) => t.slice(0, from) + newText + t.slice(end), text);
  return { text: after, item };
}

function findingsOf({ unit }: Analysis): readonly string[] {
  const found: readonly Finding[] = [...syntaxFindings(unit), ...lint([unit], catalog).findings];
  return found.map(({ rule, message }) => `${rule}: ${message}`);
}

test('a name of a header that is not included brings the #include', () => {
  const wsk = choose('#include <ntddk.h>\n\nvoid f(void) { WskReg/*$*/ }\n', 'WskRegister');
  assert.equal(wsk.text, '#include <ntddk.h>\n#include <wsk.h>\n\nvoid f(void) { WskRegister }\n');
  const crlf = choose('#include <ntddk.h>\r\nvoid f(void) { IOCTL_DOT4_RE/*$*/ }\r\n', 'IOCTL_DOT4_READ');
  assert.equal(crlf.text.split('\r\n')[1], '#include <d4drvif.h>');
  const none = choose('/* Mine. */\nPIR/*$*/', 'PIRP');
  assert.match(none.text, /^\/\* Mine. \*\/\n#include <ntddk.h>\n/);
  const first = choose('void f(void) { IoAllocateIr/*$*/ }\n', 'IoAllocateIrp');
  assert.match(first.text, /^#include <\w+.h>\n\nvoid f/);
  // The kernel's own header goes before those that stand on it, and behind a precompiled one.
  const kernel = choose('#include "pch.h"\n#include <wsk.h>\nIoAllocateIr/*$*/', 'IoAllocateIrp');
  assert.match(kernel.text, /^#include "pch.h"\n#include <wsk.h>\nIo/);
  const pattern = choose('#include "pch.h"\n#include <initguid.h>\n#include <wsk.h>\n\nwskreg/*$*/', 'wskregistration');
  assert.match(pattern.text, /^#include "pch.h"\n#include <initguid.h>\n#include <ntddk.h>\n#include <wsk.h>\n\n/);
  const both = choose('#include <stddef.h>\n\nwskreg/*$*/', 'wskregistration');
  assert.match(both.text, /^#include <ntddk.h>\n#include <stddef.h>\n#include <wsk.h>\n\n/);
  const has = choose('#include <ntddk.h>\n#include <wsk.h>\nvoid f(void) { WskReg/*$*/ }', 'WskRegister');
  assert.equal(has.item.edits, undefined);
});

test('patterns: at file scope only, with their headers, and without a finding', () => {
  const { text, item } = choose('#include <ntddk.h>\n\nwskl/*$*/\n', 'wsklistener');
  assert.equal(item.kind, 'pattern');
  assert.match(text, /^#include <ntddk.h>\n#include <wsk.h>\n/);
  assert.deepEqual(findingsOf(analyse(text).analysis), []);
  const entry = choose('#include <ntddk.h>\n\nDriverE/*$*/\n', 'DriverEntry');
  assert.equal(entry.item.kind, 'pattern');
  assert.match(entry.text, /^#include <ntddk.h>\n#include <wsk.h>\n/);
  assert.match(entry.text, /\nDriverEntry\(PDRIVER_OBJECT DriverObject/);
  const declared = '#include <ntddk.h>\nDRIVER_INITIALIZE DriverEntry;\n';
  assert.equal(choose(`${declared}DriverE/*$*/`, 'DriverEntry').item.kind, 'pattern');
  for (const other of [`${entry.text}\nDriverE/*$*/\n`, `${declared}NTSTATUS\nDriverE/*$*/`]) {
    assert.equal(choose(other, 'DriverEntry').item.kind, 'function');
  }
  const dot4 = choose('dot/*$*/', 'dot4transaction');
  assert.match(dot4.text, /^#include <ntddk.h>\n#include <d4drvif.h>\n/);
  for (const fixture of [
    'void f(void) {\n  wskl/*$*/\n}',
    'int wskl/*$*/',
    '// wskl/*$*/',
    'struct s {\nwskl/*$*/',
    '/*$*/',
    'int a = wskl/*$*/',
  ]) {
    const { analysis, offset } = analyse(fixture);
    const { items } = complete(analysis, offset, { trigger: 'person' });
    assert.ok(
      items.every((one) => one.kind !== 'pattern'),
      fixture,
    );
  }
});

test('patterns take other names where the driver has theirs', () => {
  const taken = `#include <ntddk.h>
#include <wsk.h>
typedef struct _LISTENER { int a; } LISTENER;
typedef struct _SEND_REQUEST SEND_REQUEST;
#define Echo_TAG 1
int ListenerStart, RequestBegin;
NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING r) { UNREFERENCED_PARAMETER(d); UNREFERENCED_PARAMETER(r); return STATUS_SUCCESS; }
`;
  for (const { label } of patterns) {
    const begun = `${label.slice(0, 3)}/*$*/`;
    const { text } = choose(`${taken}\n${begun}\n`, label);
    assert.deepEqual(findingsOf(analyse(text).analysis), [], label);
    const again = choose(`${text}\n${begun}\n`, label);
    assert.deepEqual(findingsOf(analyse(again.text).analysis), [], `${label} twice`);
  }
});

test('a new callback for a member of a dispatch table', () => {
  const table = 'static const WSK_CLIENT_CONNECTION_DISPATCH EchoConnectionDispatch = {\n';
  const { text } = choose(
    `${INCLUDES}\n/* For clients. */\n${table}    .WskReceiveEvent = /*$*/\n};\n`,
    'EchoReceiveEvent',
  );
  assert.match(text, /static NTSTATUS WSKAPI\nEchoReceiveEvent\(\n {4}PVOID SocketContext,\n {4}ULONG Flags,/);
  assert.match(text, /\n}\n\n\/\* For clients\. \*\/\nstatic const WSK_CLIENT_CONNECTION_DISPATCH/);
  assert.match(text, /\.WskReceiveEvent = EchoReceiveEvent\n/);
  assert.deepEqual(findingsOf(analyse(text).analysis), []);
  const positional = choose(`${INCLUDES}WSK_CLIENT_LISTEN_DISPATCH t = { Acc/*$*/ };\n`, 'AcceptEvent');
  assert.match(positional.text, /return STATUS_REQUEST_NOT_ACCEPTED;/);
  assert.deepEqual(findingsOf(analyse(positional.text).analysis), []);
});

test('a new callback of KMDF, in a driver that has no wdf.h yet or has it', () => {
  const driver = '#include <wdf.h>\n\nvoid f(WDF_IO_QUEUE_CONFIG *config)\n{\n  config->EvtIoRead = /*$*/;\n}\n';
  const { text } = choose(driver, 'EvtIoRead');
  assert.match(text, /\nstatic EVT_WDF_IO_QUEUE_IO_READ EvtIoRead;\n/);
  assert.match(text, /WdfRequestComplete\(Request, STATUS_INVALID_DEVICE_REQUEST\);/);
  const bare = choose('#include <ntddk.h>\nvoid f(void) { WdfDriverCre/*$*/ }\n', 'WdfDriverCreate');
  assert.match(bare.text, /#include <wdf\.h>\n/);
});

test('a new callback for an argument, for a member that is assigned, and for a code of a request', () => {
  const f = (body: string): string =>
    `${INCLUDES}\nstatic VOID\nf(PIRP Irp, PDRIVER_OBJECT d)\n{\n  int n;\n\n  ${body}\n}\n`;
  const done = choose(f('IoSetCompletionRoutine(Irp, /*$*/, NULL, TRUE, TRUE, TRUE);'), 'CompletionRoutine');
  assert.match(
    done.text,
    /static IO_COMPLETION_ROUTINE CompletionRoutine;\n\n_Use_decl_annotations_\nstatic NTSTATUS\nComp/,
  );
  assert.match(done.text, /return STATUS_MORE_PROCESSING_REQUIRED;\n}\n\nstatic VOID\nf\(/);
  const unload = choose(f('d->DriverUnload = /*$*/;'), 'DriverUnload');
  assert.match(unload.text, /static DRIVER_UNLOAD DriverUnload;/);
  assert.deepEqual(findingsOf(analyse(unload.text).analysis), []);
  const read = choose(f('d->MajorFunction[IRP_MJ_READ] = /*$*/;'), 'DispatchRead');
  assert.match(read.text, /\nDispatchRead\(\n {4}PDEVICE_OBJECT DeviceObject,\n {4}PIRP Irp\n/);
  assert.match(read.text, /IoCompleteRequest\(Irp, IO_NO_INCREMENT\);\n {4}return STATUS_SUCCESS;/);
  assert.deepEqual(findingsOf(analyse(read.text).analysis), []);
  const taken = choose(
    `${INCLUDES}void AcceptEvent(void);\nWSK_CLIENT_LISTEN_DISPATCH t = { /*$*/ };\n`,
    'AcceptEvent2',
  );
  assert.match(taken.text, /\nAcceptEvent2\(/);
});

test('every callback of the catalog has a stub that is understood and has no finding', () => {
  const headers =
    '#include <ntifs.h>\n#include <wsk.h>\n#include <netioddk.h>\n#include <d4drvif.h>\n#include <wdf.h>\n';
  const { analysis } = analyse(headers);
  const { unit } = analysis;
  const stubs = catalog.facts.flatMap((facts, i) => {
    const symbol = facts.kind === 'callback' ? unit.symbols.get(facts.typeName ?? facts.name) : undefined;
    const type = symbol === undefined ? undefined : functionTypeOf(symbol.type);
    return type === undefined ? [] : [{ name: facts.name, text: stubText(analysis, `Stub${i}`, type, facts) }];
  });
  assert.ok(stubs.length > 30, String(stubs.length));
  assert.deepEqual(findingsOf(analyse(headers + stubs.map(({ text }) => text).join('')).analysis), []);
});
