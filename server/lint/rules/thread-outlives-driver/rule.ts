/**
 * A thread of the driver's own has ended before DriverUnload returns. Sure where the whole driver is there, and all
 * that waits for anything in it is what threads lead to: then nobody waits for them.
 */
import type { CallExpression, Expression, FunctionDefinition, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import {
  constantValue,
  nodePlace,
  someNode,
  stripConversions,
  type TreeNode,
  walk,
} from '../../../../cfront/parse/walk.ts';
import { conditionsOf } from '../../body/asked-names.ts';
import { isLoop, localVariable, nodesIn } from '../../body/nodes.ts';
import { memberName } from '../../body/record-type.ts';
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
  const isForgotten = areForgotten(session);
  return liveFunctions(session).some((fn) => {
    const isUnloading = unloading.includes(fn);
    if (inThreads.has(fn) && !isUnloading) return false;
    return nodesIn(fn.definition, 'call').some((call) => {
      const name = calledName(call) ?? '';
      if (!mayWait(name) || name === 'IoDeleteDevice') return false;
      if (name === 'WskDeregister') return endsUses && !isForgotten;
      if (name === 'KeDelayExecutionThread' && isForgotten && !mayPoll(fn.definition, call)) return false;
      return !isForRequest(session, fn.definition, call);
    });
  });
}

const usesOfWsk = /^Wsk(?:ReleaseProviderNPI|CloseSocket)$/;

/** The driver has the objects of its threads, and does nothing with them but to let them go: what they are for is forgotten. */
function areForgotten(session: Session): boolean {
  const taken = callsOf(session, 'ObReferenceObjectByHandle').flatMap(({ arguments: [, , type, , object] }) =>
    type !== undefined && someNode(type, isThreadType) ? [placeAt(object)] : [],
  );
  return (
    taken.length > 0 &&
    taken.every(
      (member) => member !== undefined && liveFunctions(session).every((fn) => isOnlyLetGo(fn.definition, member)),
    )
  );
}

function isThreadType(node: TreeNode): boolean {
  return node.kind === 'name' && node.symbol.name === 'PsThreadType';
}

/** All that the function does with the member or variable is to fill it, to ask whether it is there, and to let it go. */
function isOnlyLetGo(definition: FunctionDefinition, member: string | VariableSymbol): boolean {
  const harmless = new Set<TreeNode>();
  const look = (e: Expression): void => {
    const inner = stripConversions(e, { casts: true });
    if (inner.kind === 'member' || inner.kind === 'name') harmless.add(inner);
    else if (inner.kind === 'address-of' || (inner.kind === 'unary' && inner.operator === '!')) look(inner.operand);
    else if (inner.kind === 'logical' || (inner.kind === 'binary' && /^[=!]=$/.test(inner.operator)))
      for (const side of [inner.left, inner.right]) look(side);
  };
  walk(definition.body, (node) => {
    conditionsOf(node).forEach(look);
    if (node.kind === 'call' && letGo.test(calledName(node) ?? '')) node.arguments.forEach(look);
    if (node.kind === 'assign' && constantValue(node.value) === 0n) look(node.target);
  });
  return typeof member === 'string'
    ? nodesIn(definition, 'member').every((node) => memberName(node) !== member || harmless.has(node))
    : nodesIn(definition, 'name').every((node) => node.symbol !== member || harmless.has(node));
}

const letGo = /^(?:ObReferenceObjectByHandle|Obf?DereferenceObject)$/;

/** It may go on until somebody has changed memory, as a thread that ends does. */
function mayPoll(definition: FunctionDefinition, delay: CallExpression): boolean {
  const loops: TreeNode[] = [];
  walk(definition.body, (node) => {
    if (isLoop(node) && someNode(node, (inner) => inner === delay)) loops.push(node);
  });
  const readsLasting = (node: TreeNode): boolean =>
    node.kind === 'member' ||
    node.kind === 'dereference' ||
    (node.kind === 'name' && node.symbol.kind === 'variable' && node.symbol.duration === 'static');
  return loops.length === 0 || loops.some((loop) => conditionsWithin(loop).some((one) => someNode(one, readsLasting)));
}

function conditionsWithin(loop: TreeNode): readonly Expression[] {
  const conditions: Expression[] = [];
  walk(loop, (node) => {
    conditions.push(...conditionsOf(node));
  });
  return conditions;
}

/** The wait is for an event, a local or a member of that name, whose address goes to nobody but a completion routine. */
function isForRequest(session: Session, definition: FunctionDefinition, call: CallExpression): boolean {
  const argument = calledName(call) === 'KeWaitForSingleObject' ? call.arguments[0] : undefined;
  const event = localAt(argument);
  if (event !== undefined) return isGivenTo(definition, forRequests, event, localAt);
  const member = memberAt(argument);
  return (
    member !== undefined && liveFunctions(session).every((fn) => isGivenTo(fn.definition, ofRequests, member, memberAt))
  );
}

/** Wherever the function names it, such a call gets its address. */
function isGivenTo<Event>(
  definition: FunctionDefinition,
  calls: RegExp,
  event: Event,
  at: (argument: Expression | undefined) => Event | undefined,
): boolean {
  const given = nodesIn(definition, 'call').flatMap((one) =>
    calls.test(calledName(one) ?? '') ? one.arguments.filter((argument) => at(argument) === event) : [],
  );
  const named = [...nodesIn(definition, 'name'), ...nodesIn(definition, 'member')].filter((node) =>
    node.kind === 'name' ? node.symbol === event : memberName(node) === event,
  );
  return named.length === given.length;
}

const forRequests =
  /^(?:Ke(?:Initialize|Set|Clear|Reset)Event|KeReadStateEvent|KeWaitForSingleObject|IoSetCompletionRoutine(?:Ex)?|IoBuild\w+Request)$/;

/** What those may get to whom nobody but a completion routine says that it is done. */
const ofRequests =
  /^(?:Ke(?:Initialize|Clear|Reset)Event|KeReadStateEvent|KeWaitForSingleObject|IoSetCompletionRoutine(?:Ex)?)$/;

/** "_SERVER.Done" for `&server->Done`. */
function memberAt(argument: Expression | undefined): string | undefined {
  const e = argument === undefined ? undefined : stripConversions(argument, { casts: true });
  const inner = e?.kind === 'address-of' ? stripConversions(e.operand) : undefined;
  return inner?.kind === 'member' ? memberName(inner) : undefined;
}

/** A member, or a variable that one file has for itself. */
function placeAt(argument: Expression | undefined): string | VariableSymbol | undefined {
  const e = argument === undefined ? undefined : stripConversions(argument, { casts: true });
  const inner = e?.kind === 'address-of' ? stripConversions(e.operand) : undefined;
  if (inner?.kind !== 'name' || inner.symbol.kind !== 'variable') return memberAt(argument);
  return inner.symbol.duration === 'static' && inner.symbol.linkage !== 'external' ? inner.symbol : undefined;
}

function localAt(argument: Expression | undefined): VariableSymbol | undefined {
  const e = argument === undefined ? undefined : stripConversions(argument, { casts: true });
  return e?.kind === 'address-of' ? localVariable(stripConversions(e.operand)) : undefined;
}
