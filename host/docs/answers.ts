/**
 * What the docs say to a question: of a hover, a search, or whoever wants to read a page.
 *
 * In: a question, and the pages of all folders. Out: Markdown or a list. A page is read from its file when it is shown;
 * where the file is not as the index has it, the source hears of that, and the answer goes without the page.
 */
import { join } from 'node:path';
import { unreachable } from '../../base/assert.ts';
import { pageAddress } from '../../catalog/docs/addresses.ts';
import { decodePage } from '../../catalog/docs/decode.ts';
import { hoverMarkdown, pageMarkdown } from '../../catalog/docs/page-markdown.ts';
import { snippet, tellsAll } from '../../catalog/docs/search/snippet.ts';
import type { DocsDisk } from './disk.ts';
import type { Library } from './library.ts';
import type { Answers, HoverQuestion, Question, SearchAnswer } from './messages.ts';

export interface AnswerSource {
  readonly disk: DocsDisk;
  readonly library: Library;
  readonly isIndexing: () => boolean;
  /** The index is older than the folder. */
  readonly foundStale: () => void;
  /** Words of a folder are lost, which a search would have looked at. */
  readonly foundLost: () => void;
}

/** Pages of a list whose text is read for it: as many as are seen without scrolling, and some more. */
const snippetsMax = 20;

export function answerTo(question: Question, source: AnswerSource): Answers[keyof Answers] {
  switch (question.kind) {
    case 'hover':
      return hover(question, source);
    case 'search':
      return search(question, source);
    case 'page':
      return page(question.path, source);
    default:
      return unreachable(question);
  }
}

function hover({ names, uid, member, hasFacts }: HoverQuestion, { library, foundStale }: AnswerSource): string {
  for (const name of names) {
    for (const entry of library.about(name, uid)) {
      const reading = library.read(entry);
      if (reading.kind === 'gone' || !reading.page.names.includes(name)) {
        foundStale();
        continue;
      }
      const text = hoverMarkdown(reading.page, { hasFacts, ...(member === undefined ? {} : { member }) });
      if (text !== '') return text;
    }
  }
  return '';
}

function search(
  { query, limit }: Extract<Question, { readonly kind: 'search' }>,
  { disk, library, isIndexing, foundLost }: AnswerSource,
): SearchAnswer {
  let hasLost = false;
  const found = library.search(query, limit, () => {
    hasLost = true;
  });
  if (hasLost) foundLost();
  let snippets = 0;
  const items = found.map(({ entry, name, isByWords }) => {
    const path = join(entry.folder, entry.path);
    const { title, summary, kind, header, uid } = entry;
    const isTold = !isByWords || tellsAll(`${entry.names.join(' ')} ${title} ${summary}`, query);
    const wantsSnippet = !isTold && snippets++ < snippetsMax;
    return {
      name,
      title,
      summary,
      snippet: wantsSnippet ? snippetOf(disk, path, query) : '',
      kind,
      header,
      path,
      address: pageAddress(path, uid === '' ? undefined : uid),
    };
  });
  return { items, pages: library.size(), isIndexing: isIndexing() };
}

function snippetOf(disk: DocsDisk, path: string, query: string): string {
  try {
    return snippet(decodePage(disk.read(path), []), query);
  } catch {
    // The page is gone; whoever opens it hears of it.
    return '';
  }
}

function page(path: string, { library, foundStale }: AnswerSource): string | undefined {
  const entry = library.at(path);
  const reading = entry === undefined ? undefined : library.read(entry);
  if (reading?.kind === 'page') return pageMarkdown(reading.page);
  if (reading !== undefined) foundStale();
  return undefined;
}
