/**
 * Inside `<` or `"` of an `#include`: what the folders of the include path hold, and bundled headers, each with the `>`
 * or `"` that is missing behind it.
 */
import type { Span } from '../../../base/source.ts';
import type { Analysis } from '../analysis.ts';
import { type CompletionItem, ranks } from './item.ts';

export interface HeaderPlace {
  /** What is written in front of the last `/`: '' or `sys/`. */
  readonly folder: string;
  /** `"…"`, for which the folder of the file itself comes first. */
  readonly isQuoted: boolean;
}

export interface FoundHeader {
  /** A folder's ends in `/`. */
  readonly name: string;
  /** Where it was found. */
  readonly from: string;
}

/** What the folders hold in which `#include` looks. */
export type FindHeaders = (place: HeaderPlace) => readonly FoundHeader[];

type Header = Pick<CompletionItem, 'label' | 'detail' | 'rank'>;

/** `span`: behind the word `include`, to the end of its line. */
export function headerItems(
  { catalog, unit }: Analysis,
  { span, offset }: { readonly span: Span; readonly offset: number },
  find: FindHeaders | undefined,
): readonly CompletionItem[] {
  const { text } = unit.file;
  const written = /^\s*([<"])((?:[^>"]*[\\/])?)([^>"\\/]*)$/.exec(text.slice(span.start, offset));
  if (written === null) return [];
  const [, open, before = '', typed = ''] = written;
  const folder = before.replaceAll('\\', '/');
  const isQuoted = open === '"';
  const found = find?.({ folder, isQuoted }) ?? [];
  const own = found.map(({ name, from }, i) => ({
    label: name,
    detail: from,
    rank: (isQuoted ? 0 : ranks.header + 500) + i,
  }));
  const seen = new Set(found.map(({ name }) => name.toLowerCase()));
  const bundled = folder === '' ? bundledHeaders(catalog.headerNames, seen) : [];
  const end = isQuoted ? '"' : '>';
  const missing = text.slice(offset, span.end).includes(end) ? '' : end;
  return [...own, ...bundled].flatMap((header) => itemOf(header, typed, missing) ?? []);
}

function bundledHeaders(names: readonly string[], seen: ReadonlySet<string>): readonly Header[] {
  const usual = ['ntddk.h', 'wdm.h', 'wsk.h', 'd4drvif.h'];
  return names
    .filter((name) => (!/_|^sal\.h$|^wdf\w+\.h$/.test(name) || usual.includes(name)) && !seen.has(name.toLowerCase()))
    .map((name) => ({
      label: name,
      detail: 'bundled header',
      rank: usual.includes(name) ? ranks.local + usual.indexOf(name) : ranks.header,
    }));
}

/** An editor replaces the word at the cursor, and `ntddk.` is a word and what is no word: only the rest is inserted. */
function itemOf(header: Header, typed: string, missing: string): CompletionItem | undefined {
  const { label } = header;
  const stem = typed.replace(/\w*$/, '');
  if (!label.toLowerCase().startsWith(stem.toLowerCase())) return undefined;
  const rest = label.slice(stem.length);
  // What a placeholder could be made of is left as it is, and behind a folder more follows.
  const end = /[/\\$}]/.test(label) ? '' : missing;
  return {
    ...header,
    kind: 'header',
    ...(stem === '' ? {} : { filterText: rest }),
    ...(stem === '' && end === '' ? {} : { insert: rest + end }),
  };
}
