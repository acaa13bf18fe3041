/** A spin lock, or a fast mutex, is not taken by a thread that holds it already. */
import { isSpinLock } from '../../flow/facts/kernel.ts';
import { pathTo } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const spinLockDeadlock: Rule = {
  id: 'spin-lock-deadlock',
  severity: 'error',
  docRules: [],
  also: ['SDV SpinLock', 'SDV QueuedSpinLock', 'Driver Verifier C4/0x1001'],
  summary: 'A spin lock or fast mutex that is held is not taken again.',
  acts: ['demand'],
  act: (action, { state, report }) => {
    if (action.kind !== 'demand' || action.demand.kind !== 'lock-free') return;
    const { lock, api } = action.demand;
    if (lock.kind === 'anything') return;
    const held = state.kernel.held.get(lock.key);
    if (held === undefined || !(isSpinLock(held) || held.kind === 'fast-mutex')) return;
    report({
      where: action.where,
      message: isSpinLock(held)
        ? `${api} takes a spin lock that this thread holds already: it spins for a release that can never come, and the processor hangs.`
        : `${api} takes a fast mutex that this thread holds already: it waits for itself, for ever.`,
      path: [
        ...pathTo(held.where, `${held.api} takes the lock here`),
        ...pathTo(action.where, 'It is taken again here'),
      ],
    });
  },
};
