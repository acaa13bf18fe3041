// The comparison in step says what the comparison of texts says.
import assert from 'node:assert/strict';
import test from 'node:test';
import { sourceFile } from '../../base/source.ts';
import { parseTranslationUnit } from '../index.ts';
import type { TranslationUnit } from '../unit.ts';
import { assertSameUnit } from './same-unit.ts';
import { unitText } from './unit-text.ts';

const read = (text: string, path = 'a.c'): TranslationUnit =>
  parseTranslationUnit(sourceFile(path, text), { include: () => ({ kind: 'missing', searched: [] }) });

const texts = [
  'int a;',
  'int b;',
  'int  a;',
  'extern int a; int a;',
  'int a; int a;',
  'struct S { int x; }; struct S s; struct S *p;',
  'struct S { int y; }; struct S s; struct S *p;',
  'struct { int x; } s; struct { int x; } *p;',
  'struct T { int x; } s, *p;',
  '#define A 1\nint a = A;',
  '#define A 2\nint a = A;',
  '#define A(x) x\nint a = A(1);',
  'int f(int n) { return n ? f(n - 1) : 0; }',
  'int f(int n) { return n ? f(n - 2) : 0; }',
  'int f(int n) { return n ? f(n - 1 : 0; }',
  'enum E { ONE, TWO } e = TWO; #pragma pack(1)\n',
  '#include "missing.h"\nint a;',
  '',
];

test('units are the same exactly if their texts are', () => {
  for (const one of texts) {
    for (const other of texts) {
      const [a, b] = [read(one), read(other)];
      const compare = () => assertSameUnit(a, b, 'units');
      if (unitText(a) === unitText(b)) assert.doesNotThrow(compare, `${one} and itself`);
      else assert.throws(compare, `${one} is not ${other}`);
    }
  }
  assert.throws(() => assertSameUnit(read('int a;'), read('int a;', 'b.c'), 'another file'));
});
