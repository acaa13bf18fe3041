import assert from 'node:assert/strict';
import test from 'node:test';
import { sourceFile } from '../../../base/source.ts';
import { createHeaderCache } from '../../header-cache.ts';
import { parseTranslationUnit } from '../../index.ts';
import type { Segment } from '../../preprocess/chain.ts';
import { assertSameUnit } from '../../testing/same-unit.ts';
import { tokenize } from '../../tokenize/tokenize.ts';
import type { ParseOptions } from '../../unit.ts';
import { beginsOf } from './begins.ts';

const filesOf = (texts: readonly string[]) => texts.map((text, index) => sourceFile(`${index + 1}.h`, text));

function beginsIn(texts: readonly string[]): string {
  const segments: Segment[] = [];
  for (const file of filesOf(texts)) {
    const { tokens } = tokenize(file);
    segments.push({ parent: segments.at(-1), tokens: tokens.slice(0, -1), strays: [], isSystem: false });
  }
  return beginsOf(segments).slice(1).join(' ');
}

for (const [what, texts, begins] of [
  ['headers that have nothing to do with each other', ['struct A { int a; };', 'int b;', 'enum C { c };'], '0 1 2'],
  [
    'a body for what an earlier header names',
    ['int a;', 'struct B *b;', 'int c;', 'struct B { int b; };', 'int d;'],
    '0 1 2 1 4',
  ],
  ['names behind the body', ['struct A { int a; };', 'struct A *a;', 'struct A *b;'], '0 1 2'],
  ['a name and its body in one header', ['struct A *a; struct A { int a; };', 'struct A *b;'], '0 1'],
  ['two that overlap', ['struct A *a;', 'union B *b;', 'struct A { int a; };', 'union B { int b; };'], '0 1 0 0'],
  ['two that do not', ['struct A *a;', 'struct A { int a; };', 'enum B *b;', 'enum B { b };'], '0 0 2 2'],
] as const)
  test(`where reading begins: ${what}`, () => {
    assert.equal(beginsIn(texts), begins);
  });

test('headers that give bodies to what one of the first names are read a few times, not once for each such body', () => {
  const count = 40;
  const names = Array.from({ length: count }, (_, index) => `R${index}`);
  const filler = names.map((name) => `int ${name}(int a, int b, int c, int d, int e);`).join('\n');
  const headers = [
    names.map((name) => `typedef struct ${name} ${name};`).join('\n'),
    ...names.map((name) => `struct ${name} { int of${name}; };\n${filler.replaceAll(/\bR/g, `${name}R`)}`),
  ];
  const files = new Map(filesOf(headers).map((file) => [file.path, file]));
  const text = `${[...files.keys()].map((path) => `#include "${path}"`).join('\n')}\nint f(R7 *r) { return r->ofR7; }\n`;
  const options: ParseOptions = {
    include: ({ name }) => {
      const file = files.get(name);
      return file === undefined ? { kind: 'missing', searched: [] } : { kind: 'found', file, isSystem: false };
    },
  };
  const shared = createHeaderCache();
  const main = sourceFile('main.c', text);
  const unit = parseTranslationUnit(main, { ...options, headers: shared });
  const tokens = headers.reduce((sum, header) => sum + tokenize(sourceFile('x.h', header)).tokens.length, 0);
  assert.ok(shared.parsedTokens < 3 * tokens, `${shared.parsedTokens} of ${tokens}`);
  assertSameUnit(unit, parseTranslationUnit(main, options), 'shared');
});
