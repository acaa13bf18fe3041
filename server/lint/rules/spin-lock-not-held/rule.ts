/**
 * A spin lock is released once for each time that it was taken. Where it may be a caller's, that is told of a release
 * that every way comes to, with a level that nobody but this function's own locks has, which other ways take.
 */
import { isSpinLock } from '../../flow/facts/kernel.ts';
import { analysisOf } from '../../flow/run/run.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { isConditional } from '../../ways/lock-pairs.ts';
import { hasLevelToItself } from '../../ways/locks.ts';

export const spinLockNotHeld: Rule = {
  id: 'spin-lock-not-held',
  severity: 'error',
  docRules: [],
  also: ['SDV SpinLock', 'SDV SpinLockRelease', 'bug check 0x10'],
  summary: 'A spin lock that is released is held.',
  acts: ['release'],
  act: (action, { state, fn, session, report }) => {
    if (action.kind !== 'release' || !isSpinLock(action.released) || state.kernel.isVague) return;
    const { lock, api } = action.released;
    if (lock.kind === 'anything' || state.kernel.held.has(lock.key)) return;
    const ended = state.kernel.ended.get(lock.key);
    if (ended === undefined) {
      const { released, where } = action;
      if (!hasLevelToItself(fn, released) || isConditional(fn, where.node)) return;
      report({
        where,
        message: `${api} releases a spin lock that was not taken on this way: another processor may hold it, and two of them are inside at once.`,
        path: pathTo(where, 'It is released here'),
        once: siteKey(where),
        when: () => analysisOf(session, fn)?.exits.some((exit) => exit.ended.has(lock.key)) === true,
      });
      return;
    }
    report({
      where: action.where,
      message: `${api} releases a spin lock that was released before on this path: by now another processor may hold it, and two of them are inside at once.`,
      path: [...pathTo(ended, 'The lock is released here'), ...pathTo(action.where, 'It is released again here')],
    });
  },
};
