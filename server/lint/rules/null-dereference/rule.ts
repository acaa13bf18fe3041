/** R97: what may be NULL because memory is short is checked before it is used. */
import { blockName } from '../../flow/facts/kernel.ts';
import { isNull, mayBeNull } from '../../flow/state/state.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const nullDereference: Rule = {
  id: 'null-dereference',
  severity: 'error',
  docRules: ['R97'],
  also: ['C6011', 'C28193', 'CWE-476'],
  summary: 'The result of an allocation is checked for NULL before it is used.',
  act: (action, { state, report }) => {
    if (action.kind !== 'touch') return;
    const block = state.kernel.blocks.get(action.pointer.key);
    if (block?.made === undefined || !block.isNullable || block.life !== 'live') return;
    if (!mayBeNull(state, block.value)) return;
    const { api, where } = block.made;
    report({
      where: action.where,
      message: `The ${blockName(block.kind)} ${isNull(state, block.value) ? 'is' : 'may be'} NULL here: ${api} gives NULL when memory is short, and ${action.by ?? 'this access'} then stops the machine.`,
      path: [
        ...pathTo(where, `${api} is called here`),
        ...pathTo(action.where, 'Its result is used here without a check'),
      ],
      once: siteKey(where),
    });
  },
};
