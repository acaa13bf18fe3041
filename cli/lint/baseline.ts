/**
 * Baseline files: what an old code base is known to have, so that only what is new is reported. In: findings, and the
 * file's text. Out: which of them it knows, how many entries are stale, or the text of a new file. Lines are known by
 * their text, not by their number; of findings that are alike as many are known as were there.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { displayPath } from '../finding-output.ts';
import { givenPath } from '../given-path.ts';
import { InputError } from '../input.ts';
import { type Fingerprint, fingerprint, fingerprintKey } from './fingerprint.ts';
import type { LintedFinding } from './result.ts';

interface Entry extends Fingerprint {
  readonly count: number;
}

export interface Baseline {
  readonly file: string;
  readonly entries: readonly Entry[];
}

const version = 1;

/** Text of a baseline at `file` that knows these findings. Sorted, so that it can be compared and merged. */
export function baselineText(file: string, findings: readonly LintedFinding[]): string {
  const counts = new Map<string, Entry>();
  for (const finding of findings) {
    const print = fingerprint(finding, namesFor(file));
    const key = fingerprintKey(print);
    counts.set(key, { ...print, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  const entries = [...counts].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, entry]) => entry);
  const lines = entries.map((entry) => `  ${JSON.stringify(entry)}`);
  return `{ "wskLintBaseline": ${version}, "findings": [\n${lines.join(',\n')}${lines.length > 0 ? '\n' : ''}] }\n`;
}

export function readBaseline(name: string): Baseline {
  const file = givenPath(name);
  const shown = displayPath(file);
  let text: string;
  try {
    text = readFileSync(file, 'utf8').replace(/^\ufeff/, '');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const what = code === 'ENOENT' ? 'does not exist' : `can't be read (${code ?? String(error)})`;
    throw new InputError(`The baseline ${shown} ${what}.`, `Make one with \`wsk lint … --write-baseline ${name}\`.`);
  }
  const value = parsed(text);
  const entries = isRecord(value) && value.wskLintBaseline === version ? value.findings : undefined;
  if (Array.isArray(entries) && entries.every(isEntry)) return { file, entries };
  throw new InputError(
    `${shown} is no baseline of this version of wsk.`,
    `Write it again with \`wsk lint … --write-baseline ${name}\`.`,
  );
}

/** `isLinted` tells of a file whether it was looked at: entries of others are neither used nor stale. */
export function splitByBaseline(
  { file, entries }: Baseline,
  findings: readonly LintedFinding[],
  isLinted: (name: string) => boolean,
): { readonly fresh: readonly LintedFinding[]; readonly known: readonly LintedFinding[]; readonly staleCount: number } {
  const left = new Map<string, number>();
  for (const entry of entries) left.set(fingerprintKey(entry), (left.get(fingerprintKey(entry)) ?? 0) + entry.count);
  const fresh: LintedFinding[] = [];
  const known: LintedFinding[] = [];
  for (const finding of findings) {
    const key = fingerprintKey(fingerprint(finding, namesFor(file)));
    const count = left.get(key) ?? 0;
    if (count > 0) left.set(key, count - 1);
    (count > 0 ? known : fresh).push(finding);
  }
  const folder = path.dirname(file);
  const stale = entries.filter(
    (entry) => isLinted(path.resolve(folder, entry.file)) && (left.get(fingerprintKey(entry)) ?? 0) > 0,
  );
  return { fresh, known, staleCount: stale.reduce((sum, entry) => sum + (left.get(fingerprintKey(entry)) ?? 0), 0) };
}

/** Relative to the baseline's folder, so that checkouts in different places share one. */
function namesFor(file: string): (path: string) => string {
  const folder = path.dirname(path.resolve(file));
  return (name) => (path.isAbsolute(name) ? path.relative(folder, name) : name).replaceAll('\\', '/');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is Entry {
  if (!isRecord(value)) return false;
  const { rule, file, function: name, line, count } = value;
  return (
    [rule, file, name, line].every((part) => typeof part === 'string') &&
    Number.isSafeInteger(count) &&
    Number(count) > 0
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
