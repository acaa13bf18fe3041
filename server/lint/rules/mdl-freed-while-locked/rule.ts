/** Pages that were locked are unlocked before their MDL is freed. */
import { constantValue } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../body/nodes.ts';
import { isMentioned, isWholeDriver, liveFunctions } from '../../driver/reach.ts';
import { callsOf } from '../../driver/roles.ts';
import type { Session } from '../../flow/run/session.ts';
import { pathTo, whereOf } from '../../flow/state/where.ts';
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
  finish: ({ session, report }) => {
    const [call] = ['MmProbeAndLockPages', 'MmProbeAndLockProcessPages'].flatMap((name) => callsOf(session, name));
    if (call === undefined || callsOf(session, 'IoFreeMdl').length === 0 || !isWholeDriver(session)) return;
    if (isMentioned(session, ['MmUnlockPages']) || givesToIrps(session)) return;
    report({
      where: whereOf(call, call.arguments),
      message:
        'Nothing in the driver unlocks these pages, and IoFreeMdl forgets which they were: they stay in memory for ever, and the machine stops when their process ends (PROCESS_HAS_LOCKED_PAGES).',
      path: [],
    });
  },
};

/** The pages of an MDL that an IRP has are unlocked when that is completed. */
function givesToIrps(session: Session): boolean {
  return (
    callsOf(session, 'IoAllocateMdl').some(
      ({ arguments: [, , , , irp] }) => irp === undefined || constantValue(irp) !== 0n,
    ) ||
    liveFunctions(session).some(({ definition }) =>
      nodesIn(definition, 'assign').some(({ target }) => target.kind === 'member' && target.name === 'MdlAddress'),
    )
  );
}
