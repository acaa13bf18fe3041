import assert from 'node:assert/strict';
import test from 'node:test';
import { sourceFile } from '../../../base/source.ts';
import { bundledHeader, catalog } from '../../../catalog/testing/reading.ts';
import { parseTranslationUnit } from '../../../cfront/index.ts';
import { readAhead } from './read-ahead.ts';

test('headers are read ahead that every client of WSK includes, and no other', () => {
  const main = sourceFile('driver.c', '#include <wdm.h>\n#include <wsk.h>\n');
  const { includes } = parseTranslationUnit(main, { include: ({ name }) => bundledHeader(name) });
  const included = includes.flatMap(({ file }) => (file === undefined ? [] : file.path.replace(/^.*:/, '')));
  assert.deepEqual([...readAhead(catalog)].toSorted(), [...new Set(included)].toSorted());
});
