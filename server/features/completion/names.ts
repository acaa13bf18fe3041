/** Names that can be written at a place, from near to far: locals, the driver's own, the catalog's, the headers'. */
import { memo } from '../../../base/memo.ts';
import type { Catalog } from '../../../catalog/catalog.ts';
import { declaringHeaders, headerToInclude } from '../../../catalog/declaring-headers.ts';
import type { ApiFacts, ApiKind } from '../../../catalog/model.ts';
import type { CSymbol, VariableSymbol } from '../../../cfront/parse/ast.ts';
import { unreadKind } from '../../../cfront/parse/sharing/deferred-part.ts';
import { place } from '../../../cfront/tokenize/token.ts';
import { declarationText } from '../../../cfront/types/text.ts';
import type { MacroDefinition, TranslationUnit } from '../../../cfront/unit.ts';
import type { Analysis } from '../analysis.ts';
import { isMadeUp } from '../cplusplus/made-up-names.ts';
import { isPrelude } from '../cplusplus/parse.ts';
import { localsAt } from '../places/scope.ts';
import { commonNames } from './common-names.ts';
import { type Edit, includeEdits } from './include-edit.ts';
import { type CompletionItem, ofFacts, ranks, symbolDetail } from './item.ts';
import { wordsInUse } from './likely.ts';
import { type Givers, type NameText, namesWith, nameText, origins, search } from './name-list.ts';
import { type Shortlist, wordMin } from './shortlist.ts';

/**
 * There are ten thousand names, so that only those become items in which the word stands, and which the list has room
 * for; names of headers are looked up for a word only.
 */
export function nameItems(
  analysis: Analysis,
  { offset, wordStart }: { readonly offset: number; readonly wordStart: number },
  list: Shortlist,
): readonly CompletionItem[] {
  return [
    ...localItems(analysis, { offset, wordStart }, list),
    ...itemsOf(analysis, wordsInUse(analysis.unit.file.text, list.word, wordStart), ranks.inUse, list),
    ...itemsOf(analysis, commonWith(list.word), ranks.common, list),
    ...tableItems(analysis, fileScope, list),
    ...tableItems(analysis, macros, list),
    ...(list.word === '' ? [] : catalogItems(analysis, list)),
  ];
}

function localItems(
  analysis: Analysis,
  { offset, wordStart }: { readonly offset: number; readonly wordStart: number },
  list: Shortlist,
): readonly CompletionItem[] {
  // Half a word behind a type is read as a declaration.
  const isTyped = ({ declarations: [one] }: VariableSymbol): boolean =>
    one?.kind === 'variable-declaration' && place(one.nameToken).start === wordStart;
  return localsAt(analysis, offset).flatMap((symbol) =>
    !isTyped(symbol) && list.takes(symbol.name, ranks.local)
      ? [
          {
            label: symbol.name,
            kind: 'variable',
            detail: declarationText(symbol.type, symbol.name),
            rank: ranks.local,
          },
        ]
      : [],
  );
}

/** Names of symbols and macros in the order in which they shall be offered; words that are neither are passed over. */
function itemsOf(
  analysis: Analysis,
  names: readonly string[],
  firstRank: number,
  list: Shortlist,
): readonly CompletionItem[] {
  return names.slice(0, ranks.perOrder).flatMap((name, i) => {
    // The room of a list is counted for all of them together.
    const candidate = { name, rank: firstRank };
    const item = symbolItem(analysis, candidate, list) ?? macroItem(analysis, candidate, list);
    return item === undefined ? [] : [{ ...item, rank: firstRank + i }];
  });
}

function commonWith(word: string): readonly string[] {
  return word === '' ? [] : commonNames.filter((name) => name.toLowerCase().startsWith(word));
}

/** A table of names that a unit has, whose they are, and what each becomes in a list. */
interface NameTable<V> {
  readonly of: (unit: TranslationUnit) => ReadonlyMap<string, V>;
  readonly isOwn: (value: V, unit: TranslationUnit) => boolean;
  readonly item: (analysis: Analysis, candidate: Candidate, list: Shortlist) => CompletionItem | undefined;
}

const fileScope: NameTable<CSymbol> = {
  of: ({ symbols }) => symbols,
  isOwn: ({ declarations }, unit) => {
    const file = declarations[0]?.first.file;
    return file !== undefined && (!unit.isSystemFile(file) || isPrelude(file));
  },
  item: symbolItem,
};

const macros: NameTable<MacroDefinition> = {
  of: (unit) => unit.macros,
  isOwn: ({ span }, unit) => span !== undefined && !unit.isSystemFile(span.file),
  item: macroItem,
};

interface Candidate {
  readonly name: string;
  readonly rank: number;
}

/** Names that fit the word, from the driver's own to those of which there are most, while the list has room. */
function tableItems<V>(
  analysis: Analysis,
  { of, isOwn, item }: NameTable<V>,
  list: Shortlist,
): readonly CompletionItem[] {
  const { unit, catalog } = analysis;
  const givers: Givers<V> = {
    isOwn: (value) => isOwn(value, unit),
    isOfCatalog: (name) => factsOf(catalog, name) !== undefined,
  };
  const needle = list.word.length < wordMin ? `\n${list.word}` : list.word;
  const items: CompletionItem[] = [];
  for (const origin of list.word === '' ? (['own'] as const) : origins) {
    const rank = ranks[origin];
    for (const name of namesWith(of(unit), origin, needle, givers)) {
      if (!list.hasRoom(rank)) break;
      const found = item(analysis, { name, rank }, list);
      if (found !== undefined) items.push(found);
    }
  }
  return items;
}

/** An API's name brings its facts. */
function symbolItem(
  { unit, catalog }: Analysis,
  { name, rank }: Candidate,
  list: Shortlist,
): CompletionItem | undefined {
  if (isMadeUp(name) || !unit.symbols.has(name)) return undefined;
  /* A declaration that nobody has asked for is not read for the sake of a list. */
  const unread = unreadKind(unit.symbols, name);
  const symbol = unread === undefined ? unit.symbols.get(name) : undefined;
  if (unread === undefined && symbol?.declarations[0] === undefined) return undefined;
  if (!list.takes(name, rank)) return undefined;
  return {
    label: name,
    kind: kinds[unread ?? symbol?.kind ?? 'typedef'],
    ...(unread === undefined ? { detail: symbolDetail(unit, name) ?? '' } : { detail: '', declared: name }),
    rank,
    ...(symbol?.kind === 'function' ? { api: { name } } : {}),
    ...ofFacts(factsOf(catalog, name)),
  };
}

function factsOf(catalog: Catalog, name: string): ApiFacts | undefined {
  return catalog.byName(name)[0] ?? catalog.byTypeName(name);
}

const kinds: Readonly<Record<CSymbol['kind'], CompletionItem['kind']>> = {
  function: 'function',
  typedef: 'type',
  variable: 'variable',
  'enum-constant': 'constant',
};

function macroItem(
  { unit, catalog }: Analysis,
  { name, rank }: Candidate,
  list: Shortlist,
): CompletionItem | undefined {
  const macro = unit.macros.get(name);
  if (macro === undefined || !list.takes(name, rank)) return undefined;
  const { parameters } = macro;
  return {
    label: name,
    kind: parameters === undefined ? 'constant' : 'macro',
    detail: parameters === undefined ? 'macro' : `macro (${parameters.join(', ')})`,
    rank,
    ...ofFacts(factsOf(catalog, name)),
  };
}

const apiKinds: Readonly<Record<ApiKind, CompletionItem['kind']>> = {
  function: 'function',
  'table-function': 'method',
  callback: 'type',
  structure: 'type',
  enumeration: 'type',
  macro: 'macro',
  constant: 'constant',
  'socket-option': 'constant',
  'socket-ioctl': 'constant',
  'client-control': 'constant',
  ioctl: 'constant',
};

/**
 * Names of headers that the file does not include yet, with the `#include`: those that the catalog knows, then what
 * else the headers declare. Functions of tables come as members only.
 */
function catalogItems(analysis: Analysis, list: Shortlist): readonly CompletionItem[] {
  const { unit, catalog } = analysis;
  const editsFor = includeEditsOnce(analysis);
  const items: CompletionItem[] = [];
  for (const { label, facts, header } of catalogNames(catalog, list.word)) {
    const rank = ranks.header + (facts === undefined ? 600 : 500);
    if (!list.hasRoom(rank)) break;
    if (unit.symbols.has(label) || unit.macros.has(label) || !list.takes(label, rank)) continue;
    items.push({
      label,
      kind: facts === undefined ? 'type' : apiKinds[facts.kind],
      detail: `from ${header}`,
      rank,
      ...ofFacts(facts),
      edits: editsFor(header),
    });
  }
  return items;
}

interface HeaderName {
  readonly label: string;
  readonly header: string;
  readonly facts: ApiFacts | undefined;
}

/** Everything that bundled headers declare. */
interface HeaderNames {
  readonly byName: ReadonlyMap<string, HeaderName>;
  readonly withFacts: NameText;
  readonly others: NameText;
}

/** Of what has no facts only the beginning counts: there is much of it. */
function* catalogNames(catalog: Catalog, word: string): Iterable<HeaderName> {
  const { byName, withFacts, others } = namesOf(catalog);
  const texts = [[withFacts, word] as const, ...(word.length >= wordMin ? [[others, `\n${word}`] as const] : [])];
  for (const [text, needle] of texts) {
    for (const name of search(text, needle)) {
      const found = byName.get(name);
      if (found !== undefined) yield found;
    }
  }
}

/** Read once, because there are ten thousand names. */
const namesOf = memo((catalog: Catalog): HeaderNames => {
  const byName = new Map<string, HeaderName>();
  const add = (label: string, header: string, facts: ApiFacts | undefined): void => {
    if (!byName.has(label)) byName.set(label, { label, header, facts });
  };
  for (const facts of catalog.facts) {
    if (facts.kind === 'table-function') continue;
    const label = facts.kind === 'callback' ? (facts.typeName ?? facts.name) : facts.name;
    add(label, declaringHeaders(catalog).get(label) ?? headerToInclude(facts.header), facts);
  }
  for (const [header, list] of Object.entries(catalog.declared ?? {})) {
    for (const label of list.split(' ')) add(label, header, undefined);
  }
  const textOf = (names: readonly HeaderName[]): NameText => nameText(names.map(({ label }) => label));
  const names = [...byName.values()];
  const withFacts = textOf(names.filter(({ facts }) => facts !== undefined));
  return { byName, withFacts, others: textOf(names.filter(({ facts }) => facts === undefined)) };
});

function includeEditsOnce(analysis: Analysis): (header: string) => readonly Edit[] {
  const known = new Map<string, readonly Edit[]>();
  return (header) => {
    const edits = known.get(header) ?? includeEdits(analysis, [header]);
    known.set(header, edits);
    return edits;
  };
}
