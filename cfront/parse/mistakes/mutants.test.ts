/**
 * One mistake costs one function at most: each token of right drivers is taken away, doubled or replaced by another one,
 * and everything that is said stands in the function with the mistake, while all other functions stay as they were.
 *
 * What a mistake in the head of a function says to its callers is the one exception: a name or type that went wrong there
 * may be reported where it is used, but never as a syntax error.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type SourceFile, sourceFile } from '../../../base/source.ts';
import { createHeaderCache } from '../../header-cache.ts';
import { parseTranslationUnit } from '../../index.ts';
import { dumpDeclarations } from '../../testing/dump.ts';
import { place, type Token } from '../../tokenize/token.ts';
import { tokenize } from '../../tokenize/tokenize.ts';
import type { ParseOptions, TranslationUnit } from '../../unit.ts';
import type { FunctionDefinition } from '../ast.ts';

const root = process.env.WSK_ROOT ?? '.';
const headers = new Map<string, SourceFile>();

const include: ParseOptions['include'] = ({ name }) => {
  const path = join(root, 'catalog/headers', name.toLowerCase());
  let file = headers.get(path);
  if (file === undefined) {
    if (!existsSync(path)) return { kind: 'missing', searched: [] };
    headers.set(path, (file = sourceFile(path, readFileSync(path, 'utf8'))));
  }
  return { kind: 'found', file, isSystem: true };
};

const cache = createHeaderCache();
const read = (text: string): TranslationUnit =>
  parseTranslationUnit(sourceFile('m.c', text), { include, headers: cache });
const own = (unit: TranslationUnit): readonly FunctionDefinition[] =>
  unit.functions.filter(({ first }) => place(first).file === unit.file);

interface Extent {
  readonly name: string;
  readonly start: number;
  readonly bodyStart: number;
  readonly end: number;
  readonly dump: string;
}

const scraps = [';', ')', '(', '{', '}', ',', '=', 'x', '1', '*', '.', 'if', 'return', '"s"', '->'];

/** What became of a file with one mistake in it. */
interface Outcome {
  readonly what: string;
  readonly isInHead: boolean;
  /** Serious problems that the right file does not have. */
  readonly problems: number;
  readonly outside: readonly string[];
  readonly changed: readonly string[];
}

/** Every `step`th of the three mistakes at each token inside a function. */
function outcomes(text: string, step: number): readonly Outcome[] {
  const base = read(text);
  assert.deepEqual(base.problems, []);
  const extents: Extent[] = own(base).map((f) => ({
    name: f.symbol.name,
    start: place(f.first).start,
    bodyStart: place(f.body.first).end,
    end: place(f.last).end,
    dump: dumpDeclarations([f]),
  }));
  const made: Outcome[] = [];
  let count = 0;
  tokenize(base.file).tokens.forEach((token, i) => {
    const owner = extents.find(({ start, end }) => token.start >= start && token.end <= end);
    if (owner === undefined || base.inactive.some(({ start, end }) => token.start >= start && token.end <= end)) return;
    for (const newText of ['', `${token.text} ${token.text}`, scraps[(i * 7 + 3) % scraps.length] ?? '']) {
      if (count++ % step === 0) made.push(outcome(text, token, newText, owner, extents));
    }
  });
  return made;
}

function outcome(text: string, token: Token, newText: string, owner: Extent, extents: readonly Extent[]): Outcome {
  const unit = read(text.slice(0, token.start) + newText + text.slice(token.end));
  const end = owner.end + newText.length - (token.end - token.start) + 1;
  const serious = unit.problems.filter(({ severity }) => severity === 'error' || severity === 'warning');
  const isInHead = token.start < owner.bodyStart;
  const outside = serious.filter(({ span, severity, code }) => {
    const isInside = span.file === unit.file && span.start >= owner.start - 1 && span.end <= end;
    const isSyntax = severity === 'error' && /^(?:expected|unexpected|misplaced)-/.test(code);
    return !isInside && (!isInHead || isSyntax);
  });
  const functions = new Map(own(unit).map((f) => [f.symbol.name, f]));
  const changed = extents.filter(({ name, dump }) => {
    const found = functions.get(name);
    if (name === owner.name) return false;
    return found === undefined || (!isInHead && dumpDeclarations([found]) !== dump);
  });
  return {
    what: `'${token.text}' by '${newText}' at ${token.start} in ${owner.name}`,
    isInHead,
    problems: serious.length,
    outside: outside.map(({ message }) => message),
    changed: changed.map(({ name }) => name),
  };
}

function check(text: string, step: number): void {
  const all = outcomes(text, step);
  assert.ok(all.length > 100, String(all.length));
  for (const { what, outside, changed } of all)
    assert.deepEqual({ outside, changed }, { outside: [], changed: [] }, what);
  const counts = all.map(({ problems }) => problems).sort((a, b) => a - b);
  const mean = counts.reduce((sum, n) => sum + n, 0) / counts.length;
  assert.ok(mean < 2, `a mistake gives ${mean} problems`);
  const nearlyAll = counts[Math.floor(counts.length * 0.98)] ?? 0;
  assert.ok(nearlyAll <= 6, `98 of 100 mistakes give at most ${nearlyAll} problems`);
  assert.ok((counts.at(-1) ?? 0) < 30, `the worst mistake gives ${counts.at(-1)} problems`);
}

test('one mistake in our sample', () => {
  check(readFileSync(join(root, 'samples/listen/listen.c'), 'utf8'), 29);
});

test('one mistake in Microsoft’s echo sample', (t) => {
  const echo = process.env.WSK_ECHO_SAMPLE;
  if (echo === undefined || !existsSync(echo)) return t.skip('WSK_ECHO_SAMPLE names no copy of wsksmple.c');
  check(readFileSync(echo, 'utf8'), 71);
});
