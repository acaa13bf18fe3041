import assert from 'node:assert/strict';
import test from 'node:test';
import { type DocumentSymbol, documentSymbols, readingSymbols } from './symbols.ts';
import { analyse } from './testing.ts';

/** `kind name` of each, with what is below it in parentheses. */
function names(symbols: readonly DocumentSymbol[]): readonly string[] {
  return symbols.map(({ kind, name, children }) => {
    return `${kind} ${name}${children.length === 0 ? '' : ` (${names(children).join(', ')})`}`;
  });
}

function check(fixture: string, ...expected: readonly string[]): void {
  assert.deepEqual(names(documentSymbols(analyse(fixture).analysis)), expected);
}

test('what the file declares itself, in order', () => {
  check(
    '#include "my.h"\n#define LIMIT 1\nstruct S { int a; };\ntypedef struct S S;\nenum e { one };\nint count;\nint f(void);\nint f(void) { int local; return 1; }\n//- my.h\nint theirs;\n',
    'macro LIMIT',
    'struct S (field a)',
    'type S',
    'enum e (enum-member one)',
    'variable count',
    'function f',
  );
  check('int a, b;\n', 'variable a', 'variable b');
  check('typedef struct _R { int x; } R, *PR;\n', 'struct _R (field x)', 'type R', 'type PR');
});

test('what is below a type', () => {
  check('typedef struct { int x; } R, *PR;\nR r;\n', 'type R (field x)', 'type PR', 'variable r');
  check(
    'typedef enum { one, two } E;\nenum { three };\n',
    'type E (enum-member one, enum-member two)',
    'enum-member three',
  );
  check(
    'struct S { union { int a; struct { short low, high; } parts[2]; }; struct T *next; int bits : 3; };\nstruct S;\n',
    'struct S (field a, field parts (field low, field high), field next, field bits)',
  );
});

test('a header is asked through a file that includes it', () => {
  const { analysis } = analyse(
    '#include "my.h"\nint own;\n//- my.h\n#define MINE 1\nextern int theirs;\nint made(void);\n',
  );
  const header = analysis.unit.includes[0]?.file;
  assert.deepEqual(names(documentSymbols(analysis, header)), ['macro MINE', 'variable theirs']);
});

test('a name lies in its symbol, which editors insist on', () => {
  const { analysis } = analyse(
    '#define P int g(void)\nP;\nstatic int a, *b;\ntypedef struct { int x; struct { int y; } in; } R, *PR;\nint f(void) { return 0; }\n#define LONG \\\n  1\n',
  );
  const symbols = documentSymbols(analysis);
  assert.ok(symbols.length >= 6);
  const pending = [...symbols];
  for (let symbol = pending.pop(); symbol !== undefined; symbol = pending.pop()) {
    const { name, span, nameSpan, children } = symbol;
    assert.ok(nameSpan.start >= span.start && nameSpan.end <= span.end, name);
    pending.push(...children);
  }
});

test('those of a long file are made in pieces', () => {
  const { analysis } = analyse(Array.from({ length: 3000 }, (_, i) => `int f${i}(int a) { return a; }\n`).join(''));
  const work = readingSymbols(analysis);
  let pieces = 1;
  let step = work.next();
  for (; step.done !== true; step = work.next()) pieces++;
  assert.deepEqual(step.value, documentSymbols(analysis));
  assert.equal(step.value.length, 3000);
  assert.ok(pieces > 10, `${pieces} pieces`);
});
