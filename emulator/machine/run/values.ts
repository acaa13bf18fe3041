/**
 * Values at the border between bigints and registers: arguments that the kernel passes, results that go back to it,
 * and what a native sees of the guest's arguments.
 */
import type { ValueForm } from '../compile/value-form.ts';
import { fromWords, highWord, lowWord } from '../memory/layout.ts';
import type { GuestAddress, NativeArguments } from '../native.ts';
import type { PassingClass } from '../program.ts';

export interface RegisterFile {
  readonly words: Int32Array;
  readonly doubles: Float64Array;
}

/** Puts a value into the register at a word position, in the form that its type has there. */
export function setRegister(r: RegisterFile, at: number, form: ValueForm, value: bigint | number): void {
  switch (form.valueClass) {
    case 'float':
      r.doubles[at >> 1] = Math.fround(Number(value));
      return;
    case 'double':
      r.doubles[at >> 1] = Number(value);
      return;
    case 'int': {
      if (typeof value === 'number' && form.bits === 32 && !form.isTruth) {
        const low = value | 0;
        r.words[at] = low;
        r.words[at + 1] = form.isSigned ? low >> 31 : 0;
        return;
      }
      const bits = integerOf(value);
      if (form.isTruth) setWords(r, at, bits === 0n ? 0n : 1n);
      else setWords(r, at, form.isSigned ? BigInt.asIntN(form.bits, bits) : BigInt.asUintN(form.bits, bits));
      return;
    }
    default:
      if (typeof value === 'number') setSmall(r, at, value);
      else setWords(r, at, value);
  }
}

/** 64 bits of a number, which is an exact integer. */
function setSmall(r: RegisterFile, at: number, value: number): void {
  const whole = Math.trunc(value);
  r.words[at] = whole | 0;
  r.words[at + 1] = Math.floor(whole / WORD) | 0;
}

const WORD = 2 ** 32;

/** The value in a register: signed where its type is, a float's bits as they are. */
export function registerValue(r: RegisterFile, at: number, form: ValueForm): bigint {
  const low = r.words[at] ?? 0;
  const whole = fromWords(low, r.words[at + 1] ?? 0);
  switch (form.valueClass) {
    case 'int':
      return form.isSigned ? BigInt(low) : BigInt(low >>> 0);
    case 'float':
      return BigInt(new Uint32Array(Float32Array.of(r.doubles[at >> 1] ?? 0).buffer)[0] ?? 0);
    case 'void':
      return 0n;
    default:
      return form.isSigned ? BigInt.asIntN(64, whole) : whole;
  }
}

/**
 * Arguments in the registers of a call's window, as they were when the call was made. There is one of these for a machine,
 * filled anew for each call: natives work at once, and none keeps them.
 */
export class WindowArguments implements NativeArguments {
  count = 0;
  #classes: readonly PassingClass[] = [];
  #words = new Int32Array(USUAL_WORDS);

  fill(r: RegisterFile, window: number, classes: readonly PassingClass[]): void {
    const { length } = classes;
    this.count = length;
    this.#classes = classes;
    if (this.#words.length < 2 * length) this.#words = new Int32Array(2 * length);
    const words = this.#words;
    for (let i = 0; i < 2 * length; i++) words[i] = r.words[window + i] as number;
  }

  int(i: number): number {
    return i < this.count ? (this.#words[2 * i] as number) : 0;
  }
  uint(i: number): number {
    return this.int(i) >>> 0;
  }
  uint64(i: number): bigint {
    const passing = this.#classes[i];
    if (passing === 's') return BigInt.asUintN(64, BigInt(this.int(i)));
    return passing === 'u' ? BigInt(this.uint(i)) : fromWords(this.int(i), this.#high(i));
  }
  int64(i: number): bigint {
    return BigInt.asIntN(64, this.uint64(i));
  }
  pointer(i: number): GuestAddress {
    return this.uint64(i) as GuestAddress;
  }
  bool(i: number): boolean {
    return (this.int(i) & 0xff) !== 0;
  }
  double(i: number): number {
    if (i >= this.count) return 0;
    return new Float64Array(Int32Array.of(this.int(i), this.#high(i)).buffer)[0] ?? 0;
  }

  #high(i: number): number {
    return i < this.count ? (this.#words[2 * i + 1] as number) : 0;
  }
}

/** Of as many arguments as nearly all functions have. */
const USUAL_WORDS = 32;

/** Arguments that another native passes. */
export function bigintArguments(values: readonly bigint[]): NativeArguments {
  return new BigintArguments(values);
}

class BigintArguments implements NativeArguments {
  readonly count: number;
  readonly #values: readonly bigint[];

  constructor(values: readonly bigint[]) {
    this.count = values.length;
    this.#values = values;
  }

  int(i: number): number {
    return lowWord(this.#values[i] ?? 0n);
  }
  uint(i: number): number {
    return this.int(i) >>> 0;
  }
  uint64(i: number): bigint {
    return BigInt.asUintN(64, this.#values[i] ?? 0n);
  }
  int64(i: number): bigint {
    return BigInt.asIntN(64, this.#values[i] ?? 0n);
  }
  pointer(i: number): GuestAddress {
    return this.uint64(i) as GuestAddress;
  }
  bool(i: number): boolean {
    return (this.int(i) & 0xff) !== 0;
  }
  double(i: number): number {
    return Number(this.#values[i] ?? 0n);
  }
}

function setWords(r: RegisterFile, at: number, value: bigint): void {
  r.words[at] = lowWord(value);
  r.words[at + 1] = highWord(value);
}

function integerOf(value: bigint | number): bigint {
  return typeof value === 'bigint' ? value : BigInt(Math.trunc(value));
}
