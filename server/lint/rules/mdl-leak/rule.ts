/** R98: an MDL is freed, returned or stored on every way; IoFreeIrp does not do it. */
import { isWhole, lostBlocks, reportLost } from '../../blocks.ts';
import { siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { heldForEver } from './lost-mdl.ts';

export const mdlLeak: Rule = {
  id: 'mdl-leak',
  severity: 'warning',
  docRules: ['R98'],
  also: ['CWE-401'],
  summary: 'An MDL is given back, returned or stored on every way.',
  call: ({ api, expression, where }, { fn, report }) => {
    if (api !== 'IoAllocateMdl' || !isWhole(fn)) return;
    const holder = heldForEver(fn.definition, expression);
    if (holder === undefined) return;
    report({
      where,
      message: `The MDL that '${holder.name}' gets is lost: nobody gives it to IoFreeMdl, also not WSK when it is done with it, and its memory is gone until the machine restarts, a little more each time.`,
      path: [],
      once: siteKey(where),
    });
  },
  exit: (exit, context) => {
    for (const block of lostBlocks('mdl', exit, context.state, context.fn))
      reportLost(context, exit, block, {
        what: 'An MDL',
        free: 'IoFreeMdl',
        effect: 'it is gone until the machine restarts',
      });
  },
};
