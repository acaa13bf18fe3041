/** Row 59: paged pool is left alone at DISPATCH_LEVEL: nobody can read it back in there when it has been paged out. */
import { APC_LEVEL } from '../../flow/facts/kernel.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import { tooHigh } from '../../levels.ts';
import type { Rule } from '../../rule.ts';

export const pagedMemoryAtDispatch: Rule = {
  id: 'paged-memory-at-dispatch',
  severity: 'error',
  docRules: ['R99'],
  also: ['bug check 0xA', 'bug check 0xD1', 'C28118'],
  summary: 'Paged pool is read and written at APC_LEVEL at most.',
  act: (action, { state, fn, session, report }) => {
    if (action.kind !== 'touch') return;
    const block = state.kernel.blocks.get(action.pointer.key);
    if (block?.made === undefined || !block.isPaged || block.life !== 'live') return;
    const found = tooHigh(session, fn, state, APC_LEVEL);
    if (found === undefined) return;
    const because = found.why === undefined ? '' : ` (${found.why})`;
    report({
      where: action.where,
      message: `${block.made.api} gave paged pool, and the level ${found.certainty} ${found.level} here${because}: where the memory has been paged out, the machine stops.`,
      path: [
        ...pathTo(block.made.where, `${block.made.api} gives it here`),
        ...found.path,
        ...pathTo(action.where, 'It is used here'),
      ],
      once: siteKey(block.made.where),
    });
  },
};
