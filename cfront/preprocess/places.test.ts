/** Where tokens, macro uses and problems are: spelling, invocation chain, and the place that people look at. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defined } from '../../base/assert.ts';
import { place, spellingPlace, type Token } from '../tokenize/token.ts';
import { read, type Setup, shownPlace, shownProblem } from './testing.ts';

function find(text: string, wanted: string, setup?: Setup): Token {
  const { result } = read(text, setup);
  return defined(
    result.tokens.find((token) => token.text === wanted),
    wanted,
  );
}

/** For the first token `wanted` of the result: its place, its spelling place, and its chain from inside to outside. */
function check(text: string, wanted: string, at: string, spelt: string, chain: readonly string[], setup?: Setup): void {
  const token = find(text, wanted, setup);
  assert.equal(shownPlace(place(token)), at, text);
  assert.equal(shownPlace(spellingPlace(token)), spelt, text);
  const shown: string[] = [];
  for (let e = token.expansion; e !== undefined; e = e.outer) shown.push(`${e.macro} ${shownPlace(e.invocation)}`);
  assert.deepEqual(shown, chain, text);
}

test('a plain token is where it is spelt', () => {
  check('a\n  b', 'b', '2:3 "b"', '2:3 "b"', []);
  check('a\n  b\\\r\nc d', 'bc', '2:3 "b\\\\\\r\\nc"', '2:3 "b\\\\\\r\\nc"', []);
  check('a\\\nb c', 'c', '2:3 "c"', '2:3 "c"', []);
});

test('a token of a body is at the invocation, an argument where it is written', () => {
  const f = '#define F(x) (x + y)\n';
  check(`${f}  F(a);`, 'y', '2:3 "F(a)"', '1:19 "y"', ['F 2:3 "F(a)"']);
  check(`${f}  F(a);`, 'a', '2:5 "a"', '2:5 "a"', ['F 2:3 "F(a)"']);
  check(`${f}  F(a);`, ';', '2:7 ";"', '2:7 ";"', []);
  check(`${f}F(\n  a\n);`, 'a', '3:3 "a"', '3:3 "a"', ['F 2:1 "F(\\n  a\\n)"']);
});

test('nested invocations make a chain', () => {
  const defines = '#define G(x) g x\n#define F(x) G(x + y)\n';
  check(`${defines}F(a)`, 'g', '3:1 "F(a)"', '1:14 "g"', ['G 2:14 "G(x + y)"', 'F 3:1 "F(a)"']);
  check(`${defines}F(a)`, 'y', '3:1 "F(a)"', '2:20 "y"', ['F 3:1 "F(a)"']);
  check(`${defines}F(a)`, 'a', '3:3 "a"', '3:3 "a"', ['F 3:1 "F(a)"']);
  check(`${defines}F(G(a))`, 'a', '3:5 "a"', '3:5 "a"', ['G 3:3 "G(a)"']);
});

test('macros of headers are at their use, code of headers in the header', () => {
  const headers = { 'x.h': '#define M (7)\nint h;' };
  check('#include "x.h"\nint a = M;', '7', '2:9 "M"', 'x.h 1:12 "7"', ['M 2:9 "M"'], { headers });
  check('#include "x.h"\nint a = M;', 'h', 'x.h 2:5 "h"', 'x.h 2:5 "h"', [], { headers });
});

test('made tokens: # and ## are spelt at their parts, computed macros at their name', () => {
  check('#define C(a,b) a##b\nC(x,y)', 'xy', '2:3 "x"', '2:3 "x"', ['C 2:1 "C(x,y)"']);
  check('#define S(a) [#a]\nS(x)', '"x"', '2:1 "S(x)"', '1:15 "#"', ['S 2:1 "S(x)"']);
  check('\n __LINE__', '2', '2:2 "__LINE__"', '2:2 "__LINE__"', ['__LINE__ 2:2 "__LINE__"']);
  check('a\n#pragma b c\n', 'b c', '2:1 "#pragma b c"', '2:1 "#pragma b c"', []);
  check('a\n __pragma(b c)', 'b c', '2:2 "__pragma(b c)"', '2:2 "__pragma(b c)"', []);
  check('#define P __pragma(b) x\nP', 'b', '2:1 "P"', '1:11 "__pragma(b)"', ['P 2:1 "P"']);
});

test('chains stay short however deep macros go', () => {
  const token = find(`#define f(x) f\nf${'(1)'.repeat(5000)}`, 'f');
  let length = 0;
  for (let e = token.expansion; e !== undefined; e = e.outer) length++;
  assert.ok(length > 0 && length <= 101, String(length));
  assert.equal(place(token).start, 15);
});

test('the first token of a result takes over line start and white space', () => {
  const flags = (text: string): string =>
    read(text)
      .result.tokens.map((t) => `${t.startsLine ? '^' : ''}${t.afterSpace ? '_' : ''}${t.text}`)
      .join(' ');
  assert.equal(flags('#define A b c\nx\nA d\n  A'), '^_x ^_b _c _d ^_b _c ');
  assert.equal(flags('#define _In_\n#define F()\nx(_In_ y,F()z)\n_In_ w'), '^_x ( _y , z ) ^_w ');
});

test('uses of macros in the main file', () => {
  const { result } = read(
    `#define A 1
#define F(x) x + A
#define G F(2)
#if A && defined F && !defined(NO)
A F(A) F
G G(A)
#endif
#ifdef A
__LINE__ B _In_
#endif
#undef A
#define S(x) #x
S(F(1))
`,
    { headers: {}, defines: { B: '1' } },
  );
  const shown = result.macroUses.map(
    ({ span, macro }) => `${shownPlace(span)} ${macro.span === undefined ? '-' : macro.name}`,
  );
  assert.deepEqual(shown, [
    '4:5 "A" A',
    '4:18 "F" F',
    '5:1 "A" A',
    '5:3 "F" F',
    '5:5 "A" A',
    '6:1 "G" G',
    '6:3 "G" G',
    '6:5 "A" A',
    '8:8 "A" A',
    '9:1 "__LINE__" -',
    '9:10 "B" -',
    '13:1 "S" S',
  ]);
});

test('definitions as they stand at the end', () => {
  const { result } = read(
    '#define A 1\n#undef A\n#define B 2\n#define F(a, b...) a\n#define V(a, ...) a\n#define _WIN64 2',
  );
  assert.equal(result.macros.has('A'), false);
  assert.deepEqual(result.macros.get('F')?.parameters, ['a', 'b...']);
  assert.deepEqual(result.macros.get('V')?.parameters, ['a']);
  assert.equal(result.macros.get('V')?.isVariadic, true);
  assert.equal(shownPlace(defined(result.macros.get('B')?.span, 'B')), '3:9 "B"');
  assert.equal(result.macros.get('_MSC_VER')?.span, undefined);
  assert.ok(result.macros.has('__LINE__') && !result.macros.has('defined') && !result.macros.has('__pragma'));
});

test('comments of the main file', () => {
  const { result } = read('// a\nx /* b\n c */ y // d\\\ne\n"/* no */"', { headers: {} });
  assert.deepEqual(result.comments.map(shownPlace), ['1:1 "// a"', '2:3 "/* b\\n c */"', '3:9 "// d\\\\\\ne"']);
});

function problems(text: string, expected: readonly string[], setup?: Setup): void {
  const { result } = read(text, setup);
  assert.deepEqual(result.problems.map(shownProblem), expected, text);
}

test('problems of macros', () => {
  problems('#define\n#define 3\n#define defined\n#undef\n#undef 1\n#undef A B', [
    '1:2 "define" bad-define',
    '2:9 "3" bad-define',
    '3:9 "defined" bad-define',
    '4:2 "undef" bad-define',
    '5:8 "1" bad-define',
    '6:10 "B" extra-tokens',
  ]);
  problems('#define F(\n#define F(a\n#define F(a,\n#define F(a,a)\n#define F(... a)\n#define F(1)\n#define F(a b)', [
    '1:10 "(" bad-define',
    '2:11 "a" bad-define',
    '3:12 "," bad-define',
    '4:13 "a" bad-define',
    '5:11 "..." bad-define',
    '6:11 "1" bad-define',
    '7:13 "b" bad-define',
  ]);
  problems('#define A ## b\n#define B a ##\n#define F(x) #y\n#define G(x) #\n#define O #y', [
    '1:11 "##" bad-define',
    '2:13 "##" bad-define',
    '3:14 "#" bad-define',
    '4:14 "#" bad-define',
  ]);
  problems('#define A 1\n#define A 1 \n#define A   /**/ 1\n#define A 2\n#undef A\n#define A 3', [
    '4:9 "A" macro-redefined',
  ]);
  problems('#define F(x) x + 1\n#define F(x) x  +  1\n#define F(x) x+1\n', ['3:9 "F" macro-redefined']);
  problems('#define F(x) x\n#define F(y) x\n#define F(y) x', ['2:9 "F" macro-redefined']);
  problems('#include <sys/x.h>', [], { headers: { 'sys/x.h': '#define A 1\n#define A 2' } });
  problems('#define C(a,b) a##b\n C(+,-) C("a","b")', ['1:19 "b" bad-paste']);
  problems('#include <sys/x.h>\nC(+,-)', [], { headers: { 'sys/x.h': '#define C(a,b) a##b' } });
  problems('#define F(a,b) a b\n#define Z() z\nF(1) F(1,2,3) Z(1) F()', [
    '3:1 "F" macro-too-few-arguments',
    '3:6 "F" macro-too-many-arguments',
    '3:15 "Z" macro-too-many-arguments',
    '3:20 "F" macro-too-few-arguments',
  ]);
});

test('a call without its parenthesis costs its name, not the file', () => {
  const { result } = read('#define F(x) [x]\nint a = F(1;\n#define B 2\n#if B\nint b = F(B);\n#endif\nB');
  assert.deepEqual(result.problems.map(shownProblem), ['2:9 "F" macro-call-unclosed']);
  assert.equal(result.tokens.map((t) => t.text).join(' '), 'int a = F ( 1 ; int b = [ 2 ] ; 2 ');
  problems('#define F(x) [x]\n#if 1\nF(\n#else\n#endif\n#if 0\n', [
    '3:1 "F" macro-call-unclosed',
    '6:1 "#if 0" unterminated-conditional',
  ]);
  problems('#include "x.h"\n)', ['x.h 2:1 "F" macro-call-unclosed'], { headers: { 'x.h': '#define F(x) x\nF(1' } });
  problems('#define F(x) [x]\n#define G F(\n  G 1', ['3:3 "G" macro-call-unclosed']);
});

test('other directives', () => {
  problems("#error It's wrong\n#warning  so  so\n#error\n", [
    '1:1 "#error It\'s wrong" error-directive',
    '2:1 "#warning  so  so" warning-directive',
    '3:1 "#error" error-directive',
  ]);
  problems('#inlcude <a.h>\n#foo\n#"x"\n# 12 "a.c"\n#line\n#line x\n#line 3 4', [
    '1:1 "#inlcude" unknown-directive',
    '2:1 "#foo" unknown-directive',
    '3:1 "#\\"x\\"" unknown-directive',
    '5:1 "#" bad-line',
    '6:1 "#line x" bad-line',
    '7:1 "#line 3 4" bad-line',
  ]);
  problems('_Pragma(1) _Pragma("a" "b") __pragma(', [
    '1:1 "_Pragma" bad-pragma',
    '1:12 "_Pragma" bad-pragma',
    '1:29 "__pragma" macro-call-unclosed',
  ]);
  assert.match(read('#inlcude <a.h>').result.problems[0]?.message ?? '', /#include/);
});

test('lexical problems count where the text counts', () => {
  problems("'a\n\"b\n''\n@ \\ `\n/* c", [
    '1:1 "\'a" unterminated-literal',
    '2:1 "\\"b" unterminated-literal',
    '3:1 "\'\'" empty-character-constant',
    '5:1 "/*" unterminated-comment',
    '4:1 "@" stray-character',
    '4:3 "\\\\" stray-character',
    '4:5 "`" stray-character',
  ]);
  problems("#define Q don't @\n", ['1:14 "\'t @" unterminated-literal']);
  problems('#define AT @\nx AT', ['2:3 "AT" stray-character']);
  problems("#if 0\n'a\n#else\n'b\n#endif\n#error 'c", [
    '6:1 "#error \'c" error-directive',
    '4:1 "\'b" unterminated-literal',
  ]);
  assert.equal(
    read('a @ b "c')
      .result.tokens.map((t) => `${t.kind} ${t.text}`)
      .join(),
    'identifier a,identifier b,unknown "c,end ',
  );
});
