/** The expansion of a macro's use in its hover, wherever it stands. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { hover } from '../hover.ts';
import { analyseDriver } from '../testing.ts';

const MACROS = [
  '#define TWO 2',
  '#define A(x) ((x) * TWO)',
  '#define NESTED A(A(1))',
  '#define NAME(a) a##_name',
  '#define TEXT(a) #a',
  '#define SAY(format, ...) DbgPrint(format, ##__VA_ARGS__)',
  '#define NOTHING(x)',
  '#define SELF SELF + 1',
  '#define SUM (1 + 2)',
  '#define LIST {0}',
  '#define HIGH 0x80000000 | 1',
  '#define LOW -2147483647 - 1',
  '#define LINE __LINE__',
  '#define FILE __FILE__',
  '#define COUNT __COUNTER__',
  '#define QUIET _Pragma("once")',
  '#define PASTED a ## b',
  '#define TEN(x) x + x + x + x + x + x + x + x + x + x',
].join('\n');

function shown(body: string): { readonly expansion: string | undefined; readonly value: string | undefined } {
  const { analysis, offset } = analyseDriver(`${MACROS}\n${body}\n`);
  const markdown = hover(analysis, offset)?.markdown ?? '';
  return {
    expansion: /Expands to\n\n```c\n([^`]*)\n```|Expands to (nothing)/.exec(markdown)?.slice(1).find(Boolean),
    value: /\*\*Value\*\* (\S+)/.exec(markdown)?.[1],
  };
}

const cases: readonly (readonly [body: string, expansion: string | undefined, value: string | undefined])[] = [
  ['int a[/*$*/A(2)];', '((2) * 2)', '4'],
  ['int a = /*$*/A(2);', '((2) * 2)', '4'],
  ['int f(int n) { return /*$*/A(n + 1); }', '((n + 1) * 2)', undefined],
  ['int f(void) { return /*$*/A( A(3) ); }', '((((3) * 2)) * 2)', '12'],
  ['int f(void) { return A(/*$*/A(3)); }', '((3) * 2)', '6'],
  ['int f(void) { return /*$*/A(\n  3); }', '((3) * 2)', '6'],
  ['int a[/*$*/NESTED];', '((((1) * 2)) * 2)', '4'],
  ['int /*$*/NAME(my);', 'my_name', undefined],
  ['char *s = /*$*/TEXT(a b);', '"a b"', undefined],
  ['void f(void) { /*$*/SAY("%d", TWO); }', 'DbgPrint("%d",2)', undefined],
  ['/*$*/NOTHING(1) int a;', 'nothing', undefined],
  ['int a[/*$*/TWO];', undefined, undefined],
  ['int a[/*$*/SUM];', undefined, '3'],
  ['#if /*$*/HIGH\n#endif', undefined, '2147483649'],
  ['#if /*$*/LOW\n#endif', undefined, '-2147483648'],
  ['int a[1] = /*$*/LIST;', undefined, undefined],
  ['int a = /*$*/LINE;', '21', '21'],
  ['#if 1\n\n#if /*$*/A(LINE) > 30\n#endif\n#endif', '((23) * 2)', '46'],
  ['char *s = /*$*/FILE;', '"main.c"', undefined],
  ['int a = /*$*/COUNT;', undefined, undefined],
  ['/*$*/QUIET int b;', '__pragma(once)', undefined],
  ['#if /*$*/SUM > 3\n#endif', undefined, '3'],
  ['int /*$*/PASTED = 1;', 'ab', undefined],
  ['#if /*$*/A(2) > 3\n#endif', '((2) * 2)', '4'],
  ['int SELF; int b = /*$*/SELF;', undefined, undefined],
  ['int A; int c = /*$*/A;', undefined, undefined],
];

test('what a use becomes', () => {
  for (const [body, expansion, value] of cases) assert.deepEqual(shown(body), { expansion, value }, body);
});

test('a long expansion keeps its beginning', () => {
  const { expansion = '' } = shown('int f(void) { return /*$*/TEN(TEN(TEN(1))); }');
  assert.match(expansion, /^1 \+ 1 .* \+ …$/);
  assert.ok(expansion.length < 410);
  assert.equal(shown('int f(void) { return /*$*/TEN(TEN(TEN(TEN(TEN(TEN(TEN(1))))))); }').expansion, undefined);
});

test('a name that is defined anew becomes what is said where it is used', () => {
  const text = '#define N 1 + 1\nint a[/*$*/N];\n#undef N\n#define N 2 + 2\nint b[N];\nint c[N];\n';
  const { analysis, offset } = analyseDriver(text);
  const at = (declaration: string): number => analysis.unit.file.text.indexOf(declaration) + declaration.length - 1;
  const values = [offset, at('b[N'), at('c[N'), offset].map(
    (place) => /\*\*Value\*\* (\S+)/.exec(hover(analysis, place)?.markdown ?? '')?.[1],
  );
  assert.deepEqual(values, ['2', '4', '4', '2']);
});
