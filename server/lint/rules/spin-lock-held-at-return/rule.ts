/** A function that releases a lock on some ways releases it on all. */
import { isSpinLock } from '../../flow/facts/kernel.ts';
import type { Rule } from '../../rule.ts';
import { forgottenLocks } from '../../ways/locks.ts';

export const spinLockHeldAtReturn: Rule = {
  id: 'spin-lock-held-at-return',
  severity: 'error',
  docRules: [],
  also: ['SDV SpinLock', 'C26166', 'C28103', 'Driver Verifier C4/0x40007'],
  summary: 'A spin lock is released on every way out of the function that takes it.',
  finish: ({ session, report }) => {
    for (const { held, fn, path, exit } of forgottenLocks(session)) {
      if (!isSpinLock(held)) continue;
      report({
        where: exit.where,
        message: `${fn.definition.symbol.name} returns here with the spin lock of ${held.api} held: the level stays at DISPATCH_LEVEL, and the next one who wants the lock spins for ever.`,
        path,
        once: `${fn.key} ${held.lock.key}`,
      });
    }
  },
};
