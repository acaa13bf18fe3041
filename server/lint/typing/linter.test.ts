/**
 * Typing: after each of many random edits the linter that has seen the texts before says what a fresh one says, and it
 * analyses no function again that says the same.
 * The drivers are some of those with and without a bug from test/drivers/bugs. WSK_TYPING=12 is the long form: so many
 * edits in each of all.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { positionAt, type Span, sourceFile } from '../../../base/source.ts';
import { bundledHeader, catalog, root, withHeaders } from '../../../catalog/testing/reading.ts';
import { parseTranslationUnit } from '../../../cfront/index.ts';
import { createReader } from '../../../cfront/typing/reader.ts';
import type { ParseOptions, TranslationUnit } from '../../../cfront/unit.ts';
import { analyseFunction } from '../flow/run/analyse.ts';
import { type LintResult, lint } from '../lint.ts';
import { createLinter } from './linter.ts';

const long = process.env['WSK_TYPING'];
const edits = Number(long ?? 4);
const drivers = join(root, 'test/drivers/bugs');
const scraps = [
  ...[';', ' ', '\n', '\n\n', '/* why */', 'x', '}', '{', 'return STATUS_PENDING;', 'goto out;', 'extern int E;'],
  ...['IoFreeIrp(Irp);', 'if (0) ', 'Irp = NULL;', 'KeSetEvent(&Event, 0, FALSE);', '\n#define X 1\n', '('],
  ...['/*', '*/', '\n#if 0\n', '\n#endif\n', 'ULONG More;', 'static VOID Fresh(PIRP Irp) { IoFreeIrp(Irp); }', '"'],
] as const;

const between = [' x', ' ;', ' Sta', ' // why', '\n', '  ', ' /* a', ' x;'] as const;

test('what was kept of functions changes no finding', () => {
  const all = readdirSync(drivers).filter((name) => !name.includes('.'));
  const names = long === undefined ? all.filter((_, index) => index % 4 === 0) : all;
  for (const [index, name] of names.entries()) {
    const below = random(index + 1);
    const written = readFileSync(join(drivers, name, 'driver.c'), 'utf8');
    // Functions are copied to be changed: for a while there are two of each name.
    let text = index % 6 === 5 ? `${written}\n${written.slice(written.lastIndexOf('\n#include') + 1)}` : written;
    let before = text;
    const linter = createLinter(catalog);
    const reader = createReader();
    const defines: Readonly<Record<string, string>> = index % 2 === 0 ? { WRONG: '1' } : {};
    for (let done = 0; done <= edits; done++) {
      const file = sourceFile('driver.c', text);
      linter.expect(file);
      const typed = reader.read(file, optionsWith(defines));
      // Some texts are read and not linted, as when a hover is asked for between two keystrokes, or not to the end.
      if ((index + done) % 2 === 0) linter.advance(typed, after(2));
      if (done % 3 === 1) linter.note(typed);
      else {
        const fresh = lint([parse(text, defines)], catalog);
        assert.deepEqual(said(linter.lint(typed)), said(fresh), `${name} after ${done} edits:\n${text}`);
      }
      const lines = text.split('\n');
      const at = below(lines.length);
      const line = lines[at] ?? '';
      // Most of what is typed between statements changes nothing that lint knows.
      const isBetween = below(2) === 0;
      const column = isBetween ? line.length : below(line.length + 1);
      const few = isBetween ? between : [';'];
      const scrap = below(3) === 0 ? (scraps[below(scraps.length)] ?? '') : (few[below(few.length)] ?? '');
      const changed = below(4) === 0 ? '' : line.slice(0, column) + scrap + line.slice(column);
      const last = text;
      // What was typed last is taken back, or the key before it, which leaves a part of it.
      const isTakenBack = done > 0 && below(5) === 0;
      text = isTakenBack ? before : lines.with(at, below(12) === 0 ? `${line}\n${line}` : changed).join('\n');
      before = last;
    }
  }
});

const driver = (first: string, second = '') => `#include <ntddk.h>
static VOID Fill(PULONG Count) {
  ${first}
  Count[0] = 1;
  if (Count[0] > 1) {
    ${second}
    Count[0] = 2;
  }
}
VOID Second(VOID) { ULONG count; Fill(&count); }
VOID Third(VOID) {
  PIRP irp = IoAllocateIrp(1, FALSE);
  if (irp != NULL) irp->Tail.Overlay.Thread = NULL; ${second}
}
`;

/** What is typed at both places or at one of them, and the functions that are analysed for it. */
const typings: readonly (readonly [typed: readonly [string, string?], analysed: string])[] = [
  [['S'], ''],
  [['Sta\n'], ''],
  [['Stat; '], ''],
  [['/* why */ ; '], ''],
  [[''], ''],
  [['', '; // why\n'], ''],
  [['Count++; '], 'Fill Second'],
  [['Stat = '], 'Fill Second'],
  [[''], 'Fill Second'],
  [['', 'x\n'], ''],
  // Two places in one body.
  [['x\n', ''], 'Fill Second'],
  [['x\n', 'return; '], 'Fill Second Third'],
  // Nobody else asked for calls of these.
  [['x\n', 'KeStallExecutionProcessor(1); '], 'Fill Second Third'],
  [['KeStallExecutionProcessor(1);', 'KeStallExecutionProcessor(1); '], 'Fill Second'],
];

test('a function that says the same is not analysed again', () => {
  const analysed: string[] = [];
  const linter = createLinter(catalog, (session, fn) => {
    if (fn.isUsers) analysed.push(fn.definition.symbol.name);
    return analyseFunction(session, fn);
  });
  const reader = createReader();
  linter.lint(reader.read(sourceFile('driver.c', driver('')), optionsWith({})));
  for (const [typed, expected] of typings) {
    analysed.length = 0;
    const text = driver(...typed);
    const file = sourceFile('driver.c', text);
    linter.expect(file);
    const result = linter.lint(reader.read(file, optionsWith({})));
    assert.equal(analysed.sort().join(' '), expected, text);
    assert.deepEqual(said(result), said(lint([parse(text)], catalog)), text);
  }
});

/** What is typed, key by key, and what is analysed for the last key but for the function itself. */
const mended: readonly (readonly [keys: readonly string[], analysed: string])[] = [
  [['/*', '/* w', '/* why', '/* why */'], ''],
  [['\n#if', '\n#if ', '\n#if 1', '\n#if 1\n', '\n#if 1\n#endif\n'], ''],
  [['\n#if 0', '\n#if 0\n', '\n#if 0\n#endif\n'], ''],
  [['"', '"a', '"a";'], 'Fourth Second'],
  [['}', '}\n', '{ }\n'], 'Fourth Second'],
  [['/*', '/* x', '/* x */ Count++;'], 'Fourth Second'],
];

test('what a text has no more while something is being typed is not analysed again when it comes back', () => {
  for (const [keys, expected] of mended) {
    const analysed: string[] = [];
    const linter = createLinter(catalog, (session, fn) => {
      if (fn.isUsers) analysed.push(fn.definition.symbol.name);
      return analyseFunction(session, fn);
    });
    const reader = createReader();
    const type = (typed: string): void => {
      analysed.length = 0;
      // The comment ends in the next one.
      const text = `${driver(typed)}VOID Fourth(VOID) { Second(); /* x */ Third(); }\n`;
      const file = sourceFile('driver.c', text);
      linter.expect(file);
      const result = linter.lint(reader.read(file, optionsWith({})));
      assert.deepEqual(said(result), said(lint([parse(text)], catalog)), text);
    };
    for (const key of ['', ...keys]) type(key);
    const others = analysed.filter((name) => name !== 'Fill').sort();
    assert.equal(others.join(' '), expected, keys.join());
  }
});

test('a run in pieces analyses each function once, and a later text begins with what was done', () => {
  const analysed: string[] = [];
  const linter = createLinter(catalog, (session, fn) => {
    if (fn.isUsers) analysed.push(fn.definition.symbol.name);
    return analyseFunction(session, fn);
  });
  const reader = createReader();
  const read = (text: string): TranslationUnit => {
    const file = sourceFile('driver.c', text);
    linter.expect(file);
    return reader.read(file, optionsWith({}));
  };
  const first = read(driver(''));
  // All bodies are looked through before the first is analysed, one at a time.
  assert.equal(linter.advance(first, after(1)), false);
  assert.deepEqual(analysed, []);
  while (analysed.length < 1) assert.equal(linter.advance(first, after(1)), false);
  assert.equal(analysed.splice(0).join(' '), 'Fill');
  const second = read(driver('', 'return; '));
  while (analysed.length < 2) assert.equal(linter.advance(second, after(1)), false);
  assert.equal(analysed.splice(0).join(' '), 'Fill Second');
  assert.equal(linter.advance(second, after(1)), false);
  // What was found is put together in pieces, too.
  assert.equal(linter.advance(second, after(9)), false);
  assert.equal(linter.advance(second, after(1000)), true);
  const result = linter.lint(second);
  assert.equal(analysed.splice(0).join(' '), 'Third');
  assert.deepEqual(said(result), said(lint([parse(driver('', 'return; '))], catalog)));
});

test('beside two functions of one name the others are not analysed again', () => {
  const analysed: string[] = [];
  const linter = createLinter(catalog, (session, fn) => {
    if (fn.isUsers) analysed.push(fn.definition.symbol.name);
    return analyseFunction(session, fn);
  });
  const reader = createReader();
  for (const [typed, expected] of [
    ['', 'Fill Second Third Twin Twin'],
    ['S', ''],
    ['Count++; ', 'Fill Second Twin Twin'],
  ] as const) {
    analysed.length = 0;
    const text = `${driver(typed)}VOID Twin(VOID) { ULONG count; Fill(&count); }\nVOID Twin(VOID) { PIRP irp = IoAllocateIrp(1, FALSE); irp = NULL; }\n`;
    const file = sourceFile('driver.c', text);
    linter.expect(file);
    const result = linter.lint(reader.read(file, optionsWith({})));
    assert.equal(analysed.sort().join(' '), expected, text);
    assert.deepEqual(said(result), said(lint([parse(text)], catalog)), text);
  }
});

test('which of two functions of one name is meant is known when the file is read anew', () => {
  const text = (typed: string): string => `#include <ntddk.h>
static NTSTATUS Done(PDEVICE_OBJECT D, PIRP Irp, PVOID C) { IoFreeIrp(Irp); return STATUS_MORE_PROCESSING_REQUIRED; }
NTSTATUS Control(PDEVICE_OBJECT Device, PIRP Irp) {
  IoCopyCurrentIrpStackLocationToNext(Irp);
  IoSetCompletionRoutine(Irp, Done, NULL, TRUE, TRUE, TRUE);
  return IoCallDriver(Device, Irp);
}
VOID Set(PDRIVER_OBJECT Driver) { Driver->MajorFunction[IRP_MJ_READ] = Control; }
${typed}
static NTSTATUS Done(PDEVICE_OBJECT D, PIRP Irp, PVOID C) { return STATUS_CONTINUE_COMPLETION; }
`;
  const linter = createLinter(catalog);
  for (const typed of ['', ';', '/* why */', 'VOID Other(VOID);']) {
    const { findings } = linter.lint(parse(text(typed)));
    assert.deepEqual(
      findings.map(({ rule }) => rule),
      ['irp-freed-not-owned'],
      typed,
    );
  }
});

/** What is typed in a DPC, and the functions that are analysed for it. */
const inRoutine: readonly (readonly [typed: string, analysed: string])[] = [
  ['KeQueryTickCount(&now);', 'Routine'],
  ['\n#if 1\nKeQueryTickCount(&then);\n#endif\n', 'Routine'],
  ['\n#if 1\nKeQueryTickCount(&now);\n#endif\n', 'Routine'],
  // Now code that runs by itself stores sockets: who calls a helper can no longer rely on its own.
  ['KeQueryTickCount(&now); ((CONTEXT *)Context)->Socket = NULL;', 'Asks Routine'],
  ['KeQueryTickCount(&now); ((CONTEXT *)Context)->Socket = Global;', 'Routine'],
  ['KeQueryTickCount(&now);', 'Asks Routine'],
  // The calls of this name were looked for.
  ['KeQueryTickCount(&now); IoSetNextIrpStackLocation(Global);', 'Completes Routine'],
  ['KeQueryTickCount(&now);', 'Completes Routine'],
];

test('what an analysis asked of the whole driver has it made again when the answer is another', () => {
  const text = (typed: string): string => `#include <ntddk.h>
#include <wsk.h>
typedef struct _CONTEXT_OF { PWSK_SOCKET Socket; } CONTEXT;
static PVOID Global;
VOID Routine(PKDPC Dpc, PVOID Context, PVOID One, PVOID Two) { LARGE_INTEGER now, then; ${typed} }
VOID Start(PKDPC Dpc) { KeInitializeDpc(Dpc, Routine, NULL); }
static VOID Helper(CONTEXT *C);
VOID Calls(CONTEXT *C) { Helper(C); }
VOID Asks(CONTEXT *C) { Calls(C); }
VOID Completes(VOID) { PIRP irp = IoAllocateIrp(1, FALSE); if (irp != NULL) IoCompleteRequest(irp, 0); }
VOID Alone(PULONG Count) { *Count = 1; }
`;
  const analysed: string[] = [];
  const linter = createLinter(catalog, (session, fn) => {
    if (fn.isUsers) analysed.push(fn.definition.symbol.name);
    return analyseFunction(session, fn);
  });
  linter.lint(parse(text('')));
  for (const [typed, expected] of inRoutine) {
    analysed.length = 0;
    const result = linter.lint(parse(text(typed)));
    assert.equal(analysed.sort().join(' '), expected, typed);
    assert.deepEqual(said(result), said(lint([parse(text(typed))], catalog)), typed);
  }
});

/** What is typed in a driver whose receives start each other, and the functions that are analysed for it. */
const inRing: readonly (readonly [typed: Readonly<Record<string, string>>, analysed: string])[] = [
  [{ outside: 'Depth++;' }, 'Outside Start'],
  [{ outside: 'Depth++;', walk: 'Depth++;' }, 'Walk'],
  [{ outside: 'Depth++;', walk: 'Depth++;', ring: 'Depth++;' }, 'Completed Receive Start'],
  // A function comes into the ring, and leaves it.
  [{ outside: 'Depth++; Receive(NULL);' }, 'Completed Outside Receive Start Walk'],
  [{ outside: 'Depth++;', ring: 'Outside(0);' }, 'Completed Outside Receive Start'],
  [{ outside: 'Depth++; Receive(NULL);', ring: 'Outside(0);' }, 'Completed Outside Receive Start'],
  [{ outside: 'Depth++;', ring: 'Outside(0);' }, 'Completed Outside Receive Start'],
  [{}, 'Completed Outside Receive Start'],
];

test('of functions that lead to each other all are analysed again, and nobody else', () => {
  const text = ({ outside = '', walk = '', ring = '' }: Readonly<Record<string, string>>): string => `#include <ntddk.h>
typedef struct _NODE { struct _NODE *Next; PDEVICE_OBJECT Device; } NODE;
static VOID Receive(NODE *N);
static VOID Outside(ULONG Depth);
VOID Start(NODE *N) { Receive(N); Outside(1); }
static NTSTATUS Completed(PDEVICE_OBJECT D, PIRP Irp, PVOID Context) {
  UNREFERENCED_PARAMETER(D);
  IoFreeIrp(Irp);
  Receive(Context);
  return STATUS_MORE_PROCESSING_REQUIRED;
}
static VOID Receive(NODE *N) {
  PIRP irp = IoAllocateIrp(1, FALSE);
  if (irp == NULL) return;
  ${ring}
  IoSetCompletionRoutine(irp, Completed, N, TRUE, TRUE, TRUE);
  IoCallDriver(N->Device, irp);
}
static VOID Outside(ULONG Depth) { ${outside} KeStallExecutionProcessor(Depth); }
static ULONG Walk(NODE *N, ULONG Depth) { ${walk} return N == NULL ? Depth : Walk(N->Next, Depth + 1); }
`;
  const analysed: string[] = [];
  const linter = createLinter(catalog, (session, fn) => {
    if (fn.isUsers) analysed.push(fn.definition.symbol.name);
    return analyseFunction(session, fn);
  });
  linter.lint(parse(text({})));
  for (const [typed, expected] of inRing) {
    analysed.length = 0;
    const result = linter.lint(parse(text(typed)));
    assert.equal(analysed.sort().join(' '), expected, JSON.stringify(typed));
    assert.deepEqual(said(result), said(lint([parse(text(typed))], catalog)), JSON.stringify(typed));
  }
});

test('where a body says the number of its line all is analysed again when lines move', () => {
  const text = (typed: string): string => `#include <ntddk.h>
VOID First(VOID) { ${typed} }
VOID Second(VOID) { KeStallExecutionProcessor(__LINE__ * 20); }
`;
  let analysed = 0;
  const linter = createLinter(catalog, (session, fn) => {
    if (fn.isUsers) analysed++;
    return analyseFunction(session, fn);
  });
  const seen = ['', ';', ';;\n', ';;\n\n', 'x;;\n\n', ';;'].map((typed) => {
    analysed = 0;
    assert.deepEqual(said(linter.lint(parse(text(typed)))), said(lint([parse(text(typed))], catalog)), typed);
    return analysed;
  });
  assert.deepEqual(seen, [2, 0, 2, 2, 0, 2]);
});

test('what no coming text can use is let go of before that is read', () => {
  let analysed = 0;
  const text = driver('');
  const analysedOf = (expected: string): number => {
    const linter = createLinter(catalog, (session, fn) => {
      if (fn.isUsers) analysed++;
      return analyseFunction(session, fn);
    });
    linter.lint(parse(text));
    analysed = 0;
    linter.expect(sourceFile('driver.c', expected));
    linter.lint(parse(text));
    return analysed;
  };
  const kept = [text, driver('S'), driver('Count++;', 'x'), text.replace('VOID Second', 'VOID Other'), `${text}x`];
  const gone = [`x${text}`, text.slice(1), '', text.replace('<ntddk.h>', '<wdm.h>')];
  assert.deepEqual([...kept, ...gone].map(analysedOf), [0, 0, 0, 0, 0, 3, 3, 3, 3]);
});

test('what rules ask of a body at the end is asked of the tree that was analysed', () => {
  const text = (first: string) => `#include <ntddk.h>
VOID First(VOID) { ${first} }
KSPIN_LOCK Lock;
VOID Second(BOOLEAN Locks) {
  KIRQL irql = 0;
  if (Locks) KeAcquireSpinLock(&Lock, &irql);
  if (Locks) KeReleaseSpinLock(&Lock, irql);
}
NTSTATUS Third(PMDL Mdl) {
  __try { MmProbeAndLockPages(Mdl, UserMode, IoReadAccess); *(PCHAR)MmGetSystemAddressForMdlSafe(Mdl, 0) = 1; }
  __except (1) { return STATUS_UNSUCCESSFUL; }
  return STATUS_SUCCESS;
}
VOID Fourth(PLIST_ENTRY Head) {
  PLIST_ENTRY last = NULL;
  PLIST_ENTRY at;
  for (at = Head->Flink; at != Head; at = at->Flink) last = at;
  last->Flink = NULL;
}
`;
  const linter = createLinter(catalog);
  for (const first of ['', ';', 'First();'])
    assert.deepEqual(said(linter.lint(parse(text(first)))), said(lint([parse(text(first))], catalog)), first);
});

test('what one body says of other functions is asked again when that body changes', () => {
  const linter = createLinter(catalog);
  const text = (routine: string, type: string): string => `#include <ntddk.h>
typedef struct _STATE { PULONG Ring; } STATE;
NTSTATUS First(PDEVICE_OBJECT D, PIRP Irp) { UNREFERENCED_PARAMETER(D); Irp->IoStatus.Status = 0; return 0; }
NTSTATUS Second(PDEVICE_OBJECT D, PIRP Irp) { UNREFERENCED_PARAMETER(D); IoCompleteRequest(Irp, 0); return 0; }
VOID Set(PDRIVER_OBJECT Driver) { Driver->MajorFunction[IRP_MJ_READ] = ${routine}; }
NTSTATUS Make(STATE *S) { S->Ring = ExAllocatePoolZero(${type}, 64, 'gniR'); return S->Ring ? 0 : -1; }
VOID Use(STATE *S, PKSPIN_LOCK L) { KIRQL q; KeAcquireSpinLock(L, &q); S->Ring[0] = 1; KeReleaseSpinLock(L, q); }
`;
  const found = (routine: string, type: string): readonly string[] =>
    linter.lint(parse(text(routine, type), {})).findings.map(({ rule }) => rule);
  assert.deepEqual(found('Second', 'NonPagedPool'), []);
  assert.deepEqual(found('First', 'NonPagedPool'), ['request-not-completed']);
  assert.deepEqual(found('First', 'PagedPool'), ['request-not-completed', 'paged-memory-at-dispatch']);
  assert.deepEqual(found('Second', 'PagedPool'), ['paged-memory-at-dispatch']);
  assert.deepEqual(found('Second', 'NonPagedPool'), []);
});

test('what rules said of the whole driver moves with the text while nothing says anything else', () => {
  const linter = createLinter(catalog);
  const text = (typed: string) => `#include <ntddk.h>
PVOID Kept;
VOID Unload(PDRIVER_OBJECT D) { ${typed} }
VOID Make(VOID) { Kept = ExAllocatePoolZero(NonPagedPool, 64, 'tpeK'); }
NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) { Make(); D->DriverUnload = Unload; return 0; }
`;
  for (const typed of ['', 'K', 'Ke', 'Ke;', '/* a */ Ke;', '\n\nKe;', '', 'ExFreePool(Kept);', '']) {
    const unit = parse(text(typed));
    const found = linter.lint(unit);
    assert.deepEqual(said(found), said(lint([unit], catalog)), typed);
    assert.equal(
      found.findings.some(({ rule }) => rule === 'pool-leak'),
      !typed.startsWith('Ex'),
      typed,
    );
  }
});

test('what was noted of a body holds of a structure that keys above it have moved', () => {
  const linter = createLinter(catalog);
  const reader = createReader();
  const read = (typed: string) => reader.read(sourceFile('driver.c', typed), optionsWith({}));
  const text = (comment: string, typed: string) => `/*${comment}*/
#include <ntddk.h>
typedef struct _STATE { PIRP Irp; PIRP Other; } STATE;
static STATE State;
VOID Unload(PDRIVER_OBJECT D) { ${typed} if (State.Irp != NULL) IoFreeIrp(State.Irp); }
VOID Make(VOID) { State.Irp = IoAllocateIrp(1, FALSE); }
NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING P) { Make(); D->DriverUnload = Unload; return 0; }
`;
  for (const [comment, typed] of [
    ['', ''],
    ['a', ''],
    ['a', 'DbgPrint("");'],
    ['a', 'if (State.Other != NULL) DbgPrint("");'],
  ] as const) {
    const unit = read(text(comment, typed));
    assert.deepEqual(said(linter.lint(unit)), said(lint([parse(unit.file.text)], catalog)), typed);
  }
});

test('places move with the text, and silences stay where they are', () => {
  const linter = createLinter(catalog);
  const at = (between: string) => {
    const text = `#include <ntddk.h>
VOID First(VOID) { ${between} }
VOID Second(VOID) {
  PIRP irp = IoAllocateIrp(1, FALSE);
  if (irp != NULL) irp->Tail.Overlay.Thread = NULL;
}
VOID Third(VOID) {
  PIRP irp = IoAllocateIrp(1, FALSE); // wsk-lint: allow irp-leak for this text
  if (irp != NULL) irp->Tail.Overlay.Thread = NULL;
}
`;
    const { findings, silenced } = linter.lint(parse(text));
    return [findings.map(({ rule, span }) => `${positionAt(span.file, span.start).line} ${rule}`), silenced.length];
  };
  const before = at('');
  assert.deepEqual(at(';'), before);
  assert.deepEqual(at(';\n\n'), [
    (before[0] as readonly string[]).map((line) => line.replace(/^\d+/, (n) => `${Number(n) + 2}`)),
    before[1],
  ]);
  assert.deepEqual(at(''), before);
  assert.equal(before[1], 1);
});

/** Headers that the drivers share, each read once. */
const own = new Map(
  readdirSync(join(root, 'test/drivers'))
    .filter((name) => name.endsWith('.h'))
    .map((name) => [name, sourceFile(name, readFileSync(join(root, 'test/drivers', name), 'utf8'))]),
);

function parse(text: string, defines: Readonly<Record<string, string>> = {}): TranslationUnit {
  return parseTranslationUnit(sourceFile('driver.c', text), optionsWith(defines));
}

/** As the language server reads: work on headers is shared. */
function optionsWith(defines: Readonly<Record<string, string>>): ParseOptions {
  return {
    ...withHeaders,
    defines,
    include: ({ name }) => {
      const file = own.get(name);
      return file === undefined ? bundledHeader(name) : { kind: 'found', file, isSystem: false };
    },
  };
}

/** All that a person is shown, places as text. */
function said({ findings, silenced, limits }: LintResult) {
  const place = ({ file, start, end }: Span): string => `${file.path} ${start} ${end} of ${file.text.length}`;
  return JSON.parse(
    JSON.stringify({ findings, silenced, limits }, (_, value: unknown) =>
      typeof value === 'object' && value !== null && 'lineStarts' in value
        ? undefined
        : isSpan(value)
          ? place(value)
          : value,
    ),
  );
}

function isSpan(value: unknown): value is Span {
  return typeof value === 'object' && value !== null && 'file' in value && 'start' in value && 'end' in value;
}

/** Time that is up when it has been asked for so often. */
function after(times: number): () => boolean {
  let asked = 0;
  return () => ++asked >= times;
}

function random(seed: number): (n: number) => number {
  let state = seed * 7919;
  return (n) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return n === 0 ? 0 : (state >>> 8) % n;
  };
}
