import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CType } from '../../cfront/types/types.ts';
import type { Value } from '../../emulator/index.ts';
import { childNamed, createVariableStore, showValue, variablesPage } from './variables.ts';

const int: CType = { kind: 'integer', name: 'int', size: 4, isSigned: true, isConst: false, isVolatile: false };

function value(name: string, text: string, children: readonly Value[] = [], type: CType | undefined = int): Value {
  return {
    name,
    expression: name,
    type,
    typeText: 'int',
    text,
    address: undefined,
    childCount: children.length,
    children: () => children,
  };
}

const element = (i: number): Value => value(`[${i}]`, String(i * i));
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** As the run gives it: elements in groups of a hundred. */
function longArray(length: number): Value {
  const groups = range(0, Math.ceil(length / 100)).map((g): Value => {
    const members = range(g * 100, Math.min(length, g * 100 + 100)).map(element);
    return { ...value(`[${g}]`, '', members, undefined), expression: undefined, typeText: '' };
  });
  return value('many', '[…]', groups, { kind: 'array', element: int, length, isConst: false, isVolatile: false });
}

test('a long array is served by element number, across the groups of the run', () => {
  const store = createVariableStore();
  const shown = showValue(longArray(250), 1, store, { isHex: false });
  assert.equal(shown.indexedVariables, 250);
  const container = store.get(shown.variablesReference);
  assert.ok(container !== undefined);
  const page = (start: number, count: number): string[] =>
    variablesPage(container, { variablesReference: 0, filter: 'indexed', start, count }, store).map((one) => one.value);
  assert.deepEqual(page(98, 4), ['9604', '9801', '10000', '10201']);
  assert.deepEqual(page(248, 100), ['61504', '62001']);
  assert.deepEqual(page(300, 5), []);
  assert.equal(page(0, 250).length, 250);
  assert.deepEqual(variablesPage(container, { variablesReference: 0, filter: 'named' }, store), []);
  assert.equal(variablesPage(container, { variablesReference: 0 }, store).length, 3);
  assert.equal(childNamed(container, '[201]')?.text, '40401');
  assert.equal(childNamed(container, '[999]'), undefined);
});

test('numbers in hexadecimal when the client wants them so', () => {
  const store = createVariableStore();
  const cases: readonly (readonly [string, string])[] = [
    ['42 (0x2A)', '0x2A'],
    ['5', '0x5'],
    ['-1', '0xFFFFFFFF'],
    ['0x103 STATUS_PENDING', '0x103 STATUS_PENDING'],
    ['not set', 'not set'],
  ];
  for (const [text, wanted] of cases) {
    assert.equal(showValue(value('a', text), undefined, store, { isHex: true }).text, wanted);
  }
});

test('numbers of variables end with the state that they are of', () => {
  const store = createVariableStore();
  const { variablesReference: old } = showValue(value('a', '', [element(0)]), 1, store, { isHex: false });
  store.clear();
  const { variablesReference: fresh } = showValue(value('a', '', [element(0)]), 1, store, { isHex: false });
  assert.notEqual(old, fresh);
  assert.equal(store.get(old), undefined);
});
