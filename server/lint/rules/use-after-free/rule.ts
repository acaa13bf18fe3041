/** Memory is left alone after it was freed. */
import { blockBehind } from '../../flow/facts/kernel.ts';
import { pathTo, siteKey, whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { storyOfBlock, whoFreed } from '../../ways/blocks.ts';
import { freedBeforeStop } from './before-stop.ts';

export const useAfterFree: Rule = {
  id: 'use-after-free',
  severity: 'error',
  docRules: [],
  also: ['C6001', 'CWE-416', 'Driver Verifier C4/0x62', 'bug check 0xCC'],
  summary: 'Memory and MDLs are left alone after they were freed.',
  acts: ['touch'],
  act: (action, { state, report }) => {
    if (action.kind !== 'touch') return;
    const block = blockBehind(state.kernel, action.pointer);
    if (block?.life !== 'freed' || block.freed === undefined) return;
    // What a thread frees when it has been told to is still there until then.
    if (block.freed.by?.isAtOnce === false) return;
    if (!/^(?:pool|entry|mdl|device)$/.test(block.kind)) return;
    const mark = `use-after-free@${siteKey(block.freed.where)}`;
    if (state.marks.has(mark)) return;
    state.marks.add(mark);
    const by = action.by ?? 'this access';
    report({
      where: action.where,
      message: `${whoFreed(block.freed)}, and ${by} reads or writes what may be another's by now: that one's data breaks, or the machine stops.`,
      path: [...storyOfBlock(block), ...pathTo(action.where, 'It is used here')],
    });
  },
  finish: ({ session, report }) => {
    for (const { free, stop, routine, member } of freedBeforeStop(session)) {
      const { name } = routine.definition.symbol;
      report({
        where: whereOf(free, free.arguments),
        severity: 'warning',
        message: `${name} uses ${member}, and is stopped only after this: until then it may run, and reads or writes what may be another's by now.`,
        path: [
          ...pathTo(whereOf(free), `${member} is freed here`),
          ...pathTo(whereOf(stop), `${name} is stopped here`),
        ],
      });
    }
  },
};
