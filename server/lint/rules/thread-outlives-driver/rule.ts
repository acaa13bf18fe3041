/**
 * A thread of the driver's own has ended before DriverUnload returns. Sure where the whole driver is there, and all
 * that waits for anything in it is what threads lead to: then nobody waits for them.
 */
import type { CallExpression, Expression, FunctionDefinition, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import { localVariable, nodesIn } from '../../body/nodes.ts';
import { calledName } from '../../driver/callee.ts';
import { isWholeDriver, liveFunctions, ownLedTo } from '../../driver/reach.ts';
import { callsOf, functionNamed, unloadRoutine } from '../../driver/roles.ts';
import { mayWait } from '../../flow/calls/apis.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { whereOf } from '../../flow/state/where.ts';
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
  // What a thread gives back last may be all that WskDeregister waits for.
  const endsUses = [...inThreads].some(({ definition }) =>
    nodesIn(definition, 'call').some((call) => usesOfWsk.test(calledName(call) ?? '')),
  );
  const unloading = ownLedTo(session, unload);
  return liveFunctions(session).some((fn) => {
    const isUnloading = unloading.includes(fn);
    if (inThreads.has(fn) && !isUnloading) return false;
    return nodesIn(fn.definition, 'call').some((call) => {
      const name = calledName(call) ?? '';
      if (!mayWait(name) || name === 'IoDeleteDevice') return false;
      if (name === 'WskDeregister') return endsUses;
      return isUnloading || !isForRequest(fn.definition, call);
    });
  });
}

const usesOfWsk = /^Wsk(?:ReleaseProviderNPI|CloseSocket)$/;

/** The wait is for an event of the function's own, whose address goes to nobody but a completion routine. */
function isForRequest(definition: FunctionDefinition, call: CallExpression): boolean {
  const event = calledName(call) === 'KeWaitForSingleObject' ? localAt(call.arguments[0]) : undefined;
  if (event === undefined) return false;
  const known = nodesIn(definition, 'call').flatMap((one) =>
    forRequests.test(calledName(one) ?? '') ? one.arguments.filter((argument) => localAt(argument) === event) : [],
  );
  return nodesIn(definition, 'name').filter(({ symbol }) => symbol === event).length === known.length;
}

const forRequests =
  /^(?:Ke(?:Initialize|Set|Clear|Reset)Event|KeReadStateEvent|KeWaitForSingleObject|IoSetCompletionRoutine(?:Ex)?|IoBuild\w+Request)$/;

function localAt(argument: Expression | undefined): VariableSymbol | undefined {
  const e = argument === undefined ? undefined : stripConversions(argument, { casts: true });
  return e?.kind === 'address-of' ? localVariable(stripConversions(e.operand)) : undefined;
}
