/**
 * Names that mean something without a declaration: the compiler's own functions. A program that declares one of them
 * gets its own; a name that is missing here is an implicitly declared function.
 */
import * as t from '../types/make.ts';
import type { CType } from '../types/types.ts';

export interface Builtin {
  /** Name under which the tree has it. */
  readonly name: string;
  readonly result: CType;
}

const entries: readonly (readonly [name: string, result: CType, spellings: string])[] = [
  ['va_start', t.VOID, 'va_start __builtin_va_start __va_start __crt_va_start _crt_va_start'],
  ['va_end', t.VOID, 'va_end __builtin_va_end __crt_va_end _crt_va_end'],
  ['va_copy', t.VOID, 'va_copy __builtin_va_copy __va_copy'],
  ['__debugbreak', t.VOID, '__debugbreak __builtin_debugtrap'],
  ['__builtin_trap', t.VOID, '__builtin_trap __fastfail __ud2'],
  ['__builtin_unreachable', t.VOID, '__builtin_unreachable'],
  ['__assume', t.VOID, '__assume __builtin_assume'],
  ['__noop', t.INT, '__noop'],
  ['__annotation', t.VOID, '__annotation'],
  ['_ReturnAddress', t.VOID_POINTER, '_ReturnAddress __builtin_return_address'],
  ['_AddressOfReturnAddress', t.VOID_POINTER, '_AddressOfReturnAddress __builtin_frame_address'],
  ['__builtin_expect', t.LONG_LONG, '__builtin_expect'],
  ['_exception_code', t.UNSIGNED_LONG, '_exception_code __exception_code GetExceptionCode'],
  ['_exception_info', t.VOID_POINTER, '_exception_info __exception_info GetExceptionInformation'],
  ['_abnormal_termination', t.INT, '_abnormal_termination __abnormal_termination AbnormalTermination'],
  ['_alloca', t.VOID_POINTER, '_alloca __builtin_alloca'],
  ['_ReadWriteBarrier', t.VOID, '_ReadWriteBarrier _ReadBarrier _WriteBarrier __sync_synchronize'],
];

export const BUILTINS: ReadonlyMap<string, Builtin> = new Map(
  entries.flatMap(([name, result, spellings]) => spellings.split(' ').map((s) => [s, { name, result }] as const)),
);

/** Words that stand for the name of the function around, as a string; true for the wide form. */
export const FUNCTION_NAME_WORDS: ReadonlyMap<string, boolean> = new Map([
  ['__func__', false],
  ['__FUNCTION__', false],
  ['__PRETTY_FUNCTION__', false],
  ['__FUNCSIG__', false],
  ['__FUNCDNAME__', false],
  ['__FUNCTIONW__', true],
  ['L__FUNCTION__', true],
]);
