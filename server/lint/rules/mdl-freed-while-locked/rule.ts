/** R96: pages that were locked are unlocked before their MDL is freed. */
import { pathTo } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const mdlFreedWhileLocked: Rule = {
  id: 'mdl-freed-while-locked',
  severity: 'error',
  docRules: ['R96'],
  also: ['bug check 0x76', 'Driver Verifier C4/0xB8'],
  summary: 'The pages of an MDL are unlocked before it is freed.',
  acts: ['free'],
  act: (action, { state, report }) => {
    if (action.kind !== 'free' || action.block !== 'mdl') return;
    const block = state.kernel.blocks.get(action.value.key);
    if (block?.kind !== 'mdl' || block.pages !== 'locked' || block.life !== 'live' || block.locked === undefined)
      return;
    report({
      where: action.where,
      message: `The pages of this MDL are still locked, and ${action.api} forgets which they were: they stay in memory for ever, and the machine stops when their process ends (PROCESS_HAS_LOCKED_PAGES).`,
      path: [...pathTo(block.locked, 'The pages are locked here'), ...pathTo(action.where, 'The MDL is freed here')],
    });
  },
};
