/** A dispatch routine that has completed its request gives the remove lock back that it took for it. */
import { analysisOf } from '../../flow/run/run.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import { roleOf } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const removeLockHeld: Rule = {
  id: 'remove-lock-held',
  severity: 'error',
  docRules: [],
  also: ['SDV RemoveLock', 'SDV RemoveLockReleaseCompletion', 'Driver Verifier C4/0xD5'],
  summary: 'Every IoAcquireRemoveLock has its IoReleaseRemoveLock on every way.',
  exit: (exit, { state, fn, session, report }) => {
    if (state.kernel.isVague || roleOf(session, fn) !== 'DRIVER_DISPATCH') return;
    const isDone = [...state.facts.values()].some(
      ({ origin, life, isMarked }) => origin === 'received' && life.kind === 'completed' && !isMarked,
    );
    if (!isDone) return;
    for (const [key, held] of state.kernel.held) {
      if (held.kind !== 'remove-lock') continue;
      report({
        where: exit.where,
        message:
          'The request is completed, but the remove lock that was taken for it is still held: IoReleaseRemoveLockAndWait waits for it, and the device can never be removed.',
        path: [
          ...pathTo(held.where, `${held.api} takes it here`),
          ...pathTo(exit.where, 'The dispatch routine returns here without releasing it'),
        ],
        once: siteKey(exit.where),
        // A lock that is held from one request to another is released by no way of this routine.
        when: () => analysisOf(session, fn)?.exits.some((other) => other.ended.has(key)) === true,
      });
    }
  },
};
