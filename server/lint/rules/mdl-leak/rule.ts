/** R98: an MDL is freed, returned or stored on every way; IoFreeIrp does not do it. */
import { lostBlocks, reportLost } from '../../blocks.ts';
import type { Rule } from '../../rule.ts';

export const mdlLeak: Rule = {
  id: 'mdl-leak',
  severity: 'warning',
  docRules: ['R98'],
  also: ['CWE-401'],
  summary: 'An MDL is given back, returned or stored on every way.',
  exit: (exit, context) => {
    for (const block of lostBlocks('mdl', exit, context.state, context.fn))
      reportLost(context, exit, block, {
        what: 'An MDL',
        free: 'IoFreeMdl',
        effect: 'it is gone until the machine restarts',
      });
  },
};
