/** A list has one lock: who puts entries into it and who takes them out hold the same one. */
import type { ListUse, Session } from '../../flow/run/session.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const listUnderTwoLocks: Rule = {
  id: 'list-under-two-locks',
  severity: 'warning',
  docRules: [],
  also: ['CWE-667', 'CWE-362'],
  summary: 'Entries are put into a list and taken out of it under the same lock.',
  finish: ({ session, report }) => {
    const uses = session.reached.flatMap(({ told }) => [...told.lists.values()]);
    for (const taken of uses) {
      if (taken.what !== 'taken') continue;
      const put = uses.find((one) => one.what === 'put' && one.list === taken.list && !sharesLock(session, one, taken));
      if (put === undefined) continue;
      report({
        where: taken.where,
        message: `${taken.api} takes an entry out of a list under another lock than the one under which entries are put in: both happen at once on two processors, and the list's pointers are lost.`,
        path: [
          ...pathTo(put.where, `${put.api} puts an entry into it here, under one lock`),
          ...pathTo(taken.where, `${taken.api} takes one out here, under the other`),
        ],
        once: siteKey(taken.where),
      });
    }
  },
};

/** Both hold some lock, or both locks are taken somewhere under one and the same. */
function sharesLock({ lockOrders }: Session, a: ListUse, b: ListUse): boolean {
  if (a.locks.some((lock) => b.locks.includes(lock))) return true;
  const around = (locks: readonly string[]): readonly string[] =>
    [...lockOrders.values()].flatMap(({ inner, outer }) => (locks.includes(inner.lock.key) ? [outer.lock.key] : []));
  const others = around(b.locks);
  return (
    around(a.locks).some((lock) => others.includes(lock) || b.locks.includes(lock)) ||
    others.some((lock) => a.locks.includes(lock))
  );
}
