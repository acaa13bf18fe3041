/**
 * Rows 53 and 58: memory with a timer that is set, or with a DPC or a work item that is queued, is not given back. What was
 * set here stays so until something cancels it or waits; a function that does either, itself or by a helper, is left alone.
 */
import { isUnknownCall } from '../../callee.ts';
import { mayWait } from '../../flow/calls/apis.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { resolve, type State } from '../../flow/state/state.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import { ANYTHING, placeAt, type Root } from '../../flow/values/values.ts';
import { nodesIn, standsAlone } from '../../nodes.ts';
import { mayCall } from '../../reach.ts';
import type { CheckContext, Rule } from '../../rule.ts';

/** What each call makes of the object that its first argument leads to. */
const arming: Readonly<Record<string, string>> = {
  KeSetTimer: 'a timer that is set',
  KeSetTimerEx: 'a timer that is set',
  KeSetCoalescableTimer: 'a timer that is set',
  KeInsertQueueDpc: 'a DPC that is queued',
  ExQueueWorkItem: 'a work item that is queued',
  IoQueueWorkItem: 'a work item that is queued',
  IoQueueWorkItemEx: 'a work item that is queued',
};

const ending = [
  ...['KeCancelTimer', 'ExCancelTimer', 'KeRemoveQueueDpc', 'KeRemoveQueueDpcEx', 'KeFlushQueuedDpcs'],
  ...['KeWaitForSingleObject', 'KeWaitForMultipleObjects', 'KeDelayExecutionThread', 'IoUninitializeWorkItem'],
];

export const activeTimerFreed: Rule = {
  id: 'active-timer-freed',
  severity: 'error',
  docRules: [],
  also: ['bug check 0xC7', 'Driver Verifier C4/0x15', 'SDV KeSetTimer', 'CWE-416'],
  summary: 'Memory is given back when no timer in it is set, and no DPC or work item in it is queued.',
  call: (call, { state, fn }) => {
    const what = arming[call.api];
    // Whoever looks at what the call says knows whether it was queued.
    const isUnasked = call.where.inside === undefined && standsAlone(fn.definition, call.expression);
    if (what !== undefined && isUnasked) {
      const root = placeAt(resolve(state, call.arguments[0] ?? ANYTHING))?.root;
      if (root !== undefined) state.marks.add(`${MARK}${nameOf(root)} ${what}`);
    } else if (ending.includes(call.api) || mayWait(call.api)) {
      for (const mark of armed(state)) state.marks.delete(mark);
    }
  },
  act: (action, context) => {
    if (action.kind !== 'free' || (action.block !== 'pool' && action.block !== 'work-item')) return;
    const { state, fn, session, report } = context;
    const name = `${MARK}*${action.value.key} `;
    const mark = armed(state).find((one) => one.startsWith(name));
    if (mark === undefined) return;
    report({
      where: action.where,
      message: `${action.api} gives back memory with ${mark.slice(name.length)}: the kernel still has its address, and goes on with what lies there by then.`,
      path: pathTo(action.where, 'It is given back here'),
      once: siteKey(action.where),
      when: () => !endsIt(session, fn),
    });
  },
  exit: (exit, context) => {
    for (const mark of armed(context.state)) tellOfStack(mark, exit.where, context);
  },
};

const MARK = 'armed@';

function armed({ marks }: State): readonly string[] {
  return marks.size === 0 ? [] : [...marks].filter((mark) => mark.startsWith(MARK));
}

function tellOfStack(
  mark: string,
  where: Parameters<typeof siteKey>[0],
  { fn, session, report }: Pick<CheckContext, 'fn' | 'session' | 'report'>,
): void {
  const found = /^armed@local (\w+) (.*)$/.exec(mark);
  if (found === null) return;
  report({
    where,
    message: `The function returns, and its local ${found[1]} holds ${found[2]}: the kernel still has its address, and goes on with what lies on the stack by then.`,
    path: [],
    once: `${fn.key} ${found[1]}`,
    when: () => !endsIt(session, fn),
  });
}

function nameOf(root: Root): string {
  return root.kind === 'local' ? `local ${root.variable.name}` : root.key;
}

function endsIt(session: Session, fn: FunctionInfo): boolean {
  return mayCall(session, fn, ending) || nodesIn(fn.definition, 'call').some((call) => isUnknownCall(session, call));
}
