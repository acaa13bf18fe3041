/**
 * Calls that change the level, take and release locks, or make, use and give back what the driver has from the kernel,
 * by the table of kernel-apis.ts.
 */
import { fresh } from '../state/forget.ts';
import { store } from '../state/memory.ts';
import { copyState, narrow, resolve, type State } from '../state/state.ts';
import { between, exactly } from '../values/ranges.ts';
import { ANYTHING, integerValue, type Value } from '../values/values.ts';
import { freeBlock, makeOutput, makeResult, noteProbed, setPages, touch } from './blocks.ts';
import type { Call } from './call.ts';
import { act, currentLevel, setLevel } from './demands.ts';
import { kernelEffect } from './kernel-apis.ts';
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
  if (effect === undefined) return undefined;
  const done = (value: Value): readonly State[] => {
    state.temporaries.set(to, value);
    return [state];
  };
  switch (effect.kind) {
    case 'acquire': {
      if (effect.mayFail !== true) return done(acquire(call, state, name, effect));
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
    case 'probe':
      noteProbed(state, resolve(state, call.values[effect.at] ?? ANYTHING));
      return undefined;
    case 'pages': {
      const value = resolve(state, call.values[effect.at] ?? ANYTHING);
      touch(call.run, state, { by: name, isRead: false, at: value, bytes: undefined, where: call.where });
      if (effect.becomes !== 'locked')
        act(call.run, state, {
          kind: 'pages',
          mdl: value,
          becomes: effect.becomes,
          base: undefined,
          where: call.where,
        });
      setPages(state, value, effect.becomes, call.where);
      return done(ANYTHING);
    }
  }
}

/** The mark of a way on which the lock of this key was asked for, and not got. */
export function notTaken(lock: string): string {
  return `not-taken@${lock}`;
}
