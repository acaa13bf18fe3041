/**
 * `__declspec`, `__attribute__`, `[[…]]` and `_Alignas`: where each may stand, what it does to layout (the sources
 * assert it themselves), and what the symbols keep of it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FunctionSymbol, VariableSymbol } from '../ast.ts';
import { parse, shownProblems } from '../testing.ts';

/** Sources that are read without a problem; their static assertions hold. */
const right: readonly (readonly [name: string, source: string])[] = [
  [
    'an aligned typedef of a scalar',
    'typedef __declspec(align(16)) int T; _Static_assert(_Alignof(T) == 16 && sizeof(T) == 4, "");',
  ],
  [
    'a member of an aligned scalar type',
    'typedef __declspec(align(16)) int T; struct S { char c; T t; }; _Static_assert(sizeof(struct S) == 32 && _Alignof(struct S) == 16, "");',
  ],
  [
    'packing does not lower it',
    '#pragma pack(push, 1)\ntypedef __declspec(align(8)) long T; struct S { char c; T t; char d; };\n#pragma pack(pop)\n_Static_assert(sizeof(struct S) == 16, "");',
  ],
  [
    'an aligned member',
    'struct S { char c; __declspec(align(8)) int x; char d; }; _Static_assert(sizeof(struct S) == 16, "");',
  ],
  [
    'an aligned record, three ways',
    'struct __declspec(align(16)) A { char c; }; typedef __declspec(align(16)) struct { char c; } B; typedef struct { char c; } __declspec(align(16)) C; _Static_assert(sizeof(struct A) == 16 && sizeof(B) == 16 && sizeof(C) == 16, "");',
  ],
  [
    'a variable asks for its own alignment',
    '_Alignas(16) int a; __declspec(align(32)) char b; _Static_assert(_Alignof a == 16 && __alignof(b) == 32, "");',
  ],
  [
    'several words in one',
    '__declspec(dllimport noreturn) void f(void); __declspec(noinline, noreturn) void g(void); __declspec() int x;',
  ],
  [
    'words that say nothing here',
    '__declspec(restrict) void *f(int); __declspec(noalias) void g(int *); __declspec(guard(nocf)) void h(void); __declspec(spectre(nomitigation)) void i(void); __declspec(uuid("0")) struct S { int x; }; __declspec(property(get = a)) int p; void *__declspec(nothrow) j(void);',
  ],
  [
    'GNU packed',
    'struct __attribute__((packed)) A { char c; int i; }; struct B { char c; int i; } __attribute__((packed, aligned(2))); struct C { char c; int x __attribute__((packed)); }; _Static_assert(sizeof(struct A) == 5 && sizeof(struct B) == 6 && sizeof(struct C) == 5, "");',
  ],
  [
    'GNU aligned',
    'typedef int T __attribute__((aligned(8))); struct S { char c; } __attribute__((aligned)); _Static_assert(_Alignof(T) == 8 && sizeof(struct S) == 16, "");',
  ],
  [
    'GNU everywhere',
    '__attribute__((unused)) static int x; int *__attribute__((unused)) p; void f(int a __attribute__((unused)), int __attribute__((unused)) b) { l: __attribute__((unused)); switch (a) { case 1: __attribute__((fallthrough)); default: ; } } int (__attribute__((stdcall)) *fp)(int); enum E { A __attribute__((deprecated)) = 1 } __attribute__((packed)); int f2(const char *s, ...) __attribute__((format(printf, 1, 2))) __attribute__((__nonnull__(1)));',
  ],
  [
    'C23 at declarations',
    '[[nodiscard]] int f(void); int g([[maybe_unused]] int x, int y [[maybe_unused]]); int a [[maybe_unused]][3]; int k(void) [[gnu::pure]]; [[using gnu: noinline]] void q(void); int *[[x]] p;',
  ],
  [
    'C23 at types',
    'struct [[deprecated]] S { [[maybe_unused]] int a; int b [[maybe_unused]]; }; enum [[nodiscard]] E { A [[deprecated]], B };',
  ],
  [
    'C23 at statements',
    'int f(int x) { switch (x) { case 1: x++; [[fallthrough]]; default: break; } [[maybe_unused]] int y = 1; [[likely]] if (y) return 1; [[]]; l: [[x]]; return 0; }',
  ],
];

for (const [name, source] of right) test(name, () => assert.equal(shownProblems(parse(source)), ''));

const wrong: readonly (readonly [source: string, problems: string])[] = [
  ['__declspec(align(3)) int x;', '1:18 error bad-alignment'],
  ['static __declspec(selectany) int x = 1;', '1:34 error bad-attribute'],
  [
    '__declspec(thread) int x; void f(void) { __declspec(thread) int y; }',
    '1:24 warning thread-local; 1:65 error bad-attribute',
  ],
  ['_Thread_local int x;', '1:19 warning thread-local'],
  [
    'int f(void) __attribute__((alias("g"))); typedef int T __attribute__((mode(DI)));',
    '1:28 error not-supported; 1:71 error not-supported',
  ],
  ['__declspec(deprecated("use g")) void f(void); void g(void) { f(); }', '1:62 warning deprecated'],
  ['__declspec(deprecated) extern int x; int g(void) { return x; }', '1:59 warning deprecated'],
  ['#pragma deprecated(f)\nvoid f(void);\nvoid g(void) { f(); }', '3:16 warning deprecated'],
  ['#pragma warning(disable: 4996)\n__declspec(deprecated) void f(void);\nvoid g(void) { f(); }', ''],
];

for (const [source, problems] of wrong) test(source, () => assert.equal(shownProblems(parse(source)), problems));

function variable(source: string, name: string): VariableSymbol {
  const symbol = parse(source).symbols.get(name);
  assert.ok(symbol?.kind === 'variable');
  return symbol;
}

function functionSymbol(source: string, name: string): FunctionSymbol {
  const symbol = parse(source).symbols.get(name);
  assert.ok(symbol?.kind === 'function');
  return symbol;
}

test('a variable keeps where it lives and how it is linked', () => {
  assert.equal(variable('__declspec(selectany) int x = 1;', 'x').isSelectAny, true);
  assert.equal(variable('extern __declspec(selectany) const int x = 1;', 'x').isSelectAny, true);
  assert.equal(variable('int x = 1;', 'x').isSelectAny, undefined);
  assert.equal(variable('__declspec(thread) int x;', 'x').isThreadLocal, true);
  assert.equal(variable('__declspec(allocate("PAGEDATA")) int x;', 'x').section, 'PAGEDATA');
  assert.equal(variable('__declspec(align(64)) char x[3];', 'x').alignment, 64);
  assert.equal(variable('int __declspec(align(64)) x;', 'x').alignment, 64);
  assert.equal(variable('extern __declspec(align(64)) int x; int x;', 'x').alignment, 64);
  assert.equal(variable('__declspec(align(2)) int x;', 'x').alignment, undefined);
});

test('what stands at one name of several is of that name only', () => {
  const source = 'int a __attribute__((aligned(16))), b; void f(void) __attribute__((noreturn)), g(void);';
  assert.deepEqual([variable(source, 'a').alignment, variable(source, 'b').alignment], [16, undefined]);
  assert.deepEqual([functionSymbol(source, 'f').isNoReturn, functionSymbol(source, 'g').isNoReturn], [true, false]);
});

test('every spelling of noreturn is kept', () => {
  const spellings = [
    '__declspec(noreturn)',
    '__attribute__((noreturn))',
    '__attribute__((__noreturn__))',
    '_Noreturn',
    '[[noreturn]]',
    '[[_Noreturn]]',
  ];
  for (const word of spellings) assert.equal(functionSymbol(`${word} void f(void);`, 'f').isNoReturn, true, word);
});

test('sections of functions', () => {
  const sections = (source: string): (string | undefined)[] => parse(source).functions.map((f) => f.section);
  assert.deepEqual(sections('__declspec(code_seg("PAGE")) void f(void) {} void g(void) {}'), ['PAGE', undefined]);
});
