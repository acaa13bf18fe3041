/** Excerpts: short lines whole, long ones as a window around the carets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceFile } from '../base/source.ts';
import { excerpt } from './excerpt.ts';

function shown(text: string, start: number, end: number): readonly string[] {
  return excerpt({ file: sourceFile('a.c', text), start, end }, (carets) => carets);
}

test('a short line is shown whole, with its tabs', () => {
  assert.deepEqual(shown('int a;\n\tint b;\n', 12, 13), ['    \tint b;', '    \t    ^']);
  assert.deepEqual(shown('int a;', 4, 60), ['    int a;', '        ^^']);
  assert.deepEqual(shown('  \nint a;', 1, 1), []);
});

test('a long line is cut to a window around the carets', () => {
  const long = `${'a'.repeat(500)}HERE${'b'.repeat(500)}`;
  const [text = '', carets = ''] = shown(long, 500, 504);
  assert.equal(text.length, 4 + 1 + 120 + 1);
  assert.equal(text.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1), 'HERE');
  assert.ok(text.trimStart().startsWith('…a') && text.endsWith('b…'));
  const [first = ''] = shown(long, 3, 4);
  assert.ok(first.startsWith('    aaa') && first.endsWith('…'));
  const [last = '', end = ''] = shown(long, 1003, 1004);
  assert.ok(last.startsWith('    …') && last.endsWith('bbb'));
  assert.equal(end.length, last.length);
  assert.equal(shown(long, 0, 1004)[1], `    ${'^'.repeat(120)}`);
});
