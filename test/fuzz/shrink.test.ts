/** The shrinker keeps what matters and drops the rest. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shrink } from './shrink.ts';

const text = `int a;
int b;
int f(void) {
  if (a > 3) {
    b = (1 + (a * 2));
    a = (b << 3);
  }
  return a;
}
int g(void) {
  return 1;
}`;

const cases: readonly (readonly [kept: RegExp, small: string])[] = [
  [/<< 3/, 'a = b << 3;'],
  [/int g\(void\) \{/, 'int g(void) {\n}'],
  [/a \* 2/, 'b = a * 2;'],
];

for (const [kept, small] of cases) {
  test(`what matters is ${kept}`, () => {
    const balanced = (candidate: string): boolean => candidate.split('{').length === candidate.split('}').length;
    const result = shrink(text, (candidate) => kept.test(candidate) && balanced(candidate));
    assert.equal(result.trim(), small);
  });
}
