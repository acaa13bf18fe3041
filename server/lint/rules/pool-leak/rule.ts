/** Row 52: memory is freed, returned or stored on every way, the failing ones included. */
import { lostBlocks, reportLost } from '../../blocks.ts';
import type { Rule } from '../../rule.ts';

export const poolLeak: Rule = {
  id: 'pool-leak',
  severity: 'warning',
  docRules: [],
  also: ['C6014', 'CWE-401', 'Driver Verifier C4/0x62'],
  summary: 'Memory is given back, returned or stored on every way.',
  exit: (exit, context) => {
    for (const block of lostBlocks('pool', exit, context.state, context.fn))
      reportLost(context, exit, block, {
        what: 'Memory',
        free: 'ExFreePool',
        effect: 'it is gone until the machine restarts',
      });
    for (const block of lostBlocks('entry', exit, context.state, context.fn))
      reportLost(context, exit, block, {
        what: 'An entry',
        free: 'the list that it is of',
        effect: 'its memory is gone until the machine restarts',
      });
  },
};
