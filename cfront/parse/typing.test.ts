/**
 * A driver while it is typed: lines of our own sample are cut off behind any of their tokens, as an editor sees them,
 * and the rest of the file must still be read. The cuts are spread evenly, to keep the time down.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { positionAt, type SourceFile, sourceFile } from '../../base/source.ts';
import { place } from '../tokenize/token.ts';
import type { IncludeResult, ParseOptions } from '../unit.ts';
import { parse } from './testing.ts';
import { type TreeNode, walk } from './walk.ts';

const root = process.env.WSK_ROOT ?? '.';
const files = new Map<string, SourceFile>();
const include: ParseOptions['include'] = ({ name }): IncludeResult => {
  const path = join(root, 'catalog/headers', name);
  const file = files.get(path) ?? (existsSync(path) ? sourceFile(path, readFileSync(path, 'utf8')) : undefined);
  if (file === undefined) return { kind: 'missing', searched: [path] };
  files.set(path, file);
  return { kind: 'found', file, isSystem: true };
};

const kinds = new Set<TreeNode['kind']>(['expression', 'declaration', 'return', 'if', 'while', 'for', 'goto', 'label']);

/** The lines at which a statement of a kind begins, and the functions, of the main file. */
function statements(text: string): Set<string> {
  const unit = parse(text, include);
  const found = new Set<string>();
  for (const f of unit.functions) {
    if (place(f.first).file !== unit.file) continue;
    found.add(f.symbol.name);
    walk(f, (node) => {
      if (!kinds.has(node.kind)) return;
      const span = place(node.first);
      found.add(`${node.kind} in line ${positionAt(span.file, span.start).line + 1}`);
    });
  }
  return found;
}

test('a line that is cut off costs two statements at most', () => {
  const lines = readFileSync(join(root, 'samples/listen/listen.c'), 'utf8').split('\n');
  const whole = statements(lines.join('\n'));
  assert.ok(whole.size > 100);
  const cuts: { line: number; text: string }[] = [];
  lines.forEach((text, line) => {
    if (!/^\s+\S/.test(text) || /^\s*(?:\/\/|\/\*|\*)/.test(text)) return;
    for (const token of [...text.matchAll(/\w+|->|[^\s\w]/g)].slice(1))
      cuts.push({ line, text: text.slice(0, token.index) });
  });
  for (let i = 5; i < cuts.length; i += Math.ceil(cuts.length / 60)) {
    const { line, text } = cuts[i] as (typeof cuts)[number];
    const read = statements([...lines.slice(0, line), text, ...lines.slice(line + 1)].join('\n'));
    const lost = [...whole].filter((what) => !read.has(what) && !what.endsWith(` ${line + 1}`));
    assert.ok(lost.length <= 2, `line ${line + 1} cut to "${text}" loses ${lost.join(', ')}`);
  }
});
