/**
 * Text with a path, and places in it.
 *
 * Every engine speaks of places as `Span`s: a file and two UTF-16 offsets into its text. Lines and columns exist
 * only at the edges (LSP and DAP count from 0 or 1 as they like; the CLI counts from 1), so they are branded types.
 */
import type { Brand } from './brand.ts';

/** A line number that counts from 0. */
export type Line0 = Brand<number, 'Line0'>;
/** A UTF-16 column that counts from 0. */
export type Column0 = Brand<number, 'Column0'>;

export type CodePage = 'windows-1252';

/** A text under a path. The path is a label in the host's own flavour; the engines never open it. */
export interface SourceFile {
  readonly path: string;
  /** Of a file whose lines end in `\r` alone with `\n` in their place, so that offsets are those of the file. */
  readonly text: string;
  /** Offset of the first character of each line; the first entry is 0. */
  readonly lineStarts: readonly number[];
  /** The code page that its bytes were in, which narrow strings have at run time too; undefined: UTF-8. */
  readonly codePage?: CodePage | undefined;
}

/** The half-open range `start` to `end` (UTF-16 offsets) of a file's text. */
export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** Wraps a text; finds its lines once. */
export function sourceFile(path: string, written: string, codePage?: CodePage): SourceFile {
  const lineStarts = [0];
  const text = hasLoneReturn(written) ? written.replace(/\r(?!\n)/g, '\n') : written;
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) lineStarts.push(i + 1);
  return codePage === undefined ? { path, text, lineStarts } : { path, text, lineStarts, codePage };
}

function hasLoneReturn(text: string): boolean {
  for (let i = text.indexOf('\r'); i !== -1; i = text.indexOf('\r', i + 1)) {
    if (text[i + 1] !== '\n') return true;
  }
  return false;
}

/** Line and column, both from 0, of an offset; an offset outside the text is clamped into it. */
export function positionAt(file: SourceFile, offset: number): { line: Line0; column: Column0 } {
  const at = Math.max(0, Math.min(offset, file.text.length));
  let low = 0;
  let high = file.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((file.lineStarts[middle] as number) <= at) low = middle;
    else high = middle - 1;
  }
  return { line: low as Line0, column: (at - (file.lineStarts[low] as number)) as Column0 };
}

/** Text of a line (from 0) without its line end; `''` outside the file. */
export function lineText(file: SourceFile, line: number): string {
  const start = file.lineStarts[line];
  return start === undefined ? '' : file.text.slice(start, lineEnd(file, line));
}

/** How the lines of a text end: as its first one does. */
export function lineBreakOf({ text, lineStarts }: SourceFile): string {
  const second = lineStarts[1];
  return second !== undefined && text.slice(0, second).endsWith('\r\n') ? '\r\n' : '\n';
}

/** `path:line:column`, both from 1: the form in which people and terminals read a place. */
export function placeText(span: Span): string {
  const { line, column } = positionAt(span.file, span.start);
  return `${span.file.path}:${line + 1}:${column + 1}`;
}

/** Spans that begin at the same place of a file are one: texts that several units share are read with each of them. */
export function distinctSpans(spans: readonly Span[]): readonly Span[] {
  return [...new Map(spans.map((span) => [`${span.file.path}:${span.start}`, span])).values()];
}

function lineEnd(file: SourceFile, line: number): number {
  let end = file.lineStarts[line + 1] ?? file.text.length;
  const isBreak = (i: number): boolean => file.text.charCodeAt(i) === 10 || file.text.charCodeAt(i) === 13;
  const start = file.lineStarts[line] ?? 0;
  while (end > start && isBreak(end - 1)) end--;
  return end;
}

/** The file's name says that it is C++. */
export function isCplusplusName({ path }: SourceFile): boolean {
  return /\.(?:cpp|cc|cxx|c\+\+)$/i.test(path);
}
