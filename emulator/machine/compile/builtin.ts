/**
 * What the front end hands through by name: variable argument lists, debug breaks, and the questions that exception
 * handlers ask.
 */

import type { Expression } from '../../../cfront/parse/ast.ts';
import { isAnnotationName } from '../../../cfront/parse/declarations/annotations.ts';
import { sizeOf } from '../../../cfront/types/layout.ts';
import { LONG_LONG, UNSIGNED_LONG_LONG } from '../../../cfront/types/make.ts';
import type { CType } from '../../../cfront/types/types.ts';
import { BUILTIN, BUILTIN_FLAGS } from '../vm/host.ts';
import { emit } from './assembly.ts';
import { isSignedType } from './classes.ts';
import { constantOf } from './constants.ts';
import { type FunctionContext, handlerRegister, type Register, resultRegister, temporary } from './context.ts';
import { convert } from './convert.ts';
import { load, placeOf, store } from './place.ts';
import { spanOf, textOf } from './spans.ts';

export function builtinValue(
  c: FunctionContext,
  e: Expression & { kind: 'builtin' },
  target: Register | undefined,
): Register {
  const [first, second] = e.arguments;
  switch (e.name) {
    case 'va_start':
      if (first !== undefined) {
        const list = placeOf(c, first);
        store(c, list, first.type, c.variadicRegister ?? 0);
      }
      return target ?? temporary(c);
    case 'va_copy':
      if (first !== undefined && second !== undefined) {
        const list = placeOf(c, first);
        store(c, list, first.type, load(c, placeOf(c, second), second.type));
      }
      return target ?? temporary(c);
    case 'va_end':
      // The list is cleared; what else its expression does is done.
      if (first !== undefined) c.parts.effect(c, first);
      return target ?? temporary(c);
    case '__debugbreak':
      emit(c.code, 'TRAP', c.link.addTrap('breakpoint', e.name));
      return target ?? temporary(c);
    case '__builtin_trap':
      for (const argument of e.arguments) c.parts.effect(c, argument);
      emit(c.code, 'TRAP', c.link.addTrap('fast-fail', textOf(e)));
      return target ?? temporary(c);
    case '__builtin_unreachable':
      emit(c.code, 'TRAP', c.link.addTrap('unreachable', e.name));
      return target ?? temporary(c);
    case '__assume': {
      // `__assume(0)` says that control never comes here; other assumptions say nothing to a processor.
      const known = first === undefined ? undefined : constantOf(c.link, first);
      if (known === 0n) emit(c.code, 'TRAP', c.link.addTrap('unreachable', textOf(e)));
      return target ?? temporary(c);
    }
    case '__annotation':
    case '_ReadWriteBarrier':
      return target ?? temporary(c);
    case '__noop': {
      const result = target ?? temporary(c);
      emit(c.code, 'LDI', result, 0);
      return result;
    }
    case '_alloca':
      if (first === undefined) break;
      return dynamicMemory(c, first, target);
    case '__builtin_expect':
      if (first === undefined) break;
      return expectedValue(c, e, first, target);
    case '__builtin_add_overflow':
    case '__builtin_sub_overflow':
    case '__builtin_mul_overflow':
    case '__builtin_ffs':
    case '__builtin_ffsll':
    case '__builtin_parity':
    case '__builtin_parityll':
      return computedBuiltin(c, e, target);
    case '_ReturnAddress':
    case '_AddressOfReturnAddress':
    case '__builtin_frame_address': {
      const result = target ?? temporary(c);
      emit(c.code, 'RETADDR', result, e.name === '_ReturnAddress' ? 0 : 1);
      return result;
    }
    default: {
      const known = exceptionValue(c, e.name, target);
      if (known !== undefined) return known;
    }
  }
  // SAL words that stand as statements (_Analysis_assume_, __fallthrough) tell something to analysers and nothing to a
  // processor.
  if (e.type.kind === 'void' && isAnnotationName(e.name)) return target ?? temporary(c);
  c.link.problem(spanOf(e), `\`${e.name}\` is not supported by the emulator.`);
  emit(c.code, 'TRAP', c.link.addTrap('unsupported', `${e.name} is not supported by the emulator`));
  return target ?? temporary(c);
}

/** The first operand; the others tell the optimiser what to expect, and are computed all the same. */
function expectedValue(
  c: FunctionContext,
  e: Expression & { kind: 'builtin' },
  first: Expression,
  target: Register | undefined,
): Register {
  const others = e.arguments.slice(1).filter((other) => constantOf(c.link, other) === undefined);
  if (others.length === 0) return c.parts.value(c, first, target);
  const mark = c.nextTemporary;
  const value = convert(c, c.parts.value(c, first), first.type, first.type, temporary(c));
  for (const other of others) c.parts.effect(c, other);
  return convert(c, value, first.type, first.type, resultRegister(c, mark, target));
}

const OVERFLOW_KINDS: Readonly<Record<string, number>> = {
  __builtin_add_overflow: BUILTIN.add,
  __builtin_sub_overflow: BUILTIN.subtract,
  __builtin_mul_overflow: BUILTIN.multiply,
};

/** The operands go as 64 bits into registers side by side. */
function computedBuiltin(
  c: FunctionContext,
  e: Expression & { kind: 'builtin' },
  target: Register | undefined,
): Register {
  const mark = c.nextTemporary;
  const first = c.nextTemporary;
  for (const argument of e.arguments) {
    const slot = temporary(c);
    convert(
      c,
      c.parts.value(c, argument),
      argument.type,
      argument.type.kind === 'pointer' ? argument.type : wide(argument.type),
      slot,
    );
    c.nextTemporary = slot + 1;
  }
  const [a, b, pointer] = e.arguments;
  const overflow = OVERFLOW_KINDS[e.name];
  let which: number = e.name.includes('ffs') ? BUILTIN.firstSet : BUILTIN.parity;
  if (overflow !== undefined && a !== undefined && b !== undefined && pointer?.type.kind === 'pointer') {
    const result = pointer.type.target;
    which = overflow + (sizeOf(result) << BUILTIN_FLAGS.sizeShift);
    if (isSignedType(a.type)) which += BUILTIN_FLAGS.isFirstSigned;
    if (isSignedType(b.type)) which += BUILTIN_FLAGS.isSecondSigned;
    if (isSignedType(result)) which += BUILTIN_FLAGS.isResultSigned;
  }
  const result = resultRegister(c, mark, target);
  emit(c.code, 'BUILTIN', result, first, which);
  return result;
}

function wide(type: CType): CType {
  return isSignedType(type) ? LONG_LONG : UNSIGNED_LONG_LONG;
}

/** `_alloca`: stack memory until the function returns. */
function dynamicMemory(c: FunctionContext, size: Expression, target: Register | undefined): Register {
  const mark = c.nextTemporary;
  const bytes = convert(c, c.parts.value(c, size), size.type, UNSIGNED_LONG_LONG);
  const result = resultRegister(c, mark, target);
  emit(c.code, 'ALLOCA', result, bytes);
  return result;
}

/** What exception handlers ask; undefined for other names. */
export function exceptionValue(c: FunctionContext, name: string, target: Register | undefined): Register | undefined {
  switch (name) {
    case '_exception_code':
      return fromHandler(c, handlerRegister(c, 'except'), 0, target);
    case '_abnormal_termination':
      return fromHandler(c, handlerRegister(c, 'finally'), 1, target);
    case '_exception_info': {
      const register = handlerRegister(c, 'except');
      const result = target ?? temporary(c);
      if (register === undefined) emit(c.code, 'LDI8', result, 0, 0);
      else emit(c.code, 'MOV8', result, register + 1);
      return result;
    }
    default:
      return undefined;
  }
}

function fromHandler(
  c: FunctionContext,
  register: Register | undefined,
  offset: number,
  target: Register | undefined,
): Register {
  const result = target ?? temporary(c);
  if (register === undefined) emit(c.code, 'LDI', result, 0);
  else emit(c.code, 'MOV4', result, register + offset);
  return result;
}
