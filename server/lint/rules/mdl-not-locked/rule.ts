/** Only pages that MmProbeAndLockPages locked are unlocked, and once; and WSK gets an MDL that knows its pages. */
import { functionsNamed } from '../../driver/named.ts';
import { neverBuilt } from '../../driver/never-given-back.ts';
import { leadsOutside, mayCall } from '../../driver/reach.ts';
import { heldBehind } from '../../flow/calls/behind.ts';
import type { Session } from '../../flow/run/session.ts';
import { resolve } from '../../flow/state/state.ts';
import { pathTo, type Where, whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const mdlNotLocked: Rule = {
  id: 'mdl-not-locked',
  severity: 'error',
  docRules: ['R95', 'R96'],
  also: ['Driver Verifier C4/0x7C', 'bug check 0x4E'],
  summary: 'MmUnlockPages gets an MDL whose pages are locked, and WSK one whose pages are known.',
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
  seesThroughHelpers: true,
  calls: 'wsk',
  call: (call, { state, session, report }) => {
    const index = call.parameters.indexOf('Buffer');
    if (index < 0) return;
    const mdl = resolve(state, heldBehind(state, call, { index, offset: 0, size: 8 }));
    const { made, pages, kind, life } = state.kernel.blocks.get(mdl.key) ?? {};
    if (kind !== 'mdl' || made === undefined || life !== 'live' || (pages !== 'none' && pages !== 'unlocked')) return;
    report({
      where: call.where,
      message: `${call.api} gets an MDL whose pages ${pages === 'none' ? 'neither MmBuildMdlForNonPagedPool nor MmProbeAndLockPages has found' : 'were unlocked before'}: the network reads or writes whatever pages it happens to name.`,
      path: [...pathTo(made.where, 'The MDL is made here'), ...pathTo(call.where, `${call.api} is called here`)],
      docRules: [],
      when: () => !isBuiltInside(session, call.where),
    });
  },
  finish: ({ session, report }) => {
    for (const { made, keeper, use } of neverBuilt(session))
      report({
        where: whereOf(made),
        message: `The MDL is kept in ${keeper.name}, and nothing in the driver calls MmBuildMdlForNonPagedPool or MmProbeAndLockPages for it: the network reads or writes whatever pages it happens to name.`,
        path: [...pathTo(whereOf(made), 'It is made here'), ...pathTo(whereOf(use), 'It is given away here')],
        docRules: [],
      });
  },
};

/** The helper that makes the call finds the pages before, or calls code that is not here. */
function isBuiltInside(session: Session, { inside }: Where): boolean {
  if (inside === undefined) return false;
  const [helper, another] = functionsNamed(session, inside.helper);
  if (helper === undefined || another !== undefined || leadsOutside(session, helper)) return true;
  return mayCall(session, helper, builders);
}

const builders = [
  'MmBuildMdlForNonPagedPool',
  'MmProbeAndLockPages',
  'MmProbeAndLockProcessPages',
  'MmProbeAndLockSelectedPages',
  'IoBuildPartialMdl',
];
