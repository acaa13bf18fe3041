/** Blanks behind which a list may come by itself, and those that have nothing read. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { mayListBehindBlank } from './blank.ts';

const mayList = [
  'status = ',
  'Send(a, ',
  'if (a == ',
  '  return ',
  'case ',
  'f = A | ',
  '#include ',
  'D d = { ',
  'x ? ',
];
const mayNot = [
  '',
  ' ',
  '    ',
  'status ',
  '  marker ',
  'a[1] ',
  'Send(); ',
  '  } ',
  '{ ',
  'if (a) { ',
  'else { ',
  'a,  ',
];

for (const [lines, expected] of [
  [mayList, true],
  [mayNot, false],
] as const)
  for (const line of lines)
    test(`a list behind ${JSON.stringify(line)}: ${expected}`, () => assert.equal(mayListBehindBlank(line), expected));
