/** What one instruction does to a state. */
import { unreachable } from '../../../../base/assert.ts';
import type { Expression, FunctionSymbol } from '../../../../cfront/parse/ast.ts';
import { sizeOf } from '../../../../cfront/types/layout.ts';
import { memberRecord } from '../../body/record-type.ts';
import { storedName } from '../../body/stored-name.ts';
import { pointerAskedOf, touchAsked } from '../calls/blocks.ts';
import { callFunction } from '../calls/calls.ts';
import { act } from '../calls/demands.ts';
import { readsFlag } from '../calls/flags.ts';
import { locatedIn } from '../calls/io-status.ts';
import { keepCopied, keepStored, loseOverwritten, mayLead } from '../calls/keeping.ts';
import { noteMadeSocket } from '../calls/made-sockets.ts';
import { noteWritten } from '../calls/outputs.ts';
import { isGone } from '../facts/irp.ts';
import type { Touch } from '../facts/kernel.ts';
import { mayBePending } from '../facts/transition.ts';
import type { Block, CallInstruction, Instruction } from '../lower/ir.ts';
import { assume, convert, operate } from '../state/conditions.ts';
import { fresh, type Site } from '../state/forget.ts';
import { initialFunction } from '../state/initial.ts';
import { copyRecord, fix, load, store } from '../state/memory.ts';
import { dropNameless } from '../state/prune.ts';
import { isInNull, isNull, mayBeNull, narrow, type State } from '../state/state.ts';
import { whereOf } from '../state/where.ts';
import { NOT_ZERO } from '../values/ranges.ts';
import {
  ANYTHING,
  addressValue,
  element,
  integerValue,
  isSameRoot,
  makePlace,
  placeAt,
  shift,
  type Value,
} from '../values/values.ts';
import { happen, type Run } from './run.ts';

/** Calls in a row after which what they have left behind is looked through: a block may be as long as a function. */
const CALLS_TOGETHER = 16;

/** The states at the end of a block that begins with `start`, which is used up. */
export function runBlock(
  run: Run,
  block: Block,
  start: State,
  limit: (states: readonly State[]) => readonly State[],
): readonly State[] {
  start.isLooping = block.isRepeated;
  let states: readonly State[] = [start];
  let calls = 0;
  for (const instruction of block.instructions) {
    const site: Site = { name: `${instruction.id}`, mayRepeat: block.isRepeated };
    if (instruction.op === 'call') {
      const after = states.flatMap((state) => {
        dropRead(run, state, instruction);
        return callFunction(run, state, instruction, site);
      });
      states = after.length > 1 ? limit(after) : after;
      if (++calls % CALLS_TOGETHER === 0) for (const state of states) dropNameless(state);
    } else states = states.filter((state) => step(run, state, instruction, site));
    if (states.length === 0) break;
  }
  return states;
}

/** Drops temporaries that nothing reads any more: a call may have to copy the state several times. */
function dropRead(run: Run, state: State, call: CallInstruction): void {
  const live = run.live.afterCall.get(call.id);
  for (const key of state.temporaries.keys()) {
    if (live?.has(key) !== true && key !== call.callee && !call.arguments.includes(key)) state.temporaries.delete(key);
  }
}

function functionValue({ session }: Run, symbol: FunctionSymbol): Value {
  return { kind: 'function', key: `f:${session.functionKey(symbol)}`, scan: undefined, symbol };
}

/** Gives false where the way cannot be taken any further. */
function step(run: Run, state: State, i: Exclude<Instruction, { op: 'call' }>, site: Site): boolean {
  const get = (temporary: number): Value => state.temporaries.get(temporary) ?? ANYTHING;
  const set = (temporary: number, value: Value): void => {
    state.temporaries.set(temporary, value);
  };
  const { names } = run.session;
  switch (i.op) {
    case 'integer':
      set(i.to, integerValue(i.value));
      return true;
    case 'function':
      set(i.to, functionValue(run, i.symbol));
      return true;
    case 'variable':
      set(i.to, addressValue(names.placeOf(i.symbol)));
      return true;
    case 'literal':
      set(i.to, addressValue(makePlace({ kind: 'literal', key: `"${i.id}"` }, [])));
      return true;
    case 'unknown':
      learnOfEnd(run, state, i);
      set(i.to, fresh(state, site, 'unknown'));
      return true;
    case 'shift':
      set(i.to, shift(get(i.base), i.bytes));
      return true;
    case 'element': {
      const index = get(i.index);
      const { length, isReached = false } = i;
      if (length !== undefined && isReached)
        act(run, state, { kind: 'index', index, count: length, where: whereOf(i.node) });
      const places = length === undefined ? undefined : isReached ? length : length + 1;
      const isOutside = places !== undefined && index.kind === 'integer' && !isWithin(index.value, places);
      // A loop without a bound that is known goes on behind the array, which is no place of another member.
      set(i.to, isOutside ? fresh(state, site, 'unknown') : element(get(i.base), index, i.size));
      return true;
    }
    case 'load': {
      touchHere(run, state, i, get(i.from), { isRead: true, bytes: sizeOf(i.type) });
      if (state.calls.length > 0) lookForStatus(run, state, get(i.from), i);
      if (i.type.kind !== 'pointer') learnOfEnd(run, state, i);
      const read = load(state, get(i.from), i.type);
      if (i.isFixed === true) fix(state, get(i.from));
      const routine = initialFunction(read);
      const value = routine === undefined ? read : functionValue(run, routine);
      const field = i.field;
      if (field !== undefined) run.fn.told.readFrom.set(value.key, field);
      noteMadeSocket(state, get(i.from), value);
      set(i.to, value);
      return true;
    }
    case 'store':
      if (i.field !== undefined) noteStored(run, state, i.field, get(i.value));
      touchHere(run, state, i, get(i.address), { isRead: false, bytes: sizeOf(i.type) });
      loseOverwritten(state, get(i.address), get(i.value));
      store(state, get(i.address), get(i.value), Math.max(1, sizeOf(i.type)), site, ownName(run, i.target));
      if (mayLead(i.type)) keepStored(state, get(i.address), get(i.value));
      return true;
    case 'copy':
      touchHere(run, state, i, get(i.address), { isRead: false, bytes: i.size });
      touchHere(run, state, i, get(i.from), { isRead: true, bytes: i.size });
      if (state.wsk.registrations.size > 0)
        act(run, state, { kind: 'copy', to: get(i.address), from: get(i.from), bytes: i.size, where: whereOf(i.node) });
      copyRecord(state, get(i.address), get(i.from), i.size, site);
      noteCopied(run, get(i.address), i.size);
      keepCopied(state, get(i.address), get(i.from));
      return true;
    case 'binary':
      set(i.to, operate(state, i.operator, get(i.left), get(i.right), i.type));
      return true;
    case 'convert':
      set(i.to, convert(state, get(i.from), i.fromType, i.type));
      return true;
    case 'move':
      set(i.to, get(i.from));
      return true;
    case 'declare': {
      const place = names.placeOf(i.symbol);
      for (const { place: at } of state.cells.values()) if (isSameRoot(at.root, place.root)) state.cells.delete(at.key);
      state.shared.delete(place.root.key);
      if (i.isZeroed) state.zeroed.add(place.root.key);
      else {
        state.zeroed.delete(place.root.key);
        if (site.mayRepeat) fresh(state, { name: '', mayRepeat: true }, place.key);
      }
      return true;
    }
    case 'assume':
      return assume(state, get(i.condition), true);
    case 'touch':
      touchIrp(run, state, get(i.pointer), i);
      return true;
    case 'poll':
      happen(run, state, { kind: 'wait', where: whereOf(i.node) });
      return true;
    case 'anything':
      forgetEverything(run, state, i);
      return true;
    default:
      return unreachable(i);
  }
}

function touchHere(
  run: Run,
  state: State,
  { node }: Instruction,
  at: Value,
  { isRead, bytes }: Pick<Touch, 'isRead' | 'bytes'>,
): void {
  const root = placeAt(at)?.root;
  // Who looks into what WSK made takes it for a socket.
  if (root?.kind === 'pointee' && state.wsk.sockets.get(root.pointer.key)?.isGiven === false)
    act(run, state, { kind: 'touch', pointer: root.pointer, isRead, bytes, by: undefined, at, where: whereOf(node) });
  const isCompared = root?.kind === 'pointee' && isNull(state, root.pointer);
  if (isCompared || isInNull(at)) act(run, state, { kind: 'null-touch', isCompared, where: whereOf(node) });
  const pointer = pointerAskedOf(run, state, at);
  if (pointer !== undefined)
    touchAsked(run, state, pointer, { by: undefined, isRead, at, bytes, where: whereOf(node) });
  trust(state, at, isRead);
}

/** Who reads the flag by which a completion routine says that it has run, knows whether the request is done. */
function learnOfEnd(run: Run, state: State, { node }: Instruction): void {
  if (state.facts.size > 0 && readsFlag(run.session, state, node))
    happen(run, state, { kind: 'wait', where: whereOf(node) });
}

/** Of a request that an IoBuild function made, a status block of the function's own is all that it hears. */
function lookForStatus(run: Run, state: State, at: Value, { node }: Instruction): void {
  const place = placeAt(at);
  if (place?.root.kind !== 'local') return;
  for (const { irp, built, life } of state.facts.values()) {
    if (built === undefined || life.kind !== 'sent' || !mayBePending(state, life)) continue;
    const block = placeAt(built.lasting.at(-1) ?? ANYTHING);
    if (block === undefined || !isSameRoot(block.root, place.root)) continue;
    const offset = place.offset - block.offset;
    if (offset >= 0 && offset < IO_STATUS_BLOCK_SIZE)
      act(run, state, { kind: 'early-read', irp, where: whereOf(node) });
  }
}

const IO_STATUS_BLOCK_SIZE = 16;

/** The name of a variable, or of a member of the driver's own records, that holds a number: in others the kernel writes, too. */
function ownName({ fn }: Run, target: Expression | undefined): string | undefined {
  if (target === undefined || target.type.kind === 'pointer') return undefined;
  if (target.kind !== 'member') return storedName(target);
  const record = memberRecord(target);
  const isOwn = record.kind === 'record' && !fn.unit.isSystemFile(record.definition.span.file);
  return isOwn ? storedName(target) : undefined;
}

/**
 * A function that writes behind a pointer takes it to be one, and a later question whether it is NULL is of other ways. So does
 * one that reads behind a parameter: on all of its ways at once, so that none differ in that.
 */
function trust(state: State, address: Value, isRead: boolean): void {
  const root = placeAt(address)?.root;
  if (root?.kind !== 'pointee') return;
  const { pointer } = root;
  const { kind } = pointer.source;
  if (kind === 'new' || (isRead && kind !== 'parameter') || !mayBeNull(state, pointer)) return;
  state.trusted.add(pointer.key);
  narrow(state, pointer, NOT_ZERO);
}

/** Of a stack location nobody is told as long as its IRP is this driver's, or where it is not known of which it is. */
function touchIrp(run: Run, state: State, pointer: Value, { what, node }: Extract<Instruction, { op: 'touch' }>): void {
  const irp = what === 'irp' ? pointer : locatedIn(pointer);
  if (irp === undefined || (what === 'location' && !isGone(state.facts.get(irp.key)))) return;
  happen(run, state, { kind: 'use', irp, by: undefined, where: whereOf(node) });
}

/** Remembers whether a member that holds IRPs is given one of the driver's own. */
function noteStored(run: Run, state: State, field: string, value: Value): void {
  if (isNull(state, value)) return;
  const { fields } = run.fn.told;
  if (state.facts.get(value.key)?.origin === 'own') fields.own.add(field);
  else fields.other.add(field);
}

/** Of a record that is copied, callers hear of more than its members that somebody looked at. */
function noteCopied({ fn }: Run, to: Value, size: number): void {
  const place = placeAt(to);
  if (place !== undefined) noteWritten(fn, place, size);
}

/** Text that could not be read: whatever it does, nothing that was known is known after it. */
function forgetEverything(run: Run, state: State, instruction: Instruction): void {
  happen(run, state, { kind: 'wait', where: whereOf(instruction.node) });
  // A temporary that is not there is anything.
  state.temporaries.clear();
  state.cells.clear();
  state.ranges.clear();
  state.facts.clear();
  state.zeroed.clear();
  state.changedShared = 'anyhow';
  state.kernel.held.clear();
  state.kernel.ended.clear();
  state.kernel.blocks.clear();
  state.kernel.isVague = true;
  state.isVague = true;
  state.events = [];
}

function isWithin(index: bigint, length: number): boolean {
  return index >= 0n && index < BigInt(length);
}
