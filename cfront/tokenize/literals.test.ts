/** Values of constants by their spelling. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCharacter, readInteger, readUnits } from './literals.ts';

test('integers', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['0', '0 8 false plain'],
    ['12', '12 10 false plain'],
    ['0x1Fu', '31 16 true plain'],
    ['017L', '15 8 false long'],
    ['0b101', '5 2 false plain'],
    ['1UL', '1 10 true long'],
    ['1lu', '1 10 true long'],
    ['1ull', '1 10 true long-long'],
    ['1LLU', '1 10 true long-long'],
    ['5i64', '5 10 false 64'],
    ['5UI64', '5 10 true 64'],
    ['0xFFi8', '255 16 false 8'],
    ['0x123ui16', '291 16 true 16'],
    ['18446744073709551615', '18446744073709551615 10 false plain'],
  ];
  for (const [text, expected] of cases) {
    const { value, radix, isUnsigned, size } = readInteger(text) ?? assert.fail(text);
    assert.equal(`${value} ${radix} ${isUnsigned} ${size}`, expected, text);
  }
  for (const text of [
    '',
    '08',
    '1.5',
    '1e5',
    '0x',
    '0b2',
    '1lL',
    '1uu',
    '1x',
    '1i128',
    '0x1.8p1',
    `1${'0'.repeat(200)}`,
  ]) {
    assert.equal(readInteger(text), undefined, text);
  }
});

test('characters', () => {
  const cases: readonly (readonly [string, bigint | undefined])[] = [
    ["'a'", 97n],
    ["'\\n'", 10n],
    ["'\\0'", 0n],
    ["'\\377'", -1n],
    ["'\\x80'", -128n],
    ["L'\\xFFFF'", 0xffffn],
    ["L'é'", 0xe9n],
    ["'\\''", 39n],
    ["'ab'", 0x6162n],
    ["'WskT'", 0x57736b54n],
    ["'\\xff\\xff\\xff\\xff'", -1n],
    ["u8'\\xff'", 255n],
    ["''", undefined],
    ["'a", undefined],
    ['"a"', 97n],
  ];
  for (const [text, expected] of cases) assert.equal(readCharacter(text)?.value, expected, text);
});

test('code units', () => {
  const units = (text: string): readonly number[] | undefined => readUnits(text)?.units;
  assert.deepEqual(units('"aé€😀"'), [...Buffer.from('aé€😀', 'utf8')]);
  assert.deepEqual(units('L"aé€😀"'), [0x61, 0xe9, 0x20ac, 0xd83d, 0xde00]);
  assert.deepEqual(units('U"a😀"'), [0x61, 0x1f600]);
  assert.deepEqual(units('"\\a\\b\\f\\n\\r\\t\\v\\\\\\"\\?\\e"'), [7, 8, 12, 10, 13, 9, 11, 92, 34, 63, 27]);
  assert.deepEqual(units('"\\1234\\x4"'), [0o123, 52, 4]);
  assert.deepEqual(units('"\\u00e9" '.trim()), [0xc3, 0xa9]);
  assert.deepEqual(units('L"\\U0001F600"'), [0xd83d, 0xde00]);
  assert.deepEqual(units('""'), []);
  assert.equal(readUnits('"\\q"')?.wrongEscape, '\\q');
  assert.deepEqual(units('"\\q"'), [113]);
  assert.equal(readUnits('"\\n"')?.wrongEscape, undefined);
  assert.equal(units('a'), undefined);
  assert.equal(units('"'), undefined);
});
