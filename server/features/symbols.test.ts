import assert from 'node:assert/strict';
import test from 'node:test';
import { documentSymbols } from './symbols.ts';
import { analyse } from './testing.ts';

function check(fixture: string, ...expected: readonly string[]): void {
  const { analysis } = analyse(fixture);
  assert.deepEqual(
    documentSymbols(analysis).map((s) => `${s.kind} ${s.name}`),
    expected,
  );
}

test('what the file declares itself, in order', () => {
  check(
    '#include "my.h"\n#define LIMIT 1\nstruct S { int a; };\ntypedef struct S S;\nenum e { one };\nint count;\nint f(void);\nint f(void) { int local; return 1; }\n//- my.h\nint theirs;\n',
    'macro LIMIT',
    'struct S',
    'type S',
    'enum e',
    'enum-member one',
    'variable count',
    'function f',
  );
  check('int a, b;\n', 'variable a', 'variable b');
  check('typedef struct _R { int x; } R, *PR;\n', 'struct _R', 'type R', 'type PR');
});

test('a name lies in its symbol, which editors insist on', () => {
  const { analysis } = analyse(
    '#define P int g(void)\nP;\nstatic int a, *b;\ntypedef struct { int x; } R, *PR;\nint f(void) { return 0; }\n#define LONG \\\n  1\n',
  );
  const symbols = documentSymbols(analysis);
  assert.ok(symbols.length >= 6);
  for (const { name, span, nameSpan } of symbols) {
    assert.ok(nameSpan.start >= span.start && nameSpan.end <= span.end, name);
  }
});
