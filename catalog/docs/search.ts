/**
 * Pages that fit what somebody types.
 *
 * In: a query and one-line records of pages. Out: the best of them, best first: a name as it is written, a name that
 * starts so, humps of a name (`wcs` or `WskClSo` for WskCloseSocket), a name that holds it, words of the title and of the
 * sentence below it. Every word of a query with several must be found. Equal ones stand by length, then by name, so that
 * the same query always gives the same list. A query costs one pass over the records.
 */
export interface SearchRecord {
  readonly names: readonly string[];
  readonly title: string;
  readonly summary: string;
}

export interface Found<R> {
  readonly record: R;
  /** The name by which it was found; the first one where it was found by words. */
  readonly name: string;
  readonly score: number;
}

const scores = {
  same: 1_000,
  sameButCase: 950,
  prefix: 800,
  humps: 600,
  inside: 450,
  titleWords: 300,
  summaryWords: 150,
} as const;

export function searchPages<R extends SearchRecord>(
  records: Iterable<R>,
  query: string,
  limit: number,
): readonly Found<R>[] {
  const text = query.trim().slice(0, 200);
  if (text === '') return [];
  const words = text
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter((word) => word !== '');
  const wanted: Wanted = { text, lower: text.toLowerCase(), words, isName: words.length === 1 };
  const found: Found<R>[] = [];
  for (const record of records) {
    const best = bestName(record, wanted);
    const score = Math.max(best.score, best.score > 0 ? 0 : wordScore(record, wanted));
    if (score > 0) found.push({ record, name: best.name, score });
  }
  found.sort(
    (a, b) =>
      b.score - a.score ||
      a.name.length - b.name.length ||
      compare(a.name, b.name) ||
      compare(a.record.title, b.record.title),
  );
  return found.slice(0, limit);
}

interface Wanted {
  readonly text: string;
  readonly lower: string;
  readonly words: readonly string[];
  readonly isName: boolean;
}

function bestName(record: SearchRecord, wanted: Wanted): { readonly name: string; readonly score: number } {
  let best = { name: record.names[0] ?? record.title, score: 0 };
  for (const name of record.names) {
    const score = nameScore(name, wanted);
    if (score > best.score) best = { name, score };
  }
  return best;
}

function nameScore(name: string, wanted: Wanted): number {
  if (name === wanted.text) return scores.same;
  const lower = name.toLowerCase();
  if (lower === wanted.lower) return scores.sameButCase;
  if (lower.startsWith(wanted.lower)) return scores.prefix;
  if (!wanted.isName) return 0;
  // A hump search starts at the name's first letter; most names are passed over by it.
  if (lower[/^_*/.exec(name)?.[0].length ?? 0] === wanted.lower[0] && fitsHumps(name, wanted.lower))
    return scores.humps;
  return wanted.lower.length > 2 && lower.includes(wanted.lower) ? scores.inside : 0;
}

/**
 * Whether the letters are beginnings of the name's humps, in order, the first hump among them: each letter goes on in
 * its hump or starts a later one. `PFN_WSK_SEND` and `KeSetEvent` have three humps each.
 */
export function fitsHumps(name: string, letters: string): boolean {
  const humps = name.match(/[A-Z]+(?![a-z])|[A-Z][a-z]*|[a-z]+|\d+/g) ?? [];
  if (letters.length < 2 || humps.length === 0 || humps[0]?.[0]?.toLowerCase() !== letters[0]) return false;
  return fits(
    humps.map((hump) => hump.toLowerCase()),
    0,
    letters,
    0,
  );
}

/** A name has few humps and a hump few letters, so that trying all ways ends soon. */
function fits(humps: readonly string[], hump: number, letters: string, at: number): boolean {
  if (at === letters.length) return true;
  for (let i = hump; i < humps.length; i++) {
    const text = humps[i] ?? '';
    let length = 0;
    while (length < text.length && letters[at + length] === text[length]) length++;
    for (; length > 0; length--) if (fits(humps, i + 1, letters, at + length)) return true;
    if (hump === 0) return false;
  }
  return false;
}

function wordScore({ title, summary, names }: SearchRecord, { words }: Wanted): number {
  const head = `${title} ${names.join(' ')}`.toLowerCase();
  if (words.every((word) => head.includes(word))) return scores.titleWords;
  const all = `${head} ${summary.toLowerCase()}`;
  return words.every((word) => all.includes(word)) ? scores.summaryWords : 0;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
