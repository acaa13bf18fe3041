/** Each KeEnterCriticalRegion has its KeLeaveCriticalRegion on every way out; guarded regions likewise. */
import type { Rule } from '../../rule.ts';
import { forgottenLocks } from '../../ways/locks.ts';

export const criticalRegionNotLeft: Rule = {
  id: 'critical-region-not-left',
  severity: 'error',
  docRules: [],
  also: ['SDV CriticalRegions', 'SDV GuardedRegions', 'Driver Verifier C4/0x3E'],
  summary: 'A critical or guarded region is left on every way out of the function that enters it.',
  finish: ({ session, report }) => {
    for (const { held, fn, path, exit } of forgottenLocks(session)) {
      if (held.kind !== 'critical-region' && held.kind !== 'guarded-region' && held.kind !== 'fast-mutex') continue;
      const what = held.kind === 'fast-mutex' ? 'the fast mutex held' : 'the region entered';
      report({
        where: exit.where,
        message: `${fn.definition.symbol.name} returns here with ${what} by ${held.api}: APCs stay disabled for the thread, its I/O no longer completes, and the system stops when the thread goes back to user mode.`,
        path,
        once: `${fn.key} ${held.lock.key}`,
      });
    }
  },
};
