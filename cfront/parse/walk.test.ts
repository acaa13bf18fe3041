/** The chain of nodes at an offset, places through macros, and constants: what the editor's features ask for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dumpExpression } from '../testing/dump.ts';
import { covered, functionNamed, parse } from './testing.ts';
import { children, constantValue, findPath, nodePlace, stripConversions, type TreeNode, walk } from './walk.ts';

/** The kinds of the nodes around the `|` in the text. */
function pathAt(marked: string): string {
  const offset = marked.indexOf('|');
  const unit = parse(marked.replace('|', ''));
  return findPath(unit, offset)
    .map((node) => node.kind)
    .join(' ');
}

const scene = 'struct S { int a; struct S *n; } *s; int g(int, int);\n';

const paths: readonly (readonly [text: string, path: string])[] = [
  ['int f(void) { return g(1, |2); }', 'function-definition compound return call integer'],
  ['int f(void) { s->n->|a = 1; }', 'function-definition compound expression assign member'],
  ['int f(void) { s|->n->a = 1; }', 'function-definition compound expression assign member member name'],
  ['int f(void) { s->|\n}', 'function-definition compound expression member'],
  ['int f(void) { g(1, |\n}', 'function-definition compound expression call'],
  ['int f(void) { g(|\n}', 'function-definition compound expression call'],
  ['int f(int |x) { return x; }', 'function-definition variable-declaration'],
  [
    'int f(void) { int a = 1, b = s|->a; }',
    'function-definition compound declaration variable-declaration member name',
  ],
  ['int f(void) {\n  |\n  return 1; }', 'function-definition compound'],
  ['int x; | int y;', ''],
  ['int x = 3 + |4;', 'variable-declaration binary integer'],
  ['struct S t = { .a = |1 };', 'variable-declaration list integer'],
  // All that begins in a macro's body has the place of the invocation.
  ['#define G(x, y) g((x), (y))\nint f(void) { G(s->|a, 1); }', 'function-definition compound expression call member'],
  ['#define G(x, y) g((x), (y))\nint f(void) { G(1, s->|a); }', 'function-definition compound expression call member'],
  // What is written at the end of a file stands in the blocks that nobody has closed yet.
  ['int f(void) { if (s) {\n  int i; /* why */\n  |', 'function-definition compound if compound'],
  ['int f(void) { if (s) {\n  s = |', 'function-definition compound if compound'],
  ['int f(void) { if (s) {\n  s->a;\n  |\n}\nint h;', 'function-definition compound if compound'],
];

for (const [text, path] of paths) {
  test(`path at ${text}`, () => assert.equal(pathAt(scene + text), path));
}

test('a node out of a macro is placed where the macro is used, its arguments where they are written', () => {
  const unit = parse('#define OK(x) (((int)(x)) >= 0)\nint f(int st) { if (!OK(st)) return 1; return 0; }\n');
  const condition = functionNamed(unit, 'f').body.items[0];
  assert.equal(condition?.kind, 'if');
  if (condition?.kind !== 'if') return;
  const shown: string[] = [];
  walk(condition.condition, (node) => shown.push(`${node.kind} ${covered(nodePlace(node))}`) > 0);
  assert.deepEqual(shown, ['unary !OK(st)', 'binary OK(st)', 'cast OK(st)', 'name OK(st)', 'integer OK(st)']);
});

test('children are all that is below a node: every name is reached', () => {
  const unit = parse(
    `${scene}int f(int a, ...) { int b = a; if (a) b++; else --b; for (int c = 0; c < b; c++) { switch (c) { case 1: break; } } ` +
      'do a = -a; while (!a); while (a ? b : a) { g(a, b); } l: goto l; __try { a; } __finally { b; } ' +
      '__try { a; } __except (a) { b; } s->a = ((int[]){ a, b })[0]; va_arg(s, int); sizeof(a); &a; *s; return a, b; }',
  );
  let names = 0;
  const seen = new Set<TreeNode>();
  walk(functionNamed(unit, 'f'), (node) => {
    assert.ok(!seen.has(node), 'a node is reached once');
    seen.add(node);
    if (node.kind === 'name') names++;
  });
  assert.equal(names, 31);
});

test('conversions are stripped, casts on request', () => {
  const unit = parse('long long f(char c) { return (int)(short)c; }');
  const statement = functionNamed(unit, 'f').body.items[0];
  assert.equal(statement?.kind, 'return');
  if (statement?.kind !== 'return' || statement.value === undefined) return;
  assert.equal(dumpExpression(statement.value), '(to long long (cast int (cast short c)))');
  assert.equal(dumpExpression(stripConversions(statement.value)), '(cast int (cast short c))');
  assert.equal(dumpExpression(stripConversions(statement.value, { casts: true })), 'c');
});

test('constants are exact: CONTAINING_RECORD, FIELD_OFFSET, 64 bits, wrapping', () => {
  const values: readonly (readonly [expression: string, value: bigint | undefined])[] = [
    ['(long)(long long)&(((struct S *)0)->n)', 8n],
    ['(unsigned long long)&((struct S *)0)[2].n', 40n],
    ['(char *)&((struct S *)0)->n - (char *)0', 8n],
    ['0xFFFFFFFFFFFFFFFFull * 3', 0xfffffffffffffffdn],
    ['-9223372036854775807LL - 1', -(1n << 63n)],
    ['(unsigned char)300 + (signed char)200', -12n],
    ['1 ? 2 : 1 / 0', 2n],
    ['0 && 1 / 0', 0n],
    ['1 / 0', undefined],
    ['s->a', undefined],
    ['(int)3.99 + (3.5 > 3)', 4n],
    ["'ABCD' == ('A' << 24 | 'B' << 16 | 'C' << 8 | 'D')", 1n],
    ['((0x12) << 16) | ((3) << 14) | ((0x801) << 2) | (0)', 0x12e004n],
  ];
  for (const [expression, value] of values) {
    const unit = parse(`${scene}void f(void) { ${expression}; }`);
    const statement = functionNamed(unit, 'f').body.items[0];
    assert.equal(statement?.kind, 'expression', expression);
    if (statement?.kind === 'expression') assert.equal(constantValue(statement.expression), value, expression);
  }
});

test('no node has itself below it', () => {
  const unit = parse('int f(int x) { switch (x) { case 1: case 2: default: x = 1; } return x; }');
  const visit = (node: TreeNode, depth: number): void => {
    assert.ok(depth < 50);
    for (const child of children(node)) visit(child, depth + 1);
  };
  for (const node of unit.declarations) visit(node, 0);
});
