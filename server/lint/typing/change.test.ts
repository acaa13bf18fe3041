/** What is typed at file scope, and which functions it concerns: the linter analyses those again and no other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceFile } from '../../../base/source.ts';
import { bundledHeader, catalog, withHeaders } from '../../../catalog/testing/reading.ts';
import { parseTranslationUnit } from '../../../cfront/index.ts';
import { createReader } from '../../../cfront/typing/reader.ts';
import type { ParseOptions } from '../../../cfront/unit.ts';
import { analyseFunction } from '../flow/run/analyse.ts';
import { lint } from '../lint.ts';
import { createLinter } from './linter.ts';

const driver = `#include <ntddk.h>
#define LIMIT 4
#define OTHER (LIMIT + 1)
/* Here. */
typedef struct _INNER { PVOID Own; } INNER, *PINNER;
typedef struct _OUTER { INNER In; } OUTER;
static ULONG Table[LIMIT];
static PINNER Find(VOID);
VOID Sum(ULONG Count);
/* Below. */
VOID Uses(PULONG Count) { *Count = 1; Shorter(1); }
/* A comment behind it. */
VOID Inner(PINNER I) { I->Own = NULL; }
VOID Outer(OUTER *O) { O->In.Own = NULL; }
VOID Helper(VOID) { Find()->Own = NULL; }
VOID ByHelper(VOID) { Helper(); }
VOID Macro(VOID) { Sum(Table[0]); }
VOID ByMacro(VOID) { Sum(LIMIT); }
VOID ByOther(VOID) { Sum(OTHER); }
VOID Routine(PKDPC D, PVOID C, PVOID One, PVOID Two) { Sum(3); }
VOID Alone(PIRP Irp) { PIRP irp = IoAllocateIrp(1, FALSE); Irp->IoStatus.Status = 0; irp = NULL; }
VOID Last(VOID) { Sum(1); }
`;

/** What stands in the driver, what takes its place, text by text, and the functions that are analysed for each. */
const rows: readonly (readonly [from: string, ...steps: (readonly [to: string, analysed: string])[]])[] = [
  ['/* Below. */', ['/* Below. */\n// and more\n', ''], ['/* Below.\n', ''], ['/* Below. */', 'Uses']],
  [
    '/* Below. */',
    ['static VOID Fresh(PIRP Irp', ''],
    ['static VOID Fresh(PIRP Irp) {', 'Fresh'],
    ['static VOID Fresh(PIRP Irp) { IoFreeIrp(Irp); }', 'Fresh'],
    ['', ''],
  ],
  ['Shorter(1); }', ['Shorter(1); ', 'Uses'], ['Shorter(1); }', 'Uses']],
  // A member concerns who has the record or the pointer to it, also by way of another record or of a helper.
  ['PVOID Own;', ['PVOID Own; ULONG More;', 'ByHelper Helper Inner Outer']],
  [
    '#define LIMIT 4',
    ['#define LIMIT 44', 'ByMacro ByOther Macro'],
    ['#define LIMI 44', 'ByMacro ByOther Macro'],
    ['#if 0\n#define LIMIT 4\n#endif', ''],
    ['#define LIMIT 4', 'ByMacro ByOther Macro'],
  ],
  ['Table[LIMIT];', ['Table[LIMIT] = { 1 };', 'Macro']],
  // Functions in another order; a callback that gets its role.
  ['VOID Alone(', ['VOID Last(VOID) { Sum(1); }\nVOID Alone(', 'Last Last']],
  ['/* Here. */', ['KDEFERRED_ROUTINE Routine;', 'Routine'], ['', 'Routine']],
  // A macro of a bundled header has it as a parameter, another one in what it stands for.
  ['/* Here. */', ['#define field 1', '']],
  ['/* Here. */', ['#define NTSTATUS ULONG', 'all']],
  // What may mean anything.
  ['/* Here. */', ['#pragma warning(disable: 4101)', 'all']],
  ['/* Here. */', ['extern "C" {', 'all']],
  ['#include <ntddk.h>', ['#define NTDDI_VERSION 0\n#include <ntddk.h>', 'all']],
  ['#define LIMIT 4', ['#define LIMIT 4\n#define JOINED(a) a##0', 'all']],
];

for (const [from, ...steps] of rows) {
  test(`what is typed at file scope has those analysed that it concerns: ${steps.map(([to]) => to).join(', then ')}`, () => {
    const analysed: string[] = [];
    const linter = createLinter(catalog, (session, fn) => {
      if (fn.isUsers) analysed.push(fn.definition.symbol.name);
      return analyseFunction(session, fn);
    });
    const reader = createReader();
    const lintTyped = (text: string) => {
      analysed.length = 0;
      const file = sourceFile('driver.c', text);
      linter.expect(file);
      return told(linter.lint(reader.read(file, withHeaders)));
    };
    lintTyped(driver);
    const all = analysed.sort().join(' ');
    for (const [to, expected] of steps) {
      const text = driver.replace(from, () => to);
      const seen = lintTyped(text);
      assert.equal(analysed.sort().join(' '), expected === 'all' ? all : expected, text);
      const fresh = lint([parseTranslationUnit(sourceFile('driver.c', text), withHeaders)], catalog);
      assert.equal(seen, told(fresh), text);
    }
  });
}

for (const [header, expected] of [
  ['#define CALL(irp) IoFreeIrp(irp)', 'Uses'],
  ['#define CALL(irp) Gone7(irp)', 'Other Uses'],
] as const) {
  test(`hundreds of functions that go concern who mentions one of them, or all where a header does: ${header}`, () => {
    const analysed: string[] = [];
    const linter = createLinter(catalog, (session, fn) => {
      if (fn.isUsers) analysed.push(fn.definition.symbol.name);
      return analyseFunction(session, fn);
    });
    const own = sourceFile('own.h', `#pragma once\n${header}\n`);
    const options: ParseOptions = {
      ...withHeaders,
      include: ({ name }) => (name === 'own.h' ? { kind: 'found', file: own, isSystem: false } : bundledHeader(name)),
    };
    const functions = Array.from({ length: 400 }, (_, i) => `static VOID Gone${i}(PIRP Irp) { IoFreeIrp(Irp); }\n`);
    const text = (typed: string): string => `#include <ntddk.h>
#include "own.h"
${typed}
${functions.join('')}
/* Here. */
VOID Uses(PIRP Irp) { Gone3(Irp); }
VOID Other(PIRP Irp) { IoFreeIrp(Irp); }
`;
    const reader = createReader();
    for (const typed of ['', '/* Not']) {
      analysed.length = 0;
      const file = sourceFile('driver.c', text(typed));
      linter.expect(file);
      const seen = told(linter.lint(reader.read(file, options)));
      assert.equal(seen, told(lint([parseTranslationUnit(sourceFile('driver.c', text(typed)), options)], catalog)));
    }
    assert.equal(analysed.sort().join(' '), expected);
  });
}

/** All that a person is shown; of a file its length. */
function told(result: unknown): string {
  const plain = (_: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && 'lineStarts' in value ? String(value.lineStarts) : value;
  return JSON.stringify(result, plain);
}
