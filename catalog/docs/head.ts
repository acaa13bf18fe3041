/**
 * What an index keeps of a page, without reading all of it.
 *
 * In: a path (only a label) and the file's bytes or text. Out: its names, kind, title, UID, header and one sentence:
 * the same that `readDocPage` gives, by the same code, on a shorter text. What tells the names of a reference page
 * stands in its front matter, its title, its description and its signature, so that parameters, members and remarks,
 * which are most of the text, are left out before reading. Pages whose names stand elsewhere (control requests, pages
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

/** A mark of the reference format: `## -remarks`, `### -param X`. */
const mark = /^ {0,3}#{1,9} {0,3}-\s?([a-zA-Z.]+)/gm;

/** Sections that names and kind are told from. */
const telling: ReadonlySet<string> = new Set(['description', 'syntax', 'prototype']);

function shortened(text: string): string {
  const front = text.slice(0, 6_000);
  if (/^UID\s*:/m.test(front)) return withoutSections(text);
  // A guide tells its name in its title; a page about one identifier may tell more names in any section.
  const title = /^# +(.*?)\s*$/m.exec(text);
  if (title === null || isIdentifier(bareTitle(plain(title[1] ?? ''))) || isControlPage(text)) return text;
  if (!/^(?:title|ms\.topic|description)\s*:/m.test(front) || text.search(mark) >= 0) return text;
  const end = /^#{1,6} /m.exec(text.slice(title.index + 2));
  return end === null ? text : text.slice(0, title.index + 2 + end.index);
}

function withoutSections(text: string): string {
  const kept: string[] = [];
  let from = 0;
  let isKept = true;
  for (const match of text.matchAll(mark)) {
    if (isKept) kept.push(text.slice(from, match.index));
    from = match.index;
    isKept = telling.has((match[1] ?? '').toLowerCase());
  }
  if (isKept) kept.push(text.slice(from));
  return kept.join('');
}

function plain(title: string): string {
  return title.replace(/\\/g, '').replace(/[*`]/g, '');
}
