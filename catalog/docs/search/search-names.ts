/**
 * Pages that fit what somebody types of a name.
 *
 * In: the names of all pages, as bytes, and a query. Out: for each page that fits its best name and a score: the name as
 * it is written, one that starts so, humps of it (`wcs` or `WskClSo` for WskCloseSocket), one whose humps begin with each
 * of several words (`dot4 create socket`), one that holds it. A query costs one pass over the bytes; only a name whose
 * first letter fits the humps, or that holds the first word, becomes a string.
 */

/** Names of pages in UTF-8, each with a newline behind it, page after page. */
export interface NameList {
  readonly bytes: Uint8Array;
  /** Where the names of each page begin, and one more. */
  readonly starts: Uint32Array;
}

export interface NameHit {
  readonly page: number;
  /** Of the name, in the bytes. */
  readonly start: number;
  readonly end: number;
  readonly score: number;
}

const scores = { same: 1_000, sameButCase: 950, prefix: 800, humps: 600, words: 500, inside: 450 } as const;
const newline = 10;

export function searchNames({ bytes, starts }: NameList, query: string): readonly NameHit[] {
  const text = query.trim();
  const words = text.toLowerCase().split(/\s+/);
  const isName = words.length === 1;
  const wanted = encoded(text);
  const lower = wanted.map(lowerCase);
  const firstWord = encoded(words[0] ?? '');
  const first = lower[0];
  if (first === undefined) return [];
  const letters = text.toLowerCase();
  const hits: NameHit[] = [];
  for (let page = 0; page + 1 < starts.length; page++) {
    const pageEnd = starts[page + 1] ?? 0;
    let best: NameHit | undefined;
    for (let start = starts[page] ?? 0; start < pageEnd; ) {
      let end = start;
      let isInside = false;
      let hasFirst = false;
      for (; bytes[end] !== newline && end < pageEnd; end++) {
        if (isInside || lowerCase(bytes[end] ?? 0) !== first) continue;
        isInside = hasAt(bytes, end, lower);
        hasFirst ||= !isName && hasAt(bytes, end, firstWord);
      }
      const score = nameScore(start, end, isInside, hasFirst);
      const isBetter =
        score > (best?.score ?? 0) || (score > 0 && score === best?.score && end - start < best.end - best.start);
      if (isBetter) best = { page, start, end, score };
      start = end + 1;
    }
    if (best !== undefined) hits.push(best);
  }
  return hits;

  function nameScore(start: number, end: number, isInside: boolean, hasFirst: boolean): number {
    if (isInside && hasAt(bytes, start, lower)) {
      if (end - start > lower.length) return scores.prefix;
      return wanted.every((byte, i) => bytes[start + i] === byte) ? scores.same : scores.sameButCase;
    }
    if (!isName) return hasFirst && beginsHumps(asciiText(bytes, start, end), words) ? scores.words : 0;
    let begin = start;
    while (bytes[begin] === 95) begin++;
    if (lowerCase(bytes[begin] ?? 0) === first && fitsHumps(asciiText(bytes, start, end), letters)) return scores.humps;
    return isInside && lower.length > 2 ? scores.inside : 0;
  }
}

/** Whether each word begins a hump of the name, in whatever order. */
function beginsHumps(name: string, words: readonly string[]): boolean {
  const letters = name.toLowerCase();
  return words.every((word) => {
    for (let at = letters.indexOf(word); at >= 0; at = letters.indexOf(word, at + 1)) {
      const before = name.charAt(at - 1);
      if (at === 0 || !/[A-Za-z]/.test(before) || (/[a-z]/.test(before) && /[A-Z]/.test(name.charAt(at)))) return true;
    }
    return false;
  });
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

/** Whether the lower-case bytes stand here, in upper or lower case. A newline is in no query, so it ends at a name's. */
function hasAt(bytes: Uint8Array, at: number, lower: Uint8Array): boolean {
  for (let i = 0; i < lower.length; i++) if (lowerCase(bytes[at + i] ?? 0) !== lower[i]) return false;
  return true;
}

function lowerCase(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte;
}

/** Humps are ASCII's; anything else is a letter of none. */
function asciiText(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, Math.min(end, start + 200)));
}

export function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The web platform's encoder, which editor, Node and workers have; the pure folders' type library has not. */
declare class TextEncoder {
  encode(text: string): Uint8Array;
}
