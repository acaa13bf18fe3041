/**
 * Whatever the text, reading ends soon and throws nothing: seeded mutations of real text, text nested far too deep,
 * and every prefix of a function.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertQuick } from '../../../test/support/effort.ts';
import { dumpDeclarations } from '../../testing/dump.ts';
import { parse, scene } from '../testing.ts';
import { findPath, nodePlace, walk } from '../walk.ts';

const sample = readFileSync(join(process.env.WSK_ROOT ?? '.', 'samples/listen/listen.c'), 'utf8');
const every =
  `${scene}_In_ int t(_In_ int x, ...) { __try { switch (x) { case 1 ... 2: goto e; default: break; } } __except (1) { } ` +
  'for (int k = 0; k; k++) { int m[] = { [1] = 2, 3 }; struct S q = { .u = 1, { 2 } }; m[0] = q.arr[1] ? -x : sizeof(int); } ' +
  'e: return _Generic(x, int: ({ x; }), default: (int)(long long)&((struct S *)0)->b); }\n#pragma pack(push, 1)\n' +
  'typedef union _U { struct { int a : 3, : 0; }; char c[4]; } U, *PU; int old(a, b) int a; char *b; { return a; }\n';

/** A generator with a seed, so that a failure names what it failed on. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
}

function mutated(text: string, seed: number): string {
  const below = random(seed);
  const tokens = text.match(/[A-Za-z_]\w*|\d+|\s+|[^\s\w]/g) ?? [];
  for (let changes = 1 + below(6); changes > 0; changes--) {
    const a = below(tokens.length);
    const b = below(tokens.length);
    const other = tokens[b] ?? '';
    switch (below(6)) {
      case 0:
        tokens.splice(a, 1 + below(3));
        break;
      case 1:
        tokens.splice(a, 0, other);
        break;
      case 2:
        tokens.splice(a, 1, other);
        break;
      case 3:
        tokens.splice(a, 0, '{}()[];,.*&#"\'\\<>=:?!~+-'.charAt(below(25)));
        break;
      case 4:
        tokens.splice(a, below(100));
        break;
      default:
        tokens.splice(a, 0, ...tokens.slice(b, b + below(50)));
    }
  }
  return tokens.join('');
}

/** Reads the text and everything that others read from the tree. */
function readAll(text: string): void {
  const unit = parse(text);
  dumpDeclarations(unit.declarations);
  for (const node of unit.declarations) walk(node, (below) => nodePlace(below).end >= 0);
  findPath(unit, text.length >> 1);
}

test('seeded mutations', () => {
  for (let seed = 1; seed <= 500; seed++) {
    const text = mutated(seed % 3 === 0 ? sample : every, seed);
    assert.doesNotThrow(() => assertQuick(1000, () => readAll(text)), `seed ${seed}`);
  }
});

test('every prefix of a text', () => {
  for (let end = 0; end <= every.length; end += 3) assert.doesNotThrow(() => readAll(every.slice(0, end)), `${end}`);
});

const deep: readonly (readonly [name: string, open: string, middle: string, close: string])[] = [
  ['parentheses', 'int x = ', '(', ''],
  ['blocks', 'void f(void) { ', '{', ''],
  ['operators', 'int x = ', '1 + ', '1;'],
  ['signs', 'int x = ', '- ', '1;'],
  ['stars', 'int ', '*', 'x;'],
  ['arrays', 'int x', '[1]', ';'],
  ['structs', '', 'struct { ', ''],
  ['ifs', 'void f(void) { ', 'if (1) ', '; }'],
  ['else-ifs', 'void f(void) { ', 'if (1) ; else ', '; }'],
  ['conditions', 'int x = ', '1 ? 1 : ', '1;'],
  ['assignments', 'int f(int x) { ', 'x = ', '1; }'],
  ['calls', 'int f(int x) { return ', 'f(', ''],
  ['initializers', 'int x[] = ', '{', ''],
  ['members', 'int f(int x) { x', '->x', '; }'],
  ['declarators', 'int ', '(', 'x;'],
  ['parameters', 'int f(', 'int (*)(', ''],
  ['types', 'int x = ', 'sizeof(typeof(', ''],
  ['attributes', 'int ', '__declspec(align(', ''],
  ['enums', '', 'enum { A = sizeof(', ''],
  ['generics', 'int x = ', '_Generic(1, int: ', ''],
  ['statement expressions', 'int f(void) { return ', '({ ', ''],
  ['designators', 'struct S { int a; } x = { ', '.a', ' = 1 };'],
  ['unclosed functions', '', 'int f() {\n', ''],
  ['types without parentheses', 'static const ', 'typeof ', '1;'],
  ['letters of a character constant', "int x = '", 'abcd', "';"],
];

for (const [name, open, middle, close] of deep) {
  test(`20,000 nested ${name}`, () => {
    const text = open + middle.repeat(20_000) + close;
    assertQuick(1000, () => {
      const unit = parse(text);
      for (const node of unit.declarations) walk(node, () => true);
      dumpDeclarations(unit.declarations);
      assert.ok(unit.problems.length > 0);
    });
  });
}
