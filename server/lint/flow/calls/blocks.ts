/**
 * What the driver has from the kernel: how calls make blocks of memory, MDLs, handles and references, give them back,
 * and use what they lead to. What is known of a block that has been given back is that it is gone.
 */
import { stripConversions } from '../../../../cfront/parse/walk.ts';
import { irpMember } from '../../body/irp-type.ts';
import { type Action, type Block, blockBehind, type Touch } from '../facts/kernel.ts';
import { OFFSET } from '../facts/layout.ts';
import { newBlock } from '../facts/new-block.ts';
import { happen, type Run } from '../run/run.ts';
import { fresh } from '../state/forget.ts';
import { store } from '../state/memory.ts';
import { copyState, isNull, mayBeNull, narrow, resolve, type State } from '../state/state.ts';
import type { Where } from '../state/where.ts';
import { between, exactly, NOT_ZERO } from '../values/ranges.ts';
import { ANYTHING, mentions, placeAt, shift, type Value } from '../values/values.ts';
import { apiEffect } from './apis.ts';
import type { Call } from './call.ts';
import { endContexts } from './contexts.ts';
import { act } from './demands.ts';
import { keep, keepByMdl, keepGiven, keepStored, noteKept } from './keeping.ts';
import type { KernelEffect } from './kernel-apis.ts';
import { isPagedPool, takesFlags } from './pool.ts';

export function makeResult(
  call: Call,
  state: State,
  name: string,
  effect: Extract<KernelEffect, { kind: 'make' }>,
): Value {
  const value = fresh(state, call.site, effect.block, 'new');
  if (value.kind !== 'symbol') return value;
  const given = (at: number | undefined): Value =>
    at === undefined ? ANYTHING : resolve(state, call.values[at] ?? ANYTHING);
  const number = (at: number | undefined): bigint | undefined => numberIn(given(at));
  const type = number(effect.type);
  const raising = takesFlags(name) ? POOL_FLAG_RAISE_ON_FAILURE : POOL_RAISE_IF_ALLOCATION_FAILURE;
  const mayRaise = type !== undefined && (type & raising) !== 0n;
  state.kernel.blocks.set(value.key, {
    ...newBlock(effect.block, value, { api: name, where: call.where }),
    isNullable:
      !mayRaise && !isAlwaysThere(effect.block) && !(effect.block === 'mapping' && isNonpaged(state, call.values[0])),
    base: baseOf(effect.block, state, call),
    bytes: effect.block === 'mdl' || effect.block === 'pool' ? given(1) : undefined,
    isPaged: effect.type !== undefined && isPagedPool(state, name, call.values[effect.type]),
    tag: number(effect.tag),
    asked: effect.type === undefined ? undefined : { type: given(effect.type), tag: given(effect.tag) },
  });
  if (mayRaise) narrow(state, value, NOT_ZERO);
  const memory = apiEffect(name);
  if (memory?.kind === 'allocate-memory' && memory.isZeroed(type)) state.zeroed.add(`*${value.key}`);
  // Whoever has the MDL can reach the memory; one that is allocated for an IRP hangs on that.
  if (effect.block === 'mdl') keepByMdl(state, call.values[0] ?? ANYTHING, value);
  if (name === 'IoAllocateMdl') hangOn(call, state, value);
  return value;
}

/** A device over another is asked for its reference, or attached to it: there is one, if only the lower one itself. */
function isAlwaysThere(kind: Block['kind']): boolean {
  return kind === 'attachment' || kind === 'reference';
}

/** The memory of an MDL, and the device that is attached, come first. */
function baseOf(kind: Block['kind'], state: State, { values: [first = ANYTHING] }: Call): Value | undefined {
  return kind === 'mdl' || kind === 'attachment' || kind === 'lent' ? resolve(state, first) : undefined;
}

function numberIn(value: Value): bigint | undefined {
  return value.kind === 'integer' ? value.value : undefined;
}

/** Memory that a helper made with a type and a tag that it was given: what its caller gave says which. */
export function withGiven(state: State, block: Block): Block {
  const { asked, made, isPaged, tag } = block;
  if (asked === undefined || made === undefined) return block;
  return {
    ...block,
    isPaged: isPaged || isPagedPool(state, made.api, asked.type),
    tag: tag ?? numberIn(resolve(state, asked.tag)),
  };
}

/** An MDL that is made for an IRP is in its MdlAddress, or behind the one that is there. */
function hangOn({ values, expression, site }: Call, state: State, mdl: Value): void {
  const irp = resolve(state, values[4] ?? ANYTHING);
  const argument = expression.arguments[4];
  if (isNull(state, irp)) return;
  keep(state, mdl);
  const type = argument === undefined ? undefined : stripConversions(argument, { casts: true }).type;
  const offset = type === undefined ? undefined : irpMember(type, 'MdlAddress');
  if (offset !== undefined && irp.kind === 'symbol' && isNull(state, values[2] ?? ANYTHING))
    store(state, shift(irp, offset), mdl, 8, site);
}

/** What lies in nonpaged pool is mapped already. */
function isNonpaged(state: State, mdl: Value | undefined): boolean {
  return mdl !== undefined && state.kernel.blocks.get(resolve(state, mdl).key)?.pages === 'nonpaged';
}

export function makeOutput(
  call: Call,
  state: State,
  name: string,
  out: number,
  effect: Extract<KernelEffect, { kind: 'make' }>,
  to: number,
  outputs: (state: State) => void,
): readonly State[] {
  const { site } = call;
  const given = resolve(state, call.values[out] ?? ANYTHING);
  const address = effect.block === 'string' ? shift(given, STRING_BUFFER) : given;
  outputs(state);
  const failed = copyState(state);
  const result = fresh(state, site, 'result');
  state.temporaries.set(to, result);
  if (effect.takes !== undefined) takeOver(call, state, resolve(state, call.values[effect.takes] ?? ANYTHING));
  if (address.kind === 'anything' || isNull(state, address)) return [state];
  failed.temporaries.set(to, fresh(failed, site, 'result'));
  narrow(failed, result, between(undefined, -1n));
  // No other success is one with a handle or a reference, and who compares with STATUS_SUCCESS is right.
  narrow(state, result, exactly(0n));
  const value = fresh(state, site, effect.block, 'new');
  if (value.kind === 'symbol') {
    const made = newBlock(effect.block, value, { api: name, where: call.where });
    state.kernel.blocks.set(value.key, { ...made, base: baseOf(effect.block, state, call) });
    narrow(state, value, NOT_ZERO);
  }
  store(state, address, value, 8, site);
  keepStored(state, address, value);
  return [state, failed];
}

/** A thread has its context for itself from now on: memory, and an IRP that it is. */
function takeOver(call: Call, state: State, value: Value): void {
  noteKept(call.run, [value], undefined);
  keepGiven(state, [value]);
  if (state.facts.has(value.key)) happen(call.run, state, { kind: 'lose', irp: value, where: call.where });
}

/** Gives something back; what is known of it afterwards is that it is gone. */
export function freeBlock(run: Run, state: State, action: Extract<Action, { kind: 'free' }>): void {
  const { block: kind, api, where, tag, askedTag } = action;
  const value = kind === 'pool' ? wholeOf(action.value) : action.value;
  if (isNull(state, value)) return;
  const { blocks } = state.kernel;
  // By the driver's list of devices or an extension it may be any.
  if (kind === 'device' && !blocks.has(value.key)) loseDevices(state);
  if (!blocks.has(value.key) && mayBeAnother(value)) {
    // It may be any of its kind, by another name.
    for (const [key, block] of blocks)
      if (block.kind === kind && block.life === 'live') blocks.set(key, { ...block, keptBy: 'others' });
  }
  if (kind === 'attachment' && blocks.get(value.key)?.made === undefined) loseAttachments(state);
  if (value.kind === 'anything') return;
  act(run, state, { ...action, value });
  if (state.facts.has(value.key)) happen(run, state, { kind: 'lose', irp: value, where });
  if (value.kind !== 'symbol') return;
  // An object has as many references as were taken, and a handle is only a number: callers are told, no more.
  if ((kind === 'reference' || kind === 'handle') && blocks.get(value.key)?.made !== undefined) {
    blocks.delete(value.key);
    return;
  }
  const known = blocks.get(value.key) ?? newBlock(kind, value, undefined);
  const isAsked = action.isAsked === true || !mayBeNull(state, value);
  const freed = { api, where, tag, askedTag, isAsked };
  blocks.set(value.key, { ...known, life: 'freed', freed });
  if (kind !== 'request') return;
  endContexts(state, value, freed);
  for (const [key, block] of blocks)
    if (block.kind === 'lent' && block.base?.key === value.key) blocks.set(key, { ...block, life: 'freed', freed });
}

/**
 * What is given back is NULL: it was assigned so, or could not be allocated. That a pointer was compared with NULL says less:
 * it may have been asserted.
 */
export function noteNullFreed(
  run: Run,
  state: State,
  freed: Omit<Extract<Action, { kind: 'free-null' }>, 'kind'>,
): void {
  const { value, block } = freed;
  // A string without memory has nothing to give back.
  if (block === 'string') return;
  const isMade = value.kind === 'integer' || (value.kind === 'symbol' && value.source.kind === 'new');
  if (isMade && isNull(state, value)) act(run, state, { kind: 'free-null', ...freed });
}

/**
 * What CONTAINING_RECORD finds around an entry goes with the entry, so that has the name of both: the pointer that the
 * address lies a fixed distance from.
 */
function wholeOf(value: Value): Value {
  if (value.kind !== 'address' || value.place.root.kind !== 'pointee') return value;
  const { steps, root } = value.place;
  return steps.every(({ kind }) => kind === 'offset') ? root.pointer : value;
}

/**
 * Nothing tells the value from others: where it comes from is not known, or only that it is some element of an array, or
 * that it lies in a record of which as little is known.
 */
function mayBeAnother(value: Value): boolean {
  if (value.kind !== 'symbol' || value.source.kind === 'other') return true;
  if (value.source.kind !== 'initial') return false;
  const { root, steps } = value.source.place;
  return steps.some(({ kind }) => kind === 'index') || (root.kind === 'pointee' && mayBeAnother(root.pointer));
}

/** Somebody may have detached what is attached. */
export function loseAttachments({ kernel: { blocks } }: State): void {
  for (const [key, { kind, life }] of blocks) if (kind === 'attachment' && life === 'live') blocks.delete(key);
}

export function setPages(state: State, value: Value, becomes: Block['pages'], where: Where): void {
  if (value.kind !== 'symbol') return;
  const known = state.kernel.blocks.get(value.key) ?? { ...newBlock('mdl', value, undefined), keptBy: 'others' };
  if (known.kind !== 'mdl') return;
  state.kernel.blocks.set(value.key, { ...known, pages: becomes, locked: becomes === 'locked' ? where : known.locked });
}

/** A device is deleted, and its extension goes with it. Where that was not looked at before, nobody has its address. */
export function endDevice({ run, values: [given = ANYTHING], where }: Call, state: State): void {
  const device = resolve(state, given);
  const place = placeAt(shift(device, OFFSET['_DEVICE_OBJECT.DeviceExtension']));
  const extension = place === undefined ? undefined : state.cells.get(place.key)?.value;
  const { blocks } = state.kernel;
  const freed = { api: 'IoDeleteDevice', where, tag: undefined, askedTag: undefined };
  if (extension?.kind === 'symbol')
    blocks.set(extension.key, { ...newBlock('pool', extension, undefined), life: 'freed', freed });
  freeBlock(run, state, { kind: 'free', value: device, block: 'device', ...freed });
}

/** Somebody may have deleted any device of the driver. */
export function loseDevices({ kernel: { blocks } }: State): void {
  for (const [key, block] of blocks) if (block.kind === 'device') blocks.set(key, { ...block, keptBy: 'others' });
}

/** Memory of a program: from now on reads of it are noted. */
export function noteProbed(state: State, value: Value): void {
  if (value.kind === 'symbol' && !state.kernel.blocks.has(value.key))
    state.kernel.blocks.set(value.key, { ...newBlock('user', value, undefined), keptBy: 'others' });
}

/** What WSK gives to a callback: NULL where its socket has failed. A connection is kept once the callback puts it somewhere. */
export function noteArgument(state: State, value: Value, of: { readonly isConnection: boolean }): void {
  const keptBy = of.isConnection ? 'nobody' : 'others';
  state.kernel.blocks.set(value.key, { ...newBlock('argument', value, undefined), keptBy, isNullable: true });
}

/** Where a UNICODE_STRING, and any other, has the address of its memory. */
export const STRING_BUFFER = OFFSET['_UNICODE_STRING.Buffer'];

/** Reads of a program's memory that are remembered on one way. */
const MAX_READS = 20;

/** The pointer to what lies there, where rules ask about it: a block, or what another function has put somewhere. */
export function pointerAskedOf({ mayFindPaged }: Run, { kernel: { blocks } }: State, at: Value): Value | undefined {
  if (blocks.size === 0 && !mayFindPaged) return undefined;
  const root = placeAt(at)?.root;
  if (root?.kind !== 'pointee') return undefined;
  const { pointer } = root;
  return blocks.get(pointer.key)?.value ?? (mayFindPaged && pointer.source.kind === 'initial' ? pointer : undefined);
}

/** Memory behind a pointer is read or written. */
export function touch(run: Run, state: State, how: Touch): void {
  const pointer = pointerAskedOf(run, state, how.at);
  if (pointer !== undefined) touchAsked(run, state, pointer, how);
}

/** The same where `pointerAskedOf` has told the pointer. */
export function touchAsked(run: Run, state: State, pointer: Value, how: Touch): void {
  const { at, by, isRead, bytes, where } = how;
  const block = blockBehind(state.kernel, at);
  act(run, state, { kind: 'touch', pointer, by, isRead, at, bytes, where });
  if (block === undefined) return;
  if (block.kind === 'user' && how.isRead && block.reads.length < MAX_READS)
    state.kernel.blocks.set(block.value.key, { ...block, reads: [...block.reads, how] });
  // Code that looks into an MDL asks whether its pages are locked.
  if (block.kind === 'mdl' && how.by === undefined && (block.pages === 'unlocked' || block.pages === 'none'))
    state.kernel.blocks.set(block.value.key, { ...block, pages: 'unknown' });
  // Who looks into a list of addresses knows that it is there.
  if (block.kind === 'address-list') narrow(state, block.value, NOT_ZERO);
  if (block.isNullable && mayBeNull(state, block.value)) {
    state.trusted.add(block.value.key);
    narrow(state, block.value, NOT_ZERO);
  }
}

/** Code that we cannot see may lock and unlock the pages of what it is given. */
export function losePages(state: State, values: readonly Value[]): void {
  for (const [key, block] of state.kernel.blocks) {
    // Those of nonpaged pool nobody can lock.
    if (block.pages === 'nonpaged') continue;
    if (block.kind === 'mdl' && (block.keptBy !== 'nobody' || values.some((value) => mentions(value.key, key))))
      state.kernel.blocks.set(key, { ...block, pages: 'unknown' });
  }
}

const POOL_FLAG_RAISE_ON_FAILURE = 0x20n;

const POOL_RAISE_IF_ALLOCATION_FAILURE = 0x10n;
