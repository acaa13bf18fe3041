/** `#if`: which conditions hold, and what is said of those that cannot be read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printed, read, type Setup, shownPlace, shownProblem } from './testing.ts';

function holds(condition: string, defines = ''): boolean {
  const { result } = read(`${defines}\n#if ${condition}\nyes\n#else\nno\n#endif\n`);
  assert.deepEqual(result.problems.map(shownProblem), [], condition);
  return printed(result.tokens) === 'yes';
}

const trueConditions = `
1
2 > 1
1 + 2 * 3 == 7
(1 + 2) * 3 == 9
10 - 4 - 3 == 3
-1 < 0
-1 > 0u
-1 == 0xFFFFFFFFFFFFFFFF
18446744073709551615u == -1
0x7FFFFFFFFFFFFFFF + 1 < 0
0x8000000000000000 > 0
1 << 63 < 0
1 << 64 == 0
-8 >> 1 == -4
(1u << 63) >> 63 == 1
-9 / 2 == -4
-9 % 4 == -1
(-9223372036854775807 - 1) / -1 < 0
~0 == -1
!0 && !!5
1 ? 2 : 0
0 ? 0 : 0 ? 0 : 1
(1 ? -1 : 0u) > 0
1 || 1 / 0
!(0 && 1 % 0)
1 ? 1 : 1 / 0
(0, 1)
'a' == 97 && '\\n' == 10 && '\\x41' == 65 && '\\101' == 65 && '\\0' == 0
'\\xff' < 0
L'\\xff' > 0
'ab' == 0x6162
'abcd' == 0x61626364
0b101 == 5 && 017 == 15 && 10L == 10 && 10ULL == 10 && 10i64 == 10 && 0xFFui64 == 255
NO_SUCH_NAME == 0
true == 0
defined _WIN64 && defined(_MSC_VER) && !defined X && !defined ( X )
_MSC_VER >= 1900 && NTDDI_VERSION >= 0x06020000
1 & 3 | 4 ^ 1
3 & 2 == 2
1 == 1 != 0
defined __has_include && __has_attribute(x) == 0 && !__has_builtin(__builtin_foo)
!defined __pragma && !defined __has_attribute && !defined defined
`;

test('conditions that hold', () => {
  const cases = trueConditions.trim().split('\n');
  assert.ok(cases.length > 30);
  for (const condition of cases) assert.equal(holds(condition), true, condition);
});

test('macros in conditions', () => {
  assert.equal(holds('A', '#define A B\n#define B 0'), false);
  assert.equal(holds('V(3) == 6', '#define V(x) (x * 2)'), true);
  assert.equal(holds('HAS', '#define HAS defined(X)\n#define X 5'), true);
  assert.equal(holds('HAS', '#define HAS defined X && 1'), false);
  assert.equal(holds('defined(A) && defined A', '#define A'), true);
  assert.equal(holds('F', '#define F(x) 1'), false);
});

/** The tokens that are left, and the problems as `line:column "text" code`. */
function check(text: string, expected: string, problems: readonly string[] = [], setup: Setup = {}): void {
  const { result } = read(text, setup);
  assert.equal(printed(result.tokens), expected, text.slice(0, 300));
  assert.deepEqual(result.problems.map(shownProblem), problems, text.slice(0, 300));
}

test('groups', () => {
  check('#if 0\na\n#elif 1\nb\n#elif 1\nc\n#else\nd\n#endif\ne', 'b e');
  check('#if 1\na\n#elif 1/0\nb\n#else\nd\n#endif\ne', 'a e');
  check('#if 0\n#if 1\na\n#else\nb\n#endif\n#else\nc\n#endif', 'c');
  check('#ifdef A\na\n#elifdef _WIN64\nb\n#endif\n#ifndef A\nc\n#elifndef B\nd\n#endif', 'b c');
  check('#ifndef _WIN64\na\n#elifndef B\nb\n#endif', 'b');
  check("#if 0\ndon't \"\n#unknown\n#include 'x\n#if (\n#endif\n#error x\n@ `\n#endif\na", 'a');
  check('#if 0 /* #else\n#endif */\na\n#endif\nb', 'b');
  check('  #  if 1\na\n\t#\tendif\n#\nb', 'a b');
  check('%:if 0\na\n%:endif\nb', 'b');
  check('#if __has_include("x.h") && __has_include(<a/b.h>) && !__has_include(<y.h>)\na\n#endif', 'a', [], {
    headers: { 'x.h': '', 'a/b.h': '' },
  });
  check('#define H <x.h>\n#if __has_include(H)\na\n#endif', 'a', [], { headers: { 'x.h': '' } });
});

test('conditions that cannot be read do not hold, and only they are lost', () => {
  const wrong = (condition: string, place: string): void =>
    check(`#if ${condition}\na\n#else\nb\n#endif`, 'b', [`1:${place} bad-condition`]);
  wrong('', '2 "if"');
  wrong('1 +', '2 "if"');
  wrong('(1', '2 "if"');
  wrong('1 2', '7 "2"');
  wrong('1.5', '5 "1.5"');
  wrong('"a"', '5 "\\"a\\""');
  wrong('1 / 0', '7 "/"');
  wrong('1 % (2 - 2)', '7 "%"');
  wrong('F(1)', '5 "F"');
  wrong('1 = 1', '7 "="');
  wrong('defined', '5 "defined"');
  wrong('defined(X', '5 "defined"');
  wrong('1 ? 2', '2 "if"');
  wrong('__has_include', '5 "__has_include"');
  wrong(`${'('.repeat(5000)}1${')'.repeat(5000)}`, `${6 + 200} "("`);
  wrong(`${'!'.repeat(5000)}1`, `${6 + 200} "!"`);
  check('#ifdef\na\n#endif\n#ifndef 3\nb\n#endif', '', ['1:2 "ifdef" bad-condition', '4:9 "3" bad-condition']);
});

test('what does not fit together is named', () => {
  check('#endif\na\n#else\nb\n#elif 1', 'a b', [
    '1:1 "#endif" stray-conditional',
    '3:1 "#else" stray-conditional',
    '5:1 "#elif" stray-conditional',
  ]);
  check('#if 1\na\n#else\nb\n#else\nc\n#endif\nd', 'a d', ['5:1 "#else" stray-conditional']);
  check('#if 0\na\n#else\nb\n#elif 1\nc\n#endif\nd', 'b d', ['5:1 "#elif" stray-conditional']);
  check('a\n#ifdef _WIN64\nb\n', 'a b', ['2:1 "#ifdef _WIN64" unterminated-conditional']);
  check('#if 0\n#  ifdef X\n#endif\na', '', ['1:1 "#if 0" unterminated-conditional']);
  check('#if 0\n#  ifdef X\na', '', [
    '2:1 "#  ifdef X" unterminated-conditional',
    '1:1 "#if 0" unterminated-conditional',
  ]);
  check('#if 1\n#else x\n#endif X\n#ifdef A B\n#endif // fine', '', ['3:8 "X" extra-tokens', '4:10 "B" extra-tokens']);
  check(
    '#include "x.h"\na\n#endif',
    'a',
    ['x.h 1:1 "#if 1" unterminated-conditional', '3:1 "#endif" stray-conditional'],
    {
      headers: { 'x.h': '#if 1\n' },
    },
  );
});

test('inactive parts are whole lines of the main file', () => {
  const { result } = read(
    '#if 0\na\nb\n#elif 0\nc\n  #else\nd\n#endif\n#if 1\n#else\n#endif\n#ifdef X\r\nx\r\n#endif\n#if 0\nlast',
  );
  assert.deepEqual(result.inactive.map(shownPlace), ['2:1 "a\\nb\\n"', '5:1 "c\\n"', '13:1 "x\\r\\n"', '16:1 "last"']);
});
