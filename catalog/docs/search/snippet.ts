/**
 * The piece of a page that shows why a search found it.
 *
 * In: a page's text and a query. Out: up to some hundred and fifty characters around the words of the query, without
 * markup, from the line that has most of them; '' where no line has one. The text is the user's own page, read when it is
 * shown; nothing of it is kept.
 */
import { inlineMarkdown, plainText } from '../prose/inline.ts';
import { isCommonWord } from './vocabulary.ts';
import { eachWord, queryWords } from './words.ts';

const charactersMax = 150;
/** As much before the first word of the query. */
const before = 50;

export function snippet(page: string, query: string): string {
  const wanted = queryWords(query).filter((word) => !isCommonWord(word));
  if (wanted.length === 0) return '';
  let best = { text: '', count: 0 };
  const front = /^---\r?\n[\s\S]*?\n---/.exec(page)?.[0].length ?? 0;
  for (const line of page.slice(front).split('\n')) {
    if (line.length < 4) continue;
    const count = wordsIn(line, wanted);
    // Prose before a heading that has the same words.
    if (count > best.count || (count === best.count && count > 0 && best.text.startsWith('#')))
      best = { text: line, count };
    if (best.count === wanted.length && !best.text.startsWith('#')) break;
  }
  const text = plainText(inlineMarkdown(best.text.replace(/^[\s#>*|-]+/, '').slice(0, 4_000)))
    .replace(/\s*\|\s*/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return cutAround(text, wanted);
}

/** Whether a text, such as a line of a list, has all words of a query, so that no piece of the page has to tell of them. */
export function tellsAll(text: string, query: string): boolean {
  const wanted = queryWords(query).filter((word) => !isCommonWord(word));
  return wordsIn(text, wanted) === wanted.length;
}

/** How many of the words stand there, or begin a word there. */
function wordsIn(text: string, wanted: readonly string[]): number {
  const found = new Set<string>();
  eachWord(text, (bytes, length) => {
    for (const word of wanted) if (word.length <= length && startsWith(bytes, word)) found.add(word);
  });
  return found.size;
}

function startsWith(bytes: Uint8Array, word: string): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[i] !== word.charCodeAt(i)) return false;
  return true;
}

function cutAround(text: string, wanted: readonly string[]): string {
  if (text.length <= charactersMax) return text;
  const lower = text.toLowerCase();
  // "Entry" may stand there as "entries".
  const places = wanted.map((word) => lower.indexOf(word.replace(/y$/, ''))).filter((at) => at >= 0);
  const first = places.length === 0 ? 0 : Math.min(...places) - before;
  const start = first <= 0 ? 0 : text.indexOf(' ', first) + 1;
  const piece = text.slice(start, start + charactersMax);
  const isEnd = start + charactersMax >= text.length;
  const end = isEnd ? piece.length : Math.max(piece.lastIndexOf(' '), 1);
  return `${start > 0 ? '… ' : ''}${piece.slice(0, end)}${isEnd ? '' : ' …'}`;
}
