/**
 * Row 58: a thread of the driver's own has ended before DriverUnload returns. Sure where the whole driver is there, and
 * all that waits for anything in it is what threads lead to: then nobody waits for them.
 */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { calledName } from '../../callee.ts';
import { mayWait } from '../../flow/calls/apis.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { whereOf } from '../../flow/state/where.ts';
import { nodesIn } from '../../nodes.ts';
import { isWholeDriver, ownLedTo } from '../../reach.ts';
import { callsOf, functionNamed, unloadRoutine } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const threadOutlivesDriver: Rule = {
  id: 'thread-outlives-driver',
  severity: 'error',
  docRules: [],
  also: ['bug check 0xCE', 'CWE-416'],
  summary: 'DriverUnload waits for the end of the threads that the driver has made.',
  finish: ({ session, report }) => {
    const [call] = callsOf(session, 'PsCreateSystemThread');
    const unload = unloadRoutine(session);
    if (call === undefined || unload === undefined) return;
    report({
      where: whereOf(call),
      span: nodePlace(call),
      message:
        'Nothing waits for the end of this thread: it still runs when DriverUnload returns and its code goes, and the machine stops. Who has its object by ObReferenceObjectByHandle can wait for it.',
      path: [],
      when: () => isWholeDriver(session) && !isAwaited(session, unload),
    });
  },
};

/** Something waits that no thread leads to, or that unloading leads to: it may be for the thread, or for what it does last. */
function isAwaited(session: Session, unload: FunctionInfo): boolean {
  const threads = callsOf(session, 'PsCreateSystemThread').map(({ arguments: [, , , , , routine] }) => {
    const symbol = routine === undefined ? undefined : functionNamed(routine);
    return symbol === undefined ? undefined : session.functionOf(symbol);
  });
  const led = threads.map((thread) => (thread === undefined ? undefined : ownLedTo(session, thread)));
  if (led.includes(undefined)) return true;
  const inThreads = new Set(led.flatMap((functions) => functions ?? []));
  for (const fn of ownLedTo(session, unload)) inThreads.delete(fn);
  return session.functions.some((fn) => fn.isUsers && !inThreads.has(fn) && waits(fn));
}

function waits({ definition }: FunctionInfo): boolean {
  return nodesIn(definition, 'call').some((call) => {
    const name = calledName(call) ?? '';
    return mayWait(name) && name !== 'IoDeleteDevice';
  });
}
