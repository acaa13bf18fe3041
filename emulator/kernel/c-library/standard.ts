/** stdlib.h: memory, numbers in text, sorting, random numbers, the end of a program. */

import {
  type Continuation,
  type GuestAddress,
  type NativeArguments,
  type NativeResult,
  NULL_ADDRESS,
  returns,
  returnsVoid,
} from '../../machine/native.ts';
import { allocatePool, freePool, poolBlockOf } from '../ex/pool.ts';
import { readText, writeText } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';
import { errorNumbers, setError } from './errors.ts';
import { type ParsedInteger, parseDouble, parseInteger } from './number-text.ts';

/** 'Heap': the tag of malloc's blocks. */
const heapTag = 0x70616548;
const abortStatus = 3;
const alignmentMax = 4096n;

export const standardApis = {
  malloc: (kernel, { arguments: args }) => returns(allocate(kernel, 'malloc', args.uint64(0), { isZero: false })),
  calloc: (kernel, { arguments: args }) =>
    returns(allocate(kernel, 'calloc', args.uint64(0) * args.uint64(1), { isZero: true })),
  realloc: (kernel, { arguments: args }) => {
    const before = args.pointer(0);
    const after = allocate(kernel, 'realloc', args.uint64(1), { isZero: false });
    if (before === 0n || after === 0n) return returns(after);
    const region = kernel.memory.regionAt(before);
    const block = region === undefined ? undefined : poolBlockOf(region);
    if (block !== undefined) kernel.memory.copy(after, before, Math.min(block.size, Number(args.uint64(1))));
    return freePool(kernel, 'realloc', before, heapTag) ?? returns(after);
  },
  free: (kernel, { arguments: args }) =>
    args.pointer(0) === 0n ? returnsVoid : (freePool(kernel, 'free', args.pointer(0), heapTag) ?? returnsVoid),

  _aligned_malloc: (kernel, { arguments: args }) => {
    const alignment = args.uint64(1);
    const isRight = alignment > 0n && alignment <= alignmentMax && (alignment & (alignment - 1n)) === 0n;
    if (isRight) {
      const how = { isZero: false, alignment: Number(alignment) };
      return returns(allocate(kernel, '_aligned_malloc', args.uint64(0), how));
    }
    setError(kernel, errorNumbers.invalid);
    return returns(NULL_ADDRESS);
  },
  _aligned_free: (kernel, { arguments: args }) =>
    args.pointer(0) === 0n ? returnsVoid : (freePool(kernel, '_aligned_free', args.pointer(0), heapTag) ?? returnsVoid),
  _msize: (kernel, { arguments: args }) => {
    const region = kernel.memory.regionAt(args.pointer(0));
    const block = region?.start === args.pointer(0) ? poolBlockOf(region) : undefined;
    if (block !== undefined && block.freedAt === undefined) return returns(BigInt(block.size));
    setError(kernel, errorNumbers.invalid);
    return returns(-1n);
  },

  _strdup: (kernel, { arguments: args }) => {
    if (args.pointer(0) === 0n) return returns(NULL_ADDRESS);
    const text = readText(kernel, args.pointer(0), { unit: 1 });
    const copy = allocate(kernel, '_strdup', BigInt(text.length + 1), { isZero: false });
    if (copy !== 0n) writeText(kernel, copy, `${text}\0`, 1);
    return returns(copy);
  },

  exit: (kernel, { arguments: args }) => leave(kernel, args.int(0)),
  _Exit: (kernel, { arguments: args }) => end(kernel, args.int(0)),
  abort: (kernel) => end(kernel, abortStatus),
  atexit: (kernel, { arguments: args }) => {
    kernel.parts.library.atExit.push(args.pointer(0));
    return returns(0);
  },
  __wsk_assert_failed: (kernel, { arguments: args }) =>
    kernel.report({
      rule: 'assertion-failed',
      severity: 'error',
      message: `The assertion ${readText(kernel, args.pointer(0), { unit: 1 })} does not hold.`,
    }),
  getenv: () => returns(NULL_ADDRESS),

  abs: (_kernel, { arguments: args }) => returns(Math.abs(args.int(0)) | 0),
  labs: (_kernel, { arguments: args }) => returns(Math.abs(args.int(0)) | 0),
  llabs: (_kernel, { arguments: args }) => returns(args.int64(0) < 0n ? -args.int64(0) : args.int64(0)),
  div: (_kernel, { arguments: args }) => returns(pair(args.int(0), args.int(1))),
  lldiv: (_kernel, { arguments: args }) => returns(widePair(args.int64(0), args.int64(1))),
  ldiv: (_kernel, { arguments: args }) => returns(pair(args.int(0), args.int(1))),

  _atoi64: (kernel, { arguments: args }) => returns(integerAt(kernel, args.pointer(0), 10, 64).value),
  atoi: (kernel, { arguments: args }) => returns(integerAt(kernel, args.pointer(0), 10, 32).value),
  atol: (kernel, { arguments: args }) => returns(integerAt(kernel, args.pointer(0), 10, 32).value),
  atoll: (kernel, { arguments: args }) => returns(integerAt(kernel, args.pointer(0), 10, 64).value),
  strtol: (kernel, { arguments: args }) => toInteger(kernel, args, { bits: 32, isSigned: true }),
  strtoul: (kernel, { arguments: args }) => toInteger(kernel, args, { bits: 32, isSigned: false }),
  strtoll: (kernel, { arguments: args }) => toInteger(kernel, args, { bits: 64, isSigned: true }),
  strtoull: (kernel, { arguments: args }) => toInteger(kernel, args, { bits: 64, isSigned: false }),
  atof: (kernel, { arguments: args }) => returns(parseDouble(readText(kernel, args.pointer(0), { unit: 1 })).value),
  strtod: (kernel, { arguments: args }) => toDouble(kernel, args.pointer(0), args.pointer(1)),
  strtof: (kernel, { arguments: args }) => toDouble(kernel, args.pointer(0), args.pointer(1)),

  /** The generator that Microsoft's C library documents: 15 bits of a linear congruence. */
  rand: (kernel) => {
    const { library } = kernel.parts;
    library.randomSeed = (Math.imul(library.randomSeed, 214_013) + 2_531_011) >>> 0;
    return returns((library.randomSeed >>> 16) & 0x7fff);
  },
  srand: (kernel, { arguments: args }) => {
    kernel.parts.library.randomSeed = args.uint(0);
    return returnsVoid;
  },

  qsort: (kernel, { arguments: args }) => {
    const [count, size] = [Number(args.uint64(1)), Number(args.uint64(2))];
    if (count < 2 || size === 0) return returnsVoid;
    const aside = kernel.memory.allocate({ size, kind: 'object', label: 'an element that qsort moves' });
    if (aside === undefined) return returnsVoid;
    const state: SortState = {
      base: args.pointer(0),
      size,
      aside: aside.start,
      compare: args.pointer(3),
      sorted: 1,
      low: 0,
      high: 1,
      count,
    };
    return compareNext(kernel, state);
  },
  bsearch: (_kernel, { arguments: args }) => {
    const state: SearchState = {
      key: args.pointer(0),
      base: args.pointer(1),
      low: 0,
      high: Number(args.uint64(2)),
      size: Number(args.uint64(3)),
      compare: args.pointer(4),
    };
    return probe(state);
  },
} satisfies KernelApis;

export const standardContinuations = {
  'c.compared': (kernel, _thread, state, value) => afterCompare(kernel, state as never, value),
  'c.probed': (_kernel, _thread, state, value) => afterProbe(state as never, value),
  'c.left': (kernel, _thread, state) => leave(kernel, state.status as number),
} satisfies ContinuationTable;

interface AllocationWay {
  readonly isZero: boolean;
  readonly alignment?: number;
}

function allocate(kernel: Kernel, call: string, size: bigint, how: AllocationWay): GuestAddress {
  if (size > 0x4000_0000n) return NULL_ADDRESS;
  const request = { tag: heapTag, isPaged: false, isUninitialised: !how.isZero, isCacheAligned: false, call };
  const aligned = how.alignment === undefined ? {} : { alignment: how.alignment };
  return allocatePool(kernel, { size: Math.max(1, Number(size)), ...request, ...aligned });
}

/** Calls what atexit registered, last first, and ends the program. */
function leave(kernel: Kernel, status: number): NativeResult {
  const target = kernel.parts.library.atExit.pop();
  if (target === undefined) return end(kernel, status);
  const then: Continuation = { name: 'c.left', state: { status } };
  return { kind: 'call', target, arguments: [], frameLabel: 'exit', then };
}

function end(kernel: Kernel, status: number): NativeResult {
  kernel.parts.stop ??= { kind: 'exit', status };
  return { kind: 'stop' };
}

/** div_t and ldiv_t: quotient and remainder, 4 bytes each. */
function pair(numerator: number, denominator: number): bigint {
  const quotient = BigInt(Math.trunc(numerator / denominator) | 0);
  return BigInt.asUintN(32, quotient) | (BigInt.asUintN(32, BigInt((numerator % denominator) | 0)) << 32n);
}

/** lldiv_t: 8 bytes each. The least value divided by -1 wraps. */
function widePair(numerator: bigint, denominator: bigint): bigint {
  if (denominator === 0n) return 0n;
  return BigInt.asUintN(64, numerator / denominator) | (BigInt.asUintN(64, numerator % denominator) << 64n);
}

function integerAt(kernel: Kernel, address: GuestAddress, radix: number, bits: 32 | 64): ParsedInteger {
  return parseInteger(readText(kernel, address, { unit: 1 }), radix, { bits, isSigned: true });
}

function toDouble(kernel: Kernel, address: GuestAddress, endAt: GuestAddress): NativeResult {
  const parsed = parseDouble(readText(kernel, address, { unit: 1 }));
  if (endAt !== 0n) kernel.memory.writePointer(endAt, address + BigInt(parsed.length));
  if (Math.abs(parsed.value) === Infinity) setError(kernel, errorNumbers.range);
  return returns(parsed.value);
}

/** As `strtol` has its arguments: the text, where the end goes, the radix. */
function toInteger(
  kernel: Kernel,
  args: NativeArguments,
  type: { readonly bits: 32 | 64; readonly isSigned: boolean },
): NativeResult {
  const [address, endAt] = [args.pointer(0), args.pointer(1)];
  const parsed = parseInteger(readText(kernel, address, { unit: 1 }), args.int(2), type);
  if (parsed.isSaturated) setError(kernel, errorNumbers.range);
  if (endAt !== 0n) kernel.memory.writePointer(endAt, address + BigInt(parsed.length));
  return returns(parsed.value);
}

// ---- sorting and searching call the program's comparison ----

/** Insertion by halves: elements before `sorted` are in order, and the next one's place lies from `low` to `high`. */
interface SortState {
  readonly base: GuestAddress;
  readonly size: number;
  /** Memory for one element that is moved. */
  readonly aside: GuestAddress;
  readonly compare: GuestAddress;
  readonly count: number;
  readonly sorted: number;
  readonly low: number;
  readonly high: number;
}

function element(base: GuestAddress, size: number, index: number): GuestAddress {
  return (base + BigInt(index * size)) as GuestAddress;
}

function compareNext(kernel: Kernel, state: SortState): NativeResult {
  const { base, size, compare, count, sorted, low, high } = state;
  if (low < high) {
    const middle = (low + high) >> 1;
    const args = [element(base, size, sorted), element(base, size, middle)];
    const then: Continuation = { name: 'c.compared', state: { ...state } };
    return { kind: 'call', target: compare, arguments: args, frameLabel: 'qsort', then };
  }
  insertAt(kernel, state, low);
  const next = sorted + 1;
  if (next < count) return compareNext(kernel, { ...state, sorted: next, low: 0, high: next });
  const aside = kernel.memory.regionAt(state.aside);
  if (aside !== undefined) kernel.memory.free(aside);
  return returnsVoid;
}

function afterCompare(kernel: Kernel, state: SortState, value: bigint): NativeResult {
  const middle = (state.low + state.high) >> 1;
  const isBefore = BigInt.asIntN(32, value) < 0n;
  return compareNext(kernel, isBefore ? { ...state, high: middle } : { ...state, low: middle + 1 });
}

/**
 * Moves the element after the sorted ones to its place among them, by way of memory beside them: bytes that were never
 * written stay so.
 */
function insertAt(kernel: Kernel, { base, size, sorted, aside }: SortState, place: number): void {
  if (place === sorted) return;
  const { memory } = kernel;
  memory.copy(aside, element(base, size, sorted), size);
  memory.copy(element(base, size, place + 1), element(base, size, place), (sorted - place) * size);
  memory.copy(element(base, size, place), aside, size);
}

interface SearchState {
  readonly key: GuestAddress;
  readonly base: GuestAddress;
  readonly low: number;
  readonly high: number;
  readonly size: number;
  readonly compare: GuestAddress;
}

function probe(state: SearchState): NativeResult {
  if (state.low >= state.high) return returns(NULL_ADDRESS);
  const middle = element(state.base, state.size, (state.low + state.high) >> 1);
  const then: Continuation = { name: 'c.probed', state: { ...state } };
  return { kind: 'call', target: state.compare, arguments: [state.key, middle], frameLabel: 'bsearch', then };
}

function afterProbe(state: SearchState, value: bigint): NativeResult {
  const middle = (state.low + state.high) >> 1;
  const order = BigInt.asIntN(32, value);
  if (order === 0n) return returns(element(state.base, state.size, middle));
  return probe(order < 0n ? { ...state, high: middle } : { ...state, low: middle + 1 });
}
