/**
 * Calls that change the level, take and release locks, or make, use and give back what the driver has from the kernel,
 * by the table of kernel-apis.ts.
 */
import { STATUS_PENDING } from '../facts/statuses.ts';
import { happen } from '../run/run.ts';
import { fresh } from '../state/forget.ts';
import { store } from '../state/memory.ts';
import { copyState, isNull, narrow, resolve, type State } from '../state/state.ts';
import { between, exactly } from '../values/ranges.ts';
import { ANYTHING, integerValue, ONE, type Value, ZERO } from '../values/values.ts';
import { freeBlock, makeOutput, makeResult, noteNullFreed, noteProbed, setPages, touch } from './blocks.ts';
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
      const isSure = effect.waits === undefined || isWaiting(state, call.values[effect.waits]);
      if (!isSure || effect.mayFail === 'boolean') return tryFor(call, state, { name, effect, to });
      if (effect.also !== undefined) callEffect(call, state, { name, effect: effect.also }, to, outputs);
      if (effect.mayFail === undefined) {
        const result = acquire(call, state, name, effect);
        return done(effect.waits === undefined ? result : ONE);
      }
      const failed = copyState(state);
      const { key } = resolve(state, call.values[effect.at ?? 0] ?? ANYTHING);
      if (call.isResultRead) failed.marks.add(notTaken(key));
      acquire(call, state, name, effect);
      state.marks.delete(notTaken(key));
      const result = fresh(state, call.site, 'result');
      failed.temporaries.set(to, fresh(failed, call.site, 'result'));
      narrow(failed, result, between(undefined, -1n));
      narrow(state, result, exactly(0n));
      return [...done(result), failed];
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
      return effect.out === 'result'
        ? done(makeResult(call, state, name, effect))
        : makeOutput(call, state, name, effect.out, effect, to, outputs);
    case 'free': {
      const given = call.values[effect.at] ?? ANYTHING;
      const value = resolve(state, given);
      const tag = effect.tag === undefined ? undefined : resolve(state, call.values[effect.tag] ?? ANYTHING);
      const freed = { value, block: effect.block, api: name, where: call.where };
      noteNullFreed(call.run, state, { ...freed, value: given });
      freeBlock(call.run, state, {
        kind: 'free',
        ...freed,
        tag: tag?.kind === 'integer' ? tag.value : undefined,
        askedTag: tag,
      });
      return done(fresh(state, call.site, 'result'));
    }
    case 'decide': {
      outputs(state);
      keepByApi(call, state, name);
      const failed = copyState(state);
      failed.marks.add(effect.pends === true ? hasPended(name) : hasFailed(name));
      state.marks.add(hasSucceeded(name));
      const pends = effect.pends === true;
      for (const [way, range] of [
        [state, pends ? between(undefined, 0n) : between(0n, undefined)],
        [failed, pends ? exactly(STATUS_PENDING) : between(undefined, -1n)],
      ] as const) {
        const result = fresh(way, call.site, 'result');
        way.temporaries.set(to, result);
        narrow(way, result, range);
      }
      if (effect.clears !== undefined) store(state, call.values[effect.clears] ?? ANYTHING, ZERO, 8, call.site);
      // Where both ways go on as one, it is the one that failed.
      return [failed, state];
    }
    case 'queue-or-fail': {
      const { run, site, where } = call;
      const irp = resolve(state, call.values[effect.irp] ?? ANYTHING);
      outputs(state);
      const failed = copyState(state);
      happen(run, state, { kind: 'use', irp, by: name, where });
      happen(run, state, { kind: 'lose', irp, where });
      // Who does not ask knows that his own routine takes every one.
      if (!call.isResultRead) return done(ANYTHING);
      const result = fresh(state, site, 'result');
      failed.temporaries.set(to, fresh(failed, site, 'result'));
      narrow(failed, result, between(undefined, -1n));
      narrow(state, result, between(0n, undefined));
      return [...done(result), failed];
    }
    case 'hand-on':
      return handOn(call, state, { name, effect, to }, outputs);
    case 'probe':
      noteProbed(state, resolve(state, call.values[effect.at] ?? ANYTHING));
      return undefined;
    case 'pages': {
      const value = resolve(state, call.values[effect.at] ?? ANYTHING);
      touch(call.run, state, { by: name, isRead: false, at: value, bytes: undefined, where: call.where });
      if (effect.becomes === 'unlocked' || effect.becomes === 'nonpaged')
        act(call.run, state, {
          kind: 'pages',
          mdl: value,
          becomes: effect.becomes,
          base: undefined,
          where: call.where,
        });
      const base = effect.becomes === 'nonpaged' ? state.kernel.blocks.get(value.key)?.base : undefined;
      if (base !== undefined) demand(call.run, state, { kind: 'nonpaged', base, api: name, where: call.where });
      setPages(state, value, effect.becomes, call.where);
      return done(ANYTHING);
    }
  }
}

/** A BOOLEAN is TRUE, for sure. */
function isWaiting(state: State, given: Value | undefined): boolean {
  const known = resolve(state, given ?? ANYTHING);
  return known.kind === 'integer' && known.value !== 0n;
}

/** It is taken, or not: the result says which. */
function tryFor(
  call: Call,
  state: State,
  { name, effect, to }: { readonly name: string; readonly effect: Acquire; readonly to: number },
): readonly State[] {
  const failed = copyState(state);
  const { key } = resolve(state, call.values[effect.at ?? 0] ?? ANYTHING);
  if (call.isResultRead && effect.lock === 'rundown') failed.marks.add(notTaken(key));
  acquire(call, state, name, { ...effect, mayFail: 'boolean' });
  state.marks.delete(notTaken(key));
  state.temporaries.set(to, ONE);
  failed.temporaries.set(to, ZERO);
  return [state, failed];
}

type Acquire = Extract<KernelEffect, { kind: 'acquire' }>;

/** A request that KMDF has given to this function: whether it is gone, the result says, where somebody reads that. */
function handOn(
  call: Call,
  state: State,
  { name, effect, to }: { readonly name: string; readonly effect: HandOn; readonly to: number },
  outputs: (state: State) => void,
): readonly State[] | undefined {
  const { where, site, values } = call;
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
  const isBoolean = effect.says === 'boolean';
  const result = isBoolean ? ONE : fresh(state, site, 'result');
  state.temporaries.set(to, result);
  if (!call.isResultRead) return [state];
  refused.kernel.blocks.set(key, { ...request, refused: { api: name, where } });
  const refusal = isBoolean ? ZERO : fresh(refused, site, 'result');
  refused.temporaries.set(to, refusal);
  if (!isBoolean) {
    narrow(state, result, between(0n, undefined));
    narrow(refused, refusal, between(undefined, -1n));
  }
  return [state, refused];
}

type HandOn = Extract<KernelEffect, { kind: 'hand-on' }>;

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
