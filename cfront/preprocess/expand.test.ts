/** Macro expansion: what the tokens are, by the examples of C11 6.10.3 and of gcc's manual, and Microsoft's ways. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bare, printed, read, type Setup, shownProblem } from './testing.ts';

/** The tokens that a text expands to; white space in `expected` counts as it does in C: only by being there. */
function check(text: string, expected: string, setup?: Setup): void {
  const { result } = read(text, setup);
  assert.equal(printed(result.tokens), expected, text);
  assert.deepEqual(result.problems.map(shownProblem), [], text);
}

/** As `check`, where white space does not count. */
function checkBare(text: string, expected: string): void {
  const { result } = read(text);
  assert.equal(bare(result.tokens), bare(read(expected).result.tokens), text);
}

test('object-like macros are replaced, also by each other, but never inside themselves', () => {
  check('#define A 1\nA+A', '1+1');
  check('#define A B\n#define B C\nA', 'C');
  check('#define A B\n#define B A\nA B', 'A B');
  check('#define foo (4 + foo)\nfoo', '(4 + foo)');
  check('#define x (4 + y)\n#define y (2 * x)\nx y', '(4 + (2 * x)) (2 * (4 + y))');
  check('#define A\n[A] A', '[]');
  check('#define A(x) x\nA', 'A');
  check('#define A 1\n#undef A\nA', 'A');
  check('#define A (x)\nA', '(x)');
  check('#define AA A\n#define A AA\nAAA', 'AAA');
});

test('function-like macros', () => {
  check('#define F(x) [x]\nF(1) F (2) F(\n3\n) F((4,5))', '[1] [2] [3] [(4,5)]');
  check('#define F(x,y) x-y\nF(1,2) F(,2) F(1,) F(,)', '1-2 -2 1- -');
  check('#define F() f\nF() F( )', 'f f');
  check('#define F(x) x\nF()F( )', '');
  check('#define F(x) x x\n#define A 1\nF(A) F(F(A))', '1 1 1 1 1 1');
  check('#define F(x) x\nF F(F) (1) F(F)(1)', 'F F (1) F(1)');
  check('#define F(x) f\n#define G F\nG(1) G (1) G', 'f f F');
  check('#define F(if) [if]\nF(a)', '[a]');
  check('#define LP (\n#define F(x) [x]\nF LP 1)', 'F ( 1)');
  check('#define APPLY(f, x) f(x)\n#define INC(x) x+1\nAPPLY(INC, 2)', '2+1');
});

test('names met inside their own macro stay plain when they are read again', () => {
  check('#define f(a) a*g\n#define g(a) f(a)\nf(2)(9)', '2*9*g');
  check('#define f(x) x f\nf(f)(1)', 'f f(1)');
  check('#define NIL(xxx) xxx\n#define G_0(arg) NIL(G_1)(arg)\n#define G_1(arg) NIL(arg)\nG_0(42)', '42');
  check('#define a a b\n#define b a\na b', 'a a a b');
  check('#define f(x) g(x)\n#define g(x) f(x)\nf(1) g(2)', 'f(1) g(2)');
  check('#define f(x) x\n#define g f(\ng 1) g h(2))', '1 h(2)');
});

test('the example of C11 6.10.3.5 on rescanning', () => {
  const defines = `#define x 3
#define f(a) f(x * (a))
#undef x
#define x 2
#define g f
#define z z[0]
#define h g(~
#define m(a) a(w)
#define w 0,1
#define t(a) a
#define p() int
#define q(x) x
#define r(x,y) x ## y
#define str(x) # x
`;
  checkBare(
    `${defines}f(y+1) + f(f(z)) % t(t(g)(0) + t)(1);`,
    'f(2 * (y+1)) + f(2 * (f(2 * (z[0])))) % f(2 * (0)) + t(1);',
  );
  checkBare(
    `${defines}g(x+(3,4)-w) | h 5) & m\n(f)^m(m);`,
    'f(2 * (2+(3,4)-0,1)) | f(2 * (~ 5)) & f(2 * (0,1))^m(0,1);',
  );
  checkBare(`${defines}p() i[q()] = { q(1), r(2,3), r(4,), r(,5), r(,) };`, 'int i[] = { 1, 23, 4, 5, };');
  checkBare(`${defines}char c[2][6] = { str(hello), str() };`, 'char c[2][6] = { "hello", "" };');
});

test('the examples of C11 6.10.3.5 on # and ##', () => {
  const defines = `#define str(s) # s
#define xstr(s) str(s)
#define debug(s, t) printf("x" # s "= %d, x" # t "= %s", \\
  x ## s, x ## t)
#define INCFILE(n) vers ## n
#define glue(a, b) a ## b
#define xglue(a, b) glue(a, b)
#define HIGHLOW "hello"
#define LOW LOW ", world"
`;
  checkBare(`${defines}debug(1, 2);`, 'printf("x" "1" "= %d, x" "2" "= %s", x1, x2);');
  check(
    `${defines}str(strncmp("abc\\0d", "abc", '\\4') // this goes away\n== 0) str(: @\\n)`,
    `"strncmp(\\"abc\\\\0d\\", \\"abc\\", '\\\\4') == 0" ": @\\n"`,
  );
  check(`${defines}xstr(INCFILE(2).h)`, '"vers2.h"');
  checkBare(`${defines}glue(HIGH, LOW); xglue(HIGH, LOW)`, '"hello"; "hello" ", world"');
  check(
    `#define hash_hash # ## #
#define mkstr(a) # a
#define in_between(a) mkstr(a)
#define join(c, d) in_between(c hash_hash d)
join(x, y)`,
    '"x ## y"',
  );
  checkBare(
    `#define t(x,y,z) x ## y ## z
int j[] = { t(1,2,3), t(,4,5), t(6,,7), t(8,9,), t(10,,), t(,11,), t(,,12), t(,,) };`,
    'int j[] = { 123, 45, 67, 89, 10, 11, 12, };',
  );
  checkBare(
    `#define OBJ_LIKE (1-1)
#define debug(...) fprintf(stderr, __VA_ARGS__)
#define showlist(...) puts(#__VA_ARGS__)
#define report(test, ...) ((test)?puts(#test): printf(__VA_ARGS__))
debug("Flag"); debug("X = %d\\n", x); showlist(The first, second, and third items.);
report(x>y, "x is %d but y is %d", x, y);`,
    `fprintf(stderr, "Flag"); fprintf(stderr, "X = %d\\n", x); puts("The first, second, and third items.");
((x>y)?puts("x>y"): printf("x is %d but y is %d", x, y));`,
  );
});

test('# keeps one space where white space was', () => {
  const str = '#define S(x) #x\n#define X(x) S(x)\n';
  check(`${str}S( a  +\n b/**/c )`, '"a + b c"');
  check(`${str}S(a+b) S()`, '"a+b" ""');
  check(`${str}S("a\\n\\"" 'b\\'' L"c")`, `"\\"a\\\\n\\\\\\"\\" 'b\\\\'' L\\"c\\""`);
  check(`${str}#define E\nX(a E b) X(a E()b) X([E])`, '"a b" "a ()b" "[]"');
  check(`${str}#define E()\nX(a E()b) X(a E() b) X(E()b)`, '"a b" "a b" "b"');
  check(`${str}#define P(x) -x\nX(P(1)) X(a P( 1 )) X(aP(1))`, '"-1" "a -1" "aP(1)"');
  check(`${str}#define Y(x) X(1 x+)\nY() Y(2)`, '"1 +" "1 2+"');
  check(`#define C(x) #@x\nC(a) C(b )`, `'a' 'b'`);
  check(`#define W(x) L ## #x\nW(a b)`, 'L"a b"');
  check(`#define W(x) L#x\nW(a b)`, 'L"a b"');
  check(`#define W2(x) L ## x\n#define W(x) W2(x)\nW(__FILE__)`, 'L"main.c"');
});

test('## joins what was written, and the result is read again', () => {
  check(
    '#define CAT(a,b) a##b\n#define AB 1\nCAT(A,B) CAT(A, B) CAT(+,=) CAT(1,e5) CAT(,A) CAT(-,>)',
    '1 1 += 1e5 A ->',
  );
  check('#define A 1\n#define CAT(a,b) a##b\nCAT(A,A)', 'AA');
  check('#define F(x) a##x##b x##1\nF(_) F()', 'a_b _1 ab 1');
  check('#define F(x,y) x y##_z\nF(a b, c d) F(,)', 'a b c d_z _z');
  check('#define F(x,y) x##y\nF(a b, c d)', 'a bc d');
  check('#define O a##b\nO', 'ab');
});

test('variable arguments', () => {
  check('#define F(...) [__VA_ARGS__]\nF() F(1) F(1,2) F(,)', '[] [1] [1,2] [,]');
  check('#define F(a,...) [a|__VA_ARGS__]\nF(1) F(1,) F(1,2,3)', '[1|] [1|] [1|2,3]');
  check('#define F(f, ...) p(f, ## __VA_ARGS__)\nF(1) F(1,2) F(1,2,3)', 'p(1) p(1, 2) p(1, 2,3)');
  check('#define F(f, a...) p(f, ## a)\nF(1) F(1,2,3)', 'p(1) p(1, 2,3)');
  check('#define F(f, a...) #a\nF(1, 2,  3)', '"2, 3"');
  check('#define E\n#define F(f, ...) p(f, __VA_ARGS__)\nF(1) F(1,) F(1,E) F(1,2)', 'p(1) p(1) p(1) p(1, 2)');
  check('#define F(...) #__VA_ARGS__\nF(a , b)', '"a , b"');
  check('#define F(f,...) p(f __VA_OPT__(,) __VA_ARGS__)\nF(1) F(1,2)', 'p(1 ) p(1 , 2)');
  check('#define F(x,...) x##__VA_OPT__(a b)##z #__VA_OPT__(x y)\nF(1) F(1,2)', '1z "" 1a bz "1 y"');
  check('#define G(x,y) x+y\n#define F(...) G(__VA_ARGS__)\nF(1,2)', '1+2');
});

test('calls run over lines, directives and the ends of macros', () => {
  check('#define F(x,y) x-y\nF(\n#if 1\n1\n#else\n2\n#endif\n,3)', '1-3');
  check('#define F(x) [x]\nF(a\n#define A 1\nA\n#undef A\nA)', '[a A A]');
  check('#define F(x) [x]\nF\n#define A 1\n(A)', '[1]');
  check('#define F(x) [x]\nF\n#if 0\n(A)\n#else\nB\n#endif', 'F B');
  check('#define F(x) [x]\nF(a\n#pragma p q\nb)', '[a [p q] b]');
  check('#define F(x) [x]\n#define G F(1\nG)', '[1]');
  check('#define F(x) [x]\n#define G F\n#define H G\nH\n(1)', '[1]');
});

test('computed macros', () => {
  check('__LINE__\n__LINE__ x\\\n__LINE__', '1 2 x__LINE__');
  check('#define L __LINE__\n\nL L', '3 3');
  check('#define F(x) x\nF(\n__LINE__\n)', '3');
  check('__FILE__ __COUNTER__ __COUNTER__ __COUNTER__', '"main.c" 0 1 2');
  check('#line 100\n__LINE__\n#line 7 "a\\\\b.c"\n__LINE__ __FILE__\n__LINE__', '100 7 "a\\\\b.c" 8');
  check('_MSC_VER _WIN64 DBG _M_X64 __wsk__ WINNT', '1940 1 1 100 1 1');
  check('__DATE__ __TIME__', '"Jan  1 2026" "00:00:00"');
  check('__func__ __FUNCTION__', '__func__ __FUNCTION__');
  check('defined __has_include __has_attribute(x)', 'defined __has_include __has_attribute(x)');
});

test('macros of the command line', () => {
  check('A B F(3) _WIN64', '1 x + y [3] _WIN64', {
    defines: { A: '1', B: 'x + y', 'F(x)': '[x]' },
    undefines: ['_WIN64'],
  });
});

test('pragmas come out as tokens at their place', () => {
  check('a\n#pragma alloc_text(PAGE, A)  // why\nb', 'a [alloc_text(PAGE, A)] b');
  check('#define A 1\n#pragma A\n#pragma', '[A] []');
  check('a __pragma(warning(disable: 4200)) b', 'a [warning(disable: 4200)] b');
  check('#define S(x) __pragma(warning(suppress: x)) x\nS(42) __pragma', '[warning(suppress: 42)] 42 __pragma');
  check('_Pragma("p \\"q\\"") _Pragma(L"r")', '[p "q"] [r]');
  check('#define P(x) _Pragma(#x) x\nP(a b)', '[a b] a b');
  check('#pragma push_macro("A")\n#define A 1\nA\n#pragma pop_macro("A")\nA', '[push_macro("A")] 1 [pop_macro("A")] A');
  check('#ifdef __pragma\n1\n#endif\n#define __pragma(x)\na __pragma(b) c', 'a c');
});
