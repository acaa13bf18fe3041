/**
 * Memory with a timer that is set, or with a DPC or a work item that is queued, is not given back. What was set here
 * stays so until something cancels it or waits; a function that does either, itself or by a helper, is left alone.
 */
import type { CallExpression } from '../../../../cfront/parse/ast.ts';
import { constantValue, nodePlace } from '../../../../cfront/parse/walk.ts';
import { calledName } from '../../driver/callee.ts';
import { isStatement, watchMemory } from '../../driver/held-within.ts';
import { neverEnded } from '../../driver/never-ended.ts';
import { callsOf } from '../../driver/roles.ts';
import { pathTo, siteKey, whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const activeTimerFreed: Rule = {
  id: 'active-timer-freed',
  severity: 'error',
  docRules: [],
  also: ['bug check 0xC7', 'Driver Verifier C4/0x15', 'SDV KeSetTimer', 'CWE-416'],
  summary: 'Memory is given back when no timer in it is set, and no DPC or work item in it is queued.',
  ...watchMemory({
    mark: 'armed',
    beginning: {
      KeSetTimer: 'a timer that is set',
      KeSetTimerEx: 'a timer that is set',
      KeSetCoalescableTimer: 'a timer that is set',
      KeInsertQueueDpc: 'a DPC that is queued',
      ExQueueWorkItem: 'a work item that is queued',
      IoQueueWorkItem: 'a work item that is queued',
      IoQueueWorkItemEx: 'a work item that is queued',
    },
    ending: [
      ...['KeCancelTimer', 'ExCancelTimer', 'KeRemoveQueueDpc', 'KeRemoveQueueDpcEx', 'KeFlushQueuedDpcs'],
      ...['KeWaitForSingleObject', 'KeWaitForMultipleObjects', 'KeDelayExecutionThread', 'IoUninitializeWorkItem'],
    ],
    endsByWaiting: true,
    // Whoever looks at what the call says knows whether it was queued.
    isSure: isStatement,
  }),
  finish: ({ session, report }) => {
    const set = setters.flatMap((name) => callsOf(session, name));
    for (const { member, made, freed, isUnseen } of neverEnded(session, set, ['KeCancelTimer', 'ExCancelTimer'])) {
      const isPeriodic = startsAgain(made);
      // One that goes off once may have done so.
      if (!isPeriodic && !isUnseen) continue;
      report({
        where: whereOf(freed),
        span: nodePlace(freed),
        message: `What is given back here holds a timer (${member}) that ${isPeriodic ? 'starts again and again' : 'may still be set'}, and nothing in these files gives it to KeCancelTimer: the kernel still has its address, and goes on with what lies there by then.`,
        path: pathTo(whereOf(made), `${calledName(made)} sets it here`),
        once: siteKey(whereOf(freed)),
      });
    }
  },
};

const setters = ['KeSetTimer', 'KeSetTimerEx', 'KeSetCoalescableTimer'];

/** The period, which is the third argument of four or more, is a number other than 0. */
function startsAgain({ arguments: [, , period, ...more] }: CallExpression): boolean {
  if (more.length === 0) return false;
  const known = period === undefined ? undefined : constantValue(period);
  return known !== undefined && known !== 0n;
}
