/** Marks that hide findings, and what is said of those that hide nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lint, UNUSED_SILENCE } from './lint.ts';
import { catalog, lintTexts, parse, shown } from './testing.ts';

const wrong = 'IoAllocateIrp(0, FALSE)';
const cases: readonly (readonly [string, string, readonly string[]])[] = [
  ['on the line', `PIRP F(VOID) { return ${wrong}; } // wsk-lint: allow irp-stack-size a test`, []],
  ['with slash and star', `PIRP F(VOID) { return ${wrong}; } /* wsk-lint: allow irp-stack-size */`, []],
  ['on the line above', `PIRP F(VOID) {\n// wsk-lint: allow irp-stack-size\nreturn ${wrong};\n}`, []],
  [
    'above, with more comments between',
    `PIRP F(VOID) {\n/* wsk-lint: allow irp-stack-size\n   because */\n// more\nreturn ${wrong};\n}`,
    [],
  ],
  [
    'two lines above is too far',
    `PIRP F(VOID) {\n// wsk-lint: allow irp-stack-size\n\nreturn ${wrong};\n}`,
    ['2 unused-silence', '4 irp-stack-size'],
  ],
  [
    'behind other code it does not reach down',
    `PIRP F(VOID) {\nint i = 0; // wsk-lint: allow irp-stack-size\nreturn i ? NULL : ${wrong};\n}`,
    ['2 unused-silence', '3 irp-stack-size'],
  ],
  [
    'another rule stays',
    `PIRP F(VOID) { return ${wrong}; } // wsk-lint: allow irp-null-check`,
    ['1 irp-stack-size', '1 unused-silence'],
  ],
  ['nothing to hide', 'int x; // wsk-lint: allow irp-null-check', ['1 unused-silence']],
  ['no such rule', 'int x; // wsk-lint: allow nonsense', ['1 unused-silence']],
  ['not in a string', 'const char *s = "// wsk-lint: allow irp-null-check";', []],
];

for (const [name, text, expected] of cases) {
  test(name, () => assert.deepEqual(lintTexts(text).findings.map(shown), expected));
}

test('a mark that hides nothing is of severity info and says why', () => {
  const { findings } = lintTexts('int x; // wsk-lint: allow nonsense\nint y; // wsk-lint: allow irp-null-check');
  assert.deepEqual(
    findings.map((f) => [f.rule, f.severity, f.message.includes('no rule nonsense')]),
    [
      [UNUSED_SILENCE, 'info', true],
      [UNUSED_SILENCE, 'info', false],
    ],
  );
});

test('marks in a header of the driver count as well', () => {
  const own = { 'own.h': `static PIRP F(VOID) { return ${wrong}; } // wsk-lint: allow irp-stack-size\n` };
  const unit = parse('main.c', '#include <ntddk.h>\n#include "own.h"\n', own);
  assert.deepEqual(lint([unit], catalog).findings, []);
});
