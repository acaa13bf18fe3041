import assert from 'node:assert/strict';
import test from 'node:test';
import { sourceFile } from '../../../base/source.ts';
import { declaringHeaders } from '../../../catalog/declaring-headers.ts';
import { catalog, withHeaders } from '../../../catalog/testing/reading.ts';
import { parseTranslationUnit } from '../../../cfront/index.ts';
import { place } from '../../../cfront/tokenize/token.ts';
import { hover } from '../hover.ts';
import { analyse } from '../testing.ts';
import { hoverWithoutHeader } from './reference.ts';

const read = (text: string) => parseTranslationUnit(sourceFile('names.c', text), withHeaders);

test('every macro, type, constant and function of the bundled headers has a hover', () => {
  let count = 0;
  for (const header of catalog.headerNames) {
    const includes = `#include <ntddk.h>\n#include <${header}>\n`;
    const { macros, whole } = read(includes);
    const file = catalog.headerFile(header);
    const names = new Set([...macros.values()].flatMap(({ name, span }) => (span?.file === file ? [name] : [])));
    for (const node of whole().declarations) {
      if (!('nameToken' in node) || node.nameToken === undefined) continue;
      if (place(node.nameToken).file === file) names.add(node.nameToken.text);
    }
    const unit = read(`${includes}void f(void) {\n${[...names].map((name) => `${name};\n`).join('')}}\n`);
    let offset = unit.file.text.indexOf('{') + 2;
    for (const name of names) {
      assert.notEqual(hover({ unit, catalog }, offset), undefined, `${name} of ${header}`);
      offset += name.length + 2;
      count++;
    }
  }
  assert.ok(count > 9000, `${count} names`);
});

test('a name whose header is not included tells what it would be, and the header', () => {
  // One for each header that people include for something.
  const one = new Map([...declaringHeaders(catalog)].map(([name, header]) => [header, name]));
  assert.ok(one.size > 20);
  for (const [header, name] of one) {
    const { analysis, offset } = analyse(`void f(void) { ${name}/*$here*/(1); }\n`);
    const found = hover(analysis, offset) ?? hoverWithoutHeader(analysis, offset);
    assert.ok(found?.markdown.includes(`\`${header}\``), `${name}: ${found?.markdown}`);
  }
  const cases: readonly (readonly [fixture: string, expected: RegExp | undefined])[] = [
    ['ui/*$here*/nt64_t Count;\n', /unsigned long long uint64_t[\s\S]*Declared in `stdint\.h`, which this file does/],
    ['int f(void) { return SIZE_MAX/*$here*/; }\n', /#define SIZE_MAX/],
    ['void f(void) { prin/*$here*/tf("x"); }\n', /int printf\([\s\S]*`stdio\.h`/],
    ['void f(void *p) { p->uint64/*$here*/_t = 1; }\n', undefined],
    ['void f(void) { time/*$here*/; }\n', undefined],
    ['void f(void) { int uint64_t; uint64/*$here*/_t = 1; }\n', undefined],
    ['#define M(uint64_t) uint64/*$here*/_t\n', undefined],
    ['/* uint64/*$here*/_t */\n', undefined],
    ['void f(void) { Nobody/*$here*/Knows(1); }\n', undefined],
  ];
  for (const [fixture, expected] of cases) {
    const { analysis, offset } = analyse(fixture);
    const markdown = hoverWithoutHeader(analysis, offset)?.markdown;
    if (expected === undefined) assert.equal(markdown, undefined, fixture);
    else assert.match(markdown ?? '', expected, fixture);
  }
});
