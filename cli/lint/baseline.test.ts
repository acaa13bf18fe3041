/** What a baseline knows again after the code has moved, and what it does not. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { sourceFile } from '../../base/source.ts';
import { InputError } from '../input.ts';
import { baselineText, readBaseline, splitByBaseline } from './baseline.ts';
import type { LintedFinding } from './result.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'wsk baseline '));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const file = path.join(folder, 'wsk-baseline.json');

/** A finding in each line that has the word. */
function found(
  text: string,
  o: { readonly name?: string; readonly inFunction?: string; readonly rule?: string } = {},
): readonly LintedFinding[] {
  const source = sourceFile(path.join(folder, o.name ?? 'a.c'), text);
  return [...text.matchAll(/Leak\(/g)].map(({ index }) => ({
    finding: {
      rule: o.rule ?? 'irp-leak',
      severity: 'error',
      message: 'm',
      span: { file: source, start: index, end: index + 4 },
      path: [],
      docRules: [],
    },
    functionName: o.inFunction ?? 'F',
    mark: undefined,
  }));
}

const old = '  Leak(a);\n  Leak(b);\n  Leak(b);\n';

/** New, known and stale, with what was written for the old text. */
function against(findings: readonly LintedFinding[], isLinted = true): string {
  writeFileSync(file, baselineText(file, found(old)));
  const { fresh, known, staleCount } = splitByBaseline(readBaseline(file), findings, () => isLinted);
  return `${fresh.length} ${known.length} ${staleCount}`;
}

const cases: readonly (readonly [name: string, findings: readonly LintedFinding[], counts: string])[] = [
  ['the same', found(old), '0 3 0'],
  ['moved, and indented anew', found(`int x;\n\n\t\tLeak( a ); // now\n${old.slice(11)}`), '0 3 0'],
  ['one more of a kind', found(`${old}  Leak(b);\n`), '1 3 0'],
  ['one less', found('  Leak(a);\n  Leak(b);\n'), '0 2 1'],
  ['changed', found('  Leak(a, 1);\n  Leak(b);\n  Leak(b);\n'), '1 2 1'],
  ['in another function', found(old, { inFunction: 'G' }), '3 0 3'],
  ['in another file', found(old, { name: 'b.c' }), '3 0 3'],
  ['of another rule', found(old, { rule: 'pool-leak' }), '3 0 3'],
];

for (const [name, findings, counts] of cases) test(name, () => assert.equal(against(findings), counts));

test('entries of files that were not linted are not stale', () => {
  assert.equal(against([], false), '0 0 0');
});

test('the file is sorted, has a line for each entry, and names files relative to itself', () => {
  const text = baselineText(file, found(old));
  const [, first, second] = text.split('\n');
  assert.equal(text, baselineText(file, [...found(old)].reverse()));
  assert.equal(text.split('\n').length, 5);
  for (const line of [first, second])
    assert.match(
      line ?? '',
      /^ {2}\{"rule":"irp-leak","file":"a\.c","function":"F","line":"[0-9a-f]{16}","count":[12]\},?$/,
    );
  assert.deepEqual(JSON.parse(baselineText(file, [])).findings, []);
});

test('what is no baseline is an input error with a remedy', () => {
  for (const text of [
    '',
    '{',
    '[]',
    '{"wskLintBaseline":99,"findings":[]}',
    '{"wskLintBaseline":1,"findings":[{"rule":1}]}',
  ]) {
    writeFileSync(file, text);
    assert.throws(() => readBaseline(file), InputError, text);
  }
  assert.throws(() => readBaseline(path.join(folder, 'gone.json')), /does not exist/);
});
