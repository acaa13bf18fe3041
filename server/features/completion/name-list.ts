/**
 * The names of a unit's table in which a word stands. In: the table and the word. Out: names, each once.
 *
 * There are ten thousand names, nearly all of them those of bundled headers, which one reading shares with the next: each
 * part of a table is written into one text when it is first asked for, and searched as text from then on.
 */
import { partsOf } from '../../../cfront/layer-views.ts';
import { Deferred } from '../../../cfront/layers.ts';

export interface WantedNames {
  /** In lower case; '' for every name. */
  readonly word: string;
  /** Only names that begin with it. */
  readonly isBeginning: boolean;
  /** Also what bundled headers declare. */
  readonly headers: boolean;
}

export interface NameText {
  /** One a line, with a line break before the first. */
  readonly text: string;
  readonly lower: string;
}

interface NameList {
  readonly own: NameText;
  readonly headers: NameText;
}

const known = new WeakMap<ReadonlyMap<string, unknown>, NameList>();

/** `isOwn`: a value that no bundled header gives; for one part of a table it is always the same. */
export function namesWith<V>(
  table: ReadonlyMap<string, V>,
  { word, isBeginning, headers }: WantedNames,
  isOwn: (value: V) => boolean,
): Iterable<string> {
  const found = new Set<string>();
  for (const part of partsOf(table)) {
    let list = known.get(part);
    if (list === undefined) {
      list = nameList(part, table, isOwn);
      known.set(part, list);
    }
    const needle = isBeginning || word === '' ? `\n${word}` : word;
    search(list.own, needle, found);
    if (headers) search(list.headers, needle, found);
  }
  return found;
}

function nameList<V>(
  part: ReadonlyMap<string, unknown>,
  table: ReadonlyMap<string, V>,
  isOwn: (value: V) => boolean,
): NameList {
  const own: string[] = [];
  const headers: string[] = [];
  for (const [name, stored] of part) {
    /* Only what bundled headers declare is left unread. */
    const value = stored instanceof Deferred ? undefined : table.get(name);
    (value !== undefined && isOwn(value) ? own : headers).push(name);
  }
  return { own: nameText(own), headers: nameText(headers) };
}

export function nameText(names: readonly string[]): NameText {
  const text = names.map((name) => `\n${name}`).join('');
  // Only letters of names in C: others may become longer in lower case, and places in both texts must be the same.
  return { text, lower: text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) };
}

/** Adds the names with `needle` in them, which a line break in front makes a beginning. */
export function search({ text, lower }: NameText, needle: string, found: Set<string>): void {
  for (let at = lower.indexOf(needle); at >= 0; ) {
    const start = needle.startsWith('\n') ? at + 1 : lower.lastIndexOf('\n', at) + 1;
    const next = lower.indexOf('\n', start);
    const end = next < 0 ? lower.length : next;
    found.add(text.slice(start, end));
    at = lower.indexOf(needle, end);
  }
}
