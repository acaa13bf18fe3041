/**
 * The docs' mix of HTML and Markdown, to blocks.
 *
 * In: lines of one section. Out: blocks (blocks.ts). It goes line by line: Markdown constructs that start a line
 * (fence, heading, table, quotation, list) first, then the line's HTML block tags; what is left is paragraph text,
 * which inline.ts cleans when the paragraph ends. Every line is looked at once per level of nesting, and nesting is
 * limited, so time is linear. With `marks`, the headings `### -param X` of the 2017 pages, which stand inside
 * `<dl>`, count as `<dt>`: so their nesting tells a parameter from a value of one.
 */

import { codeText, fenceAt, fenceEnd, headingAt, languageOf } from '../lines.ts';
import type { DocLink } from '../page.ts';
import type { Problem } from '../problems.ts';
import type { Block } from './blocks.ts';
import type { Stack } from './containers.ts';
import { addBlock, closeAll, closeTo, container, depthMax, innermost, push, top } from './containers.ts';
import { closeTag, openTag } from './elements.ts';
import { decodeEntities } from './entities.ts';
import { inlineMarkdown, itemHeading, plainText } from './inline.ts';
import { closeForText, closesLists, listMarker, openItem } from './markdown-lists.ts';
import { isTableStart, splitRow, tableEnd } from './markdown-tables.ts';
import type { Tag } from './tags.ts';
import { attribute, isBlockTag, tagAt } from './tags.ts';

export interface BlockContext {
  readonly problems: Problem[];
  readonly links: DocLink[];
  /** Read headings that start with -param or -field as terms. */
  readonly marks?: true;
}

/** The state of one reading. */
interface Reader extends Stack {
  readonly lines: readonly string[];
  readonly context: BlockContext;
  /** Lines of the paragraph that is being gathered. */
  text: string[];
  textLine: number;
  textApart: boolean;
  /** A blank line was passed since the last text. */
  apart: boolean;
  line: number;
}

/** Reads the blocks of `lines`, the first of which is line `firstLine` (from 1) of the page. */
export function readBlocks(
  lines: readonly string[],
  firstLine: number,
  context: BlockContext,
  depth = 0,
): readonly Block[] {
  const r: Reader = {
    open: [container('root', { line: 0 })],
    problems: context.problems,
    firstLine,
    tooDeep: false,
    lines,
    context,
    text: [],
    textLine: 0,
    textApart: false,
    apart: false,
    line: 0,
  };
  while (r.line < lines.length) r.line = readLine(r, depth);
  endParagraph(r);
  return closeAll(r);
}

/** Reads from line `r.line` on; returns the index of the line after what was read. */
function readLine(r: Reader, depth: number): number {
  const line = r.lines[r.line] ?? '';
  const next = r.line + 1;
  if (line.trim() === '') {
    if (isSoftBlank(r, line)) return next;
    endParagraph(r);
    r.apart = true;
    return next;
  }
  const fence = fenceAt(line);
  if (fence) {
    endParagraph(r);
    const { end, closed } = fenceEnd(r.lines, r.line, fence);
    const language = languageOf(fence.info);
    const code = codeText(r.lines.slice(next, closed ? end - 1 : end), line);
    const text = language === '' && fence.info !== '' ? `${decodeEntities(fence.info)}\n${code}` : code;
    closesLists(r, line);
    if (text.trim() !== '') addBlock(top(r), { kind: 'code', language, text, line: r.line, apart: r.apart });
    r.apart = false;
    return end;
  }
  const heading = headingAt(line);
  if (heading) {
    endParagraph(r);
    if (r.context.marks && /^-(?:param|field)\b/.test(heading.text)) {
      const { text, end } = wholeMark(r, heading.text);
      openMark(r, text);
      r.apart = true;
      return end;
    } else {
      closesLists(r, '');
      const text = inlineMarkdown(heading.text, r.context.links);
      if (text !== '') addBlock(top(r), { kind: 'heading', level: heading.level, text, line: r.line, apart: r.apart });
    }
    r.apart = true;
    return next;
  }
  if (isTableStart(line, r.lines[next] ?? '')) return readTable(r, depth);
  if (isQuotation(line) && depth < depthMax) return readQuotation(r, depth);
  const marker = listMarker(line, r.text.length > 0);
  if (marker) {
    endParagraph(r);
    openItem(r, marker);
    readText(r, ' '.repeat(marker.content) + line.slice(marker.from));
    return next;
  }
  closeForText(r, line);
  return readText(r, line);
}

/** Gathers a line's text and follows its block tags; returns the index of the next line. */
function readText(r: Reader, line: string): number {
  let from = 0;
  for (let at = nextMark(line, 0); at >= 0; at = nextMark(line, at)) {
    if (line[at] === '`') {
      const length = /^`+/.exec(line.slice(at, at + 8))?.[0].length ?? 1;
      const end = line.indexOf('`'.repeat(length), at + length);
      at = end < 0 ? at + length : end + length;
      continue;
    }
    const tag = tagAt(line, at);
    if (!tag || !isBlockTag(tag.name)) {
      at = tag?.end ?? at + 1;
      continue;
    }
    addText(r, line.slice(from, at));
    endParagraph(r);
    if (tag.name === 'pre' && !tag.closing) return readPreformatted(r, tag, line.slice(tag.end));
    followTag(r, tag);
    at = tag.end;
    from = tag.end;
  }
  addText(r, line.slice(from));
  return r.line + 1;
}

function followTag(r: Reader, tag: Tag): void {
  if (tag.closing) closeTag(r, tag, r.line);
  else openTag(r, tag, r.line, r.apart);
}

function addText(r: Reader, text: string): void {
  if (r.text.length === 0) {
    if (text.trim() === '') return;
    r.textLine = r.line;
    r.textApart = r.apart;
  }
  r.text.push(text);
}

/** Turns the gathered lines into a paragraph, or into a term with its text. */
function endParagraph(r: Reader): void {
  if (r.text.length === 0) return;
  const raw = r.text;
  r.text = [];
  r.apart = false;
  const source = raw.join('\n');
  if (source.includes('mailto:wsddocfb@')) return;
  const place = { line: r.textLine, apart: r.textApart };
  const term = definitionTerm(raw);
  if (term !== undefined) {
    const name = inlineMarkdown(term.trim(), r.context.links);
    const text = inlineMarkdown(raw.slice(1).join('\n'), r.context.links);
    const entry = { terms: [name], body: paragraph(text, { line: r.textLine + 1, apart: false }), line: r.textLine };
    addBlock(top(r), { kind: 'terms', entries: [entry], ...place });
    return;
  }
  const text = inlineMarkdown(source, r.context.links);
  const second = raw[1];
  const indent = second === undefined ? {} : { indent: second.length - second.trimStart().length };
  for (const block of paragraph(text, { ...place, ...indent })) addBlock(top(r), block);
}

function paragraph(text: string, place: { line: number; apart: boolean; indent?: number }): Block[] {
  return text === '' ? [] : [{ kind: 'paragraph', text, ...place }];
}

/**
 * The term of a definition: the guides write `<a href="" id="x"></a>TERM` or `**Term**` on a line that ends in two
 * spaces, and its text on the next line. A link is no term: lists of links are written the same way.
 */
function definitionTerm(raw: readonly string[]): string | undefined {
  const first = raw[0] ?? '';
  if (raw.length < 2 || first.length > 300 || !/\S[ \t\u00A0]{2,}$/.test(first)) return undefined;
  if (/^\s*<a (?:href="" )?id=/i.test(first)) return first.replace(/<a [^<>]*>|<\/a>/gi, '');
  return /^\s*(?:\*{1,2}[^*[\]]+\*{1,2}|<[bi]>[^<]+<\/[bi]>)\s*(?:\\?\[[a-z, ]+\\?\])?\s*$/i.test(first)
    ? first
    : undefined;
}

/** A line of spaces before an indented line: HTML text that was wrapped by a tool, not the end of a paragraph. */
function isSoftBlank(r: Reader, line: string): boolean {
  if (r.text.length === 0 || line.length < 4) return false;
  const following = r.lines[r.line + 1] ?? '';
  return following.trim() !== '' && /^ {4}/.test(following) && listMarker(following, false) === undefined;
}

/** A heading whose link is wrapped goes on in the next lines, up to `</a>`. */
function wholeMark(r: Reader, heading: string): { text: string; end: number } {
  let text = heading;
  let end = r.line + 1;
  const isOpen = (): boolean => text.lastIndexOf('<a') > text.lastIndexOf('</a>');
  while (isOpen() && end < r.line + 4 && (r.lines[end] ?? '').trim() !== '')
    text += ` ${(r.lines[end++] ?? '').trim()}`;
  return isOpen() ? { text: heading, end: r.line + 1 } : { text, end };
}

function openMark(r: Reader, text: string): void {
  let at = innermost(r, ['dl'], ['td']);
  if (at < 0) {
    push(r, container('dl', { line: r.line, apart: r.apart }));
    at = r.open.length - 1;
  } else closeTo(r, at + 1);
  const name = itemHeading(text.replace(/^-(?:param|field)\s*/, ''));
  const list = r.open[at];
  list?.terms.push({ terms: [name], body: [], mark: text, line: r.line });
}

function readTable(r: Reader, depth: number): number {
  endParagraph(r);
  closesLists(r, r.lines[r.line] ?? '');
  const end = tableEnd(r.lines, r.line + 2);
  const header = splitRow(r.lines[r.line] ?? '').map((cell) =>
    plainText(inlineMarkdown(cell.replace(/<br ?\/?>/g, ' '), r.context.links)).trim(),
  );
  const rows = r.lines
    .slice(r.line + 2, end)
    .map((line, i) => splitRow(line).map((cell) => readCell(r, cell, r.line + 2 + i, depth)));
  const named = header.some((cell) => cell !== '') ? header : [];
  addBlock(top(r), { kind: 'table', header: named, rows, line: r.line, apart: r.apart });
  r.apart = true;
  return end;
}

function readCell(r: Reader, cell: string, line: number, depth: number): readonly Block[] {
  if (cell.includes('<') && depth < depthMax) return readBlocks([cell], r.firstLine + line, r.context, depth + 1);
  return paragraph(inlineMarkdown(cell, r.context.links), { line, apart: false });
}

/** What is indented more is one in an item of a list, where it begins as a note. */
function isQuotation(line: string): boolean {
  return /^ {0,3}>/.test(line) || /^\s*>\s*\[!\w{1,20}\]/.test(line);
}

/** `> [!NOTE]` and its lines. */
function readQuotation(r: Reader, depth: number): number {
  endParagraph(r);
  closesLists(r, r.lines[r.line] ?? '');
  const quoted = /^ {0,3}>/.test(r.lines[r.line] ?? '') ? /^ {0,3}> ?/ : /^\s*> ?/;
  let end = r.line;
  while (end < r.lines.length && quoted.test(r.lines[end] ?? '')) end++;
  const inner = r.lines.slice(r.line, end).map((line) => line.replace(quoted, ''));
  const label = /^\s*\[!(\w{1,20})\]\s*(.*)$/.exec(inner[0] ?? '');
  if (label) inner[0] = label[2] ?? '';
  const body = readBlocks(inner, r.firstLine + r.line, r.context, depth + 1);
  const name = label ? (label[1] ?? '').charAt(0) + (label[1] ?? '').slice(1).toLowerCase() : '';
  if (body.length) addBlock(top(r), { kind: 'note', label: name, body, line: r.line, apart: r.apart });
  r.apart = true;
  return end;
}

/** `<pre>` to `</pre>`: code, whose tags go and whose spaces stay. */
function readPreformatted(r: Reader, tag: Tag, rest: string): number {
  const kept: string[] = [];
  let line = rest;
  let i = r.line;
  for (;;) {
    const end = line.toLowerCase().indexOf('</pre>');
    kept.push(end < 0 ? line : line.slice(0, end));
    if (end >= 0) {
      // What follows the end tag is read as text of the same line.
      addCode(r, tag, kept);
      r.line = i;
      return readText(r, line.slice(end + 6));
    }
    if (++i >= r.lines.length) break;
    line = r.lines[i] ?? '';
  }
  addCode(r, tag, kept);
  return i;
}

function addCode(r: Reader, tag: Tag, lines: readonly string[]): void {
  const text = decodeEntities(lines.join('\n').replace(/<\/?[a-z][^<>]*>/gi, '')).replace(/^\n+|\s+$/g, '');
  const language = languageOf((attribute(tag, 'class') ?? '').replace(/^(?:lang(?:uage)?-|syntax\s*)/, ''));
  if (text !== '') addBlock(top(r), { kind: 'code', language, text, line: r.line, apart: r.apart });
}

function nextMark(line: string, from: number): number {
  for (let i = from; i < line.length; i++) {
    const c = line.charCodeAt(i);
    if (c === 60 || c === 96) return i;
  }
  return -1;
}
