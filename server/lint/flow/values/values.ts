/**
 * Abstract values, and the places in memory that addresses lead to.
 *
 * Every value and place carries a `key`: equal keys mean equal values on one path (but for `anything`, which equals
 * nothing). A symbol's key is wrapped in `<…>`, so that "this value mentions that symbol" is a search in its key.
 * Keys have a greatest length; a value that would need more is `anything`, which keeps all sets finite.
 *
 * What leads to a place, what lies near it and what it held at first are kept with it: the same is asked on each way. Members
 * that come later are there from the start, undefined, so that all values of a kind have one shape to V8.
 */
import type { BinaryOperator, FunctionSymbol, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { type Keyed, scanOf } from './keys.ts';

export interface IntegerValue extends Keyed {
  readonly kind: 'integer';
  readonly key: string;
  /** As a signed number, of the width of its type. */
  readonly value: bigint;
}

export interface FunctionValue extends Keyed {
  readonly kind: 'function';
  readonly key: string;
  readonly symbol: FunctionSymbol;
}

/** Something with one fixed, unknown value on a path. */
export interface SymbolValue extends Keyed {
  readonly kind: 'symbol';
  readonly key: string;
  readonly source: SymbolSource;
  /** What it points to, once somebody has asked (`placeAt`). */
  target?: Place | undefined;
}

export type SymbolSource =
  | { readonly kind: 'parameter'; readonly index: number }
  /** What a place held when the function began. */
  | { readonly kind: 'initial'; readonly place: Place }
  /** A new object that nothing else points to yet. */
  | { readonly kind: 'new' }
  /** A call's result, changed memory, values that paths brought together … */
  | { readonly kind: 'other' };

export interface AddressValue extends Keyed {
  readonly kind: 'address';
  readonly key: string;
  readonly place: Place;
}

export interface OperationValue extends Keyed {
  readonly kind: 'operation';
  readonly key: string;
  readonly operator: BinaryOperator;
  readonly left: Value;
  readonly right: Value;
}

export interface AnyValue extends Keyed {
  readonly kind: 'anything';
  readonly key: '?';
}

export type Value = IntegerValue | FunctionValue | SymbolValue | AddressValue | OperationValue | AnyValue;

export type Root = Keyed &
  (
    | { readonly kind: 'local'; readonly variable: VariableSymbol }
    | { readonly kind: 'global'; readonly variable: VariableSymbol }
    | { readonly kind: 'pointee'; readonly pointer: SymbolValue }
    | { readonly kind: 'literal' }
    /** What belongs to the machine, not to memory: the level of the processor, the system's cancel lock. */
    | { readonly kind: 'processor' }
  );

export type Step =
  | { readonly kind: 'offset'; readonly bytes: number }
  | { readonly kind: 'index'; readonly index: Value; readonly size: number };

export interface Place extends Keyed {
  readonly root: Root;
  /** Never two offsets in a row, never an offset of 0. */
  readonly steps: readonly Step[];
  readonly key: string;
  /** Bytes from the start of what holds it: an element of an array, or all that its root is. */
  readonly offset: number;
  /** What leads to it, once somebody has asked (`addressValue`). */
  address: Value | undefined;
  /** What it held when the function began (`initialValue`). */
  initial: Value | undefined;
  /** What leads to other bytes of its object, by the distance (`shift`). */
  near: Map<number, Value> | undefined;
}

/** Sources that say nothing but their kind. */
export const NEW: SymbolSource = { kind: 'new' };
export const OTHER: SymbolSource = { kind: 'other' };
export const ANYTHING: AnyValue = { kind: 'anything', key: '?', scan: undefined };
const MAX_KEY = 240;

export function integerValue(value: bigint): IntegerValue {
  return { kind: 'integer', key: `#${value}`, scan: undefined, value };
}

export const ZERO = integerValue(0n);
export const ONE = integerValue(1n);
/** All bits of 32: `value & WORD` is the lower half of a value of 64. */
export const WORD = integerValue(0xffff_ffffn);

export function symbolValue(name: string, source: SymbolSource): SymbolValue | AnyValue {
  if (name.length > MAX_KEY) return ANYTHING;
  return { kind: 'symbol', key: `<${name}>`, scan: undefined, source, target: undefined };
}

/** What a caller gives as the parameter, counted from 0. */
export function parameterValue(index: number): Value {
  return symbolValue(`p${index}`, { kind: 'parameter', index });
}

/** What the place held when the function began. */
export function initialValue(place: Place): Value {
  return (place.initial ??= symbolValue(place.key, { kind: 'initial', place }));
}

export function operationValue(operator: BinaryOperator, left: Value, right: Value): Value {
  if (left.kind === 'anything' || right.kind === 'anything') return ANYTHING;
  const key = `(${left.key}${operator}${right.key})`;
  return key.length > MAX_KEY ? ANYTHING : { kind: 'operation', key, scan: undefined, operator, left, right };
}

/** The place a pointer leads to; undefined where the value is no pointer that we know. */
export function placeAt(pointer: Value): Place | undefined {
  if (pointer.kind === 'address') return pointer.place;
  if (pointer.kind !== 'symbol') return undefined;
  return (pointer.target ??= makePlace({ kind: 'pointee', key: `*${pointer.key}`, scan: undefined, pointer }, []));
}

/** The address of a place; for what a symbol points to, that symbol. */
export function addressValue(place: Place): Value {
  return (place.address ??= newAddress(place));
}

function newAddress(place: Place): Value {
  if (place.root.kind === 'pointee' && place.steps.length === 0) return place.root.pointer;
  return place.key.length > MAX_KEY ? ANYTHING : { kind: 'address', key: `&${place.key}`, scan: undefined, place };
}

export function makePlace(root: Root, steps: readonly Step[]): Place {
  let key = root.key;
  for (const step of steps) {
    key += step.kind === 'offset' ? `+${step.bytes}` : `[${step.index.key}*${step.size}]`;
  }
  const last = steps.at(-1);
  const offset = last?.kind === 'offset' ? last.bytes : 0;
  return { root, steps, key, scan: undefined, offset, address: undefined, initial: undefined, near: undefined };
}

/** A pointer moved by bytes. */
export function shift(pointer: Value, bytes: number): Value {
  if (bytes === 0) return pointer;
  if (pointer.kind === 'integer') return integerValue(pointer.value + BigInt(bytes));
  const place = placeAt(pointer);
  if (place === undefined) return ANYTHING;
  place.near ??= new Map();
  let moved = place.near.get(bytes);
  if (moved === undefined) {
    moved = moveBy(place, bytes);
    place.near.set(bytes, moved);
  }
  return moved;
}

function moveBy(place: Place, bytes: number): Value {
  const last = place.steps.at(-1);
  if (last?.kind !== 'offset') return addressValue(makePlace(place.root, [...place.steps, { kind: 'offset', bytes }]));
  const sum = last.bytes + bytes;
  const before = place.steps.slice(0, -1);
  return addressValue(makePlace(place.root, sum === 0 ? before : [...before, { kind: 'offset', bytes: sum }]));
}

/** `pointer + index`, in elements of `size` bytes. */
export function element(pointer: Value, index: Value, size: number): Value {
  if (index.kind === 'integer') return shift(pointer, Number(index.value) * size);
  const place = placeAt(pointer);
  if (place === undefined || index.kind === 'anything') return ANYTHING;
  return addressValue(makePlace(place.root, [...place.steps, { kind: 'index', index, size }]));
}

export function mentions(key: string, symbol: string): boolean {
  return key.includes(symbol);
}

/** The same object: of nearly all that are not, the numbers of their keys tell it at once. */
export function isSameRoot(a: Root, b: Root): boolean {
  return a === b || (scanOf(a).high === scanOf(b).high && a.key === b.key);
}

export function sameValue(a: Value, b: Value): boolean {
  return a.key === b.key && a.kind !== 'anything';
}
