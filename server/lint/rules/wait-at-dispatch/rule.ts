/** No wait that may block where no other thread can run. */
import { pathTo } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { missedDemand } from '../../ways/levels.ts';

export const waitAtDispatch: Rule = {
  id: 'wait-at-dispatch',
  severity: 'error',
  docRules: ['R25', 'R91'],
  also: ['C28121', 'SDV IrqlKeWaitForMutexObject', 'Driver Verifier C4/0x3B', 'Driver Verifier C4/0x121'],
  summary: 'A wait that may block happens at APC_LEVEL at most.',
  acts: ['demand'],
  act: (action, context) => {
    const missed = missedDemand(action, 'wait', context);
    if (missed === undefined) return;
    const { api, found, severity } = missed;
    context.report({
      where: action.where,
      message: `${api} waits, but ${found.text}; there the processor cannot switch to another thread, so what it waits for may never happen and the machine stops or hangs.`,
      path: [...found.path, ...pathTo(action.where, `${api} waits here`)],
      ...(severity === undefined ? {} : { severity }),
    });
  },
};
