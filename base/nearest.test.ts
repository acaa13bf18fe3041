/** Names that are a slip of the hand away from a known one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearestName } from './nearest.ts';

const cases: readonly (readonly [
  name: string,
  candidates: string,
  limit: number | undefined,
  near: string | undefined,
])[] = [
  ['IoFreeIrp', 'IoAllocateIrp IoFreeMdl IoFreeIrq', undefined, 'IoFreeIrq'],
  ['iofreeirp', 'IoFreeIrq IoFreeIrp', undefined, 'IoFreeIrp'],
  ['IoFreIrp', 'IoFreeIrp', 1, 'IoFreeIrp'],
  ['IoFreeeIrp', 'IoFreeIrp', 1, 'IoFreeIrp'],
  ['IoFereIrp', 'IoFreeIrp', 1, 'IoFreeIrp'],
  ['oIFreeIrp', 'IoFreeIrp', 1, 'IoFreeIrp'],
  ['IoFreeIpr', 'IoFreeIrp', 1, 'IoFreeIrp'],
  ['IoFeerIrp', 'IoFreeIrp', 1, undefined],
  ['IoFrIrp', 'IoFreeIrp', 1, undefined],
  ['IoFrIrp', 'IoFreeIrp', undefined, 'IoFreeIrp'],
  ['XoFreeIrq', 'IoFreeIrp', undefined, 'IoFreeIrp'],
  ['XoFreeIrq', 'IoFreeIrp', 1, undefined],
  ['length', 'lenght width', undefined, 'lenght'],
  ['aaab', 'aab aaaab', undefined, 'aab'],
  ['abc', 'abd', undefined, undefined],
];

for (const [name, candidates, limit, near] of cases) {
  test(`${name} among ${candidates}${limit === undefined ? '' : `, ${limit} edit`}`, () => {
    assert.equal(nearestName(name, candidates.split(' '), limit), near);
  });
}
