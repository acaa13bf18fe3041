/**
 * Seeded random numbers: xoshiro128** on 32-bit integers, its state filled from the seed by splitmix32, so that seeds
 * 1 and 2 give unrelated sequences. The state is a plain tuple that the caller keeps.
 */
import { assert } from '../../base/assert.ts';

export interface RandomState {
  a: number;
  b: number;
  c: number;
  d: number;
}

export function createRandom(seed: number): RandomState {
  let x = seed >>> 0;
  const next = (): number => {
    x = (x + 0x9e3779b9) >>> 0;
    let z = x;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
  return { a: next(), b: next(), c: next(), d: next() };
}

/** An unsigned 32-bit integer; the state moves on. */
export function nextUint32(state: RandomState): number {
  const result = Math.imul(rotateLeft(Math.imul(state.b, 5), 7), 9) >>> 0;
  const t = state.b << 9;
  state.c ^= state.a;
  state.d ^= state.b;
  state.b ^= state.c;
  state.a ^= state.d;
  state.c ^= t;
  state.d = rotateLeft(state.d, 11);
  return result;
}

/** An integer from 0 to `bound` - 1, each as likely as the others but for one part in four thousand million. */
export function nextBelow(state: RandomState, bound: number): number {
  assert(bound >= 1 && bound <= 0xffffffff, 'a bound of at least 1');
  return Math.floor((nextUint32(state) / 0x100000000) * bound);
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
