/** Row 52, R59: what was freed is not freed again. */

import { storyOfBlock, whoFreed } from '../../blocks.ts';
import { blockName } from '../../flow/facts/kernel.ts';
import { pathTo } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const doubleFree: Rule = {
  id: 'double-free',
  severity: 'error',
  docRules: ['R59'],
  also: ['CWE-415', 'bug check 0xC2', 'Driver Verifier C4/0x13'],
  summary: 'Memory, MDLs and work items are freed once.',
  act: (action, { state, report }) => {
    if (action.kind !== 'free') return;
    const block = state.kernel.blocks.get(action.value.key);
    if (block?.life !== 'freed' || block.kind === 'handle' || block.kind === 'reference') return;
    report({
      where: action.where,
      message:
        block.freed?.completion === undefined
          ? `${action.api} gets a pointer to ${blockName(block.kind) === 'memory' ? 'memory' : `a ${blockName(block.kind)}`} that was freed before on this way: it may be another's by now, and the machine stops (BAD_POOL_CALLER) or somebody else's data is freed.`
          : `${whoFreed(block.freed)}, whatever that call returns, and ${action.api} frees it a second time: the machine stops (BAD_POOL_CALLER) or somebody else's data is freed.`,
      docRules: block.kind === 'address-list' ? ['R59'] : [],
      path: [...storyOfBlock(block), ...pathTo(action.where, 'It is freed again here')],
    });
  },
};
