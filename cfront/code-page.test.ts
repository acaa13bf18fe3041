/**
 * Narrow strings of a file in a code page have its bytes, as the compiler leaves them; wide and u8 ones do not depend
 * on it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceFile } from '../base/source.ts';
import { readCharacter, stringUnits } from './parse/expressions/literals.ts';
import { CHAR, UNSIGNED_SHORT } from './types/make.ts';

const rows: readonly (readonly [string, readonly number[], readonly number[]])[] = [
  ['"é"', [0xe9], [0xc3, 0xa9]],
  ['"€…"', [0x80, 0x85], [0xe2, 0x82, 0xac, 0xe2, 0x80, 0xa6]],
  ['"a\\xe9"', [0x61, 0xe9], [0x61, 0xe9]],
  ['u8"é"', [0xc3, 0xa9], [0xc3, 0xa9]],
  // What the page has no byte for stays UTF-8.
  ['"ł"', [0xc5, 0x82], [0xc5, 0x82]],
];

for (const [text, inPage, inUtf8] of rows)
  test(`${text} in Windows-1252 and in UTF-8`, () => {
    assert.deepEqual([...stringUnits(text, CHAR, 'windows-1252')], inPage);
    assert.deepEqual([...stringUnits(text, CHAR)], inUtf8);
  });

test('wide strings, characters, and files that say their page', () => {
  assert.deepEqual([...stringUnits('L"é"', UNSIGNED_SHORT, 'windows-1252')], [0xe9]);
  assert.equal(readCharacter("'é'", 'windows-1252').value, -23n);
  assert.equal(sourceFile('a.c', '', 'windows-1252').codePage, 'windows-1252');
  assert.equal(sourceFile('a.c', '').codePage, undefined);
});
