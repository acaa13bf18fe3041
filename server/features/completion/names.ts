/** Names that can be written at a place, from near to far: locals, the driver's own, the catalog's, the headers'. */
import { memo } from '../../../base/memo.ts';
import type { Catalog } from '../../../catalog/catalog.ts';
import { declaringHeaders, headerToInclude } from '../../../catalog/declaring-headers.ts';
import type { ApiFacts, ApiKind } from '../../../catalog/model.ts';
import type { CSymbol } from '../../../cfront/parse/ast.ts';
import { unreadKind } from '../../../cfront/parse/sharing/deferred-part.ts';
import { declarationText } from '../../../cfront/types/text.ts';
import type { MacroDefinition } from '../../../cfront/unit.ts';
import type { Analysis } from '../analysis.ts';
import { isMadeUp } from '../cplusplus/made-up-names.ts';
import { isPrelude } from '../cplusplus/parse.ts';
import { localsAt } from '../places/scope.ts';
import { type Edit, includeEdits } from './include-edit.ts';
import { type CompletionItem, ofFacts, ranks, symbolDetail } from './item.ts';
import { type NameText, namesWith, nameText, search, type WantedNames } from './name-list.ts';

/**
 * `word` is what is typed of the name, in lower case. There are ten thousand names, so that only those become items in
 * which it stands; names of headers are looked up for a word only.
 */
export function nameItems(analysis: Analysis, offset: number, word: string): readonly CompletionItem[] {
  const wanted = wantedNames(word);
  return [
    ...localItems(analysis, offset),
    ...symbolItems(analysis, wanted),
    ...macroItems(analysis, wanted),
    ...(word === '' ? [] : catalogItems(analysis, word)),
  ];
}

/** Words shorter than this stand for a beginning; headers are looked through for longer ones only. */
const wordMin = 3;

function wantedNames(word: string): WantedNames {
  return { word, isBeginning: word.length < wordMin, headers: word !== '' };
}

function localItems(analysis: Analysis, offset: number): readonly CompletionItem[] {
  return localsAt(analysis, offset).map((symbol) => ({
    label: symbol.name,
    kind: 'variable',
    detail: declarationText(symbol.type, symbol.name),
    rank: ranks.local,
  }));
}

/** What is declared at file scope. An API's name brings its facts. */
function symbolItems({ unit, catalog }: Analysis, wanted: WantedNames): readonly CompletionItem[] {
  const items: CompletionItem[] = [];
  const isOwnSymbol = ({ declarations }: CSymbol): boolean => {
    const file = declarations[0]?.first.file;
    return file !== undefined && (!unit.isSystemFile(file) || isPrelude(file));
  };
  for (const name of namesWith(unit.symbols, wanted, isOwnSymbol)) {
    if (isMadeUp(name)) continue;
    /* A declaration that nobody has asked for is not read for the sake of a list. */
    const unread = unreadKind(unit.symbols, name);
    const symbol = unread === undefined ? unit.symbols.get(name) : undefined;
    if (unread === undefined && symbol?.declarations[0] === undefined) continue;
    const isOwn = symbol !== undefined && isOwnSymbol(symbol);
    if (!isOwn && !wanted.headers) continue;
    const kind = unread ?? symbol?.kind ?? 'typedef';
    const facts = catalog.byName(name)[0] ?? (kind === 'typedef' ? catalog.byTypeName(name) : undefined);
    items.push({
      label: name,
      kind: kinds[kind],
      ...(unread === undefined ? { detail: symbolDetail(unit, name) ?? '' } : { detail: '', declared: name }),
      rank: isOwn ? ranks.own : facts === undefined ? ranks.header : ranks.catalog,
      ...ofFacts(facts),
    });
  }
  return items;
}

const kinds: Readonly<Record<CSymbol['kind'], CompletionItem['kind']>> = {
  function: 'function',
  typedef: 'type',
  variable: 'variable',
  'enum-constant': 'constant',
};

function macroItems({ unit, catalog }: Analysis, wanted: WantedNames): readonly CompletionItem[] {
  const items: CompletionItem[] = [];
  const isOwnMacro = ({ span }: MacroDefinition): boolean => span !== undefined && !unit.isSystemFile(span.file);
  for (const name of namesWith(unit.macros, wanted, isOwnMacro)) {
    const macro = unit.macros.get(name);
    if (macro === undefined) continue;
    const { parameters } = macro;
    const isOwn = isOwnMacro(macro);
    if (!isOwn && !wanted.headers) continue;
    const facts = catalog.byName(name)[0];
    items.push({
      label: name,
      kind: parameters === undefined ? 'constant' : 'macro',
      detail: parameters === undefined ? 'macro' : `macro (${parameters.join(', ')})`,
      rank: isOwn ? ranks.own : facts === undefined ? ranks.header : ranks.catalog,
      ...ofFacts(facts),
    });
  }
  return items;
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
function catalogItems(analysis: Analysis, word: string): readonly CompletionItem[] {
  const { unit, catalog } = analysis;
  const editsFor = includeEditsOnce(analysis);
  const items: CompletionItem[] = [];
  for (const { label, facts, header } of catalogNames(catalog, word)) {
    if (unit.symbols.has(label) || unit.macros.has(label)) continue;
    items.push({
      label,
      kind: facts === undefined ? 'type' : apiKinds[facts.kind],
      detail: `from ${header}`,
      rank: ranks.header + (facts === undefined ? 600 : 500),
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
function catalogNames(catalog: Catalog, word: string): readonly HeaderName[] {
  const { byName, withFacts, others } = namesOf(catalog);
  const found = new Set<string>();
  search(withFacts, word, found);
  if (word.length >= wordMin) search(others, `\n${word}`, found);
  return [...found].flatMap((name) => byName.get(name) ?? []);
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
  const textOf = (has: boolean): NameText =>
    nameText([...byName.values()].flatMap(({ label, facts }) => ((facts !== undefined) === has ? [label] : [])));
  return { byName, withFacts: textOf(true), others: textOf(false) };
});

function includeEditsOnce(analysis: Analysis): (header: string) => readonly Edit[] {
  const known = new Map<string, readonly Edit[]>();
  return (header) => {
    const edits = known.get(header) ?? includeEdits(analysis, [header]);
    known.set(header, edits);
    return edits;
  };
}
