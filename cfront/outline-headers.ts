/**
 * Finds the declarations of bundled headers that may be left unread (outline.ts): the build's part of it.
 *
 * In: a file that includes the headers. Out: an outline for each header. The headers are read once as they are, and each
 * declaration is watched: what it declares, which names of the file it mentions, whether it changes what was declared
 * before. A second preprocessing tells which macros its text uses. What is in doubt is left out, and so is read in its
 * place.
 */
import type { SourceFile } from '../base/source.ts';
import { createHeaderCache } from './header-cache.ts';
import type { Outline, OutlinedPart } from './outline.ts';
import type { CSymbol, DeclarationNode } from './parse/ast.ts';
import type { Tag } from './parse/scopes.ts';
import { advance, atEnd, createParser, type Parser } from './parse/state.ts';
import { externalDeclaration, rules } from './parse/translation-unit.ts';
import { UnreadPart } from './preprocess/parts.ts';
import { preprocess } from './preprocess/preprocess.ts';
import { place, type Token } from './tokenize/token.ts';
import { tokenizePart } from './tokenize/tokenize.ts';
import type { IncludeRequest, IncludeResult } from './unit.ts';

type Include = (request: IncludeRequest) => IncludeResult;

/** Outlines by header. `include` finds headers without outlines. */
export function outlineHeaders(main: SourceFile, include: Include): ReadonlyMap<SourceFile, Outline> {
  const source = preprocess(main, { include });
  const watch = watchDeclarations(createParser(source, rules));
  const definitions = definitionsIn(source.files);
  const outlines = new Map<SourceFile, OutlinedPart[]>();
  for (const group of groups(watch.declarations)) {
    const file = group[0]?.file;
    const part = partOf(group, watch);
    if (file === undefined || part === undefined) continue;
    const parts = outlines.get(file) ?? [];
    outlines.set(file, parts);
    parts.push(part);
  }
  for (const parts of outlines.values()) parts.sort((a, b) => a.start - b.start);
  return withMacros(main, include, outlines, definitions);
}

/** One declaration at file scope that has been read. */
interface Watched {
  readonly index: number;
  readonly file: SourceFile | undefined;
  readonly start: number;
  readonly end: number;
  readonly words: ReadonlySet<string>;
  /** Nothing but what it declares and completes has come of it. */
  readonly isPlain: boolean;
  /** Tags of records. */
  readonly completes: readonly string[];
  readonly hasTree: boolean;
}

interface Watch {
  readonly declarations: readonly Watched[];
  /** Names that are declared again, or are changed by their uses. */
  readonly changed: ReadonlySet<string>;
  /** The number of the declaration that was the first to declare a name. */
  readonly names: ReadonlyMap<string, number>;
  readonly tags: ReadonlyMap<string, number>;
  readonly linked: ReadonlyMap<string, number>;
  /** Places in the order of the file's scope. */
  readonly nameOrder: ReadonlyMap<string, number>;
  readonly tagOrder: ReadonlyMap<string, number>;
  readonly kinds: ReadonlyMap<string, CSymbol['kind']>;
}

function watchDeclarations(p: Parser): Watch {
  const declarations: Watched[] = [];
  const [names, tags, linked] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()];
  const states = new Map<string, State>();
  const changed = new Set<string>();
  const sink: DeclarationNode[] = [];
  p.sink = sink;
  while (!atEnd(p)) {
    const [start, nodes, problems, pragmas] = [p.index, sink.length, p.problems.length, p.nextPragma];
    p.statementFirst = p.token;
    p.declarationIndex = start;
    externalDeclaration(p);
    if (p.index === start) advance(p);
    const index = declarations.length;
    const tokens = p.tokens.slice(start, p.index);
    const words = new Set(tokens.flatMap(({ kind, text }) => (kind === 'identifier' ? [text] : [])));
    let changes = false;
    const completes: string[] = [];
    for (const word of words) {
      if (p.file.names.has(word) && !names.has(word)) names.set(word, index);
      if (p.file.tags.has(word) && !tags.has(word)) tags.set(word, index);
      if (p.linked.has(word) && !linked.has(word)) linked.set(word, index);
      const tag = p.file.tags.get(word);
      const isComplete = tag?.kind === 'record' && tag.record.fields !== undefined;
      const now = { isComplete, symbol: stateOfSymbol(p.file.names.get(word)), tag: stateOfTag(tag) };
      const before = states.get(word);
      const isChanged = (a: readonly unknown[] = [], b: readonly unknown[]): boolean =>
        a.some((value, i) => value !== undefined && value !== b[i]);
      if (isChanged(before?.symbol, now.symbol)) {
        changed.add(word);
        changes = true;
      }
      if (before !== undefined && tag?.kind === 'record' && before.tag.length > 0 && !before.isComplete && isComplete)
        completes.push(word);
      else changes ||= isChanged(before?.tag, now.tag);
      states.set(word, now);
    }
    const isBehindPragma = p.pragmas.slice(pragmas, p.nextPragma).every((pragma) => pragma.index === p.index);
    const declared = sink.slice(nodes);
    declarations.push({
      index,
      ...rangeOf(tokens),
      words,
      completes,
      isPlain: !changes && p.problems.length === problems && isBehindPragma,
      hasTree: declared.some(
        (node) =>
          node.kind === 'function-definition' ||
          (node.kind === 'variable-declaration' && node.initializer !== undefined),
      ),
    });
  }
  const order = (map: ReadonlyMap<string, unknown>) => new Map([...map.keys()].map((name, i) => [name, i]));
  const kinds = new Map([...p.file.names].map(([name, { kind }]) => [name, kind]));
  const [nameOrder, tagOrder] = [order(p.file.names), order(p.file.tags)];
  return { declarations, changed, names, tags, linked, nameOrder, tagOrder, kinds };
}

/** All that a later declaration may change of a name and of a tag: empty for what is not there yet. */
interface State {
  readonly isComplete: boolean;
  readonly symbol: readonly unknown[];
  readonly tag: readonly unknown[];
}

function stateOfSymbol(symbol: CSymbol | undefined): readonly unknown[] {
  return symbol === undefined ? [] : [symbol, symbol.declarations.length, ...Object.values(symbol)];
}

function stateOfTag(tag: Tag | undefined): readonly unknown[] {
  if (tag === undefined) return [];
  const of = tag.kind === 'record' ? tag.record : tag.enumeration;
  return [tag, of.span, of.typedefName ?? 'unnamed', 'fields' in of ? (of.fields ?? 'open') : (of.constants ?? 'open')];
}

/** Where a person sees the tokens, in one file; its end is -1 where they stand in several. */
function rangeOf(tokens: readonly Token[]): Pick<Watched, 'file' | 'start' | 'end'> {
  const places = tokens.map(place);
  const file = places[0]?.file;
  const isOne = places.every((one) => one.file === file);
  const start = Math.min(...places.map((one) => one.start));
  return { file, start, end: isOne ? Math.max(...places.map((one) => one.end)) : -1 };
}

/** Declarations that one line begins or one macro call makes stand and fall together. */
function groups(declarations: readonly Watched[]): readonly (readonly Watched[])[] {
  const found: Watched[][] = [];
  for (const declaration of declarations) {
    const group = found[found.length - 1];
    const before = group?.[group.length - 1];
    if (group !== undefined && before?.file === declaration.file && !beginsLine(declaration)) group.push(declaration);
    else if (group !== undefined && before?.file === declaration.file && declaration.start < (before?.end ?? 0))
      group.push(declaration);
    else found.push([declaration]);
  }
  return found;
}

function beginsLine({ file, start }: Watched): boolean {
  const text = file?.text ?? '';
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  return start > 0 && /^[ \t]*$/.test(text.slice(lineStart, start));
}

function partOf(
  group: readonly Watched[],
  { names, tags, linked, changed, nameOrder, tagOrder, kinds }: Watch,
): OutlinedPart | undefined {
  const [first] = group;
  if (first?.file === undefined || !beginsLine(first)) return undefined;
  const last = group[group.length - 1]?.index ?? first.index;
  const start = first.start;
  const end = Math.max(...group.map((one) => one.end));
  const text = first.file.text.slice(start, end);
  if (!group.every((one) => one.isPlain && one.end >= 0 && one.start >= start)) return undefined;
  if (/\n[ \t]*#|\\[ \t]*\r?\n|\b(?:__pragma|_Pragma|_Static_assert|static_assert)\b/.test(text)) return undefined;
  const words = new Set(group.flatMap((one) => [...one.words]));
  const own = (found: ReadonlyMap<string, number>): readonly string[] =>
    [...words].filter((word) => (found.get(word) ?? -1) >= first.index && (found.get(word) ?? -1) <= last);
  const before = (found: ReadonlyMap<string, number>): readonly string[] =>
    [...words].filter((word) => (found.get(word) ?? first.index) < first.index);
  const ownNames = own(names);
  const ownLinked = own(linked).filter((name) => ownNames.includes(name)).length;
  // A name of its own that is linked and no name of the file stands in a block.
  if (own(linked).length !== ownLinked || (ownLinked > 0 && ownLinked < ownNames.length)) return undefined;
  // What is not declared yet here may be declared elsewhere: a header that comes first then gives it a meaning.
  if ([...words].some((word) => (names.get(word) ?? 0) > last)) return undefined;
  // A tree keeps the types that names have where it stands.
  const hasTree = group.some((one) => one.hasTree);
  if (hasTree && [...words].some((word) => changed.has(word))) return undefined;
  if (ownNames.length === 0 && own(tags).length === 0 && !group.some((one) => one.completes.length > 0))
    return undefined;
  const isLinked = ownLinked > 0;
  const ordered = inOrder(ownNames, nameOrder);
  const isUsual = ordered.every((name) => kinds.get(name) === (isLinked ? 'function' : 'typedef'));
  return {
    start,
    end,
    names: ordered,
    kinds: isUsual ? undefined : ordered.map((name) => kinds.get(name) ?? 'typedef'),
    tags: inOrder(own(tags), tagOrder),
    completes: [...new Set(group.flatMap((one) => one.completes))].filter((tag) => (tags.get(tag) ?? 0) < first.index),
    isLinked,
    neededNames: before(names),
    neededTags: before(tags),
    macros: undefined,
    hasTree,
  };
}

function inOrder(names: readonly string[], order: ReadonlyMap<string, number>): readonly string[] {
  return names.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
}

/** The bodies that the headers give each macro: one that has several may mean something else another time. */
function definitionsIn(files: readonly SourceFile[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { text } of files) {
    for (const [, name = '', body = ''] of text.matchAll(/^[ \t]*#[ \t]*define[ \t]+(\w+)((?:\\\r?\n|.)*)$/gm)) {
      const bodies = found.get(name) ?? new Set();
      found.set(name, bodies);
      bodies.add(body.replace(/\/\*.*?\*\/|\/\/.*/g, '').trim());
    }
  }
  return found;
}

/** The outlines with the macros that each part uses, without parts in which a macro is in doubt. */
function withMacros(
  main: SourceFile,
  include: Include,
  outlines: ReadonlyMap<SourceFile, Outline>,
  definitions: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlyMap<SourceFile, Outline> {
  const source = preprocess(main, {
    headers: createHeaderCache(),
    include(request) {
      const result = include(request);
      return result.kind === 'found' ? { ...result, outline: outlines.get(result.file) } : result;
    },
  });
  const complete = new Map<SourceFile, OutlinedPart[]>();
  for (let segment = source.shared; segment !== undefined; segment = segment.parent) {
    for (const token of segment.tokens) {
      if (!(token instanceof UnreadPart)) continue;
      const { file, part } = token;
      const macros = token.macros.map(({ definition }) => definition.name);
      const bodies = token.macros.flatMap(({ definition }) => definition.body);
      const tokens = [...tokenizePart(file, part.start, part.end, { startsLine: true }), ...bodies];
      const isSure =
        macros.every((name) => definitions.get(name)?.size === 1) &&
        tokens.every(({ kind, text }) => kind !== 'identifier' || macros.includes(text) || !definitions.has(text));
      const parts = complete.get(file) ?? [];
      complete.set(file, parts);
      if (isSure) parts.push({ ...part, macros });
    }
  }
  for (const parts of complete.values()) parts.sort((a, b) => a.start - b.start);
  return complete;
}
