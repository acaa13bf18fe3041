/**
 * Whole pieces of a driver, where a line at file scope begins with one word: a pattern's, or the function's that it
 * writes.
 */
import type { Analysis } from '../analysis.ts';
import { patterns } from '../patterns/index.ts';
import { bracketsAt } from '../places/brackets.ts';
import { freeName } from './callback-stub.ts';
import { includeEdits } from './include-edit.ts';
import { type CompletionItem, ranks } from './item.ts';

/** `wordStart` is where the word begins that is being typed. */
export function patternItems(analysis: Analysis, wordStart: number, word: string): readonly CompletionItem[] {
  const { text } = analysis.unit.file;
  const lineStart = text.lastIndexOf('\n', wordStart - 1) + 1;
  // Bodies are long, so that they are sent to those only who ask for one.
  if (word === '' || text.slice(lineStart, wordStart).trim() !== '') return [];
  const isMeant = (name: string): boolean => name.toLowerCase().startsWith(word.toLowerCase());
  // Behind `NTSTATUS` on the line above, the name is that of a function which somebody writes out.
  const isFresh = /(?:^|[;}]|\*\/|(?:^|\n)[ \t]*(?:#|\/\/).*)\s*$/.test(
    text.slice(Math.max(0, wordStart - 1000), wordStart),
  );
  const isMissing = (name: string): boolean =>
    isFresh && !analysis.unit.functions.some(({ symbol }) => symbol.name === name);
  const wanted = patterns.flatMap((pattern) => {
    const { label, entry } = pattern;
    const names = [label, ...(entry !== undefined && isMissing(entry) ? [entry] : [])].filter(isMeant);
    return names.map((name) => ({ ...pattern, name }));
  });
  if (wanted.length === 0 || bracketsAt(text, wordStart).length > 0) return [];
  return wanted.map(({ name, title, headers, body }) => ({
    label: name,
    kind: 'pattern',
    // Beside the label there is room for a word; what the pattern is stands in the note.
    detail: 'pattern',
    rank: ranks.own - 1,
    insert: withFreeNames(analysis, body),
    edits: includeEdits(analysis, headers),
    note: `${title}\n\n${headers.map((header) => `\`${header}\``).join(', ')}`,
  }));
}

/** Proposes other names where the driver has some of those that the pattern makes: two listeners fit into one file. */
function withFreeNames(analysis: Analysis, body: string): string {
  const hasEntry = analysis.unit.functions.some(({ symbol }) => symbol.name === 'DriverEntry');
  const entry = hasEntry ? freeName(analysis, 'DriverEntry') : 'DriverEntry';
  return body
    .replace(/\bDriverEntry\b/g, entry)
    .replace(/\$\{(\d+):(\w+)\}/g, (_, number: string, proposed: string) => {
      const uses = body.matchAll(new RegExp(`(\\w*)\\$\\{${number}(?::\\w+)?\\}(\\w*)`, 'g'));
      const around = [...uses].map(([, before = '', after = '']) => ({ before, after }));
      const name = freeName(analysis, proposed, (one) => around.map(({ before, after }) => before + one + after));
      return `\${${number}:${name}}`;
    });
}
