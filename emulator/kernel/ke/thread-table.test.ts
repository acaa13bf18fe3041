/** The table of threads: found by number, in the order in which they came. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KernelThread } from './scheduler-state.ts';
import { ThreadTable } from './thread-table.ts';

// The table looks at nothing but the number.
const thread = (id: number): KernelThread => ({ id }) as KernelThread;

function tableOf(...ids: readonly number[]): ThreadTable {
  const table = new ThreadTable();
  for (const id of ids) table.set(id, thread(id));
  return table;
}

const ids = (table: ThreadTable): readonly number[] => table.values().map(({ id }) => id);

test('threads stand in the order in which they came, whatever their numbers', () => {
  assert.deepEqual(ids(tableOf(3, 1, 2)), [3, 1, 2]);
});

test('one that ends leaves the others in their order, wherever it stood', () => {
  for (const [gone, left] of [
    [1, [2, 3]],
    [2, [1, 3]],
    [3, [1, 2]],
  ] as const) {
    const table = tableOf(1, 2, 3);
    assert.equal(table.delete(gone), true);
    assert.equal(table.delete(gone), false);
    assert.deepEqual(ids(table), left);
    assert.equal(table.get(gone), undefined);
    assert.equal(table.has(gone), false);
    assert.equal(table.size, 2);
  }
});

test('a number that is set again keeps its place', () => {
  const table = tableOf(1, 2);
  const again = thread(1);
  table.set(1, again);
  assert.equal(table.get(1), again);
  assert.deepEqual(ids(table), [1, 2]);
});
