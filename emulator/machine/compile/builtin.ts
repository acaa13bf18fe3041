/**
 * What the front end hands through by name: variable argument lists, debug breaks, and the questions that exception
 * handlers ask.
 */
import type { Expression } from '../../../cfront/parse/ast.ts';
import { emit } from './assembly.ts';
import { type FunctionContext, handlerRegister, type Register, temporary } from './context.ts';
import { load, placeOf, store } from './place.ts';
import { spanOf } from './spans.ts';

export function builtinValue(
  c: FunctionContext,
  e: Expression & { kind: 'builtin' },
  target: Register | undefined,
): Register {
  const [first, second] = e.arguments;
  switch (e.name) {
    case 'va_start':
    case '__va_start':
    case '__builtin_va_start':
      if (first !== undefined) {
        const list = placeOf(c, first);
        store(c, list, first.type, c.variadicRegister ?? 0);
      }
      return target ?? temporary(c);
    case 'va_copy':
    case '__builtin_va_copy':
      if (first !== undefined && second !== undefined) {
        const list = placeOf(c, first);
        store(c, list, first.type, load(c, placeOf(c, second), second.type));
      }
      return target ?? temporary(c);
    case 'va_end':
    case '__va_end':
    case '__builtin_va_end':
      return target ?? temporary(c);
    case '__debugbreak':
    case 'DbgBreakPoint':
    case '__int2c':
    case '__builtin_trap':
    case '__builtin_debugtrap':
      emit(c.code, 'TRAP', c.link.addTrap('breakpoint', e.name));
      return target ?? temporary(c);
    case '__builtin_unreachable':
      emit(c.code, 'TRAP', c.link.addTrap('unreachable', e.name));
      return target ?? temporary(c);
    case '__assume':
    case '__noop':
      return target ?? temporary(c);
    case '__builtin_expect':
      if (first === undefined) break;
      return c.parts.value(c, first, target);
    case '_ReturnAddress':
    case '_AddressOfReturnAddress':
    case '__builtin_return_address':
    case '__builtin_frame_address': {
      // Return addresses are no part of guest memory: zero is the one honest answer.
      const result = target ?? temporary(c);
      emit(c.code, 'LDI8', result, 0, 0);
      return result;
    }
    default: {
      const known = exceptionValue(c, e.name, target);
      if (known !== undefined) return known;
    }
  }
  c.link.problem(spanOf(e), `\`${e.name}\` is not supported by the emulator.`);
  emit(c.code, 'TRAP', c.link.addTrap('unsupported', `${e.name} is not supported by the emulator`));
  return target ?? temporary(c);
}

/** GetExceptionCode and AbnormalTermination, by any of their names; undefined for other names. */
export function exceptionValue(c: FunctionContext, name: string, target: Register | undefined): Register | undefined {
  switch (name) {
    case 'GetExceptionCode':
    case '_exception_code':
    case '__exception_code':
      return fromHandler(c, handlerRegister(c, 'except'), 0, target);
    case 'AbnormalTermination':
    case '_abnormal_termination':
    case '__abnormal_termination':
      return fromHandler(c, handlerRegister(c, 'finally'), 1, target);
    case 'GetExceptionInformation':
    case '_exception_info':
    case '__exception_info': {
      const result = target ?? temporary(c);
      emit(c.code, 'LDI8', result, 0, 0);
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
