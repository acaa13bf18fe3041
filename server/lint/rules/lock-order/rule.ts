/** Two locks are taken in one order everywhere. */
import type { LockOrder } from '../../flow/run/session.ts';
import { pathTo } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { hasSeveral } from './kinds.ts';

export const lockOrder: Rule = {
  id: 'lock-order',
  severity: 'error',
  docRules: [],
  also: ['Driver Verifier C4/0x1001', 'C26110', 'CWE-833'],
  summary: 'Locks that are held together are taken in one order everywhere.',
  finish: ({ session, report }) => {
    const orders = [...session.lockOrders.values()];
    for (const [index, second] of orders.entries()) {
      const first = orders.slice(0, index).find((other) => isReverse(other, second));
      if (first === undefined) continue;
      const kinds = [...(first.alike ?? []), ...(second.alike ?? [])];
      if (kinds.some((tag) => hasSeveral(session, tag))) continue;
      const effect = 'two processors do both at once, each waits for the lock that the other one holds, for ever.';
      report({
        where: second.inner.where,
        ...(kinds.length === 0 ? {} : { severity: 'warning' }),
        message:
          kinds.length === 0
            ? `The two locks are taken in the other order elsewhere: when ${effect}`
            : `Locks of these objects are taken in the other order elsewhere: when, with the same two objects, ${effect}`,
        path: [
          ...pathTo(second.outer.where, `${second.outer.api} takes the first lock here`),
          ...pathTo(second.inner.where, `${second.inner.api} takes the second one here`),
          ...pathTo(first.outer.where, `Elsewhere ${first.outer.api} takes the second one first`),
          ...pathTo(first.inner.where, `and ${first.inner.api} then the first one`),
        ],
      });
    }
  },
};

/** The same two locks the other way round, and no third lock that both ways hold. */
function isReverse(a: LockOrder, b: LockOrder): boolean {
  const isSamePair = a.outer.lock.key === b.inner.lock.key && a.inner.lock.key === b.outer.lock.key;
  return isSamePair && !a.held.some((key) => key !== a.outer.lock.key && b.held.includes(key));
}
