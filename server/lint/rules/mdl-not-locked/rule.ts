/** Only pages that MmProbeAndLockPages locked are unlocked, and once. */
import { pathTo } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const mdlNotLocked: Rule = {
  id: 'mdl-not-locked',
  severity: 'error',
  docRules: ['R95', 'R96'],
  also: ['Driver Verifier C4/0x7C', 'bug check 0x4E'],
  summary: 'MmUnlockPages gets an MDL whose pages are locked.',
  acts: ['pages'],
  act: (action, { state, report }) => {
    if (action.kind !== 'pages' || action.becomes !== 'unlocked') return;
    const { mdl, where } = action;
    const block = state.kernel.blocks.get(mdl.key);
    if (block?.kind !== 'mdl' || block.pages === 'unknown' || block.pages === 'locked') return;
    const why =
      block.pages === 'unlocked'
        ? 'were unlocked before on this way'
        : block.pages === 'nonpaged'
          ? 'were never locked: MmBuildMdlForNonPagedPool only describes them'
          : 'were never locked on this way';
    report({
      where,
      message: `The pages of this MDL ${why}; MmUnlockPages takes away a lock that is another's, and the machine stops (PFN_LIST_CORRUPT).`,
      path: [
        ...(block.made === undefined ? [] : pathTo(block.made.where, 'The MDL is made here')),
        ...(block.locked === undefined ? [] : pathTo(block.locked, 'Its pages are locked here')),
        ...pathTo(where, 'MmUnlockPages is called here'),
      ],
      docRules: [block.pages === 'nonpaged' ? 'R95' : 'R96'],
    });
  },
};
