/**
 * Broken text: what is reported and where, and that everything around the mistake is read. The tree is golden text, so
 * that a statement that is lost without need shows.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dumpDeclarations } from '../../testing/dump.ts';
import { parse, shownProblem } from '../testing.ts';

const cases: readonly { name: string; source: string; tree: string; problems: readonly string[] }[] = [
  {
    name: 'a type alone on its line declares nothing of the line below',
    source: `
typedef int T; int g(int);
void f(int n) {
    T
    T a;
    T
    const T *b;
    T
    a = 1;
    T
    return;
    T
      c;
}
`,
    tree: `
typedef int T
int g(int)
void f(int n) { []; [T a]; []; [const T *b]; []; (= a 1); []; return; [T c]; }
`,
    problems: [
      '3:5 error expected-token',
      '5:5 error expected-token',
      '7:5 error expected-token',
      '9:5 error expected-token',
    ],
  },
  {
    name: 'a body without its brace ends before a typedef in column 0, but not where its lines are not indented',
    source: `
void f(int n) {
    n = 1;
    if (n) {
        n = 2;

typedef struct S { int a; } S;
S s;
int g(int n) {
n = 1;
typedef int T;
T t = 1;
return t;
}
int after;
`,
    tree: `
void f(int n) { (= n 1); if n { (= n 2); } }
struct S{int a@0} size 4 align 4
typedef struct S S
S s
int g(int n) { (= n 1); [typedef int T]; [T t = 1]; return t; }
int after
`,
    problems: ['4:14 error expected-token'],
  },
  {
    name: 'half-typed lines cost themselves',
    source: `
struct S { int a; int b; } *s; int g(int, int);
void f(void) {
    s->
    g(1, 2);
    s->a
    g(3, 4);
    g(1,
    g(5, 6);
    s->a = 1 +
    s->b = 2;
    if (s->a == ) g(7, 8);
    while (
    g(9, 9);
}
int after;
`,
    tree: `
struct S{int a@0; int b@4} size 8 align 4
struct S *s
int g(int, int)
void f(void) { (-> s ?); (call (decay g) 1 2); (-> s a@0); (call (decay g) 3 4); (call (decay g) 1 …); (call (decay g) 5 6); (= (-> s a@0) <? 1>); (= (-> s b@4) 2); if (== (-> s a@0) <?>) (call (decay g) 7 8); while (call (decay g) 9 9) ; }
int after
`,
    problems: [
      '3:7 error expected-name',
      '5:8 error expected-token',
      '7:8 error expected-token',
      '9:14 error expected-expression',
      '11:17 error expected-expression',
      '13:12 error expected-token',
    ],
  },
  {
    name: 'a missing brace ends at the brace in column 0',
    source: `
int f(void) {
    if (1) {
        return 1;
    while (2) {
}
int g(void) { return 2; }
`,
    tree: `
int f(void) { if 1 { return 1; while 2 {} } }
int g(void) { return 2; }
`,
    problems: ['4:15 error expected-token'],
  },
  {
    name: 'heads that begin with a macro end the function above that lacks its brace',
    source: `
#define VOID void
VOID f(int n) {
    if (n) {
VOID g(void) { return; }
VOID h(int n) {
    if (n)
    }
VOID i(void) { return; }
`,
    tree: `
void f(int n) { if n {} }
void g(void) { return; }
void h(int n) { if n <error>; }
void i(void) { return; }
`,
    problems: ['3:12 error expected-token', '7:5 error expected-statement'],
  },
  {
    name: 'a brace too many is passed over',
    source: `
int f(void) {
    if (1) {
        ;
    }
    }
    return 3;
}
int g(void) { return 2; }
`,
    tree: `
int f(void) { if 1 { ; } return 3; }
int g(void) { return 2; }
`,
    problems: ['5:5 error unexpected-token'],
  },
  {
    name: 'code left out as documentation writes it',
    source: `
typedef struct _C {
  int a;
  .
  . // more
  .
  int b
} C, *PC;
int f(C *c, int x,) {
  if (...) { ... }
  else { . . . }
  f(c, ...);
  ...
  c->a = ...;
  return 1:
}
`,
    tree: `
struct _C{int a@0; int b@4} size 8 align 4
typedef struct _C C
typedef struct _C *PC
int f(C *c, int x) { if <?> { <error>; } else { <error>; } (call (decay f) c <?>); <error>; (= (-> c a@0) <?>); return 1; }
`,
    problems: [
      '3:3 error elided-code',
      '6:7 error expected-token',
      '8:18 error trailing-comma',
      '9:7 error elided-code',
      '9:14 error elided-code',
      '10:10 error elided-code',
      '11:8 error elided-code',
      '12:3 error elided-code',
      '13:10 error elided-code',
      '14:11 error expected-token',
    ],
  },
  {
    name: 'a struct that was never closed',
    source: `
struct A { int a;
int f(void) { return 1; }
`,
    tree: `
struct A{int a@0} size 4 align 4
int f(void) { return 1; }
`,
    problems: ['1:17 error expected-token'],
  },
  {
    name: 'a struct without its semicolon',
    source: `
struct A { int a; }
int f(void) { return 1; }
`,
    tree: `
struct A{int a@0} size 4 align 4
int f(void) { return 1; }
`,
    problems: ['1:19 error expected-token'],
  },
  {
    name: 'names that nothing declares',
    source: `
int f(int a int b) { return a; }
int g(FOO *x, BAR y) { x->z = 1; y.q(3); return 0; }
FOO_API int h(void);
int FOO_API2 i(void);
DECLARE(x)
typedef int (FOOAPI *PF)(int);
FOO *var;
int last;
`,
    tree: `
int f(int a) { return a; }
int g(<unknown type> *x, <unknown type> y) { (= (-> x z?) 1); (call (. y q?) 3); return 0; }
int h(void)
int i(void)
<error>
typedef int (*PF)(int)
<unknown type> *var
int last
`,
    problems: [
      '1:13 error expected-token',
      '2:7 error unknown-type',
      '2:15 error unknown-type',
      '3:1 error unknown-name',
      '4:5 error unknown-name',
      '5:1 error unknown-name',
      '6:14 error unknown-name',
    ],
  },
  {
    name: 'statements outside of a function',
    source: `
int f(int);
int a[3], *b;
f(1);
if (a[0]) { f(2); } else f(3);
a[1] = 2;
b->c = 1;
int d;
return 3;
}
int main() { return 1; }
`,
    tree: `
int f(int)
int a[3]
int *b
<error>
<error>
<error>
<error>
<error>
int d
<error>
int main() { return 1; }
`,
    problems: ['3:1 error misplaced-statement', '8:1 error misplaced-statement', '9:1 error unexpected-token'],
  },
  {
    name: 'extern "C" is passed over',
    source: `
extern "C" {
int f(void);
}
extern "C" int g(void);
int h;
`,
    tree: `
int f(void)
int g(void)
int h
`,
    problems: ['1:1 error not-supported', '4:1 error not-supported'],
  },
  {
    name: 'missing semicolons and unknown names in a function',
    source: `
int f(void) { int a = 1 int b = 2; return a; }
int g(void) { FOO x; FOO *y = 0; bar(1); bar(2); zip = 1; zip = 2; x.a = 1; return (FOO)1 + sizeof(FOO); }
`,
    tree: `
int f(void) { [int a = 1]; [int b = 2]; return a; }
int g(void) { [<unknown type> x]; [<unknown type> *y = (to <unknown type> * 0)]; (call (decay bar) 1); (call (decay bar) 2); (= <?> 1); (= <?> 2); (= (. x a?) 1); return (+ (cast <unknown type> 1) <?>); }
`,
    problems: [
      '1:25 error expected-token',
      '2:15 error unknown-type',
      '2:34 warning implicit-function',
      '2:50 error unknown-name',
    ],
  },
  {
    name: 'labels and jumps in wrong places',
    source: `
int f(int x) { switch (x) { case 1 g(); case f: ; default ; } goto; goto x; break; continue; else x = 1; }
`,
    tree: `
int f(int x) { switch x { case 1: (call (decay g)); ; default: ; } <error>; goto x; <error>; <error>; (= x 1); }
`,
    problems: [
      '1:36 error expected-token',
      '1:36 warning implicit-function',
      '1:46 error not-constant',
      '1:59 error expected-token',
      '1:67 error expected-name',
      '1:74 error unknown-label',
      '1:77 error misplaced-jump',
      '1:84 error misplaced-jump',
      '1:94 error unexpected-token',
    ],
  },
  {
    name: 'broken initializers',
    source: `
int a[ = 1; int b = ; int c = (1; int d = {1, 2; int e = 3 4; int g;
int h = f(; int i;
`,
    tree: `
int a[1]
int b = <?>
int c = 1
int d = {0: 1}
int e = 3
int g
int h = (call (decay f) <?> …)
int i
`,
    problems: [
      '1:8 error expected-expression',
      '1:11 error expected-token',
      '1:21 error expected-expression',
      '1:33 error expected-token',
      '1:47 error too-many-initializers',
      '1:48 error expected-token',
      '1:60 error expected-token',
      '2:9 warning implicit-function',
      '2:11 error expected-expression',
    ],
  },
  {
    name: 'assembly',
    source: `
void f(void) { __asm { mov eax, 1 } __asm int 3
  asm("nop"); int x; }
`,
    tree: `
void f(void) { <error>; <error>; <error>; [int x]; }
`,
    problems: ['1:16 error not-supported', '1:37 error not-supported', '2:3 error not-supported'],
  },
  {
    name: 'broken enums',
    source: `
enum E { A, B C, D = , 3, F };
enum { X = 1
int f(void);
`,
    tree: `
A=0
B=1
D=2
F=3
enum E{A=0 B=1 D=2 F=3}
X=1
enum {X=1}
int f(void)
`,
    problems: [
      '1:15 error expected-token',
      '1:22 error expected-expression',
      '1:24 error expected-name',
      '2:12 error expected-token',
    ],
  },
  {
    name: 'stray characters and numbers',
    source: `
@ int x; $ int y; \`int z;
int 3x; int w;
`,
    tree: `
int x
int y
int z
int w
`,
    problems: [
      '1:1 error stray-character',
      '1:10 error unknown-name',
      '1:19 error stray-character',
      '2:5 error expected-name',
    ],
  },
  {
    name: 'text that is not indented, and broken loops',
    source: `
void f(int x) {
Exit:
    x = 1;
}
void g(void)
{
if (1)
{
g();
}
g();
}
void h(void) {
    for (int i = 0; i < 3 i++) { g(); }
    for (;;
        g();
    do { g(); } while (1)
    g();
    return
}
`,
    tree: `
void f(int x) { Exit: (= x 1); }
void g(void) { if 1 { (call (decay g)); } (call (decay g)); }
void h(void) { for ([int i = 0]; (< i 3); (i ++)) { (call (decay g)); } for (;; (call (decay g))) do { (call (decay g)); } while 1; (call (decay g)); return; }
`,
    problems: [
      '14:27 error expected-token',
      '16:12 error expected-token',
      '17:25 error expected-token',
      '19:10 error expected-token',
    ],
  },
  {
    name: 'a stray brace at file scope',
    source: `
int f(void) { return 1; }}
int g(void) { return 1; }
`,
    tree: `
int f(void) { return 1; }
int g(void) { return 1; }
`,
    problems: ['1:26 error unexpected-token'],
  },
  {
    name: 'an unclosed parameter list before a definition',
    source: `
void f(
int g(void) { return 1; }
`,
    tree: `
void f(void)
int g(void) { return 1; }
`,
    problems: ['1:7 error expected-token'],
  },
  {
    name: 'wrong types',
    source: `
int f(int n) { int a[n]; int b[-1]; a[0] = 1; n.x = 1; n->y = 1; *n; n(); &3; 3 = n; f = 0; return; }
`,
    tree: `
int f(int n) { [int a[1]]; [int b[1]]; (= ([] (decay a) (to long long 0)) 1); (= (. n x?) 1); (= (-> n y?) 1); <? n>; (call n); <? 3>; <? 3 n>; <? f 0>; return; }
`,
    problems: [
      '1:22 error not-supported',
      '1:32 error negative-array-length',
      '1:47 error not-a-record',
      '1:56 error not-a-record',
      '1:67 error not-a-pointer',
      '1:70 error not-a-function',
      '1:76 error not-an-lvalue',
      '1:79 error not-an-lvalue',
      '1:86 error not-an-lvalue',
      '1:93 warning missing-return-value',
    ],
  },
  {
    name: 'an unclosed parameter list of several lines',
    source: `
void f(
  int a,
  int b
int g(void) { return 1; }
`,
    tree: `
void f(int a, int b)
int g(void) { return 1; }
`,
    problems: ['3:7 error expected-token'],
  },
  {
    name: 'separators of parameters',
    source: `
int f(int a, int b;) { return a; }
int g(int a
      int b)
{ return b; }
`,
    tree: `
int f(int a, int b) { return a; }
int g(int a, int b) { return b; }
`,
    problems: ['1:19 error expected-token', '2:11 error expected-token'],
  },
  {
    name: 'a member in the next line, and one that is missing',
    source: `
struct S { struct S *n; int a; } *s;
void f(void) {
    s->n->
        n->a = 1;
    s->n->
    f();
    s->
}
`,
    tree: `
struct S{struct S *n@0; int a@8} size 16 align 8
struct S *s
void f(void) { (= (-> (-> (-> s n@0) n@0) a@8) 1); (-> (-> s n@0) ?); (call (decay f)); (-> s ?); }
`,
    problems: ['5:10 error expected-name', '7:7 error expected-name'],
  },
  {
    name: 'C++ is told of once, and its declarations are left',
    source: `
class Foo { public: int x; };
namespace a { int b; }
template <typename T> T max(T a, T b);
int *f(void) { return nullptr; }
int this;
int g(void) { return this; }
`,
    tree: `
<error>
<error>
<error>
int *f(void) { return <?>; }
int this
int g(void) { return this; }
`,
    problems: ['1:1 error not-supported'],
  },
  {
    name: 'what cannot begin a statement is told of where it stands, what a line lacks at the end of that line',
    source: `
int f(int a) {
#define A 1
);
  a = 1;
  ];
  a = 2 +
  }
int g;
`,
    tree: `
int f(int a) { <error>; (= a 1); <error>; (= a (+ 2 <?>)); }
int g
`,
    problems: ['3:1 error expected-expression', '5:3 error expected-expression', '6:9 error expected-expression'],
  },
];

for (const { name, source, tree, problems } of cases) {
  test(name, () => {
    const unit = parse(source.slice(1));
    assert.equal(dumpDeclarations(unit.declarations), tree.trim());
    assert.deepEqual(unit.problems.map(shownProblem), problems);
  });
}

test('right text is read whatever its layout is', () => {
  const layouts = [
    '#define VOID void\nVOID f(int a) { a;\n }\nVOID g(int b) { b;\n}\n',
    'struct S {\n  int a;\nint b;\n} s;\nvoid f(void) {\n  int x;\nint y; x = y = 1; }\n',
    'struct S\n{\nint\na\n;\n}\n*\ns\n;\nint\nf\n(\nvoid\n)\n{\nreturn\ns\n->\na\n;\n}\n',
  ];
  for (const text of layouts)
    assert.deepEqual(
      parse(text)
        .problems.filter((p) => p.severity === 'error')
        .map((p) => p.message),
      [],
      text,
    );
});

test('a type stays one after a wrong declaration of its name', () => {
  const source = 'typedef int T;\nint *x, T;\nvoid T(void);\nT f(T a) { T b = a; return b; }\n';
  const problems = parse(source).problems.map(shownProblem);
  assert.deepEqual(problems, ['2:9 error redefinition', '3:6 error redefinition']);
});
