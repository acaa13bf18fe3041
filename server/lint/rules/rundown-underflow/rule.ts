/** Rundown protection is given back once for each time that it was taken. */
import { notTaken } from '../../flow/calls/kernel.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { isConditional } from '../../ways/lock-pairs.ts';

export const rundownUnderflow: Rule = {
  id: 'rundown-underflow',
  severity: 'error',
  docRules: [],
  also: ['bug check 0x18'],
  summary: 'Rundown protection is given back only by whoever has taken it.',
  acts: ['release'],
  act: (action, { state, fn, report }) => {
    if (action.kind !== 'release' || action.released.kind !== 'rundown' || state.kernel.isVague) return;
    const { lock, api } = action.released;
    const { where } = action;
    if (lock.kind === 'anything' || state.kernel.held.has(lock.key)) return;
    const ended = state.kernel.ended.get(lock.key);
    const isRefused = state.marks.has(notTaken(lock.key)) && !isConditional(fn, where.node);
    if (ended === undefined && !isRefused) return;
    report({
      where,
      message: `${api} gives back what ${isRefused ? 'was not taken: the object was going down already' : 'was given back before on this way'}. The count is one too low from here on: the object is taken down while somebody else still uses it, or the machine stops.`,
      path: ended === undefined ? [] : pathTo(ended, 'It is given back here'),
      once: siteKey(where),
    });
  },
};
