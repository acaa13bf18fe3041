/**
 * The words of a text, as search compares them.
 *
 * In: text. Out: each word as lower-case bytes without its English ending, so that "completes", "completed" and
 * "completing" are one word; what has a digit or an underscore is an identifier and stays as it is. Front matter, HTML
 * tags, entities and the targets of links are no words. One pass over the text that makes no string; whoever keeps a
 * word copies its bytes before the next one comes.
 */

/** Longer words are cut: identifiers end well before. */
const lettersMax = 48;

/** Receives a word's bytes: the first `length` ones of `bytes`. `isHeading` says that it stands in a heading. */
export type WordVisitor = (bytes: Uint8Array, length: number, isHeading: boolean) => void;

/** For each byte of ASCII: what it is within a word, lower case; 0 where it parts words. */
const letters = new Uint8Array(128);
for (const letter of 'abcdefghijklmnopqrstuvwxyz0123456789_') {
  letters[letter.charCodeAt(0)] = letter.charCodeAt(0);
  letters[letter.toUpperCase().charCodeAt(0)] = letter.charCodeAt(0);
}

const scratch = new Uint8Array(lettersMax);

/** The words of a whole page, Markdown and HTML. */
export function eachWord(page: string, visit: WordVisitor): void {
  let at = bodyStart(page);
  let isHeading = page.charCodeAt(at) === 35;
  if (isHeading) at = afterMark(page, at);
  while (at < page.length) {
    const code = page.charCodeAt(at);
    if (code < 128 && letters[code] !== 0) {
      at = readWord(page, at, isHeading, visit);
      continue;
    }
    switch (code) {
      case 10: // A new line: a heading where it begins with `#`.
        at++;
        isHeading = page.charCodeAt(at) === 35;
        if (isHeading) at = afterMark(page, at);
        continue;
      case 60: // <
        at = afterTag(page, at);
        continue;
      case 38: // &
        at = afterEntity(page, at);
        continue;
      case 93: // ]
        at = page.charCodeAt(at + 1) === 40 ? afterTarget(page, at + 2) : at + 1;
        continue;
      default:
        at++;
    }
  }
}

/** The words of a line without markup. With `parts`, an identifier's parts are words too: Wsk, Close and Socket. */
export function eachPlainWord(
  line: string,
  visit: WordVisitor,
  { parts: wantsParts = false }: { readonly parts?: boolean } = {},
): void {
  for (let at = 0; at < line.length; ) {
    const code = line.charCodeAt(at);
    if (code < 128 && letters[code] !== 0) at = readWord(line, at, true, visit);
    else at++;
  }
  if (!wantsParts) return;
  for (const word of line.match(/\w+/g) ?? []) {
    const parts = word.match(/[A-Z]+(?![a-z])|[A-Z][a-z]+|[a-z]+/g) ?? [];
    if (parts.length > 1) for (const part of parts) readWord(part, 0, true, visit);
  }
}

/** The words of a query, as strings, each once. */
export function queryWords(query: string): readonly string[] {
  const words = new Set<string>();
  eachPlainWord(query, (bytes, length) => words.add(String.fromCharCode(...bytes.subarray(0, length))));
  return [...words];
}

/** Reads the word that begins at `at`; gives the place behind it. */
function readWord(text: string, at: number, isHeading: boolean, visit: WordVisitor): number {
  let length = 0;
  let isPlain = true;
  let end = at;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    const letter = code < 128 ? (letters[code] ?? 0) : 0;
    if (letter === 0) break;
    if (letter < 97) isPlain = false;
    if (length < lettersMax) scratch[length++] = letter;
  }
  const first = scratch[0] ?? 0;
  // A number is looked for by nobody; a single letter neither.
  if (length < 2 || (first >= 48 && first <= 57)) return end;
  if (isPlain) length = stemLength(length);
  visit(scratch, length, isHeading);
  return end;
}

/** How many bytes of the word in `scratch` are left without plural, -ed, -ing, a last e and a doubled consonant. */
function stemLength(length: number): number {
  let n = length;
  let last = scratch[n - 1];
  if (last === s && n > 3 && !keepsPlural[scratch[n - 2] ?? 0]) {
    last = scratch[--n - 1];
    if (n > 3 && last === e && scratch[n - 2] === i) {
      scratch[n - 2] = y;
      return n - 1;
    }
  }
  if (last === g && n > 5 && scratch[n - 2] === letterN && scratch[n - 3] === i && hasVowel(n - 3)) n -= 3;
  else if (last === d && n > 4 && scratch[n - 2] === e && hasVowel(n - 2)) n -= 2;
  if (n > 3 && scratch[n - 1] === e) n--;
  if (n > 3 && scratch[n - 1] === scratch[n - 2] && vowels[scratch[n - 1] ?? 0] === 0) n--;
  return n;
}

const [d, e, g, i, letterN, s, y] = [100, 101, 103, 105, 110, 115, 121];
const vowels = tableOf('aeiouy');
/** "Address", "status" and "basis" are no plurals. */
const keepsPlural = tableOf('sui');

function tableOf(list: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const letter of list) table[letter.charCodeAt(0)] = 1;
  return table;
}

function hasVowel(length: number): boolean {
  for (let at = 0; at < length; at++) if (vowels[scratch[at] ?? 0] !== 0) return true;
  return false;
}

/** Behind the front matter; 0 where there is none, or it has no end. */
function bodyStart(page: string): number {
  if (!page.startsWith('---')) return 0;
  const end = page.indexOf('\n---', 3);
  return end < 0 ? 0 : end + 4;
}

/** `## -remarks` and `### -param X`: the mark is the format's word, not the page's. */
function afterMark(page: string, from: number): number {
  let at = from;
  while (page.charCodeAt(at) === 35) at++;
  while (page.charCodeAt(at) === 32) at++;
  if (page.charCodeAt(at) !== 45) return at;
  at++;
  while ((letters[page.charCodeAt(at)] ?? 0) >= 97) at++;
  return at;
}

/** A tag ends on the page; `a < b` is none, and `<` that no `>` follows soon is none either. */
function afterTag(page: string, from: number): number {
  const next = page.charCodeAt(from + 1);
  if (next !== 47 && next !== 33 && (next >= 128 || (letters[next] ?? 0) < 97)) return from + 1;
  const end = page.indexOf('>', from);
  return end < 0 || end - from > 1_000 ? from + 1 : end + 1;
}

function afterEntity(page: string, from: number): number {
  let at = from + 1;
  while (at - from < 10 && (letters[page.charCodeAt(at)] ?? 0) !== 0) at++;
  return page.charCodeAt(at) === 59 ? at + 1 : from + 1;
}

function afterTarget(page: string, from: number): number {
  const end = page.indexOf(')', from);
  return end < 0 || end - from > 1_000 ? from : end + 1;
}
