import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIrql, saysIrql } from './irql.ts';

/** The forms of `req.irql` in the public docs, most frequent first. */
const cases: readonly (readonly [
  text: string,
  min: string | undefined,
  max: string | undefined,
  conditional?: true,
])[] = [
  ['PASSIVE_LEVEL', 'PASSIVE_LEVEL', 'PASSIVE_LEVEL'],
  ['<= DISPATCH_LEVEL', undefined, 'DISPATCH_LEVEL'],
  ['<= APC_LEVEL', undefined, 'APC_LEVEL'],
  ['<=DISPATCH_LEVEL', undefined, 'DISPATCH_LEVEL'],
  ['Any level', 'PASSIVE_LEVEL', 'HIGH_LEVEL'],
  ['See Remarks section.', undefined, undefined, true],
  ['DISPATCH_LEVEL', 'DISPATCH_LEVEL', 'DISPATCH_LEVEL'],
  ['Any level (see Remarks section)', 'PASSIVE_LEVEL', 'HIGH_LEVEL', true],
  ['< DISPATCH_LEVEL', undefined, 'APC_LEVEL'],
  ['PASSIVE_LEVEL (see Remarks section)', 'PASSIVE_LEVEL', 'PASSIVE_LEVEL', true],
  ['Called at IRQL <= DISPATCH_LEVEL.', undefined, 'DISPATCH_LEVEL'],
  ['<= DISPATCH_LEVEL (see Remarks section)', undefined, 'DISPATCH_LEVEL', true],
  ['Any level as long as target memory is resident', 'PASSIVE_LEVEL', 'HIGH_LEVEL', true],
  ['IRQL <= DISPATCH_LEVEL', undefined, 'DISPATCH_LEVEL'],
  ['_requires_same_', undefined, undefined],
  ['Called at PASSIVE_LEVEL.', 'PASSIVE_LEVEL', 'PASSIVE_LEVEL'],
  ['Any', 'PASSIVE_LEVEL', 'HIGH_LEVEL'],
  ['<= HIGH_LEVEL', undefined, 'HIGH_LEVEL'],
  ['Any IRQL', 'PASSIVE_LEVEL', 'HIGH_LEVEL'],
  ['DIRQL', 'DIRQL', 'DIRQL'],
  ['<= DIRQL', undefined, 'DIRQL'],
  ['IRQL = DISPATCH_LEVEL', 'DISPATCH_LEVEL', 'DISPATCH_LEVEL'],
  ['Passive level.', 'PASSIVE_LEVEL', 'PASSIVE_LEVEL'],
  ['IRQL >= DISPATCH_LEVEL', 'DISPATCH_LEVEL', undefined],
  ['_IRQL_requires_max_(APC_LEVEL)', undefined, 'APC_LEVEL'],
  ['requires_(PASSIVE_LEVEL)', 'PASSIVE_LEVEL', 'PASSIVE_LEVEL'],
  ['< = DISPATCH_LEVEL', undefined, 'DISPATCH_LEVEL'],
  ['= PASSIVE_LEVEL', 'PASSIVE_LEVEL', 'PASSIVE_LEVEL'],
  ['PASSIVE', 'PASSIVE_LEVEL', 'PASSIVE_LEVEL'],
  ['PASSIVE_LEVEL <= IRQL <= DISPATCH_LEVEL', 'PASSIVE_LEVEL', 'DISPATCH_LEVEL'],
  ['PASSIVE_LEVEL or APC_LEVEL', 'PASSIVE_LEVEL', 'APC_LEVEL'],
  ['APC_LEVEL or below', undefined, 'APC_LEVEL'],
  ['PASSIVE_LEVEL. APC_LEVEL. DISPATCH_LEVEL.', undefined, undefined],
  ['', undefined, undefined],
];

for (const [text, min, max, conditional] of cases) {
  test(`IRQL '${text}'`, () => {
    const expected = {
      text,
      ...(min ? { min } : {}),
      ...(max ? { max } : {}),
      ...(conditional ? { conditional } : {}),
    };
    assert.deepEqual(parseIrql(text), expected);
  });
}

test('what says nothing of an IRQL is told apart', () => {
  for (const text of ['_Must_inspect_result_', 'TBD', 'AcxObjectBagRetrieveBlob'])
    assert.equal(saysIrql(text), false, text);
  for (const text of ['See Remarks.', '_requires_same_', 'Not applicable', 'Any'])
    assert.equal(saysIrql(text), true, text);
});
