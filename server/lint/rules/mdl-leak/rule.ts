/** An MDL is freed, returned or stored on every way; IoFreeIrp does not do it. */
import { isWhole } from '../../body/whole.ts';
import { looksAtNoMdl, overlaid, runsAgain } from '../../driver/lasting.ts';
import { reportKeptAtStart, reportNeverGivenBack } from '../../driver/never-given-back.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { reportLostBlocks } from '../../ways/lost-blocks.ts';
import { isNobodyElses, lostHolders } from '../../ways/lost-holders.ts';

const words = { what: 'An MDL', free: 'IoFreeMdl', effect: 'it is gone until the machine restarts' };

export const mdlLeak: Rule = {
  id: 'mdl-leak',
  severity: 'warning',
  docRules: ['R98'],
  also: ['CWE-401'],
  summary: 'An MDL is given back, returned or stored on every way.',
  exit: (exit, context) => {
    reportKeptAtStart(context, exit, 'mdl', words);
    reportLostBlocks(context, exit, 'mdl', words);
    if (context.state.kernel.blocks.size === 0 || !isWhole(context.fn)) return;
    for (const { value, made } of overlaid(context.state))
      if (made !== undefined)
        context.report({
          where: made.where,
          message: `The MDL is put where the one of the request before may lie, and nothing on this way looks whether one is there: each such request but the last leaves one behind, until the machine restarts.`,
          path: pathTo(made.where, `${made.api} gives it here`),
          once: `${siteKey(made.where)} ${value.kind}`,
          when: () =>
            runsAgain(context.session, context.fn) === 'each-request' &&
            looksAtNoMdl(context.session, context.fn, made.where),
        });
    for (const lost of lostHolders('mdl', exit, context.state)) {
      const { made } = lost.block;
      if (made === undefined) continue;
      context.report({
        where: made.where,
        message: `Nothing leads to this MDL but memory that ${lost.freedBy} gives back, and that does not free it: it is gone until the machine restarts.`,
        path: pathTo(made.where, `${made.api} gives it here`),
        once: siteKey(made.where),
        when: () => isNobodyElses(context.session, context.fn, lost),
      });
    }
  },
  finish: (context) => reportNeverGivenBack(context, 'mdl', words),
};
