/**
 * Local events, mutexes, semaphores and timers that are initialised, but only after somebody uses them: in the text of the
 * function there is such a call, and on no way to the use has it been made. And those in memory that is still all zeros
 * where they are used, wherever they may be initialised otherwise.
 *
 * Of locals only those that this function names in such calls and in uses are followed: any other mention may initialise
 * one. Zeros are known only of memory that nobody else has reached yet.
 */
import type { Expression, FunctionDefinition, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import { sizeOf } from '../../../../cfront/types/layout.ts';
import { callsOf } from '../../driver/roles.ts';
import { type ApiCall, type SendEvent, socketOf } from '../../flow/facts/events.ts';
import { blockBehind } from '../../flow/facts/kernel.ts';
import type { Session } from '../../flow/run/session.ts';
import { isUnwritten, isZero } from '../../flow/state/memory.ts';
import { resolve, type State } from '../../flow/state/state.ts';
import { pathTo, siteKey, type Where, whereSpan } from '../../flow/state/where.ts';
import { placeAt, type Value } from '../../flow/values/values.ts';
import type { CheckContext } from '../../rule.ts';
import { allGiven, type Given, isObject, onlyHandedTo, usesObject } from './never-initialised.ts';

const initialises = /^KeInitialize(?:Event|Mutex|Semaphore|Timer|TimerEx)$/;
/** It only remembers the object: what counts is when the request goes. */
const remembers = /^(?:IoSetCompletionRoutine|IoBuild\w+Request)$/;

/** It follows the list in the object, or hangs something into it; others look at a number or two. */
const links = /^(?:KeWaitForSingleObject|Ke(?:Set|Pulse)Event|KeRelease(?:Mutex|Semaphore)|KeSetTimer(?:Ex)?)$/;

export function noteObject(call: ApiCall, context: CheckContext): void {
  const { state, fn } = context;
  if (locks.test(call.api)) checkLock(call, context);
  const isStart = initialises.test(call.api);
  if (!isStart && (!usesObject(call.api) || remembers.test(call.api))) return;
  const object = localBehind(state, call.arguments[0]);
  if (object === undefined) {
    if (links.test(call.api)) checkZeros(call, context);
    return;
  }
  if (isStart) state.marks.add(markOf(object));
  else check(object, call.api, call.where, context, fn.definition);
}

/** The object lies in memory of the function's own that was zeroed, and nothing has been written there since. */
function checkZeros({ api, arguments: [pointer], where }: ApiCall, { state, report }: CheckContext): void {
  const [argument] = where.arguments;
  const place = pointer === undefined ? undefined : placeAt(resolve(state, pointer));
  const type = argument === undefined ? undefined : stripConversions(argument, { casts: true }).type;
  if (
    place === undefined ||
    place.root.kind === 'global' ||
    state.isVague ||
    where.inside !== undefined ||
    type?.kind !== 'pointer'
  )
    return;
  if (!isObject(type.target) || !isZero(state, place, sizeOf(type.target))) return;
  report({
    where,
    message: `The memory that ${api} gets is still all zeros: nothing on the way here initialises the object, and the kernel takes zeros for its list of waiting threads, and the machine stops.`,
    path: pathTo(where, 'It is needed here'),
    once: siteKey(where),
  });
}

/** A spin lock in fresh memory that is not zeroed: it holds what lay there before. */
function checkLock({ api, arguments: [pointer], where }: ApiCall, { state, session, report }: CheckContext): void {
  const place = pointer === undefined ? undefined : placeAt(resolve(state, pointer));
  const block = pointer === undefined ? undefined : blockBehind(state.kernel, resolve(state, pointer));
  if (place === undefined || block?.kind !== 'pool' || block.made === undefined || block.life !== 'live') return;
  if (block.keptBy !== 'nobody' || state.isVague || where.inside !== undefined || !isUnwritten(state, place, LOCK_SIZE))
    return;
  const name = memberBehind(where.arguments[0]);
  report({
    where,
    message: `The spin lock that ${api} gets lies in memory that ${block.made.api} has just given, and nothing initialises it: where something else than 0 lay there, this spins for ever.`,
    path: [...pathTo(block.made.where, 'The memory comes from here'), ...pathTo(where, 'The lock is taken here')],
    once: siteKey(where),
    when: () =>
      name !== undefined &&
      callsOf(session, 'KeInitializeSpinLock').every((call) => {
        const other = memberBehind(call.arguments[0]);
        return other !== undefined && other !== name;
      }),
  });
}

const locks = /^Ke(?:AcquireSpinLock(?:RaiseToDpc|AtDpcLevel)?|AcquireInStackQueuedSpinLock(?:AtDpcLevel)?)$/;
const LOCK_SIZE = 8;

/** The name of the member that an address leads to. */
function memberBehind(argument: Expression | undefined): string | undefined {
  const e = argument === undefined ? undefined : stripConversions(argument, { casts: true });
  const object = e?.kind === 'address-of' ? stripConversions(e.operand) : undefined;
  return object?.kind === 'member' ? object.name : undefined;
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
  { state, session, report }: CheckContext,
  definition: FunctionDefinition,
): void {
  if (state.isVague || state.marks.has(markOf(object))) return;
  if (!isInitialisedHere(session, definition, object, where)) return;
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

/**
 * All that names it are calls that initialise or use it, themselves or in a helper that does nothing else with it. What a
 * helper initialises leaves no mark on the way, so its call must stand after the use.
 */
function isInitialisedHere(
  session: Session,
  definition: FunctionDefinition,
  object: VariableSymbol,
  use: Where,
): boolean {
  const effects = allGiven(definition, object)?.map((given) => effectOf(session, given, use)) ?? [];
  return effects.includes('initialised') && !effects.includes('unknown');
}

function effectOf(session: Session, { argument, helper }: Given, use: Where): 'used' | 'initialised' | 'unknown' {
  if (helper === undefined) return 'used';
  const { symbol, index } = helper;
  if (initialises.test(symbol.name)) return 'initialised';
  const definition = session.functionOf(symbol)?.definition;
  if (definition === undefined) return 'unknown';
  if (onlyHandedTo(definition, usesObject).has(index)) return 'used';
  const isKnown = (name: string): boolean => usesObject(name) || initialises.test(name);
  const isAfter = nodePlace(argument).start > whereSpan(use).end;
  return isAfter && onlyHandedTo(definition, isKnown).has(index) ? 'initialised' : 'unknown';
}
