/**
 * Calls that change the level, take and release locks, or make, use and give back what the driver has from the kernel,
 * by the table of kernel-apis.ts.
 */
import { VOID_POINTER } from '../../../../cfront/types/make.ts';
import { STATUS_PENDING } from '../facts/statuses.ts';
import { happen } from '../run/run.ts';
import { fresh } from '../state/forget.ts';
import { load, store } from '../state/memory.ts';
import { copyState, isNull, narrow, resolve, type State } from '../state/state.ts';
import { between, exactly, FULL, type Range } from '../values/ranges.ts';
import { ANYTHING, integerValue, ONE, shift, type Value, ZERO } from '../values/values.ts';
import {
  freeBlock,
  makeOutput,
  makeResult,
  noteNullFreed,
  noteProbed,
  STRING_BUFFER,
  setPages,
  touch,
} from './blocks.ts';
import type { Call } from './call.ts';
import { act, currentLevel, demand, setLevel } from './demands.ts';
import { keepByApi } from './keeping.ts';
import { type KernelEffect, kernelEffect } from './kernel-apis.ts';
import { acquire, release } from './locks.ts';

/** Undefined where the function does nothing of the kind. `outputs` changes what lies behind pointers. */
export function callKernel(
  call: Call,
  state: State,
  name: string,
  to: number,
  outputs: (state: State) => void,
): readonly State[] | undefined {
  const effect = kernelEffect(name);
  return effect === undefined ? undefined : callEffect(call, state, { name, effect }, to, outputs);
}

function callEffect(
  call: Call,
  state: State,
  { name, effect }: { readonly name: string; readonly effect: KernelEffect },
  to: number,
  outputs: (state: State) => void,
): readonly State[] | undefined {
  const done = (value: Value): readonly State[] => {
    state.temporaries.set(to, value);
    return [state];
  };
  switch (effect.kind) {
    case 'acquire': {
      const isSure = effect.waits === undefined || isTrue(state, call.values[effect.waits]);
      if (!isSure || effect.mayFail === 'boolean') return takeOrNot(call, state, { name, effect, to });
      if (effect.also !== undefined) callEffect(call, state, { name, effect: effect.also }, to, outputs);
      if (effect.mayFail === 'status') return takeOrNot(call, state, { name, effect, to });
      const result = acquire(call, state, name, effect);
      return done(effect.waits === undefined ? result : ONE);
    }
    case 'release':
      if (effect.also !== undefined) callEffect(call, state, { name, effect: effect.also }, to, outputs);
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
      if (effect.asks !== undefined && !isTrue(state, call.values[effect.asks])) return undefined;
      return effect.out === 'result'
        ? done(makeResult(call, state, name, effect))
        : makeOutput(call, state, name, effect.out, effect, to, outputs);
    case 'free':
      giveBack(call, state, name, effect);
      return done(fresh(state, call.site, 'result'));
    case 'free-string':
      freeString(call, state, { name, effect }, outputs);
      return done(ANYTHING);
    case 'decide':
      outputs(state);
      keepByApi(call, state, name);
      return decide(call, state, { name, effect, to });
    case 'queue-or-fail':
      outputs(state);
      return queueOrFail(call, state, { name, effect, to });
    case 'hand-on':
      return handOn(call, state, { name, effect, to }, outputs);
    case 'probe':
      noteProbed(state, resolve(state, call.values[effect.at] ?? ANYTHING));
      return undefined;
    case 'pages':
      changePages(call, state, name, effect);
      return done(ANYTHING);
  }
}

type Effect<Kind extends KernelEffect['kind']> = Extract<KernelEffect, { readonly kind: Kind }>;

/** An effect that the result tells of: the name of the function that has it, and where its result goes. */
interface Told<Kind extends KernelEffect['kind']> {
  readonly name: string;
  readonly effect: Effect<Kind>;
  readonly to: number;
}

/** A BOOLEAN is TRUE, for sure. */
function isTrue(state: State, given: Value | undefined): boolean {
  const known = resolve(state, given ?? ANYTHING);
  return known.kind === 'integer' && known.value !== 0n;
}

/** It is taken, or not: the result says which. */
function takeOrNot(call: Call, state: State, { name, effect, to }: Told<'acquire'>): readonly State[] {
  const failed = copyState(state);
  const isStatus = effect.mayFail === 'status';
  const { key } = resolve(state, call.values[effect.at ?? 0] ?? ANYTHING);
  if (call.isResultRead && (isStatus || effect.lock === 'rundown')) failed.marks.add(notTaken(key));
  acquire(call, state, name, isStatus ? effect : { ...effect, mayFail: 'boolean' });
  state.marks.delete(notTaken(key));
  if (isStatus) {
    giveStatus(call, state, to, exactly(0n));
    giveStatus(call, failed, to, FAILURE);
  } else {
    state.temporaries.set(to, ONE);
    failed.temporaries.set(to, ZERO);
  }
  return [state, failed];
}

const SUCCESS = between(0n, undefined);
const FAILURE = between(undefined, -1n);

/** On this way the call returns a status of which nothing more is known. */
function giveStatus({ site }: Call, way: State, to: number, range: Range): void {
  const result = fresh(way, site, 'result');
  way.temporaries.set(to, result);
  narrow(way, result, range);
}

function decide(call: Call, state: State, { name, effect, to }: Told<'decide'>): readonly State[] {
  const pends = effect.pends === true;
  const failed = copyState(state);
  failed.marks.add(pends ? hasPended(name) : hasFailed(name));
  state.marks.add(hasSucceeded(name));
  giveStatus(call, state, to, pends ? between(undefined, 0n) : SUCCESS);
  giveStatus(call, failed, to, pends ? exactly(STATUS_PENDING) : FAILURE);
  if (effect.clears !== undefined) store(state, call.values[effect.clears] ?? ANYTHING, ZERO, 8, call.site);
  // Where both ways go on as one, it is the one that failed.
  return [failed, state];
}

function queueOrFail(call: Call, state: State, { name, effect, to }: Told<'queue-or-fail'>): readonly State[] {
  const { run, where } = call;
  const irp = resolve(state, call.values[effect.irp] ?? ANYTHING);
  const failed = copyState(state);
  happen(run, state, { kind: 'use', irp, by: name, where });
  happen(run, state, { kind: 'lose', irp, where });
  if (!call.isResultRead) {
    // Who does not ask knows that his own routine takes every one.
    state.temporaries.set(to, ANYTHING);
    return [state];
  }
  giveStatus(call, state, to, SUCCESS);
  giveStatus(call, failed, to, FAILURE);
  return [state, failed];
}

/** A request that KMDF has given to this function: whether it is gone, the result says, where somebody reads that. */
function handOn(
  call: Call,
  state: State,
  { name, effect, to }: Told<'hand-on'>,
  outputs: (state: State) => void,
): readonly State[] | undefined {
  const { where, values } = call;
  const { key } = resolve(state, values[effect.at] ?? ANYTHING);
  const request = state.kernel.blocks.get(key);
  if (request?.kind !== 'request' || request.made === undefined || request.life !== 'live') return undefined;
  outputs(state);
  const refused = copyState(state);
  keepByApi(call, state, name);
  const kept = state.kernel.blocks.get(key) ?? request;
  if (effect.options === undefined || isNull(state, values[effect.options] ?? ANYTHING)) {
    const freed = { api: name, where, tag: undefined, askedTag: undefined };
    state.kernel.blocks.set(key, { ...kept, life: 'freed', freed });
  }
  if (effect.says === 'boolean') state.temporaries.set(to, ONE);
  else giveStatus(call, state, to, call.isResultRead ? SUCCESS : FULL);
  if (!call.isResultRead) return [state];
  refused.kernel.blocks.set(key, { ...request, refused: { api: name, where } });
  if (effect.says === 'boolean') refused.temporaries.set(to, ZERO);
  else giveStatus(call, refused, to, FAILURE);
  return [state, refused];
}

function giveBack({ run, values, where }: Call, state: State, api: string, effect: Effect<'free'>): void {
  const given = values[effect.at] ?? ANYTHING;
  const askedTag = effect.tag === undefined ? undefined : resolve(state, values[effect.tag] ?? ANYTHING);
  const tag = askedTag?.kind === 'integer' ? askedTag.value : undefined;
  const freed = { block: effect.block, api, where };
  const value = resolve(state, given);
  noteNullFreed(run, state, { ...freed, value: given });
  freeBlock(run, state, { kind: 'free', ...freed, value, tag, askedTag });
}

/** The memory behind a string, whose pointer is NULL from then on. */
function freeString(
  { run, values, site, where }: Call,
  state: State,
  { name, effect: { at } }: Omit<Told<'free-string'>, 'to'>,
  outputs: (state: State) => void,
): void {
  const memory = shift(resolve(state, values[at] ?? ANYTHING), STRING_BUFFER);
  const value = resolve(state, load(state, memory, VOID_POINTER));
  freeBlock(run, state, {
    kind: 'free',
    value,
    block: 'string',
    api: name,
    where,
    tag: undefined,
    askedTag: undefined,
  });
  outputs(state);
  store(state, memory, ZERO, 8, site);
}

function changePages({ run, values, where }: Call, state: State, api: string, effect: Effect<'pages'>): void {
  const { becomes, at } = effect;
  const mdl = resolve(state, values[at] ?? ANYTHING);
  touch(run, state, { by: api, isRead: false, at: mdl, bytes: undefined, where });
  if (becomes === 'unlocked' || becomes === 'nonpaged')
    act(run, state, { kind: 'pages', mdl, becomes, base: undefined, where });
  const base = becomes === 'nonpaged' ? state.kernel.blocks.get(mdl.key)?.base : undefined;
  if (base !== undefined) demand(run, state, { kind: 'nonpaged', base, api, where });
  setPages(state, mdl, becomes, where);
}

/** The mark of a way on which a function of this name has failed. */
export function hasFailed(name: string): string {
  return `failed@${name}`;
}

/** The mark of a way on which it returned STATUS_PENDING. */
export function hasPended(name: string): string {
  return `pended@${name}`;
}

/** The mark of a way on which it has done neither. */
export function hasSucceeded(name: string): string {
  return `succeeded@${name}`;
}

/** The mark of a way on which the lock of this key was asked for, and not got. */
export function notTaken(lock: string): string {
  return `not-taken@${lock}`;
}
