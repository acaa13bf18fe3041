/** No IRP is sent or completed, and no WSK function called, while a spin lock is held. */
import { isSpinLock } from '../../flow/facts/kernel.ts';
import { pathTo } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const callHoldingSpinLock: Rule = {
  id: 'call-holding-spin-lock',
  severity: 'warning',
  docRules: ['R24'],
  also: ['SDV SpinLockSafe', 'SDV ForwardedAtBadIrql'],
  summary: 'No IRP is sent or completed while a spin lock is held.',
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
