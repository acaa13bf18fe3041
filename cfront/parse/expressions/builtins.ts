/**
 * Names that mean something without a declaration: the compiler's own functions, Microsoft's and those of GNU that
 * drivers built with mingw use. A program that defines one of them gets its own; a name that is missing here is an
 * implicitly declared function.
 */
import * as t from '../../types/make.ts';
import type { CType } from '../../types/types.ts';

export interface Builtin {
  /** Name under which the tree has it. */
  readonly name: string;
  readonly result: CType;
  /** What the arguments are converted to; undefined where they are only promoted. */
  readonly parameters: readonly CType[] | undefined;
  /** Microsoft's intrinsic that does the same: the tree has a call of that one. */
  readonly intrinsic: string | undefined;
}

const CONST_VOID_POINTER = t.pointerTo({ ...t.VOID, isConst: true });
const CONST_CHAR_POINTER = t.pointerTo({ ...t.CHAR, isConst: true });
const { VOID, INT, UNSIGNED_INT: UINT, LONG, LONG_LONG: LLONG, UNSIGNED_LONG_LONG: ULLONG, DOUBLE } = t;

type Entry = readonly [
  name: string,
  result: CType,
  spellings: string,
  parameters?: readonly CType[],
  intrinsic?: string,
];

const entries: readonly Entry[] = [
  ['va_start', VOID, 'va_start __builtin_va_start __va_start __crt_va_start _crt_va_start'],
  ['va_end', VOID, 'va_end __builtin_va_end __crt_va_end _crt_va_end'],
  ['va_copy', VOID, 'va_copy __builtin_va_copy __va_copy'],
  ['__debugbreak', VOID, '__debugbreak __builtin_debugtrap'],
  ['__builtin_trap', VOID, '__builtin_trap __fastfail __ud2'],
  ['__builtin_unreachable', VOID, '__builtin_unreachable'],
  ['__assume', VOID, '__assume __builtin_assume'],
  ['__noop', INT, '__noop'],
  ['__annotation', VOID, '__annotation'],
  ['_ReturnAddress', t.VOID_POINTER, '_ReturnAddress __builtin_return_address'],
  ['_AddressOfReturnAddress', t.VOID_POINTER, '_AddressOfReturnAddress __builtin_frame_address'],
  ['__builtin_expect', LONG, '__builtin_expect __builtin_expect_with_probability', [LONG, LONG, DOUBLE]],
  ['_exception_code', t.UNSIGNED_LONG, '_exception_code __exception_code GetExceptionCode'],
  ['_exception_info', t.VOID_POINTER, '_exception_info __exception_info GetExceptionInformation'],
  ['_abnormal_termination', INT, '_abnormal_termination __abnormal_termination AbnormalTermination'],
  ['_alloca', t.VOID_POINTER, '_alloca __builtin_alloca', [t.SIZE_T]],
  ['_ReadWriteBarrier', VOID, '_ReadWriteBarrier _ReadBarrier _WriteBarrier __sync_synchronize'],
  // long has four bytes, so the forms for it are those for int.
  ['__builtin_bswap16', t.UNSIGNED_SHORT, '__builtin_bswap16', [t.UNSIGNED_SHORT], '_byteswap_ushort'],
  ['__builtin_bswap32', UINT, '__builtin_bswap32', [UINT], '_byteswap_ulong'],
  ['__builtin_bswap64', ULLONG, '__builtin_bswap64', [ULLONG], '_byteswap_uint64'],
  ['__builtin_clz', INT, '__builtin_clz __builtin_clzl', [UINT], '_lzcnt_u32'],
  ['__builtin_clzll', INT, '__builtin_clzll', [ULLONG], '_lzcnt_u64'],
  ['__builtin_ctz', INT, '__builtin_ctz __builtin_ctzl', [UINT], '_tzcnt_u32'],
  ['__builtin_ctzll', INT, '__builtin_ctzll', [ULLONG], '_tzcnt_u64'],
  ['__builtin_popcount', INT, '__builtin_popcount __builtin_popcountl', [UINT], '__popcnt'],
  ['__builtin_popcountll', INT, '__builtin_popcountll', [ULLONG], '__popcnt64'],
  ['__builtin_parity', INT, '__builtin_parity __builtin_parityl', [UINT]],
  ['__builtin_parityll', INT, '__builtin_parityll', [ULLONG]],
  ['__builtin_ffs', INT, '__builtin_ffs __builtin_ffsl', [UINT]],
  ['__builtin_ffsll', INT, '__builtin_ffsll', [ULLONG]],
  ['__builtin_add_overflow', t.BOOL, '__builtin_add_overflow'],
  ['__builtin_sub_overflow', t.BOOL, '__builtin_sub_overflow'],
  ['__builtin_mul_overflow', t.BOOL, '__builtin_mul_overflow'],
  ...overflowForms('s', '', INT),
  ...overflowForms('s', 'l', LONG),
  ...overflowForms('s', 'll', LLONG),
  ...overflowForms('u', '', UINT),
  ...overflowForms('u', 'l', t.UNSIGNED_LONG),
  ...overflowForms('u', 'll', ULLONG),
];

/** `__builtin_saddl_overflow` and its like: the general form with fixed types. */
function overflowForms(sign: string, width: string, type: CType): Entry[] {
  return ['add', 'sub', 'mul'].map((operation) => [
    `__builtin_${operation}_overflow`,
    t.BOOL,
    `__builtin_${sign}${operation}${width}_overflow`,
    [type, type, t.pointerTo(type)],
  ]);
}

export const BUILTINS: ReadonlyMap<string, Builtin> = new Map(
  entries.flatMap(([name, result, spellings, parameters, intrinsic]) =>
    spellings.split(' ').map((s) => [s, { name, result, parameters, intrinsic }] as const),
  ),
);

/** Names that headers declare for the eye only: a call of one is the compiler's own in spite of its prototype. */
export const DECLARED_BUILTINS: ReadonlySet<string> = new Set(
  (
    '_ReturnAddress _AddressOfReturnAddress __debugbreak _alloca _ReadWriteBarrier _ReadBarrier _WriteBarrier ' +
    '__noop __assume __annotation _exception_code __exception_code _exception_info __exception_info ' +
    '_abnormal_termination __abnormal_termination'
  ).split(' '),
);

/** Functions of the C library that GNU's compiler also knows under `__builtin_NAME`: result and parameters. */
export const LIBRARY_BUILTINS: ReadonlyMap<string, readonly [result: CType, parameters: readonly CType[]]> = new Map([
  ['memcpy', [t.VOID_POINTER, [t.VOID_POINTER, CONST_VOID_POINTER, t.SIZE_T]]],
  ['memmove', [t.VOID_POINTER, [t.VOID_POINTER, CONST_VOID_POINTER, t.SIZE_T]]],
  ['memset', [t.VOID_POINTER, [t.VOID_POINTER, INT, t.SIZE_T]]],
  ['memcmp', [INT, [CONST_VOID_POINTER, CONST_VOID_POINTER, t.SIZE_T]]],
  ['strlen', [t.SIZE_T, [CONST_CHAR_POINTER]]],
  ['strcmp', [INT, [CONST_CHAR_POINTER, CONST_CHAR_POINTER]]],
  ['strncmp', [INT, [CONST_CHAR_POINTER, CONST_CHAR_POINTER, t.SIZE_T]]],
  ['strcpy', [t.CHAR_POINTER, [t.CHAR_POINTER, CONST_CHAR_POINTER]]],
  ['strncpy', [t.CHAR_POINTER, [t.CHAR_POINTER, CONST_CHAR_POINTER, t.SIZE_T]]],
  ['strcat', [t.CHAR_POINTER, [t.CHAR_POINTER, CONST_CHAR_POINTER]]],
  ['strchr', [t.CHAR_POINTER, [CONST_CHAR_POINTER, INT]]],
  ['strrchr', [t.CHAR_POINTER, [CONST_CHAR_POINTER, INT]]],
  ['abs', [INT, [INT]]],
  ['labs', [LONG, [LONG]]],
  ['llabs', [LLONG, [LLONG]]],
  ['fabs', [DOUBLE, [DOUBLE]]],
  ['sqrt', [DOUBLE, [DOUBLE]]],
  ['abort', [VOID, []]],
] as const);

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
