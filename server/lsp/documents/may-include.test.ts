import assert from 'node:assert/strict';
import test from 'node:test';
import { type SourceFile, sourceFile } from '../../../base/source.ts';
import type { ParseOptions } from '../../../cfront/unit.ts';
import { createMayInclude } from './may-include.ts';

const texts: Readonly<Record<string, string>> = {
  'wanted.h': 'int Wanted;\n',
  'between.h': '#pragma once\n#include "round.h"\n# include "wanted.h"\n',
  'round.h': '#include "between.h"\n',
  'other.h': '#include <wdm.h>\n',
  'wdm.h': '#include "wanted.h"\n',
};

test('a file may include a header where its lines lead there, whatever the conditions', () => {
  const files = new Map<string, SourceFile>();
  const fileOf = (name: string): SourceFile | undefined => {
    const text = texts[name];
    if (text !== undefined && !files.has(name)) files.set(name, sourceFile(name, text));
    return files.get(name);
  };
  let asked = 0;
  const include: ParseOptions['include'] = ({ name }) => {
    asked++;
    const file = fileOf(name);
    return file === undefined ? { kind: 'missing', searched: [] } : { kind: 'found', file, isSystem: name === 'wdm.h' };
  };
  const plain: ParseOptions = { include };
  const forced: ParseOptions = { include, forcedIncludes: ['between.h'] };
  const mayInclude = createMayInclude();
  const cases: readonly (readonly [text: string, options: ParseOptions, may: boolean])[] = [
    ['#include "wanted.h"\n', plain, true],
    ['int x;\r\n  #  include <wanted.h> // here\r\n', plain, true],
    ['#if 0\n#include "wanted.h"\n#endif\n', plain, true],
    ['#include "between.h"\n', plain, true],
    ['%:include "between.h"\n', plain, true],
    ['#include HEADER\n', plain, true],
    ['#include "other.h"\n#include "missing.h"\n', plain, false],
    ['#include "other.h"\n', forced, true],
    ['int wanted_h;\n', plain, false],
  ];
  for (const [text, options, may] of cases) {
    assert.equal(mayInclude(sourceFile('main.c', text), options, new Set(['wanted.h'])), may, text);
  }
  asked = 0;
  assert.equal(mayInclude(sourceFile('main.c', '#include "other.h"\n'), plain, new Set(['wanted.h'])), false);
  assert.equal(asked, 1, 'what other.h includes is known');
});
