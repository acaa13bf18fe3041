/**
 * C expressions in a debugger: names, members, elements, dereference, address, casts, sizeof, arithmetic, comparison,
 * logic, calls. What a called function changes is put back, so that looking changes nothing. `assign` writes to one place.
 */
import { wrap } from '../../cfront/types/arithmetic.ts';
import { sizeOf } from '../../cfront/types/layout.ts';
import type { GuestAddress } from '../machine/native.ts';
import type { RunContext } from '../run/context.ts';
import type { Value } from '../run/types.ts';
import { readExpression } from './expression.ts';
import { frameById } from './frames.ts';
import { loadBits, type Operand } from './operand.ts';
import { makeValue } from './values.ts';

export type Evaluation = { readonly value: Value } | { readonly error: string };

export function evaluate(context: RunContext, expression: string, frameId: number | undefined): Evaluation {
  const operand = operandOf(context, expression, frameId);
  return 'error' in operand ? operand : { value: makeValue(context, expression, expression.trim(), operand) };
}

/** Gives a variable or memory a new value, which is a C expression itself. */
export function assign(
  context: RunContext,
  expression: string,
  value: string,
  frameId: number | undefined,
): Evaluation {
  const target = operandOf(context, expression, frameId);
  if ('error' in target) return target;
  const source = operandOf(context, value, frameId);
  if ('error' in source) return source;
  const bits = loadBits(context, source);
  const { type } = target;
  if (bits === undefined) return { error: `${value} has no value` };
  if (type.kind !== 'integer' && type.kind !== 'pointer' && type.kind !== 'enum') {
    return { error: `${expression} is no number or pointer; give its members their values one by one` };
  }
  const isDone = store(context, target, wrap(bits, type));
  return isDone ? evaluate(context, expression, frameId) : { error: `${expression} can't be changed` };
}

function operandOf(
  context: RunContext,
  expression: string,
  frameId: number | undefined,
): Operand | { readonly error: string } {
  return readExpression(context, frameId === undefined ? undefined : frameById(context, frameId), expression);
}

function store(context: RunContext, target: Operand, value: bigint): boolean {
  const { home, type } = target;
  const { machine, memory } = context.kernel;
  if (home.kind === 'register') {
    const { owner } = home;
    return owner !== undefined && machine.setLocal(owner.thread, owner.frame.index, owner.symbol, value);
  }
  if (home.kind !== 'memory') return false;
  const size = sizeOf(type);
  const old = home.bits === undefined ? 0n : (loadBits(context, { type, home: { ...home, bits: undefined } }) ?? 0n);
  const bits = home.bits === undefined ? value : insertBits(old, value, home.bits);
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[i] = Number((BigInt.asUintN(64, bits) >> BigInt(8 * i)) & 0xffn);
  return memory.poke(home.address as GuestAddress, bytes);
}

function insertBits(old: bigint, value: bigint, bits: { readonly offset: number; readonly width: number }): bigint {
  const mask = ((1n << BigInt(bits.width)) - 1n) << BigInt(bits.offset);
  return (old & ~mask) | ((value << BigInt(bits.offset)) & mask);
}
