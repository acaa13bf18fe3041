/**
 * The words that have a meaning of their own in declarations and statements, with their alternative spellings.
 *
 * One map from word to role, looked up once per identifier; a word that is missing here is an ordinary identifier.
 */

/** What a word does among declaration specifiers. */
export type SpecifierWord =
  | 'typedef'
  | 'extern'
  | 'static'
  | 'auto'
  | 'register'
  | 'thread'
  | 'inline'
  | 'noreturn'
  | 'const'
  | 'volatile'
  | 'atomic'
  | 'ignored'
  | 'ptr32'
  | 'based'
  | 'calling-convention'
  | 'declspec'
  | 'attribute'
  | 'alignas'
  | 'struct'
  | 'union'
  | 'enum'
  | 'typeof'
  | 'auto-type'
  | 'void'
  | 'bool'
  | 'char'
  | 'short'
  | 'int'
  | 'long'
  | 'signed'
  | 'unsigned'
  | 'float'
  | 'double'
  | 'complex'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'int128'
  | 'wide'
  | 'va-list';

const specifierWords: readonly (readonly [SpecifierWord, string])[] = [
  ['typedef', 'typedef'],
  ['extern', 'extern'],
  ['static', 'static'],
  ['auto', 'auto'],
  ['register', 'register'],
  ['thread', '_Thread_local __thread'],
  ['inline', 'inline __inline _inline __inline__ __forceinline _forceinline'],
  ['noreturn', '_Noreturn'],
  ['const', 'const __const __const__'],
  ['volatile', 'volatile __volatile __volatile__'],
  ['atomic', '_Atomic'],
  [
    'ignored',
    'restrict __restrict _restrict __restrict__ __unaligned _unaligned __ptr64 _ptr64 __sptr __uptr __w64 _w64 __extension__',
  ],
  ['ptr32', '__ptr32 _ptr32'],
  ['based', '__based _based'],
  [
    'calling-convention',
    '__clrcall __cdecl _cdecl __stdcall _stdcall __fastcall _fastcall __vectorcall _vectorcall __thiscall __pascal __regcall',
  ],
  ['declspec', '__declspec _declspec'],
  ['attribute', '__attribute__ __attribute'],
  ['alignas', '_Alignas'],
  ['struct', 'struct'],
  ['union', 'union'],
  ['enum', 'enum'],
  ['typeof', 'typeof __typeof__ __typeof typeof_unqual __typeof_unqual__ __typeof_unqual'],
  ['auto-type', '__auto_type'],
  ['void', 'void'],
  ['bool', '_Bool'],
  ['char', 'char'],
  ['short', 'short'],
  ['int', 'int'],
  ['long', 'long'],
  ['signed', 'signed __signed __signed__'],
  ['unsigned', 'unsigned'],
  ['float', 'float'],
  ['double', 'double'],
  ['complex', '_Complex __complex__ _Imaginary'],
  ['int8', '__int8 _int8'],
  ['int16', '__int16 _int16'],
  ['int32', '__int32 _int32'],
  ['int64', '__int64 _int64'],
  ['int128', '__int128 __int128_t __uint128_t'],
  ['wide', '__wchar_t'],
  ['va-list', '__builtin_va_list'],
];

export const SPECIFIERS: ReadonlyMap<string, SpecifierWord> = new Map(
  specifierWords.flatMap(([word, spellings]) => spellings.split(' ').map((text) => [text, word] as const)),
);

/** Words that begin a statement, or belong inside one, and so can be no name and no operand. */
export const STATEMENT_WORDS: ReadonlySet<string> = new Set(
  (
    'if else while do for switch case default break continue goto return ' +
    '__try _try __except _except __finally _finally __leave _leave'
  ).split(' '),
);

/** Words that are operators. */
const operatorWords =
  'sizeof _Alignof __alignof __alignof__ _alignof _Generic _Static_assert __asm _asm __asm__ __real__ __imag__';

/** Words that can never be the name of anything. */
export const RESERVED: ReadonlySet<string> = new Set([
  ...SPECIFIERS.keys(),
  ...STATEMENT_WORDS,
  ...operatorWords.split(' '),
]);

/** What is said of assembly. */
export const ASM_MESSAGE =
  "Inline assembly is not supported, as in Microsoft's compiler for x64; use an intrinsic such as __readcr8.";

export const ASM_WORDS: ReadonlySet<string> = new Set(['__asm', '_asm', '__asm__', 'asm']);
export const STATIC_ASSERT_WORDS: ReadonlySet<string> = new Set(['_Static_assert', 'static_assert']);
