/**
 * What an index keeps of a page, without reading all of it.
 *
 * In: a path (only a label) and the file's bytes or text. Out: its names, kind, title, UID, header and one sentence:
 * the same that `readDocPage` gives, by the same code, on a shorter text. What tells the names of a reference page
 * stands in its front matter, its title, its description and its signature, so that parameters, members and remarks,
 * which are most of the text, are left out before reading; of a guide whose front matter has a sentence, all behind the
 * title. Pages whose names stand elsewhere (control requests, pages
 * about one identifier) are read whole. Linear in the file's size; never throws.
 */

import { decodePage } from './decode.ts';
import { isControlPage } from './dialects/control-page.ts';
import { bareTitle, isIdentifier } from './names.ts';
import type { Dialect, DocPage, PageKind } from './page.ts';
import type { Problem } from './problems.ts';
import { readDocPage } from './read.ts';

export interface PageHead {
  readonly kind: PageKind;
  readonly dialect: Dialect;
  /** Every name that the page answers to, the main one first. */
  readonly names: readonly string[];
  readonly title: string;
  readonly uid: string;
  readonly header: string;
  /** One sentence; '' where the page says nothing of use. */
  readonly summary: string;
  /** What is wrong with what was read. */
  readonly problems: readonly Problem[];
  /** The whole page, decoded. */
  readonly text: string;
}

/** Longest sentence that is kept. */
const summaryMax = 200;

export function readPageHead(path: string, input: Uint8Array | string): PageHead {
  const decoding: Problem[] = [];
  const text = decodePage(input, decoding);
  const page = readDocPage(path, shortened(text));
  return {
    kind: page.kind,
    dialect: page.dialect,
    names: page.names,
    title: page.title,
    uid: page.uid ?? '',
    header: page.header ?? '',
    summary: summaryOf(page),
    problems: [...decoding, ...page.problems],
    text,
  };
}

/** The front matter's sentence, unless it is one that was filled in for want of a better. */
function summaryOf(page: Pick<DocPage, 'summary' | 'description'>): string {
  const given = page.summary.trim();
  const isEmpty = given === '' || /^(?:Learn more about\b|This topic describes [^.]*\.?$)/i.test(given);
  const text = isEmpty ? (page.description.split('\n\n')[0] ?? '') : given;
  const sentence = /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text;
  const line = sentence.replace(/\s+/g, ' ').trim();
  return line.length <= summaryMax ? line : `${line.slice(0, summaryMax - 1).trimEnd()}…`;
}

/** A mark of the reference format behind its first `#`: `## -remarks`, `### -param X`. */
const mark = /#{1,9} {0,3}-\s?([a-zA-Z.]+)/y;

/** Sections that names and kind are told from. */
const telling: ReadonlySet<string> = new Set(['description', 'syntax', 'prototype']);

function shortened(text: string): string {
  const front = text.slice(0, 6_000);
  if (/^UID\s*:/m.test(front)) return withoutSections(text);
  // A guide tells its name in its title; a page about one identifier may tell more names in any section.
  const title = /^# +(.*?)\s*$/m.exec(text);
  if (title === null || isIdentifier(bareTitle(plain(title[1] ?? ''))) || isControlPage(text)) return text;
  if (!/^(?:title|ms\.topic|description)\s*:/m.test(front) || marks(text).next().done !== true) return text;
  if (tellsItself(text)) return text.slice(0, title.index + title[0].length);
  const end = /^#{1,6} /m.exec(text.slice(title.index + 2));
  return end === null ? text : text.slice(0, title.index + 2 + end.index);
}

/** The front matter of a guide has a sentence of its own, for which its first paragraph need not be read. */
function tellsItself(text: string): boolean {
  const front = text.slice(0, Math.max(0, text.indexOf('\n---', 3)));
  const isEmpty = /^description\s*:[ \t]*["'>|]*\s*(?:$|Learn more about\b|This topic describes\b)/im;
  return /^description\s*:/m.test(front) && !/^Description\s*:/m.test(front) && !isEmpty.test(front);
}

function withoutSections(text: string): string {
  const kept: string[] = [];
  let from = 0;
  let isKept = true;
  for (const { at, word } of marks(text)) {
    if (isKept) kept.push(text.slice(from, at));
    from = at;
    isKept = telling.has(word);
  }
  if (isKept) kept.push(text.slice(from));
  return kept.join('');
}

/** Where the lines begin that are marks. Few lines have a `#`, and looking for that alone is fast. */
function* marks(text: string): Generator<{ readonly at: number; readonly word: string }, void, undefined> {
  for (let hash = text.indexOf('#'); hash >= 0; ) {
    let at = hash;
    while (at > 0 && hash - at < 3 && text[at - 1] === ' ') at--;
    mark.lastIndex = hash;
    const found = at === 0 || text[at - 1] === '\n' ? mark.exec(text) : null;
    if (found !== null) yield { at, word: (found[1] ?? '').toLowerCase() };
    const end = text.indexOf('\n', hash);
    hash = end < 0 ? -1 : text.indexOf('#', end);
  }
}

function plain(title: string): string {
  return title.replace(/\\/g, '').replace(/[*`]/g, '');
}
