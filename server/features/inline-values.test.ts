import assert from 'node:assert/strict';
import test from 'node:test';
import { inlineValues } from './inline-values.ts';
import { analyseDriver } from './testing.ts';

/** The names behind each line that has some, where the function stands at the marker. */
function shown(fixture: string, seen?: { readonly start: number; readonly end: number }): readonly string[] {
  const { analysis, offset } = analyseDriver(fixture);
  const { text } = analysis.unit.file;
  const lines = new Map<string, string[]>();
  for (const { name, span } of inlineValues(analysis, seen ?? { start: 0, end: text.length }, offset)) {
    assert.equal(text.slice(span.start, span.end), name);
    const line = text.slice(text.lastIndexOf('\n', span.start) + 1).split('\n')[0] ?? '';
    lines.set(line, [...(lines.get(line) ?? []), name]);
  }
  return [...lines].map(([line, names]) => `${line.trim()}: ${names.join(' ')}`);
}

const body = `static int Total;
#define ADD(n) (Total += n)
void other(int unseen) { Total = unseen; }
int f(int *values, int count)
{
  int sum = 0, last;
  for (int i = 0; i < count; i++) {
    sum += values[i];
    ADD(i);
  }
  other(sum + sum);
  last = /*$*/sum;
  return last + count;
}
`;

test('what is named in the lines up to where the function stands, once a line', () => {
  assert.deepEqual(shown(body), [
    'int f(int *values, int count): values count',
    'int sum = 0, last;: sum last',
    'for (int i = 0; i < count; i++) {: i count',
    'sum += values[i];: sum values i',
    'ADD(i);: i',
    'other(sum + sum);: sum',
    'last = sum;: last sum',
  ]);
});

test('only what is seen, and nothing outside of a function', () => {
  const at = body.replace('/*$*/', '').indexOf('int sum');
  const { analysis } = analyseDriver(body);
  const skipped = analysis.unit.file.text.length - body.replace('/*$*/', '').length;
  assert.deepEqual(shown(body, { start: skipped + at, end: skipped + at + 20 }), ['int sum = 0, last;: sum last']);
  assert.deepEqual(shown('int a = /*$*/1;\nvoid f(void) { a = 2; }\n'), []);
});
