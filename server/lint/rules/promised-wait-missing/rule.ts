/** KeSetEvent with Wait TRUE promises that a wait follows at once: it returns at a raised level, holding a lock. */
import type { PathStep } from '../../../../base/finding.ts';
import { onlyCallNamed } from '../../driver/callee.ts';
import type { FunctionInfo } from '../../flow/run/session.ts';
import { resolve } from '../../flow/state/state.ts';
import { pathTo, type Where, whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

const waitAt: Readonly<Record<string, number>> = {
  KeSetEvent: 2,
  KePulseEvent: 2,
  KeReleaseMutex: 1,
  KeReleaseSemaphore: 3,
};
const MARK = 'promised-wait';

export const promisedWaitMissing: Rule = {
  id: 'promised-wait-missing',
  severity: 'error',
  docRules: [],
  also: ['CodeQL KeSetEvent', 'Driver Verifier C4/0x80'],
  summary: 'After KeSetEvent with Wait TRUE the next call is a wait.',
  events: ['wait'],
  event: (event, { state }) => {
    // A helper that waits at once keeps the promise for its caller.
    if (event.kind === 'wait' && event.isForObject === true) state.marks.delete(MARK);
  },
  seesThroughHelpers: true,
  call: (call, { state, fn, report }) => {
    if (state.marks.has(MARK)) {
      state.marks.delete(MARK);
      if (!call.api.startsWith('KeWaitFor'))
        report({
          where: call.where,
          message: `A call before this one was told with Wait TRUE that a wait follows at once, but ${call.api} comes first: it runs at a raised level with the dispatcher lock held.`,
          path: [...promised(fn, call.where), ...pathTo(call.where, 'The next call is not a wait')],
        });
    }
    const at = waitAt[call.api];
    const value = at === undefined ? undefined : call.arguments[at];
    if (at === undefined || value === undefined) return;
    const wait = resolve(state, value);
    if (wait.kind !== 'integer' || wait.value === 0n) return;
    state.marks.add(MARK);
  },
  exit: (exit, { state, fn, report }) => {
    if (!state.marks.has(MARK)) return;
    report({
      where: exit.where,
      message:
        'The function returns between a call with Wait TRUE and the wait that it promised: whatever comes next runs at a raised level with the dispatcher lock held.',
      path: [...promised(fn, exit.where), ...pathTo(exit.where, 'The function returns here without a wait')],
    });
  },
};

/** The call that promised it, where only one before the place can have. */
function promised({ definition }: FunctionInfo, before: Where): readonly PathStep[] {
  const call = onlyCallNamed(definition, (name) => Object.hasOwn(waitAt, name));
  return call === undefined || call === before.node ? [] : pathTo(whereOf(call), 'A wait is promised here');
}
