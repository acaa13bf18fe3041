/**
 * R97, R80: what may be NULL, because memory is short or because WSK tells a callback so that the socket has failed, is
 * checked before it is used.
 */
import { blockName } from '../../flow/facts/kernel.ts';
import { isNull, mayBeNull } from '../../flow/state/state.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const nullDereference: Rule = {
  id: 'null-dereference',
  severity: 'error',
  docRules: ['R97', 'R80'],
  also: ['C6011', 'C28193', 'CWE-476'],
  summary: 'The result of an allocation, and what WSK gives to a callback, is checked for NULL before it is used.',
  act: (action, { state, fn, report }) => {
    if (action.kind !== 'touch') return;
    const block = state.kernel.blocks.get(action.pointer.key);
    if (block?.kind === 'argument' && mayBeNull(state, block.value)) {
      report({
        where: action.where,
        message: `WSK calls with NULL here when the socket can be used no more, and ${action.by ?? 'this access'} then stops the machine: what is left to do with the socket is to close it.`,
        path: [],
        severity: 'warning',
        docRules: ['R80'],
        once: `${fn.key} ${action.pointer.key}`,
      });
      return;
    }
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
      docRules: ['R97'],
      once: siteKey(where),
    });
  },
};
