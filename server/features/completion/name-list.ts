/**
 * The names of a unit's table in which a word stands. In: the table, the word, and who is to give the names. Out: names.
 *
 * There are ten thousand names, nearly all of them those of bundled headers, which one reading shares with the next: each
 * part of a table is written into one text when it is first asked for, and searched as text from then on.
 */
import { partsOf } from '../../../cfront/layer-views.ts';
import { Deferred } from '../../../cfront/layers.ts';

/** Who gives a name: the driver, a bundled header for an API that the catalog knows, or a bundled header. */
export type Origin = 'own' | 'catalog' | 'header';

export const origins: readonly Origin[] = ['own', 'catalog', 'header'];

/** Tells who gives a name of a table. For one part of a table both answers are always the same. */
export interface Givers<V> {
  isOwn(value: V): boolean;
  isOfCatalog(name: string): boolean;
}

export interface NameText {
  /** One a line, with a line break before the first. */
  readonly text: string;
  readonly lower: string;
}

type NameLists = Readonly<Record<Origin, NameText>>;

const known = new WeakMap<ReadonlyMap<string, unknown>, NameLists>();

/** A name may come twice, where a part hides it in another. `needle`: in lower case, behind a line break to begin a name. */
export function* namesWith<V>(
  table: ReadonlyMap<string, V>,
  origin: Origin,
  needle: string,
  givers: Givers<V>,
): Iterable<string> {
  for (const part of partsOf(table)) {
    let lists = known.get(part);
    if (lists === undefined) {
      lists = nameLists(part, table, givers);
      known.set(part, lists);
    }
    yield* search(lists[origin], needle);
  }
}

function nameLists<V>(
  part: ReadonlyMap<string, unknown>,
  table: ReadonlyMap<string, V>,
  { isOwn, isOfCatalog }: Givers<V>,
): NameLists {
  const names: Record<Origin, string[]> = { own: [], catalog: [], header: [] };
  for (const [name, stored] of part) {
    /* Only what bundled headers declare is left unread. */
    const value = stored instanceof Deferred ? undefined : table.get(name);
    const isTheirs = value === undefined || !isOwn(value);
    names[isTheirs ? (isOfCatalog(name) ? 'catalog' : 'header') : 'own'].push(name);
  }
  return { own: nameText(names.own), catalog: nameText(names.catalog), header: nameText(names.header) };
}

export function nameText(names: readonly string[]): NameText {
  const text = names.map((name) => `\n${name}`).join('');
  // Only letters of names in C: others may become longer in lower case, and places in both texts must be the same.
  return { text, lower: text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) };
}

/** The names in which `needle` stands, in their order. */
export function* search({ text, lower }: NameText, needle: string): Iterable<string> {
  for (let at = lower.indexOf(needle); at >= 0; ) {
    const start = needle.startsWith('\n') ? at + 1 : lower.lastIndexOf('\n', at) + 1;
    const next = lower.indexOf('\n', start);
    const end = next < 0 ? lower.length : next;
    yield text.slice(start, end);
    at = lower.indexOf(needle, end);
  }
}
