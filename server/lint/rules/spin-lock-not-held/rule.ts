/** Row 47: a spin lock is released once for each time that it was taken. */
import { isSpinLock } from '../../flow/facts/kernel.ts';
import { pathTo } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const spinLockNotHeld: Rule = {
  id: 'spin-lock-not-held',
  severity: 'error',
  docRules: [],
  also: ['SDV SpinLock', 'SDV SpinLockRelease', 'bug check 0x10'],
  summary: 'A spin lock that is released is held.',
  act: (action, { state, report }) => {
    if (action.kind !== 'release' || !isSpinLock(action.released) || state.kernel.isVague) return;
    const { lock, api } = action.released;
    if (lock.kind === 'anything' || state.kernel.held.has(lock.key)) return;
    const ended = state.kernel.ended.get(lock.key);
    if (ended === undefined) return;
    report({
      where: action.where,
      message: `${api} releases a spin lock that was released before on this path: by now another processor may hold it, and two of them are inside at once.`,
      path: [...pathTo(ended, 'The lock is released here'), ...pathTo(action.where, 'It is released again here')],
    });
  },
};
