/** Declarations, types and layouts as golden text: C in, one line for each declaration out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dump } from '../testing.ts';

const cases: readonly (readonly [source: string, expected: readonly string[]])[] = [
  ['int x;', ['int x']],
  ['extern int x, *p, a[3], f(void);', ['int x', 'int *p', 'int a[3]', 'int f(void)']],
  ['static const char s[] = "hi";', ['static const char s[3] = "hi"']],
  ['int *(*fp[3])(int, char *), (*(*g)(void))[2];', ['int *(*fp[3])(int, char *)', 'int (*(*g)(void))[2]']],
  [
    'typedef unsigned long ULONG, *PULONG; const PULONG p; PULONG const *q; const ULONG *r;',
    [
      'typedef unsigned long ULONG',
      'typedef unsigned long *PULONG',
      'const PULONG p',
      'const PULONG *q',
      'const ULONG *r',
    ],
  ],
  [
    'typedef int F(int); F f, *pf; int h(F x, int a[3], int b[], void v(void));',
    ['typedef int F(int)', 'F f', 'F *pf', 'int h(F *x, int *a, int *b, void (*v)(void))'],
  ],
  [
    'typedef struct _A { int a; } A, *PA; PA p; struct _A b;',
    ['struct _A{int a@0} size 4 align 4', 'typedef struct _A A', 'typedef struct _A *PA', 'PA p', 'struct _A b'],
  ],
  [
    'struct { char c; int i; short s; long long l; } x;',
    ['struct {char c@0; int i@4; short s@8; long long l@16} size 24 align 8', 'struct <unnamed> x'],
  ],
  [
    'struct B { unsigned a : 3, b : 5; unsigned c : 30; unsigned char d : 4; int : 0; short e; };',
    [
      'struct B{unsigned int a@0:0+3; unsigned int b@0:3+5; unsigned int c@4:0+30; unsigned char d@8:0+4; short e@12} size 16 align 4',
    ],
  ],
  [
    '#pragma pack(push, 1)\nstruct P { char a; int b; };\n#pragma pack(pop)\nstruct Q { char a; int b; };',
    ['struct P{char a@0; int b@1} size 5 align 1', 'struct Q{char a@0; int b@4} size 8 align 4'],
  ],
  [
    'struct U { int k; union { int i; struct { short lo, hi; }; } ; int z; } u = { 1, { 2 }, 3 }; int v = sizeof u.hi;',
    [
      'struct {short lo@0; short hi@2} size 4 align 2',
      'union {int i@0; struct <unnamed>@0} size 4 align 4',
      'struct U{int k@0; union <unnamed>@4; int z@8} size 12 align 4',
      'struct U u = {0: 1, 4: 2, 8: 3}',
      'int v = (to int sizeof(short)=2)',
    ],
  ],
  [
    'typedef struct { int a; } BASE; struct D { BASE; int b; } d; int x = sizeof d.a; struct __declspec(align(16)) E { char c; };',
    [
      'struct {int a@0} size 4 align 4',
      'typedef BASE BASE',
      'struct D{BASE@0; int b@4} size 8 align 4',
      'struct D d',
      'int x = (to int sizeof(int)=4)',
      'struct E{char c@0} size 16 align 16',
    ],
  ],
  [
    'enum E { A, B = 5, C, D = -1, F = A + 2, }; enum E e = C; int a[D + 3];',
    ['A=0', 'B=5', 'C=6', 'D=-1', 'F=2', 'enum E{A=0 B=5 C=6 D=-1 F=2}', 'enum E e = (to enum E C)', 'int a[2]'],
  ],
  ['int f(a, b) int a; char *b; { return a + *b; }', ['int f() { return (+ a (to int (* b))); }']],
  ['main() { return 0; }', ['int main() { return 0; }', '! 1:1 warning implicit-int']],
  [
    'inline __forceinline static int __cdecl f(void) { return 1; } __declspec(noreturn) void die(void); int __stdcall g(int); typedef int (__stdcall *CB)(int); void *__ptr64 p; __int64 i; unsigned __int8 b;',
    [
      'int f(void) { return 1; }',
      'void die(void)',
      'int g(int)',
      'typedef int (*CB)(int)',
      'void *p',
      'long long i',
      'unsigned char b',
    ],
  ],
  [
    '_Static_assert(sizeof(long) == 4, "LLP64"); _Static_assert(sizeof(void *) == 8 && sizeof(L\'a\') == 2 && \'abcd\' == 0x61626364, "");',
    ['static-assert', 'static-assert'],
  ],
  [
    'int a[] = { 1, 2, [5] = 3, 4 }; char s[4] = "abc", t[] = { "de" }, *u[] = { "x", "y" };',
    [
      'int a[7] = {0: 1, 4: 2, 20: 3, 24: 4}',
      'char s[4] = "abc"',
      'char t[3] = {0: "de"}',
      'char *u[2] = {0: (decay "x"), 8: (decay "y")}',
    ],
  ],
  [
    'struct S { int a; struct { int b, c; } in[2]; int d; } s = { 1, 2, 3, 4, 5, 6 }, t = { .in[1].c = 7, 8 }, u = { .in = { { 1 }, { 2 } }, .a = 9 };',
    [
      'struct {int b@0; int c@4} size 8 align 4',
      'struct S{int a@0; struct <unnamed> in[2]@4; int d@20} size 24 align 4',
      'struct S s = {0: 1, 4: 2, 8: 3, 12: 4, 16: 5, 20: 6}',
      'struct S t = {16: 7, 20: 8}',
      'struct S u = {4: 1, 12: 2, 0: 9}',
    ],
  ],
  [
    "union V { int a; char b; } v = { .b = 'x' }, w = { 3 };",
    ['union V{int a@0; char b@0} size 4 align 4', 'union V v = {0: (to char 120)}', 'union V w = {0: 3}'],
  ],
  [
    'struct F { int n; int data[]; }; struct F f = { 2, { 1, 2 } };',
    ['struct F{int n@0; int data[]@4} size 4 align 4', 'struct F f = {0: 2, 4: 1, 8: 2}'],
  ],
  [
    'typedef void (*HANDLER)(struct Later *l); struct Later { int x; }; void h(struct Later *l) { l->x = 1; } HANDLER x = h, y = &h;',
    [
      'typedef void (*HANDLER)(struct Later *l)',
      'struct Later{int x@0} size 4 align 4',
      'void h(struct Later *l) { (= (-> l x@0) 1); }',
      'HANDLER x = (decay h)',
      'HANDLER y = (& h)',
    ],
  ],
  [
    'int x = sizeof(int[3]) + _Alignof(double) + __builtin_offsetof(struct { char a; int b[3]; }, b[2]); int y = (long)(long long)&((struct { char a; int b; } *)0)->b;',
    [
      'struct {char a@0; int b[3]@4} size 16 align 4',
      'int x = (to int (+ (+ sizeof(int[3])=12 _Alignof(double)=8) offsetof(struct <unnamed>)=12))',
      'struct {char a@0; int b@4} size 8 align 4',
      'int y = (to int (cast long (cast long long (& (-> (cast struct <unnamed> * 0) b@4)))))',
    ],
  ],
  [
    'int f(int n, ...) { __builtin_va_list ap; va_start(ap, n); int x = va_arg(ap, int); va_end(ap); return x; }',
    ['int f(int n, ...) { [va_list ap]; (va_start ap n); [int x = (va_arg ap int)]; (va_end ap); return x; }'],
  ],
  [
    'int a[2][3] = { { 1, 2, 3 }, { 4 } }; int b[2][2] = { 1, 2, 3 }; int c[3] = { [0 ... 1] = 5 };',
    ['int a[2][3] = {0: 1, 4: 2, 8: 3, 12: 4}', 'int b[2][2] = {0: 1, 4: 2, 8: 3}', 'int c[3] = {0: 5, 4: 5}'],
  ],
  [
    'typeof(int *) p; __typeof__(1 + 2.0) d; int v = _Generic(1.0f, int: 1, float: 2, default: 3); int w = (struct { int a; }){ 3 }.a ? 1 : 2;',
    [
      'int *p',
      'double d',
      'int v = 2',
      'struct {int a@0} size 4 align 4',
      'int w = (? (. (literal struct <unnamed> {0: 3}) a@0) 1 2)',
    ],
  ],
  [
    '_Noreturn void stop(void); _Alignas(16) int x; __attribute__((aligned(32))) int y; struct __attribute__((packed)) P { char a; int b; }; int f(void) __attribute__((noreturn));',
    ['void stop(void)', 'int x', 'int y', 'struct P{char a@0; int b@1} size 5 align 1', 'int f(void)'],
  ],
  [
    'static int f(void); static int f(void) { return 0; } int f2(void), f2(void);',
    ['int f(void)', 'int f(void) { return 0; }', 'int f2(void)', 'int f2(void)'],
  ],
  [
    '__declspec(dllimport) extern int x; __declspec(selectany) int y = 1; __declspec(deprecated("old")) void z(void); __declspec(allocate("X")) int q;',
    ['int x', 'int y = 1', 'void z(void)', 'int q'],
  ],
  [
    "unsigned short *w = L\"ab\" L\"c\"; char *n = \"é\"; int c = 'a' + L'é' + '\\n' + '\\x7f';",
    [
      'unsigned short *w = (decay L"abc")',
      'char *n = (decay "\\xc3\\xa9")',
      'int c = (+ (+ (+ 97 (to int 233:wchar_t)) 10) 127)',
    ],
  ],
];

for (const [source, expected] of cases) {
  test(source, () => assert.deepEqual(dump(source).split('\n'), expected));
}
