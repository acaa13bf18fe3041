/**
 * The facts are told in our own words: no eight words in a row of a summary, note, meaning or rule stand on a page of the
 * documentation (../shared/docs-corpus, read in place). Names, types and values are facts and may repeat.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { data, root } from './testing/bundled.ts';

const corpus = join(root, '../shared/docs-corpus');
const skip = existsSync(corpus) ? false : '../shared/docs-corpus is not beside the checkout';
const wordsInRow = 8;
/** Keys under which names stand, not sentences. */
const names = new Set(['name', 'kind', 'header', 'typeName', 'page', 'values', 'requests', 'categories', 'minimumOs']);

test('no eight words in a row are the documentation’s', { skip }, () => {
  const theirs = new Set<string>();
  for (const path of readdirSync(corpus, { recursive: true }).map(String)) {
    if (!path.endsWith('.md')) continue;
    const text = readFileSync(join(corpus, path), 'utf8').replaceAll(/\*\*|`|<[^>]*>/g, '');
    for (const row of rowsOf(text)) theirs.add(row);
  }
  assert.ok(theirs.size > 100_000, `${theirs.size}`);
  const taken = data.facts.flatMap((facts) =>
    sentencesOf(facts).flatMap((text) =>
      rowsOf(text)
        .filter((row) => theirs.has(row))
        .map((row) => `${facts.name}: ${row}`),
    ),
  );
  assert.deepEqual(taken, []);
});

function rowsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[a-z0-9_]+/g) ?? [];
  return words.slice(wordsInRow - 1).map((_, i) => words.slice(i, i + wordsInRow).join(' '));
}

/** Every text below a value, without names. */
function sentencesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(sentencesOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => (names.has(key) ? [] : sentencesOf(part)));
}
