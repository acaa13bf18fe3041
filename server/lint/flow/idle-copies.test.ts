/** Of a header's function each file has a copy; those that nothing in their file leads to are analysed once for all. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceFile } from '../../../base/source.ts';
import { bundledHeader, catalog, withHeaders } from '../../../catalog/testing/reading.ts';
import { createHeaderCache } from '../../../cfront/header-cache.ts';
import { parseTranslationUnit } from '../../../cfront/index.ts';
import { roleOf } from '../driver/roles.ts';
import { lint } from '../lint.ts';
import { shown } from '../testing.ts';
import { analyseFunction } from './run/analyse.ts';
import { analysisOf } from './run/run.ts';
import { createSession, type Session } from './run/session.ts';

const header = `#include <ntddk.h>
#include <wsk.h>
static PIRP Make(void) { return IoAllocateIrp(0, FALSE); } // irp-stack-size
static PIRP MakeForMe(void) { return Make(); }
static NTSTATUS Done(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context) { return STATUS_SUCCESS; }
`;

/** `own.h` is parsed once for all files. */
function read(...texts: readonly string[]) {
  const own = sourceFile('own.h', header);
  const options = {
    ...withHeaders,
    headers: createHeaderCache(),
    include: ({ name }: { readonly name: string }) =>
      name === 'own.h' ? ({ kind: 'found', file: own, isSystem: false } as const) : bundledHeader(name),
  };
  return texts.map((text, index) =>
    parseTranslationUnit(sourceFile(`file${index}.c`, `#include "own.h"\n${text}`), options),
  );
}

function sessionOf(...texts: readonly string[]): Session {
  const nothing = () => undefined;
  return createSession(read(...texts), catalog, {
    observer: { event: nothing, call: nothing, act: nothing, exit: nothing },
    analyse: analyseFunction,
  });
}

/** The functions that are analysed, by file. */
function analysed(...texts: readonly string[]): readonly string[] {
  const session = sessionOf(...texts);
  return session.functions.flatMap((fn) => {
    if (!fn.isUsers) return [];
    analysisOf(session, fn);
    return `${fn.definition.symbol.name} in ${fn.unit.file.path}`;
  });
}

const cases: readonly (readonly [what: string, texts: readonly string[], more: readonly string[]])[] = [
  ['no file uses any', ['int a;', 'int b;', 'int c;'], []],
  ['a file calls one', ['int a;', 'PIRP F(void) { return Make(); }'], ['Make in file1.c', 'F in file1.c']],
  [
    'a file calls one that leads to another',
    ['int a;', 'int b;', 'PIRP F(void) { return MakeForMe(); }'],
    ['Make in file2.c', 'MakeForMe in file2.c', 'F in file2.c'],
  ],
  ['a table names one', ['int a;', 'PIO_COMPLETION_ROUTINE routines[] = { Done };'], ['Done in file1.c']],
  ['a file declares one again', ['int a;', 'IO_COMPLETION_ROUTINE Done;'], ['Done in file1.c']],
  [
    'a file lacks a header',
    ['int a;', '#include "none.h"'],
    ['Make', 'MakeForMe', 'Done'].map((f) => `${f} in file1.c`),
  ],
  ['a file has one of that name for itself', ['int a;', 'static int Own(int a) { return a; }'], ['Own in file1.c']],
];

for (const [what, texts, more] of cases)
  test(`copies that are analysed where ${what}`, () => {
    const first = ['Make in file0.c', 'MakeForMe in file0.c', 'Done in file0.c'];
    assert.deepEqual([...analysed(...texts)].sort(), [...first, ...more].sort());
  });

test('what is wrong in such a function is found, once', () => {
  const { findings } = lint(read('int a;', 'int b;', 'PIRP F(void) { return Make(); }'), catalog);
  assert.deepEqual(findings.map(shown), ['1 irp-stack-size']);
});

test('a file of nothing but a table gives functions of others their roles', () => {
  const session = sessionOf(
    'NTSTATUS Ended(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context) { return STATUS_SUCCESS; }',
    'extern NTSTATUS Ended(PDEVICE_OBJECT, PIRP, PVOID); PIO_COMPLETION_ROUTINE routines[] = { Ended };',
  );
  const ended = session.functionAt('Ended');
  assert.equal(ended && roleOf(session, ended), 'IO_COMPLETION_ROUTINE');
});
