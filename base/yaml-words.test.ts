import assert from 'node:assert/strict';
import test from 'node:test';
import { parseDocument } from 'yaml';
import { firstYamlProblem } from './yaml-words.ts';

/** The first problem of a text, as `offset message`. */
function told(text: string): string {
  const problem = firstYamlProblem(parseDocument(text, { prettyErrors: false, logLevel: 'silent' }).errors, text);
  return problem === undefined ? '' : `${problem.start} ${problem.message}`;
}

const rows: readonly (readonly [text: string, told: RegExp])[] = [
  ['a: 1\nb: [x]\n', /^$/],
  ['a:\n  - x\n\t- y\n', /^9 A tab indents this line/],
  ['a: 1\nb: 2\na: 3\n', /^10 a stands here a second time/],
  ['files: [listen.c\nb: 1\n', /^17 The closing `\]` is missing before this/],
  ['a: { b: 1\n', /The closing `}` is missing/],
  ['a: "text\n', /The closing quote is missing\.$/],
  ['a: 1\nunload\n', /^5 .*a `:` or `-` is missing|^5 A `:` is missing behind this key/],
  ['a: b: c\n', /put text with a `:` in quotes/],
  ['files: *\n', /put text with a `\*` in quotes/],
  ['a: @x\n', /Text can not begin with @/],
  ['a: "C:\\driver"\n', /write `\\\\` for a backslash/],
  ['a:\n    b: 1\n  c: 2\n', /indented less or more/],
];

for (const [text, expected] of rows) {
  test(JSON.stringify(text), () => assert.match(told(text), expected));
}
