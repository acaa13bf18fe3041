/**
 * Lines, fences and headings of a page: what every dialect has in common.
 *
 * In: decoded text. Out: its lines without line ends, where each starts, which of them are inside a fenced code
 * block, the blocks themselves, and the headings outside of them. A fence that is never closed would swallow the rest
 * of the page; so a block also ends before a line that can't be code: a heading of the format (`## -remarks`,
 * `### -param X`), the next fence that names a language, or, if nothing closes it at all, the next heading.
 */
import { sourceFile } from '../../base/source.ts';
import type { CodeBlock } from './page.ts';
import type { Problem } from './problems.ts';
import { report } from './problems.ts';
import { decodeEntities } from './prose/entities.ts';

export interface PageLines {
  readonly text: string;
  readonly lines: readonly string[];
  /** Offset of each line. */
  readonly starts: readonly number[];
  /** For each line: is it a fence or inside one. */
  readonly fenced: readonly boolean[];
  readonly codeBlocks: readonly CodeBlock[];
}

export type SplitText = Pick<PageLines, 'lines' | 'starts'>;

export interface Heading {
  /** Number of # signs, 1 to 9. */
  readonly level: number;
  /** Text after the # signs, as it stands there. */
  readonly text: string;
  /** Index of the line, from 0. */
  readonly index: number;
}

/** A fence's character, its length and what stands after it. */
interface Fence {
  readonly character: string;
  readonly length: number;
  readonly info: string;
}

const formatHeading = /^ {0,3}#{1,9} {0,3}-[a-z]+(?:-[a-z]+)*(?:\s|$)/i;

const languages: ReadonlySet<string> = new Set(
  'c cpp c++ c# cs csharp objc inf ini xml json html idl midl asm masm powershell console cmd bat dos shell output yaml vb sql mof syntax text txt none managedcplusplus javascript registry asl http gpd gdl ppd pdd sdel manifest'.split(
    ' ',
  ),
);

/** The lines of a text without their ends, and where each starts. */
export function splitLines(text: string): SplitText {
  const starts = sourceFile('', text).lineStarts;
  return { starts, lines: starts.map((start, i) => withoutLineEnd(text.slice(start, starts[i + 1] ?? text.length))) };
}

/** Finds the code of a text; `from` is the index of the first line after the front matter. */
export function pageLines(text: string, split: SplitText, from: number, problems: Problem[]): PageLines {
  const { lines, starts } = split;
  const fenced: boolean[] = lines.map(() => false);
  const codeBlocks: CodeBlock[] = [];
  for (let i = from; i < lines.length; i++) {
    const fence = fenceAt(lines[i] ?? '');
    if (!fence) continue;
    const { end, closed } = fenceEnd(lines, i, fence);
    if (!closed) report(problems, 'unclosed-fence', i + 1, lines[i]);
    for (let j = i; j < end; j++) fenced[j] = true;
    const last = closed ? end - 1 : end;
    const span = { start: starts[i + 1] ?? text.length, end: starts[last] ?? text.length };
    const code = codeText(lines.slice(i + 1, last), lines[i] ?? '');
    const language = languageOf(fence.info);
    if (fence.info !== '' && language === '') report(problems, 'fence-info', i + 1, fence.info);
    const first = language === '' && fence.info !== '' ? `${decodeEntities(fence.info)}\n` : '';
    codeBlocks.push({
      language,
      text: first + code,
      span: { ...span, end: Math.max(span.start, span.end) },
      line: i + 1,
    });
    i = end - 1;
  }
  return { text, lines, starts, fenced, codeBlocks };
}

/** All headings outside of code, in order. */
export function headings(page: PageLines, from: number): Heading[] {
  const found: Heading[] = [];
  for (let index = from; index < page.lines.length; index++) {
    const heading = page.fenced[index] ? undefined : headingAt(page.lines[index] ?? '');
    if (heading) found.push({ ...heading, index });
  }
  return found;
}

/** The heading on a line: up to three spaces, one to nine #, a space (or the dash of `##-param`), text. */
export function headingAt(line: string): { readonly level: number; readonly text: string } | undefined {
  if (!line.includes('#')) return undefined;
  const match = /^ {0,3}(#{1,9})(?=[\s-]|$)(.*)$/.exec(line);
  if (!match) return undefined;
  const text = (match[2] ?? '').trim().replace(/\s#+$/, '').trim();
  return { level: (match[1] ?? '').length, text };
}

/** The fence that opens on a line. Backticks with another backtick after them are code within a sentence. */
export function fenceAt(line: string): Fence | undefined {
  const match = /^\s*(`{3,}|~{3,})(.*)$/.exec(line);
  if (!match) return undefined;
  const marks = match[1] ?? '';
  const info = (match[2] ?? '').trim();
  if (marks[0] === '`' && info.includes('`')) return undefined;
  return { character: marks[0] ?? '`', length: marks.length, info };
}

/** Index after the last line of the block that opens at `open`, and whether a fence closes it. */
export function fenceEnd(lines: readonly string[], open: number, fence: Fence): { end: number; closed: boolean } {
  let recovery: number | undefined;
  for (let i = open + 1; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (line.includes(fence.character.repeat(3))) {
      const other = fenceAt(line);
      if (other && other.character === fence.character && other.length >= fence.length) {
        return other.info === '' ? { end: i + 1, closed: true } : { end: i, closed: false };
      }
    }
    if (line.includes('#') && formatHeading.test(line)) return { end: i, closed: false };
    if (recovery === undefined && /^#{1,4} [A-Z]/.test(line) && (lines[i - 1] ?? '').trim() === '') recovery = i;
  }
  return { end: recovery ?? lines.length, closed: false };
}

/** Text of a code block: without the indentation of its fence, NBSP and references replaced. */
export function codeText(lines: readonly string[], fenceLine: string): string {
  const indent = fenceLine.length - fenceLine.trimStart().length;
  const dedented = indent === 0 ? lines : lines.map((line) => line.slice(Math.min(indent, leadingSpaces(line))));
  return decodeEntities(dedented.join('\n')).trimEnd();
}

/** The language that a fence names; '' for what cannot be one, such as code on the fence's line. */
export function languageOf(info: string): string {
  const word = /^[{.]*([A-Za-z][A-Za-z0-9+#-]{0,23})(?:[\s}:,]|$)/.exec(info)?.[1] ?? '';
  // The name under which no editor knows it.
  if (/^managedcplusplus$/i.test(word)) return 'cpp';
  return languages.has(word.toLowerCase()) || word === info.toLowerCase() ? word : '';
}

function leadingSpaces(line: string): number {
  return line.length - line.trimStart().length;
}

function withoutLineEnd(line: string): string {
  let end = line.length;
  while (end > 0 && (line.charCodeAt(end - 1) === 10 || line.charCodeAt(end - 1) === 13)) end--;
  return end === line.length ? line : line.slice(0, end);
}
