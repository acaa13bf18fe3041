import assert from 'node:assert/strict';
import test from 'node:test';
import { selectionRanges } from './selection-ranges.ts';
import { analyse } from './testing.ts';

/** The texts that are chosen one after the other, lines joined; the whole file, which is the last, is left out. */
function check(fixture: string, ...expected: readonly string[]): void {
  const { analysis, offset } = analyse(fixture);
  const spans = selectionRanges(analysis, offset);
  const texts = spans.map(({ file, start, end }) => file.text.slice(start, end).replace(/\s+/g, ' '));
  assert.deepEqual(texts.slice(0, -1), expected);
  assert.equal(spans.at(-1)?.end, analysis.unit.file.text.length);
}

const f = 'int g(int a, int b);\nint f(int n)\n';

test('from a word over expression, argument, statement and block to the function', () => {
  check(
    `${f}{\n  if (n) {\n    n = g(n + /*$*/1, 2);\n    n++;\n  }\n  return n;\n}\n`,
    '1',
    'n + 1',
    'n + 1, 2',
    '(n + 1, 2)',
    'g(n + 1, 2)',
    'n = g(n + 1, 2)',
    'n = g(n + 1, 2);',
    'n = g(n + 1, 2); n++;',
    '{ n = g(n + 1, 2); n++; }',
    'if (n) { n = g(n + 1, 2); n++; }',
    'if (n) { n = g(n + 1, 2); n++; } return n;',
    '{ if (n) { n = g(n + 1, 2); n++; } return n; }',
    'int f(int n) { if (n) { n = g(n + 1, 2); n++; } return n; }',
  );
});

test('parts of a for and of a list', () => {
  check(
    `${f}{ for (int i = 0; i < n; i+/*$*/+) n--; return n; }\n`,
    'i++',
    'int i = 0; i < n; i++',
    '(int i = 0; i < n; i++)',
    'for (int i = 0; i < n; i++) n--;',
    'for (int i = 0; i < n; i++) n--; return n;',
    '{ for (int i = 0; i < n; i++) n--; return n; }',
    'int f(int n) { for (int i = 0; i < n; i++) n--; return n; }',
  );
  check(
    'struct S { int x; int y; } s = { .x = 1, .y = /*$*/2 };\n',
    '2',
    '.y = 2',
    '.x = 1, .y = 2',
    '{ .x = 1, .y = 2 }',
    'struct S { int x; int y; } s = { .x = 1, .y = 2 }',
    'struct S { int x; int y; } s = { .x = 1, .y = 2 };',
  );
});

test('parameters, members and macros, of which the tree has no nodes', () => {
  check(
    'int g(int a, int /*$*/b);\n',
    'b',
    'int b',
    'int a, int b',
    '(int a, int b)',
    'int g(int a, int b)',
    'int g(int a, int b);',
  );
  check(
    'struct S {\n  int x;\n  unsigned /*$*/y : 3;\n};\n',
    'y',
    'unsigned y : 3',
    'unsigned y : 3;',
    'int x; unsigned y : 3;',
    '{ int x; unsigned y : 3; }',
    'struct S { int x; unsigned y : 3; }',
    'struct S { int x; unsigned y : 3; };',
  );
  check('#define M(a) \\\n  f((a) + /*$*/1)\nint i;\n', '1', '(a) + 1', '((a) + 1)', '#define M(a) \\ f((a) + 1)');
});

test('strings and comments', () => {
  check('char *s = "one /*$*/two";\n', 'two', 'one two', '"one two"', 'char *s = "one two"', 'char *s = "one two";');
  check('// one\n// two /*$*/three\nint i;\n', 'three', 'two three', '// two three', '// one // two three');
  check('/* one\n * two /*$*/three\n */\nint i;\n', 'three', 'two three', '/* one * two three */');
});

test('what is half typed has brackets all the same, and an empty file itself', () => {
  check(`${f}{\n  g(n, /*$*/\n}\n`, '{ g(n, }', 'int f(int n) { g(n, }');
  check('/*$*/');
});
