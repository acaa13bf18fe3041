/** No IRP is sent or completed, and no WSK function called, while a spin lock is held. */
import type { Expression } from '../../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../../cfront/parse/walk.ts';
import { calledName, namedFunction } from '../../driver/callee.ts';
import { sureCalls } from '../../driver/handed-on.ts';
import { LOCAL, objectAt, objectName } from '../../driver/object-names.ts';
import { callsOf } from '../../driver/roles.ts';
import { isSpinLock } from '../../flow/facts/kernel.ts';
import type { Session } from '../../flow/run/session.ts';
import { pathTo } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const callHoldingSpinLock: Rule = {
  id: 'call-holding-spin-lock',
  severity: 'warning',
  docRules: ['R24'],
  also: ['SDV SpinLockSafe', 'SDV ForwardedAtBadIrql'],
  summary: 'No IRP is sent or completed while a spin lock is held.',
  calls: ['IoCancelIrp'],
  call: ({ api, where }, { state, session, report }) => {
    const [irp] = where.arguments;
    if (api !== 'IoCancelIrp' || where.inside !== undefined || irp === undefined) return;
    for (const held of state.kernel.held.values()) {
      if (!isSpinLock(held) || held.where.inside !== undefined) continue;
      report({
        where,
        message: `IoCancelIrp is called while the lock of ${held.api} is held: the completion routine of the IRP may run at once, and takes the same lock, so that the processor spins for ever.`,
        path: [
          ...pathTo(held.where, `${held.api} takes the lock here`),
          ...pathTo(where, 'IoCancelIrp is called here'),
        ],
        when: () => comesBackFor(session, irp, held.where.arguments[0]),
      });
    }
  },
  acts: ['demand'],
  act: (action, { state, report }) => {
    if (action.kind !== 'demand' || action.demand.kind !== 'no-spin-lock') return;
    const held = [...state.kernel.held.values()].find(isSpinLock);
    if (held === undefined) return;
    const { api } = action.demand;
    const others = /Complete/.test(api)
      ? 'completion routines of the drivers above'
      : api.startsWith('Wsk')
        ? 'the completion routine of its IRP'
        : 'the next driver and completion routines';
    report({
      where: action.where,
      message: `${api} is called while the lock of ${held.api} is held: ${others} may run at once, come back to this driver and want the lock again, and the processor then spins for ever.`,
      path: [
        ...pathTo(held.where, `${held.api} takes the lock here`),
        ...pathTo(action.where, `${api} is called here`),
      ],
    });
  },
};

/** A completion routine that such IRPs get takes such a lock whatever happens. */
function comesBackFor(session: Session, irp: Expression, lock: Expression | undefined): boolean {
  const place = objectName(session, stripConversions(irp, { casts: true }));
  const name = objectAt(session, lock);
  if (place === undefined || place === LOCAL || name === undefined || name === LOCAL) return false;
  return callsOf(session, 'IoSetCompletionRoutine').some(({ arguments: [set, named] }) => {
    if (set === undefined || named === undefined) return false;
    if (objectName(session, stripConversions(set, { casts: true })) !== place) return false;
    const routine = namedFunction(session, named)?.definition;
    return (
      routine !== undefined &&
      sureCalls(routine).some(
        (call) =>
          calledName(call)?.startsWith('KeAcquireSpinLock') === true && objectAt(session, call.arguments[0]) === name,
      )
    );
  });
}
