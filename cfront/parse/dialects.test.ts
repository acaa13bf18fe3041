/**
 * What Microsoft's compiler takes beyond C11 (and drivers use), what GNU's does, and the one clear message for what
 * neither the project nor Microsoft's compiler has.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceFile } from '../../base/source.ts';
import { dumpBody, parse, shownProblems } from './testing.ts';

const right: readonly (readonly [name: string, source: string])[] = [
  [
    'calling conventions at every position',
    'typedef int (__cdecl *FN)(int); int __stdcall st(int); void (__fastcall *fa[3])(void); int __vectorcall vc(void); typedef void __stdcall FT(int); FT *ftp; int (__cdecl *__cdecl ret(int))(long); int *__cdecl pc(void); int (__cdecl pc2)(void); unsigned __stdcall u(void); int const __cdecl cc(void); struct S { void (__stdcall *m)(struct S *); int (*__stdcall n)(void); }; void pa(int (__cdecl *cb)(int), int (__cdecl cb2)(int), void (__stdcall *)(void)); void c(void) { ((void (__stdcall *)(int))0)(1); }',
  ],
  [
    'modifiers of pointers',
    'char *p; char __based(p) *b; void __unaligned *u; int __unaligned *__restrict q; void *__ptr64 p64; typedef unsigned long __w64 UW; _Static_assert(sizeof(b) == 8, "");',
  ],
  [
    'pointers of 32 bits',
    'struct S { void *__ptr32 p; int x; }; _Static_assert(sizeof(void *__ptr32) == 4 && sizeof(struct S) == 8, ""); void f(struct S *s, void *v) { s->p = (void *__ptr32)v; v = s->p; }',
  ],
  [
    'forceinline in any place',
    '__forceinline static int a(void) { return 1; } static __forceinline int b(void) { return 1; } extern __inline int c(void); inline _Noreturn void d(void);',
  ],
  [
    'integers by width in any order',
    '__int8 a; unsigned __int8 b; __int16 unsigned c; signed __int64 d; __int64 unsigned e; _Static_assert(sizeof(a) == 1 && sizeof(c) == 2 && (__int64 unsigned)-1 > 0 && sizeof(__wchar_t) == 2, "");',
  ],
  [
    'long double is double',
    '_Static_assert(sizeof(long double) == 8 && _Generic(1.0L, double: 0, long double: 1), "");',
  ],
  ['annotations that stand alone', '_Create_lock_level_(x);\n_Lock_level_order_(a, b);\nint f(void);'],
  [
    'old annotations',
    '__kernel_entry int a(void); __inner_callback int b; __transfer(x) int c(int x); __on_failure(__drv_freesMem(Mem)) __drv_aliasesMem int *d;',
  ],
  [
    'auto type',
    'void f(void) { __auto_type q = 3.5f; const __auto_type s = "abc"; _Static_assert(sizeof(q) == 4 && sizeof(s) == 8, ""); }',
  ],
  ['typeof_unqual', 'const int c; void f(void) { __typeof_unqual__(c) a; typeof_unqual(const int) b; a = b = 1; }'],
  ['local labels', 'void f(void) { __label__ a, b; goto a; a: ; b: ; }'],
  [
    'arrays of parameters',
    'void f(int n, int a[n], int b[static 3], int c[*], int d[const], int e[static const 3], int m[n][4]);',
  ],
  [
    'a type that is declared with other words again',
    'typedef unsigned int T; typedef unsigned T; typedef struct S *P; typedef struct S *P;',
  ],
  [
    'callbacks that name their pointers otherwise',
    'typedef int CB(void *, const char *); struct D; CB f; int f(struct D *d, char *s) { return 0; } CB *p = f; int g(const struct D *d, const char *s); CB *q = g;',
  ],
];

for (const [name, source] of right) test(name, () => assert.equal(shownProblems(parse(source)), ''));

const reported: readonly (readonly [source: string, problems: string])[] = [
  [
    '_Atomic int a; _Atomic(int *) b; int *_Atomic c; void f(_Atomic int *p) { *p += 1; a++; }',
    '1:1 warning not-supported',
  ],
  ['_Complex double a; double _Complex b; float _Complex f(float _Complex x) { return x; }', '1:1 error not-supported'],
  ['__int128 a; unsigned __int128 b;', '1:1 error not-supported'],
  ['void f(int n) { int a[n]; a[0] = sizeof(a); }', '1:23 error not-supported'],
  ['void f(int n, int a[n][n]);', '1:24 error not-supported'],
  ['void f(int (*a)[*]);', '1:16 error not-supported'],
  ['void f(void) { void *p = &&l; goto *p; l: ; }', '1:26 error not-supported; 1:36 error not-supported'],
  [
    'unsigned float a; short double b; long char c; long long long d;',
    '1:10 error conflicting-specifiers; 1:25 error conflicting-specifiers; 1:40 error conflicting-specifiers; 1:58 error conflicting-specifiers',
  ],
  ['struct S { }; union U { };', '1:8 warning empty-record; 1:21 warning empty-record'],
  ['enum E { A = 0x80000000, B = 0x1ffffffff };', '1:30 warning enum-constant-range'],
  [
    '#define W L\n#define N W"ab"\nconst unsigned short *a = N; unsigned short b[] = N "c"; int c[sizeof(N) == 6 ? 1 : -1];',
    '',
  ],
  ['typedef unsigned long T; typedef enum _K { A } T; T t = A;', '1:48 warning benign-redefinition'],
  ['typedef int T; typedef long T; typedef char T;', '1:29 warning benign-redefinition; 1:45 error redefinition'],
  ['extern volatile int x; int x;', '1:28 warning conflicting-types'],
  [
    'char a[2] = "abc", b[3] = "abc", c[2] = { "abc" };',
    '1:13 error too-many-initializers; 1:43 error too-many-initializers',
  ],
  [
    'int f(int x) { switch (x) { case 1 ... 5: case 3: return 1; case 9 ... 8: ; } return 0; }',
    '1:43 error duplicate-case; 1:61 warning empty-range',
  ],
  ['int f(register int a) { register int b; return *&a + *&b; }', '1:50 error not-an-lvalue; 1:56 error not-an-lvalue'],
  [
    'int f(int x) { return (x << 32) + (x >> -1) + x / 0; }',
    '1:29 warning shift-count; 1:41 warning shift-count; 1:51 warning division-by-zero',
  ],
  [
    'int a[1 / 0]; int b = 1 % 0; enum { C = 1 / 0 };',
    '1:7 error not-supported; 1:23 error not-constant; 1:41 error not-constant',
  ],
  [
    'const c = 1; static d; main() { return 0; }',
    '1:7 warning implicit-int; 1:21 warning implicit-int; 1:24 warning implicit-int',
  ],
  ['int *p; const int **q; void f(int **r) { q = r; }', '1:46 warning discards-qualifiers'],
];

for (const [source, problems] of reported) test(source, () => assert.equal(shownProblems(parse(source)), problems));

test('escapes that are too large for a character', () => {
  const one = (text: string): string => shownProblems(parse(`int a = ${text};`));
  for (const text of ["'\\x1ff'", "'\\400'", "L'\\x12345'", "u'\\x12345'"])
    assert.equal(one(text), '1:9 error bad-literal', text);
  for (const text of ["'\\xff'", "'\\377'", "L'\\xffff'", "U'\\x12345'"]) assert.equal(one(text), '', text);
});

test('__noop without parentheses is zero', () => {
  assert.equal(shownProblems(parse('void f(int a) { __noop; if (a) __noop; __noop(a, 1); }')), '');
});

test('a cast that is assigned to means the object under the other type', () => {
  assert.equal(dumpBody('(char)i = 3;'), '(= (* (cast char * (& i))) (to char 3)); ! 2:19 warning cast-as-lvalue');
  const step = '(= (* ((* (cast char ** (& pv))) ++)) (to char 1));';
  assert.equal(dumpBody('*((char *)pv)++ = 1;'), `${step} ! 2:20 warning cast-as-lvalue`);
  assert.equal(dumpBody('&(void *)pi;'), '(& (* (cast void ** (& pi))));');
});

test('a cast that reaches beyond the object, or of no object, stays a value', () => {
  for (const text of ['(long long)i = 1;', '(int)(i + 1) = 2;', '(int)st.c = 1;', '((double)d)++;']) {
    assert.match(dumpBody(text), /error not-an-lvalue/, text);
  }
});

/** Text whose headers are missing: what follows from a name that nobody declares is no second mistake. */
const unresolved: readonly (readonly [source: string, problems: string])[] = [
  ['const char a[LENGTH] = { 1, 2, 3 }; char b[LENGTH] = "abc";', '1:14 error unknown-name'],
  ['struct S { char a[LENGTH]; }; _Static_assert(sizeof(struct S) == 6, "");', '1:19 error unknown-name'],
  [
    'void f(int x) { switch (x) { case CODE(1): case OTHER: ; } }',
    '1:35 warning implicit-function; 1:49 error unknown-name',
  ],
  ['static int x = CODE(1);', '1:16 warning implicit-function'],
  ['int none(VOID) { return 1; } int x(void) { return none(); }', '1:10 error unknown-type'],
  ['void f(void) { &NEXT(1); NEXT(1)[2]; }', '1:17 warning implicit-function'],
  ['void f(void) { UNKNOWN x = { .a = 1, .b = { 2 }, .c[1] = 3, 4 }; }', '1:16 error unknown-type'],
  ['void f(void *p) { *((A_TYPE UNALIGNED *)p) = 1; }', '1:22 error unknown-type; 1:29 error unknown-name'],
  [
    'int f(IN OUT A_TYPE *x, IN const int *y);',
    '1:7 error unknown-name; 1:10 error unknown-name; 1:14 error unknown-type',
  ],
  ['AN_API PAGED _IRQL_requires_max_(0) void f(void) { }', '1:1 error unknown-name; 1:8 error unknown-name'],
  ['typedef A_TYPE (CALL NAME)(int);', '1:9 error unknown-type; 1:17 error unknown-name'],
  ['typedef A_TYPE (CALL *NAME)(int); NAME f;', '1:9 error unknown-type; 1:17 error unknown-name'],
  ['static A_TYPE (CALL * fn)(int); A_TYPE (CALL *gn)(int) = 0;', '1:8 error unknown-type; 1:16 error unknown-name'],
  [
    'struct S { int a; };\nDECLARE(S, GetS)\nunsigned char t[] = { 1 };\nDECLARE(S, Other)\nint f(int a) { return a; }',
    '2:1 error unknown-name',
  ],
  ['A_TYPE t[] = { 1, 2 }; int n = sizeof(t) / sizeof(t[0]);', '1:1 error unknown-type'],
];

for (const [source, problems] of unresolved) test(source, () => assert.equal(shownProblems(parse(source)), problems));

test('SAL may stand before the dots', () => {
  assert.equal(shownProblems(parse('void print(_In_ const char *format, _In_ ...) { format; }')), '');
});

test('a typedef name in parentheses is declared, but for a parameter', () => {
  assert.equal(shownProblems(parse('typedef int T; int f(int (T)); int main(void) { int (T) = 4; return T; }')), '');
});

test('a character and its universal name spell the same identifier', () => {
  assert.equal(shownProblems(parse('int \\u00e9t = 1; int f(void) { return ét; }')), '');
});

test('the words for the function around', () => {
  const body = 'void f(int a, const char *b, ...) { __func__; __FUNCSIG__; __FUNCDNAME__; L"" __FUNCTION__; }';
  const items = parse(body).functions[0]?.body.items ?? [];
  const texts = items.map((item) => {
    const e = item.kind === 'expression' ? item.expression : undefined;
    return e?.kind === 'string' ? String.fromCharCode(...e.units.slice(0, -1)) : '';
  });
  assert.deepEqual(texts, ['f', 'void __cdecl f(int,const char *,...)', 'f', 'f']);
});

test('pragmas of packing in all their forms', () => {
  const size = (pragma: string): number => {
    const unit = parse(`#define TWO 2\n${pragma}\nstruct S { char c; long long i; };`);
    assert.equal(shownProblems(unit), '', pragma);
    return unit.records.get('S')?.size ?? 0;
  };
  assert.equal(size('#pragma pack(push, 1)'), 9);
  assert.equal(size('#pragma pack(push, name, 1)'), 9);
  assert.equal(size('#pragma pack(0x2)'), 10);
  assert.equal(size('#pragma pack(push, TWO)'), 10);
  assert.equal(size('__pragma(pack(push, 4))'), 12);
  assert.equal(size('_Pragma("pack(push, 4)")'), 12);
  assert.equal(size('#pragma pack(push, a, 1)\n#pragma pack(push, b, 2)\n#pragma pack(pop, a)'), 16);
  assert.equal(size('#pragma pack(push, a, 1)\n#pragma pack(push, b, 2)\n#pragma pack(pop, b, 4)'), 12);
  assert.equal(size('#pragma pack(push, 1)\n#pragma pack()'), 16);
  assert.equal(size("#pragma pack(1)\n#pragma region it's here\n#pragma endregion that's all\n#pragma pack(show)"), 9);
});

/** Of a bundled header of which only a part is known, a name may be missing; near ones are slips all the same. */
type PartialRow = readonly [source: string, problems: string];
const partial: readonly PartialRow[] = [
  ['int f(void) { return 0; }', ''],
  ['int f(void) { return FSCTL_X + FsRtl(1); }', '1:10 hint partial-header'],
  ['FILE_LOCK l; void f(FILE_LOCK *p) { p->x = 1; FsRtl(p)->y++; }', '1:10 hint partial-header'],
  ['void f(void) { FSRTL_TRY(int) { return; } }', '1:10 hint partial-header'],
  ['void f(void) { return KNOWN_NAMES; }', '2:23 error unknown-name'],
  ['struct A *p; int f(void) { return p->x; }', '2:35 error incomplete-type'],
  ['int f(void) { return 0 }', '2:24 error expected-token'],
];

/** Of KMDF's names it is known which ones may be missing: others are nobody's. */
const kmdf: readonly PartialRow[] = [
  ['int f(void) { return WdfDmaX(WDF_WMI_Y) + WdfDevStatePnpStarted; }', '1:10 hint partial-header'],
  ['PWDF_DMA_ENABLER_CONFIG c; EVT_WDF_WMI_INSTANCE_SET_ITEM f;', '1:10 hint partial-header'],
  ['int f(void) { return WdfX(1) + WDF_Y; }', '2:22 warning implicit-function; 2:32 error unknown-name'],
  ['void f(void) { CALL_X(int); }', '2:16 warning implicit-function; 2:23 error unexpected-type'],
  ['WDFDRIVER d;', '2:1 error unknown-type'],
];

for (const [header, rows] of Object.entries({ ntifs: partial, wdf: kmdf }))
  for (const [source, problems] of rows)
    test(`behind ${header}.h, which is there in part: ${source}`, () => {
      const file = sourceFile(`wsk-headers:${header}.h`, 'enum { KNOWN_NAME };');
      const unit = parse(`#include <${header}.h>\n${source}`, () => ({ kind: 'found', file, isSystem: true }));
      assert.equal(shownProblems(unit), problems);
    });
