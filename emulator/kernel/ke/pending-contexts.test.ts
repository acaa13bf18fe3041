/** Contexts wait in order; of each order only the first may be next; DPCs can be found and taken out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GuestAddress } from '../../machine/native.ts';
import { recordChoices, usualStrategy } from '../../sim/index.ts';
import {
  createPendingContexts,
  hasPending,
  pendingDpcs,
  pushPending,
  pushPendingFirst,
  removePendingDpc,
  takePending,
} from './pending-contexts.ts';
import type { PendingContext } from './scheduler-state.ts';

function context(id: number, order?: string, dpc?: bigint): PendingContext {
  const step = { name: 'step', state: {} };
  return { id, irql: 2, label: String(id), step, order, dpc: dpc as GuestAddress | undefined, position: 0 };
}

/** What the plain definition says: the contexts that are the first of their order, in the order of their coming. */
function firsts(all: readonly PendingContext[]): readonly PendingContext[] {
  return all.filter(({ order }, i) => order === undefined || all.findIndex((other) => other.order === order) === i);
}

test('whatever is chosen, it is one of the firsts, as a plain list would have them', () => {
  const pending = createPendingContexts();
  let plain: PendingContext[] = [];
  const orders = ['a', 'b', undefined, 'a', 'c', 'b', 'a', undefined];
  let next = 12345;
  for (let i = 0; i < 2000; i++) {
    next = (next * 1103515245 + 12345) % 2147483648;
    if (plain.length === 0 || next % 5 < 3) {
      const one = context(i, orders[next % orders.length]);
      pushPending(pending, one);
      plain.push(one);
      continue;
    }
    const options = firsts(plain);
    const wanted = options[next % options.length];
    const taken = takePending(
      pending,
      recordChoices({
        name: 'given',
        choose: (point) => {
          assert.equal(point.options, options.length);
          return next % point.options;
        },
      }),
    );
    assert.equal(taken, wanted);
    plain = plain.filter((one) => one !== wanted);
    assert.equal(hasPending(pending), plain.length > 0);
  }
});

test('what goes before all others does, and DPCs are found', () => {
  const pending = createPendingContexts();
  pushPending(pending, context(1, undefined, 16n));
  pushPending(pending, context(2, 'a'));
  pushPendingFirst(pending, { ...context(3, undefined, 32n), order: undefined });
  pushPendingFirst(pending, { ...context(4), order: undefined });
  assert.deepEqual(
    pendingDpcs(pending).map(({ id }) => id),
    [3, 1],
  );
  assert.equal(removePendingDpc(pending, 32n as GuestAddress), true);
  assert.equal(removePendingDpc(pending, 32n as GuestAddress), false);
  const order = [0, 0, 0, 0].map(() => takePending(pending, recordChoices(usualStrategy))?.id);
  assert.deepEqual(order, [4, 1, 2, undefined]);
});
