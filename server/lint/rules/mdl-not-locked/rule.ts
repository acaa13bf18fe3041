/** R95, R96: only pages that MmProbeAndLockPages locked are unlocked, and once. */
import { pathTo } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const mdlNotLocked: Rule = {
  id: 'mdl-not-locked',
  severity: 'error',
  docRules: ['R95', 'R96'],
  also: ['Driver Verifier C4/0x7C', 'bug check 0x4E'],
  summary: 'MmUnlockPages gets an MDL whose pages are locked.',
  call: (call, { state, report }) => {
    if (call.api !== 'MmUnlockPages') return;
    const mdl = call.arguments[0];
    const block = mdl === undefined ? undefined : state.kernel.blocks.get(mdl.key);
    if (block?.kind !== 'mdl' || block.pages === 'unknown' || block.pages === 'locked') return;
    const why =
      block.pages === 'unlocked'
        ? 'were unlocked before on this way'
        : block.pages === 'nonpaged'
          ? 'were never locked: MmBuildMdlForNonPagedPool only describes them'
          : 'were never locked on this way';
    report({
      where: call.where,
      message: `The pages of this MDL ${why}; MmUnlockPages takes away a lock that is another's, and the machine stops (PFN_LIST_CORRUPT).`,
      path: [
        ...(block.made === undefined ? [] : pathTo(block.made.where, 'The MDL is made here')),
        ...(block.locked === undefined ? [] : pathTo(block.locked, 'Its pages are locked here')),
        ...pathTo(call.where, 'MmUnlockPages is called here'),
      ],
      docRules: [block.pages === 'nonpaged' ? 'R95' : 'R96'],
    });
  },
};
