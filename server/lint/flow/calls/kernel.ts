/**
 * What calls do to the level, to locks, and to what the driver has from the kernel; and what they ask for.
 *
 * A lock that is released where it is not held is a caller's: the summary tells so. The level that a release goes back
 * to is the one that was saved, unless the call gives a number.
 */
import type { CallExpression, FunctionSymbol } from '../../../../cfront/parse/ast.ts';
import { INT } from '../../../../cfront/types/make.ts';
import {
  type Action,
  type Block,
  CANCEL_LOCK,
  type Demand,
  demandKey,
  type Held,
  LEVEL_ADDRESS,
  LEVEL_PLACE,
  type LockKind,
} from '../facts/kernel.ts';
import type { Run } from '../run/run.ts';
import type { KernelOutcome } from '../run/summary.ts';
import { fresh, load, type Site, shareAddress, store } from '../state/memory.ts';
import { copyState, isNull, mayBeNull, narrow, rangeOf, resolve, type State } from '../state/state.ts';
import type { Where } from '../state/where.ts';
import { between, NOT_ZERO } from '../values/ranges.ts';
import { ANYTHING, addressValue, integerValue, makePlace, mentions, placeAt, type Value } from '../values/values.ts';
import { apiEffect } from './apis.ts';
import {
  blocksAlways,
  type KernelEffect,
  keepsNothing,
  kernelEffect,
  runsAnywhere,
  runsOtherDrivers,
  timeoutOf,
} from './kernel-apis.ts';
import { levelsOf } from './levels.ts';

export interface KernelCall {
  readonly run: Run;
  readonly expression: CallExpression;
  readonly values: readonly Value[];
  readonly site: Site;
  readonly where: Where;
}

export function act(run: Run, state: State, action: Action): void {
  run.session.observer.act(action, state, run.fn);
}

/** The level of the processor: the value that it had when the function began, as long as nothing changed it. */
export function currentLevel(state: State): Value {
  return load(state, LEVEL_ADDRESS, INT);
}

export function isEntryLevel(value: Value): boolean {
  return value.kind === 'symbol' && value.source.kind === 'initial' && value.source.place.key === LEVEL_PLACE.key;
}

/** Tells the rules what is asked for, and keeps it for callers where it is theirs to see to. */
export function demand(run: Run, state: State, asked: Demand): void {
  act(run, state, { kind: 'demand', demand: asked, where: asked.where });
  const key = demandKey(asked);
  if (!state.kernel.demands.has(key) && isCallers(state, asked)) state.kernel.demands.set(key, asked);
}

function isCallers(state: State, asked: Demand): boolean {
  const { released } = state.kernel;
  switch (asked.kind) {
    case 'level': {
      const level = currentLevel(state);
      const { max } = rangeOf(state, level);
      return isEntryLevel(level) && (max === undefined || max > BigInt(asked.max));
    }
    case 'lock-free':
      return !released.has(asked.lock.key);
    case 'no-spin-lock':
      return released.size === 0;
  }
}

/** What a call asks of the level and of locks, before it does anything. */
export function askBefore(call: KernelCall, state: State, callee: FunctionSymbol): void {
  const { run, values, where } = call;
  const { name } = callee;
  if (name === '__wsk_paged_code') {
    demand(run, state, { kind: 'level', max: 1, reason: 'paged', api: 'PAGED_CODE', where });
    return;
  }
  if (runsOtherDrivers(name)) demand(run, state, { kind: 'no-spin-lock', api: name, where });
  const at = timeoutOf(name);
  if (at !== undefined || blocksAlways(name)) {
    if (at === undefined || blocks(state, values[at] ?? ANYTHING))
      demand(run, state, { kind: 'level', max: 1, reason: 'wait', api: name, where });
    return;
  }
  // Of a function whose body is there, the body says what it needs.
  if (run.session.functionOf(callee)?.isUsers === true || runsAnywhere(name)) return;
  const { max } = levelsOf(callee);
  if (max !== undefined && max < 2) demand(run, state, { kind: 'level', max, reason: 'call', api: name, where });
}

/** A wait with this time-out surely may block. */
function blocks(state: State, timeout: Value): boolean {
  if (isNull(state, timeout)) return true;
  const place = placeAt(resolve(state, timeout));
  const known = place === undefined ? undefined : state.cells.get(place.key);
  if (known === undefined) return false;
  const ticks = resolve(state, known.value);
  return ticks.kind === 'integer' && ticks.value !== 0n;
}

/** Undefined where the function does nothing of the kind. `outputs` changes what lies behind pointers. */
export function callKernel(
  call: KernelCall,
  state: State,
  name: string,
  to: number,
  outputs: (state: State) => void,
): readonly State[] | undefined {
  const effect = kernelEffect(name);
  if (effect === undefined) return undefined;
  const done = (value: Value): readonly State[] => {
    state.temporaries.set(to, value);
    return [state];
  };
  switch (effect.kind) {
    case 'acquire':
      return done(acquire(call, state, name, effect));
    case 'release':
      return done(release(call, state, name, effect));
    case 'raise': {
      const before = currentLevel(state);
      const level = effect.level === undefined ? integerValue(2n) : (call.values[effect.level] ?? ANYTHING);
      setLevel(call, state, level);
      if (effect.saves !== 'result') store(state, call.values[effect.saves] ?? ANYTHING, before, 1, call.site);
      return done(before);
    }
    case 'lower':
      setLevel(call, state, call.values[effect.level] ?? ANYTHING);
      return done(ANYTHING);
    case 'try': {
      const lock = call.values[effect.at] ?? ANYTHING;
      state.kernel.ended.delete(lock.key);
      state.kernel.isVague = true;
      return undefined;
    }
    case 'current-level':
      return done(currentLevel(state));
    case 'make':
      return effect.out === 'result'
        ? done(makeResult(call, state, name, effect))
        : makeOutput(call, state, name, effect.out, effect, to, outputs);
    case 'free': {
      const value = resolve(state, call.values[effect.at] ?? ANYTHING);
      const tag = effect.tag === undefined ? undefined : resolve(state, call.values[effect.tag] ?? ANYTHING);
      freeBlock(call.run, state, {
        kind: 'free',
        value,
        block: effect.block,
        api: name,
        tag: tag?.kind === 'integer' ? tag.value : undefined,
        where: call.where,
      });
      return done(fresh(state, call.site, 'result'));
    }
    case 'pages': {
      const value = resolve(state, call.values[effect.at] ?? ANYTHING);
      touch(call.run, state, value, name, call.where);
      setPages(state, value, effect.becomes, call.where);
      return done(ANYTHING);
    }
  }
}

function setLevel(call: KernelCall, state: State, level: Value): void {
  store(state, LEVEL_ADDRESS, resolve(state, level), 1, call.site);
}

function lockValue(call: KernelCall, kind: LockKind, at: number | undefined): Value {
  if (at !== undefined) return call.values[at] ?? ANYTHING;
  if (kind === 'cancel') return CANCEL_LOCK;
  return addressValue(makePlace({ kind: 'processor', key: `${kind};` }, []));
}

function acquire(
  call: KernelCall,
  state: State,
  name: string,
  effect: Extract<KernelEffect, { kind: 'acquire' }>,
): Value {
  const { run, site, where } = call;
  const lock = resolve(state, lockValue(call, effect.lock, effect.at));
  const before = currentLevel(state);
  const held: Held = {
    lock,
    kind: effect.lock,
    api: name,
    where,
    saved: effect.raises === undefined ? undefined : before,
    handle: effect.handle === undefined ? undefined : resolve(state, call.values[effect.handle] ?? ANYTHING),
  };
  act(run, state, { kind: 'acquire', held, where });
  if (effect.lock === 'spin' && lock.kind !== 'anything')
    demand(run, state, { kind: 'lock-free', lock, api: name, where });
  takeLock(state, held);
  if (effect.raises !== undefined) setLevel(call, state, integerValue(BigInt(effect.raises)));
  if (typeof effect.saves === 'number') store(state, call.values[effect.saves] ?? ANYTHING, before, 1, site);
  for (const value of call.values) shareAddress(state, value);
  return effect.saves === 'result' ? before : ANYTHING;
}

/** Regions and readers nest, so each taking has a name of its own. */
const MAX_NESTED = 3;

function takeLock({ kernel }: State, held: Held): void {
  const { lock } = held;
  if (lock.kind === 'anything') {
    kernel.isVague = true;
    return;
  }
  let { key } = lock;
  for (let depth = 0; depth < MAX_NESTED && kernel.held.has(key); depth++) key += '+';
  kernel.held.set(key, held);
  kernel.ended.delete(key);
}

function release(
  call: KernelCall,
  state: State,
  name: string,
  effect: Extract<KernelEffect, { kind: 'release' }>,
): Value {
  const { run, where } = call;
  const { kernel } = state;
  const handle = effect.handle === undefined ? undefined : resolve(state, call.values[effect.handle] ?? ANYTHING);
  const byHandle =
    handle === undefined ? undefined : [...kernel.held.values()].find((h) => h.handle?.key === handle.key);
  if (handle !== undefined && byHandle === undefined) {
    kernel.isVague = true;
    setLevel(call, state, ANYTHING);
    return ANYTHING;
  }
  const lock = byHandle?.lock ?? resolve(state, lockValue(call, effect.lock, effect.at));
  act(run, state, { kind: 'release', released: { lock, kind: effect.lock, api: name, where }, where });
  const held = endLock(state, { lock, kind: effect.lock, api: name, where });
  if (effect.restores === undefined) return ANYTHING;
  const given = effect.restores === 'saved' ? ANYTHING : resolve(state, call.values[effect.restores] ?? ANYTHING);
  setLevel(call, state, given.kind === 'integer' ? given : (held?.saved ?? ANYTHING));
  return ANYTHING;
}

/** The lock is released: what was known of its taking; undefined where it was not taken on this way. */
export function endLock(
  { kernel }: State,
  released: { lock: Value; kind: LockKind; api: string; where: Where },
): Held | undefined {
  const { lock, where } = released;
  if (lock.kind === 'anything') {
    kernel.isVague = true;
    return undefined;
  }
  let { key } = lock;
  while (kernel.held.has(`${key}+`)) key += '+';
  const held = kernel.held.get(key);
  if (held === undefined) {
    const [other] = [...kernel.held].filter(([, h]) => h.kind === released.kind && isUnsure(h.lock, lock)).reverse();
    if (other !== undefined) {
      // It may be the same lock by another name: memory that held its address has changed in between.
      kernel.held.delete(other[0]);
      kernel.isVague = true;
      return other[1];
    }
    if (!kernel.ended.has(key)) kernel.released.set(key, released);
    return undefined;
  }
  kernel.held.delete(key);
  kernel.ended.set(key, where);
  return held;
}

/** Two locks with different names that may be one. */
function isUnsure(a: Value, b: Value): boolean {
  return [a, b].some((value) => value.kind !== 'address' || value.place.root.kind === 'pointee');
}

function newBlock(kind: Block['kind'], value: Value, made: Block['made']): Block {
  return {
    kind,
    value,
    made,
    isNullable: false,
    life: 'live',
    freed: undefined,
    base: undefined,
    isKept: false,
    pages: kind === 'mdl' && made !== undefined ? 'none' : 'unknown',
    locked: undefined,
    isPaged: false,
    tag: undefined,
  };
}

const POOL_FLAG_PAGED = 0x100n;
const POOL_FLAG_RAISE_ON_FAILURE = 0x20n;
const POOL_RAISE_IF_ALLOCATION_FAILURE = 0x10n;

function makeResult(
  call: KernelCall,
  state: State,
  name: string,
  effect: Extract<KernelEffect, { kind: 'make' }>,
): Value {
  const value = fresh(state, call.site, effect.block, 'new');
  if (value.kind !== 'symbol') return value;
  const number = (at: number | undefined): bigint | undefined => {
    const given = at === undefined ? ANYTHING : resolve(state, call.values[at] ?? ANYTHING);
    return given.kind === 'integer' ? given.value : undefined;
  };
  const type = number(effect.type);
  const byFlags = name === 'ExAllocatePool2' || name === 'ExAllocatePool3';
  const raising = byFlags ? POOL_FLAG_RAISE_ON_FAILURE : POOL_RAISE_IF_ALLOCATION_FAILURE;
  const mayRaise = type !== undefined && (type & raising) !== 0n;
  state.kernel.blocks.set(value.key, {
    ...newBlock(effect.block, value, { api: name, where: call.where }),
    isNullable: !mayRaise,
    base: effect.block === 'mdl' ? resolve(state, call.values[0] ?? ANYTHING) : undefined,
    isPaged: type !== undefined && (byFlags ? (type & POOL_FLAG_PAGED) !== 0n : (type & 1n) !== 0n),
    tag: number(effect.tag),
  });
  if (mayRaise) narrow(state, value, NOT_ZERO);
  const memory = apiEffect(name);
  if (memory?.kind === 'allocate-memory' && memory.isZeroed(type)) state.zeroed.add(`*${value.key}`);
  // Whoever has the MDL can reach the memory; one that is allocated for an IRP hangs on that.
  if (effect.block === 'mdl') keep(state, call.values[0] ?? ANYTHING);
  if (name === 'IoAllocateMdl' && !isNull(state, call.values[4] ?? ANYTHING)) keep(state, value);
  return value;
}

function makeOutput(
  call: KernelCall,
  state: State,
  name: string,
  out: number,
  effect: Extract<KernelEffect, { kind: 'make' }>,
  to: number,
  outputs: (state: State) => void,
): readonly State[] {
  const { site } = call;
  const address = resolve(state, call.values[out] ?? ANYTHING);
  outputs(state);
  const failed = copyState(state);
  const result = fresh(state, site, 'result');
  state.temporaries.set(to, result);
  if (address.kind === 'anything' || isNull(state, address)) return [state];
  failed.temporaries.set(to, fresh(failed, site, 'result'));
  narrow(failed, result, between(undefined, -1n));
  narrow(state, result, between(0n, undefined));
  const value = fresh(state, site, effect.block, 'new');
  if (value.kind === 'symbol') {
    state.kernel.blocks.set(value.key, newBlock(effect.block, value, { api: name, where: call.where }));
    narrow(state, value, NOT_ZERO);
  }
  store(state, address, value, 8, site);
  keepStored(state, address, value);
  return [state, failed];
}

/** Gives something back; what is known of it afterwards is that it is gone. */
export function freeBlock(run: Run, state: State, action: Extract<Action, { kind: 'free' }>): void {
  const { value, block: kind, api, where } = action;
  if (isNull(state, value)) return;
  const { blocks } = state.kernel;
  if (!blocks.has(value.key) && (value.kind !== 'symbol' || value.source.kind === 'other')) {
    // It may be any of its kind, by another name.
    for (const [key, block] of blocks)
      if (block.kind === kind && block.life === 'live') blocks.set(key, { ...block, isKept: true });
  }
  if (value.kind === 'anything') return;
  act(run, state, action);
  if (value.kind !== 'symbol') return;
  // An object has as many references as were taken, and a handle is only a number: callers are told, no more.
  if ((kind === 'reference' || kind === 'handle') && blocks.get(value.key)?.made !== undefined) {
    blocks.delete(value.key);
    return;
  }
  const known = blocks.get(value.key) ?? newBlock(kind, value, undefined);
  blocks.set(value.key, { ...known, life: 'freed', freed: { api, where } });
}

export function setPages(state: State, value: Value, becomes: Exclude<Block['pages'], 'unknown'>, where: Where): void {
  if (value.kind !== 'symbol') return;
  const known = state.kernel.blocks.get(value.key) ?? { ...newBlock('mdl', value, undefined), isKept: true };
  if (known.kind !== 'mdl') return;
  state.kernel.blocks.set(value.key, { ...known, pages: becomes, locked: becomes === 'locked' ? where : known.locked });
}

/** Memory behind a pointer is read or written. */
export function touch(run: Run, state: State, pointer: Value, by: string | undefined, where: Where): void {
  if (state.kernel.blocks.size === 0) return;
  const place = placeAt(pointer);
  if (place?.root.kind !== 'pointee') return;
  const block = state.kernel.blocks.get(place.root.pointer.key);
  if (block === undefined) return;
  act(run, state, { kind: 'touch', pointer: block.value, by, where });
  // Code that looks into an MDL asks whether its pages are locked.
  if (block.kind === 'mdl' && by === undefined && (block.pages === 'unlocked' || block.pages === 'none'))
    state.kernel.blocks.set(block.value.key, { ...block, pages: 'unknown' });
  if (block.isNullable && mayBeNull(state, block.value)) {
    state.trusted.add(block.value.key);
    narrow(state, block.value, NOT_ZERO);
  }
}

/** Code that we cannot see may lock and unlock the pages of what it is given. */
export function losePages(state: State, values: readonly Value[]): void {
  for (const [key, block] of state.kernel.blocks) {
    if (block.kind === 'mdl' && (block.isKept || values.some((value) => mentions(value.key, key))))
      state.kernel.blocks.set(key, { ...block, pages: 'unknown' });
  }
}

/** A value is written to memory: where others can reach that, what the value leads to is theirs too. */
export function keepStored(state: State, address: Value, value: Value): void {
  if (state.kernel.blocks.size === 0) return;
  const place = placeAt(address);
  const isOwn = place?.root.kind === 'local' && !state.shared.has(place.root.key);
  // What lies in an array at an index that is not known has no name any more.
  if (isOwn && place?.steps.every((step) => step.kind === 'offset')) return;
  keep(state, value);
}

/** Somebody else may have the value from now on. */
export function keep(state: State, value: Value): void {
  for (const [key, block] of state.kernel.blocks) {
    if (!block.isKept && mentions(value.key, key)) state.kernel.blocks.set(key, { ...block, isKept: true });
  }
}

/** What a function was given, or can reach from it, it may keep. */
export function keepGiven(state: State, values: readonly Value[]): void {
  if (state.kernel.blocks.size === 0) return;
  for (const value of values) {
    keep(state, value);
    const root = placeAt(value)?.root;
    if (root === undefined) continue;
    for (const cell of state.cells.values()) if (cell.place.root.key === root.key) keep(state, cell.value);
  }
}

/** A record is copied to where others can reach it, with all that it leads to. */
export function keepCopied(state: State, to: Value, from: Value): void {
  const root = placeAt(to)?.root;
  if (root === undefined || root.kind !== 'local' || state.shared.has(root.key)) keepGiven(state, [from]);
}

/** A helper begins: what it asks of locks and of the level. */
export function beginHelper(run: Run, state: State, { demands }: KernelOutcome): void {
  for (const asked of demands) demand(run, state, asked);
}

/** One way through a helper, as it ends in its caller. */
export interface Ended {
  readonly state: State;
  readonly kernel: KernelOutcome;
}

function hasFreed({ state, kernel }: Ended, value: Value): boolean {
  return isNull(state, value) || kernel.blocks.some((b) => b.life === 'freed' && b.value.key === value.key);
}

/** A helper has ended: the locks and blocks that it leaves. */
export function endHelper(call: KernelCall, state: State, outcome: KernelOutcome, all: readonly Ended[]): void {
  const { released, held, blocks, isVague } = outcome;
  const { run } = call;
  for (const end of released) {
    act(run, state, { kind: 'release', released: end, where: end.where });
    const known = endLock(state, end);
    if (known?.saved !== undefined) setLevel(call, state, known.saved);
  }
  for (const taken of held) {
    act(run, state, { kind: 'acquire', held: taken, where: taken.where });
    takeLock(state, taken);
  }
  if (isVague) state.kernel.isVague = true;
  for (const block of blocks) {
    if (block.value.kind === 'anything') continue;
    const known = state.kernel.blocks.get(block.value.key);
    if (block.life === 'freed' && block.freed !== undefined) {
      const { api, where } = block.freed;
      if (block.pages !== 'unknown') setPages(state, block.value, block.pages, where);
      if (known?.life !== 'freed' && !all.every((way) => hasFreed(way, block.value))) {
        // It is freed on some ways only, as by a count of references: nobody knows whether it is still there.
        if (known !== undefined) state.kernel.blocks.set(block.value.key, { ...known, isKept: true, pages: 'unknown' });
        continue;
      }
      freeBlock(run, state, { kind: 'free', value: block.value, block: block.kind, api, tag: undefined, where });
    } else if (known === undefined) {
      if (block.made !== undefined || block.kind === 'mdl') state.kernel.blocks.set(block.value.key, block);
    } else if (known.life === 'live') {
      const pages = block.pages === 'unknown' ? known.pages : block.pages;
      state.kernel.blocks.set(block.value.key, {
        ...known,
        isKept: known.isKept || block.isKept,
        pages,
        locked: block.locked ?? known.locked,
      });
    }
  }
}

/** As `keepGiven`, for a function of the kernel, of which is known what it does with what it is given. */
export function keepByApi(call: KernelCall, state: State, name: string): void {
  noteKept(call.run, call.values, name);
  if (!keepsNothing(name)) keepGiven(state, call.values);
}

/** Remembers, for callers, that what came with a parameter was handed on to somebody who may keep it. */
export function noteKept(run: Run, values: readonly Value[], name: string | undefined): void {
  if (name !== undefined && keepsNothing(name)) return;
  for (const { key } of values) for (const match of key.matchAll(/<p(\d+)>/g)) run.fn.kept.add(Number(match[1]));
}
