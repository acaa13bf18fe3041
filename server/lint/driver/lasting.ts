/**
 * Memory that lasts from one request to the next: globals, what a device's extension holds, and what a file object leads
 * to. In: a way's end in a dispatch routine. Out: what it leaves there that the next request falls over.
 *
 * Where the way asks or changes anything else that lasts, that may be how the routine knows, and nothing is said.
 */
import type { Expression, NodeBase } from '../../../cfront/parse/ast.ts';
import { nodePlace, someNode, stripConversions, type TreeNode } from '../../../cfront/parse/walk.ts';
import { nodesIn } from '../body/nodes.ts';
import { pointsTo } from '../body/record-type.ts';
import type { Block } from '../flow/facts/kernel.ts';
import { OFFSET } from '../flow/facts/layout.ts';
import type { FunctionInfo, Session } from '../flow/run/session.ts';
import { isInitial, type State } from '../flow/state/state.ts';
import { innermost, type Where } from '../flow/state/where.ts';
import type { Place, Value } from '../flow/values/values.ts';
import { calledName } from './callee.ts';
import { keeperOf } from './pool-keepers.ts';
import { ledTo, mayCall } from './reach.ts';
import { majorsOf, roleOf, withRole } from './roles.ts';

/** What an IRP's current stack location leads to that lasts. */
const OF_LOCATION: readonly number[] = [
  OFFSET['_IO_STACK_LOCATION.DeviceObject'],
  OFFSET['_IO_STACK_LOCATION.FileObject'],
];

/** IRP_MJ_READ, WRITE, DEVICE_CONTROL and INTERNAL_DEVICE_CONTROL: programs send them as often as they like. */
const REPEATED = [3n, 4n, 14n, 15n];
/** IRP_MJ_CLEANUP and CLOSE: once for each handle. */
const AT_CLOSE = [2n, 18n];

/** How often a routine runs: with each request, or with each handle that is closed; undefined for what may run once. */
export function runsAgain(session: Session, fn: FunctionInfo): 'each-request' | 'each-close' | undefined {
  if (roleOf(session, fn) !== 'DRIVER_DISPATCH' || mayCall(session, fn, ['IoDeleteDevice'])) return undefined;
  const majors = [...(majorsOf(session, fn) ?? [])];
  if (majors.length === 0) return undefined;
  if (majors.every((major) => REPEATED.includes(major))) return 'each-request';
  return majors.every((major) => AT_CLOSE.includes(major)) ? 'each-close' : undefined;
}

/** Memory that was freed on this way, whose pointer still lies where the next request finds it. */
export function leftBehind(state: State, { told }: FunctionInfo): readonly Block[] {
  const written = [...told.written.values()].map(({ place }) => place);
  return [...state.kernel.blocks.values()].filter(({ value, kind, life, freed, made }) => {
    if (kind !== 'pool' || life !== 'freed' || freed?.by !== undefined || made !== undefined) return false;
    if (value.kind !== 'symbol' || value.source.kind !== 'initial') return false;
    const { place } = value.source;
    const held = state.cells.get(place.key);
    // A place that nobody looks at any more and that was not written has no cell.
    const isThere = held === undefined ? state.changedShared === 'no' : held.value.key === value.key;
    return isThere && isLasting(place) && !isGuarded(state, written, place);
  });
}

/** Nothing that a request runs puts anything there, but what gives it back once the device goes: what lay there is gone for good. */
export function isNeverPut(session: Session, argument: Expression): boolean {
  const keeper = keeperOf(session, argument);
  if (keeper === undefined) return false;
  return session.functions.every((fn) => {
    if (!fn.isUsers) return true;
    const isPut =
      nodesIn(fn.definition, 'assign').some(({ target }) => keeperOf(session, target) === keeper) ||
      nodesIn(fn.definition, 'call').some((call) => call.arguments.some((one) => isAddressOf(session, one, keeper)));
    return !isPut || !isLedToByRequests(session, fn);
  });
}

function isAddressOf(session: Session, argument: Expression, keeper: string): boolean {
  const e = stripConversions(argument, { casts: true });
  return e.kind === 'address-of' && keeperOf(session, e.operand) === keeper;
}

function isLedToByRequests(session: Session, fn: FunctionInfo): boolean {
  return withRole(session, 'DRIVER_DISPATCH').some((other) => ledTo(session, other).has(fn.key));
}

/** MDLs that were made on this way and lie where one of an earlier request may lie, of which the way knows nothing. */
export function overlaid(state: State): readonly Block[] {
  return [...state.kernel.blocks.values()].filter(({ value, kind, life, made }) => {
    if (kind !== 'mdl' || life !== 'live' || made === undefined) return false;
    const holders = [...state.cells.values()].filter(({ place, value: held }) => {
      return held.key === value.key && place.root.kind !== 'local';
    });
    const [holder] = holders;
    if (holder === undefined || holders.length > 1 || !isLasting(holder.place)) return false;
    return !state.ranges.has(`<${holder.place.key}>`) && !isFlagged(state);
  });
}

/** All that the routine leads to leaves MDLs that lie somewhere alone: it neither frees one nor asks whether it is there before one is made. */
export function looksAtNoMdl(session: Session, fn: FunctionInfo, made: Where): boolean {
  const { node } = innermost(made);
  const led = ledTo(session, fn);
  return session.functions.every(({ key, isUsers, definition }) => {
    if (!isUsers || !led.has(key)) return true;
    const calls = nodesIn(definition, 'call');
    const isMaker = calls.some((call) => call === node);
    const frees = calls.some(
      (call) => calledName(call) === 'IoFreeMdl' && call.arguments.some((one) => keeperOf(session, one) !== undefined),
    );
    if (frees) return false;
    const isLater = (one: NodeBase): boolean => isMaker && nodePlace(one).start > nodePlace(node).start;
    return !nodesIn(definition, 'if').some(
      (one) => someNode(one.condition, (e) => isKeptMdl(session, e)) && !isLater(one),
    );
  });
}

function isKeptMdl(session: Session, e: TreeNode): boolean {
  return (e.kind === 'member' || e.kind === 'name') && pointsTo(e.type, '_MDL') && keeperOf(session, e) !== undefined;
}

function isLasting({ root, steps }: Place): boolean {
  if (steps.some(({ kind }) => kind === 'index')) return false;
  if (root.kind === 'global') return true;
  return root.kind === 'pointee' && root.pointer.source.kind === 'initial' && leadsOn(root.pointer.source.place);
}

/** What is read from there lasts, and so does what it leads to. */
function leadsOn(place: Place): boolean {
  const { root, steps } = place;
  if (root.kind !== 'pointee') return isLasting(place);
  const { source } = root.pointer;
  const [step] = steps;
  const bytes = step?.kind === 'offset' ? step.bytes : 0;
  if (source.kind === 'parameter') return source.index === 0 && bytes === OFFSET['_DEVICE_OBJECT.DeviceExtension'];
  if (source.kind !== 'initial') return false;
  return isLocation(source.place) ? OF_LOCATION.includes(bytes) : isLasting(place);
}

function isLocation({ root, steps: [step] }: Place): boolean {
  if (root.kind !== 'pointee' || root.pointer.source.kind !== 'parameter') return false;
  return (
    root.pointer.source.index === 1 &&
    step?.kind === 'offset' &&
    step.bytes === OFFSET['_IRP.Tail.Overlay.CurrentStackLocation']
  );
}

/** The way changes something else that lasts, or asks for it. */
function isGuarded(state: State, written: readonly Place[], but: Place): boolean {
  const isOther = (place: Place): boolean => place.key !== but.key && isLasting(place);
  return (
    written.some(isOther) ||
    [...state.cells.values()].some((cell) => !isInitial(cell) && isOther(cell.place)) ||
    [...state.ranges.values()].some(({ value }) => asksFor(value, isOther))
  );
}

/** A number that lasts was set, or asked for. */
function isFlagged(state: State): boolean {
  return (
    [...state.cells.values()].some(({ value, place }) => value.kind === 'integer' && isLasting(place)) ||
    [...state.ranges.values()].some(({ value }) => asksFor(value, isLasting))
  );
}

/** The value is one that is read from such a place, or worked out of one. */
export function asksFor(value: Value, isSuch: (place: Place) => boolean): boolean {
  if (value.kind === 'operation') return asksFor(value.left, isSuch) || asksFor(value.right, isSuch);
  return value.kind === 'symbol' && value.source.kind === 'initial' && isSuch(value.source.place);
}
