/**
 * Local events, mutexes, semaphores and timers that are initialised, but only after somebody uses them: in the text of the
 * function there is such a call, and on no way to the use has it been made.
 *
 * Only objects that this function names in such calls and in uses are followed: any other mention may initialise one.
 */
import type { FunctionDefinition, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../../cfront/parse/walk.ts';
import { calledName } from '../../callee.ts';
import { type ApiCall, type SendEvent, socketOf } from '../../flow/facts/events.ts';
import { resolve, type State } from '../../flow/state/state.ts';
import { pathTo, siteKey, type Where } from '../../flow/state/where.ts';
import type { Value } from '../../flow/values/values.ts';
import { nodesIn } from '../../nodes.ts';
import type { CheckContext } from '../../rule.ts';
import { isObject, usesObject } from './never-initialised.ts';

const initialises = /^KeInitialize(?:Event|Mutex|Semaphore|Timer|TimerEx)$/;
/** It only remembers the object: what counts is when the request goes. */
const remembers = /^(?:IoSetCompletionRoutine|IoBuild\w+Request)$/;

export function noteObject(call: ApiCall, context: CheckContext): void {
  const { state, fn } = context;
  const isStart = initialises.test(call.api);
  if (!isStart && (!usesObject(call.api) || remembers.test(call.api))) return;
  const object = localBehind(state, call.arguments[0]);
  if (object === undefined) return;
  if (isStart) state.marks.add(markOf(object));
  else check(object, call.api, call.where, context, fn.definition);
}

/** A request goes that signals an object when it is done. */
export function checkSent(send: SendEvent, context: CheckContext): void {
  const { state, fn } = context;
  const routine = state.facts.get(send.irp.key)?.routine;
  const object = routine?.kind === 'set' ? localBehind(state, routine.context) : undefined;
  if (object === undefined || send.where.inside !== undefined || (send.isWsk && socketOf(send) === undefined)) return;
  check(object, send.api, send.where, context, fn.definition);
}

function check(
  object: VariableSymbol,
  api: string,
  where: Where,
  { state, report }: CheckContext,
  definition: FunctionDefinition,
): void {
  if (state.isVague || state.marks.has(markOf(object))) return;
  if (!isInitialisedSomewhere(definition, object) || !isOnlyUsed(definition, object)) return;
  report({
    where,
    message: `${object.name} is initialised only after ${api}, which needs it: until then the kernel takes whatever lies on the stack for its list of waiting threads, and the machine stops.`,
    path: pathTo(where, 'It is needed here'),
    once: `${siteKey(where)} ${object.name}`,
  });
}

function markOf({ name }: VariableSymbol): string {
  return `object-initialised@${name}`;
}

/** The whole local variable that an address leads to, where it is such an object. */
function localBehind(state: State, value: Value | undefined): VariableSymbol | undefined {
  const at = value === undefined ? undefined : resolve(state, value);
  if (at?.kind !== 'address' || at.place.root.kind !== 'local' || at.place.steps.length > 0) return undefined;
  const { variable } = at.place.root;
  return !variable.isParameter && isObject(variable.type) ? variable : undefined;
}

function isInitialisedSomewhere(definition: FunctionDefinition, object: VariableSymbol): boolean {
  return nodesIn(definition, 'call').some(
    (call) => initialises.test(calledName(call) ?? '') && call.arguments.some((e) => isAddressOf(e, object)),
  );
}

/** All that names it are calls that initialise or use it. */
function isOnlyUsed(definition: FunctionDefinition, object: VariableSymbol): boolean {
  const mentions = nodesIn(definition, 'name').filter(({ symbol }) => symbol === object).length;
  const known = nodesIn(definition, 'call').filter((call) => {
    const name = calledName(call) ?? '';
    return (initialises.test(name) || usesObject(name)) && call.arguments.some((e) => isAddressOf(e, object));
  }).length;
  return mentions === known;
}

function isAddressOf(e: Parameters<typeof stripConversions>[0], object: VariableSymbol): boolean {
  const inner = stripConversions(e, { casts: true });
  const operand = inner.kind === 'address-of' ? stripConversions(inner.operand) : undefined;
  return operand?.kind === 'name' && operand.symbol === object;
}
