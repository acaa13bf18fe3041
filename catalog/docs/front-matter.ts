/**
 * The block of keys between two `---` lines at the top of a page.
 *
 * In: the page's text. Out: its keys with their values, and the index of the first line after the block. It is read
 * line by line and not as YAML: strict YAML fails on thousands of real pages (values that continue on the next line
 * without an indent, `: ` and `*` in plain values, a tab after a list's dash), and what these pages mean is plain.
 * Without a closing `---` the block ends at the first heading.
 */

import type { Problem } from './problems.ts';
import { report } from './problems.ts';
import { decodeEntities } from './prose/entities.ts';

export interface FrontMatter {
  /** Value of each key, unquoted and on one line; lists are joined with ', '. Keys as written. */
  readonly values: ReadonlyMap<string, string>;
  /** Items of the keys that hold a list. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  /** Line of each key, from 1. */
  readonly keyLines: ReadonlyMap<string, number>;
  /** Index of the first line of the body, from 0. */
  readonly bodyIndex: number;
  readonly present: boolean;
  /** List items are written `-<TAB>x`: a mark of the DDI pages of early 2018. */
  readonly tabLists: boolean;
}

interface Entry {
  readonly key: string;
  readonly line: number;
  readonly parts: string[];
  readonly items: string[];
}

const key = /^([A-Za-z_][\w.-]{0,60})\s*:(?:\s+(.*))?$/;
const item = /^\s*-(?:\s+|(?=["'\w*[(]))(.*)$/;

/** Reads the block; a page without one gives no keys and body index 0. */
export function readFrontMatter(lines: readonly string[], problems: Problem[]): FrontMatter {
  let first = 0;
  while (first < lines.length && first < 20 && (lines[first] ?? '').trim() === '') first++;
  if (!/^---+\s*$/.test(lines[first] ?? '')) {
    return { values: new Map(), lists: new Map(), keyLines: new Map(), bodyIndex: 0, present: false, tabLists: false };
  }
  const end = blockEnd(lines, first + 1);
  if (!end.closed) report(problems, 'front-matter-unclosed', first + 1);
  const { entries, tabLists } = readEntries(lines, first + 1, end.index, problems);
  const values = new Map<string, string>();
  const lists = new Map<string, readonly string[]>();
  const keyLines = new Map<string, number>();
  for (const entry of entries) {
    const { value, list } = entryValue(entry);
    if (!values.get(entry.key)) values.set(entry.key, value);
    if (list) lists.set(entry.key, list);
    if (!keyLines.has(entry.key)) keyLines.set(entry.key, entry.line + 1);
  }
  return { values, lists, keyLines, bodyIndex: end.index + (end.closed ? 1 : 0), present: true, tabLists };
}

function blockEnd(lines: readonly string[], from: number): { index: number; closed: boolean } {
  let heading: number | undefined;
  for (let i = from; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (/^(?:---+|\.\.\.)\s*$/.test(line)) return { index: i, closed: true };
    if (heading === undefined && /^#{1,3} /.test(line)) heading = i;
    if (heading !== undefined && i > heading + 200) break;
  }
  return { index: heading ?? lines.length, closed: false };
}

function readEntries(
  lines: readonly string[],
  from: number,
  end: number,
  problems: Problem[],
): { entries: Entry[]; tabLists: boolean } {
  const entries: Entry[] = [];
  let tabLists = false;
  for (let i = from; i < end; i++) {
    const line = lines[i] ?? '';
    if (line.trim() === '' || line.startsWith('#')) continue;
    const last = entries.at(-1);
    const match = key.exec(line);
    if (match && isKey(match[1] ?? '')) {
      entries.push({ key: match[1] ?? '', line: i, parts: [(match[2] ?? '').trim()], items: [] });
      continue;
    }
    const listed = item.exec(line);
    if (last && listed && last.parts.every((part) => part === '')) {
      last.items.push(unquote((listed[1] ?? '').trim()));
      if (/^\s*-\t/.test(line)) tabLists = true;
    } else if (last) last.parts.push(line.trim());
    else report(problems, 'front-matter-line', i + 1, line);
  }
  return { entries, tabLists };
}

/** A line that continues a value may hold a colon too; keys of the docs are lower case, dotted, or one of a few. */
function isKey(word: string): boolean {
  return /^(?:UID|ROBOTS|Description|Title|Keywords|[a-z][a-z0-9_]*(?:[.-][A-Za-z0-9_-]+)*|[a-z]+[A-Z][A-Za-z]*)$/.test(
    word,
  );
}

function entryValue(entry: Entry): { value: string; list?: readonly string[] } {
  if (entry.items.length) {
    const list = entry.items.map(tidy).filter((text) => text !== '');
    return { value: list.join(', '), list };
  }
  const joined = entry.parts.filter((part) => part !== '').join(' ');
  const flow = /^\[(.*)\]$/.exec(joined);
  if (flow) {
    const list = flowItems(flow[1] ?? '')
      .map(tidy)
      .filter((text) => text !== '');
    return { value: list.join(', '), list };
  }
  const block = /^[>|][+-]?\s+(.*)$/.exec(joined);
  return { value: tidy(unquote(block ? (block[1] ?? '') : joined)) };
}

/** Items of `"a", 'b', c`: a comma inside of quotes does not part them. */
function flowItems(text: string): string[] {
  return (text.match(/"(?:[^"\\]|\\.)*"|'[^']*'|[^,\s][^,]*/g) ?? []).map((part) => unquote(part.trim()));
}

/** `'it''s'` and `"a \"b\""` to their text; an unfinished quote loses its opening mark. */
function unquote(text: string): string {
  if (text.startsWith('"')) {
    const inner = text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text.slice(1);
    return inner.replace(/\\(["\\/])/g, '$1');
  }
  if (text.startsWith("'")) {
    return (text.endsWith("'") && text.length > 1 ? text.slice(1, -1) : text.slice(1)).replaceAll("''", "'");
  }
  return text;
}

/** One line, spaces collapsed, `\_` and references replaced. */
function tidy(text: string): string {
  if (!/[&\\]|\s\s|[^\S ]/.test(text)) return text.trim();
  return decodeEntities(text)
    .replace(/\\([_<>[\]*#.-])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}
