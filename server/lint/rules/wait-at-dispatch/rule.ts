/** No wait that may block where no other thread can run. */
import { pathTo } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { tooHigh } from '../../ways/levels.ts';

export const waitAtDispatch: Rule = {
  id: 'wait-at-dispatch',
  severity: 'error',
  docRules: ['R25', 'R91'],
  also: ['C28121', 'SDV IrqlKeWaitForMutexObject', 'Driver Verifier C4/0x3B', 'Driver Verifier C4/0x121'],
  summary: 'A wait that may block happens at APC_LEVEL at most.',
  acts: ['demand'],
  act: (action, { state, fn, session, report }) => {
    if (action.kind !== 'demand' || action.demand.kind !== 'level' || action.demand.reason !== 'wait') return;
    const { max, api } = action.demand;
    const found = tooHigh(session, fn, state, max);
    if (found === undefined) return;
    const because = found.why === undefined ? '' : `: ${found.why}`;
    report({
      where: action.where,
      message: `${api} waits, but the level ${found.certainty} ${found.level} here${because}; there the processor cannot switch to another thread, so what it waits for may never happen and the machine stops or hangs.`,
      path: [...found.path, ...pathTo(action.where, `${api} waits here`)],
    });
  },
};
