/**
 * What makes a finding the same after the code around it has moved: its rule, file, function and the text of its line,
 * without blanks. In: findings in order. Out: for each a key, and the how-manieth with that key it is.
 */
import { createHash } from 'node:crypto';
import { lineText, positionAt } from '../../base/source.ts';
import type { LintedFinding } from './result.ts';

export interface Fingerprint {
  readonly rule: string;
  /** Relative to a folder that the caller chooses, with forward slashes. */
  readonly file: string;
  /** Empty outside of functions. */
  readonly function: string;
  /** Of the line's text, in hexadecimal. */
  readonly line: string;
}

export function fingerprint({ finding, functionName }: LintedFinding, nameOf: (file: string) => string): Fingerprint {
  const { rule, span } = finding;
  const text = lineText(span.file, positionAt(span.file, span.start).line);
  return {
    rule,
    file: nameOf(span.file.path),
    function: functionName ?? '',
    line: hash(text.replace(/\/\/.*$|\/\*.*?\*\//g, '').replace(/\s+/g, '')),
  };
}

export function fingerprintKey({ rule, file, function: name, line }: Fingerprint): string {
  return [rule, file, name, line].join('\0');
}

/** "hash:1", "hash:2" for findings that are alike, in order. */
export function numberedHashes(prints: readonly Fingerprint[]): readonly string[] {
  const counts = new Map<string, number>();
  return prints.map((print) => {
    const key = hash(fingerprintKey(print));
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return `${key}:${count}`;
  });
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
