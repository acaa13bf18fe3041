/**
 * One function's body, read again in a parse that has been made: the parse becomes that of the new text.
 *
 * In: what the parse left behind (trail.ts), and the tokens of the new body in their place among those of the file. What
 * later declarations have added to the file's names and symbols is taken out while the body is read, and put back. Out:
 * false where the body says something to the rest of the file, or the file to the body, that would have to be found
 * out by reading all of it; the parse is of no more use then.
 */
import type { Stored } from '../layers.ts';
import { problemsMax } from '../problem-limit.ts';
import { place, type Token } from '../tokenize/token.ts';
import type { CSymbol, DeclarationNode, FunctionDefinition, FunctionSymbol, VariableSymbol } from './ast.ts';
import { functionBody } from './declarations/functions.ts';
import { findBodyEnd } from './mistakes/body-end.ts';
import { hasFirstColumn } from './mistakes/layout.ts';
import { searchesMax } from './mistakes/unknown-names.ts';

import { copyOfPragmas } from './pragmas.ts';
import {
  areSameUnknowns,
  endsClear,
  isHeardTheSame,
  replaceReported,
  saidBetween,
  shifted,
  takeOutUnknowns,
  type UnknownCounts,
} from './reread-unknowns.ts';
import type { Tag } from './scopes.ts';
import { addReachedParts } from './sharing/late-copies.ts';
import { adoptSymbols, ownSymbol } from './sharing/own-copies.ts';
import type { FunctionContext, Layout, Parser } from './state.ts';
import {
  type BodyMark,
  type Change,
  type Changeable,
  type Counts,
  copyOfScope,
  countsOf,
  movedMark,
  type StartMark,
  trailOf,
} from './trail.ts';

/** Whether the body said nothing to the rest of the file when it was read, and nothing that follows matters to it. */
export function mayReread(p: Parser, mark: BodyMark, layout: Layout): boolean {
  const { before, after } = mark;
  if (!isSameOutside(before, after) || mark.stumblesBehind || !isOrderly(p, before)) return false;
  if (!endsClear(p, before.unknowns, after.unknowns, mark.close)) return false;
  return areInMain(p, mark.open, mark.close + 1) && (layout === 'plain' || stopsAtHead(p, mark));
}

/** Nothing in the file has an effect beyond the place where it stands, and no name was declared as something else later. */
export function isOrderly(p: Parser, before: Counts): boolean {
  return (
    p.file.names.replacements + p.file.tags.replacements + p.linked.replacements === before.replacements &&
    p.problems.length < problemsMax &&
    p.hiddenProblems.size === 0 &&
    p.insertedBraces === 0 &&
    !p.isDepthReported &&
    p.linkageBlocks === 0 &&
    p.pragma.warnings.suppressed === undefined
  );
}

/** The tokens stand in the main file, or macros made them that were invoked there. */
function areInMain(p: Parser, from: number, end: number): boolean {
  for (let i = from; i < end; i++) if (p.tokens[i]?.file !== p.names.main && !isInMain(p, i)) return false;
  return true;
}

/** What looks at the layout to find the end of the function before stops at the head of this one. */
export function stopsAtHead(p: Parser, mark: BodyMark): boolean {
  for (let i = mark.first; i < mark.open; i++) {
    const token = p.tokens[i] as Token;
    if (token.startsLine && place(token).file === p.names.main && hasFirstColumn(token)) {
      return token.kind === 'identifier' && p.tokens[i + 1]?.text !== ':';
    }
  }
  return false;
}

/** A token that a macro made, which was invoked in the main file. */
function isInMain(p: Parser, index: number): boolean {
  for (let at = p.tokens[index]?.expansion; at !== undefined; at = at.outer) {
    if (at.outer === undefined) return at.invocation.file === p.names.main;
  }
  return false;
}

/** Nothing was declared, completed or named for others. */
function isSameOutside(before: Counts, after: Counts): boolean {
  return before.fileChanges === after.fileChanges && before.changes === after.changes;
}

/** `tokens` stand for those from the `{` to the `}`; all places have been moved to the new text. */
export function reread(
  p: Parser,
  own: DeclarationNode[],
  mark: BodyMark,
  tokens: readonly Token[],
  layout: Layout,
): boolean {
  const added = putTokens(p, mark, tokens);
  const close = mark.close + added;
  const q = parserAt(p, mark, layout);
  const bodyEnd = findBodyEnd(q, mark.open);
  if (bodyEnd !== close || q.tokens !== p.tokens) return false;

  const copies = p.copies.size;
  mark.definition.parameters.forEach((symbol, i) => {
    symbol.isAddressTaken = mark.addressedParameters[i] ?? false;
  });
  let mentionsLate = false;
  /* The first change behind the `{` tells how it was there; the first of all is that of the function itself. */
  const later = takeOutLater(p, mark.before, mark.before.changes - 1, (symbol) => {
    mentionsLate ||= p.lateCopies.has(symbol);
    return ownSymbol(p, symbol);
  });
  const formerImplicit = [...trailOf(q).formerImplicit.values()];
  const said = saidBetween(p, mark.before.unknowns, mark.after.unknowns, formerImplicit);
  const putUnknownsBack = takeOutUnknowns(p, mark.before.unknowns);
  const before = countsOf(q);
  const scope = copyOfScope(mark.scope);
  const { body, context } = functionBody(q, mark.head, scope, { brokenHeadEnd: undefined, bodyEnd });
  const after = countsOf(q);
  const { implicit } = trailOf(q);
  const saidNow = saidBetween(q, before.unknowns, after.unknowns, implicit);
  const gone = new Set<unknown>(formerImplicit.filter((symbol) => !implicit.includes(symbol)));
  const isThere = ([, symbol]: readonly [string, unknown]): boolean => !gone.has(symbol);
  later.putBack({ names: later.names.filter(isThere), tags: later.tags, linked: later.linked.filter(isThere) });
  putUnknownsBack(mark.after.unknowns, added);
  if (q.errorIndex > close) return false;
  if (!isSameOutside(before, after) || q.index !== close + 1 || q.tokens !== p.tokens || q.conflict !== undefined) {
    return false;
  }
  if (!endsClear(p, before.unknowns, after.unknowns, close) || !isHeardTheSame(p, said, saidNow, close)) return false;
  if ([...mark.addressed].some((symbol) => !context.addressed.has(symbol) && isForeign(p, symbol))) return false;
  const mentioned = [...p.copies.keys()].slice(copies);
  if (q.isDepthReported || q.insertedBraces > 0 || mentionsLate || !areSimple(p, mentioned)) return false;
  const problems = p.problems.length - (mark.after.problems - mark.before.problems) + q.problems.length;
  const searches = p.nearSearches - mark.after.nearSearches + q.nearSearches;
  const areSearchesLeft = p.nearSearches < searchesMax && searches < searchesMax;
  if (problems >= problemsMax || (searches !== p.nearSearches && !areSearchesLeft)) return false;

  const definition: FunctionDefinition = { ...mark.definition, body, last: body.last, locals: context.locals };
  replaceDefinition(p, own, mark.definition, definition);
  replaceInTrail(p, mark, q, definition, context, { added, unknowns: after.unknowns });
  trailOf(p).implicit.splice(mark.before.implicit, formerImplicit.length, ...implicit);
  p.problems.splice(mark.before.problems, mark.after.problems - mark.before.problems, ...q.problems);
  p.nearSearches = searches;
  replaceReported(p, q, mark.after.unknowns);
  p.index += added;
  addReachedParts(p, mentioned);
  return true;
}

/** Puts the tokens into the place of the body's, and gives how many more there are. */
export function putTokens(p: Parser, { open, close }: BodyMark, tokens: readonly Token[]): number {
  const added = tokens.length - (close + 1 - open);
  (p.tokens as Token[]).splice(open, close + 1 - open, ...tokens); /* nobody else has the list */
  p.pragmas = p.pragmas.map((at) => (at.index <= open ? at : { ...at, index: at.index + added }));
  return added;
}

/** A parser that stands at the `{` and knows of the file what stands before it, but for what `takeOutLater` takes out. */
function parserAt(p: Parser, mark: BodyMark, layout: Layout): Parser {
  const { open, first, before } = mark;
  return {
    ...p,
    layout,
    lineQuestions: 0,
    looked: -1,
    index: open,
    token: p.tokens[open] as Token,
    previous: p.tokens[open - 1] as Token,
    nextPragma: mark.nextPragma,
    pragma: copyOfPragmas(mark.pragma),
    problems: [],
    problemCounts: new Map(),
    errorIndex: -1,
    declarationIndex: first,
    unknown: new Set([...p.unknown].slice(0, before.unknowns.reported)),
    incomplete: new Set([...p.incomplete].slice(0, before.unknowns.incomplete)),
    nearSearches: before.nearSearches,
    scope: p.file,
    sink: [],
    function: undefined,
    statementFirst: p.tokens[first] as Token,
    depth: 0,
    openRecords: new Set(),
    trail: {
      ...trailOf(p),
      places: [],
      bodies: [],
      starts: [],
      changes: [],
      implicit: [],
      formerImplicit: formerImplicitOf(p, mark),
    },
  };
}

/** Functions that the body's older text declared by a call: a newer one declares the same, as later bodies mention them. */
function formerImplicitOf(p: Parser, { before, after }: BodyMark): ReadonlyMap<string, FunctionSymbol> {
  return new Map(
    trailOf(p)
      .implicit.slice(before.implicit, after.implicit)
      .map((symbol) => [symbol.name, symbol]),
  );
}

type Entries<V> = readonly (readonly [string, Stored<V>])[];

/** Names that were declared behind a place. */
interface LaterNames {
  readonly names: Entries<CSymbol>;
  readonly tags: Entries<Tag>;
  readonly linked: Entries<FunctionSymbol | VariableSymbol>;
}

export interface Later extends LaterNames {
  /** Puts back those that are still there, and what was done to symbols and types. */
  readonly putBack: (names: LaterNames) => void;
}

/** Takes out the names that were declared behind a place, and what declarations there did to symbols and types. */
export function takeOutLater(
  p: Parser,
  before: Counts,
  firstChange: number,
  adopt: <S extends CSymbol>(symbol: S) => S,
): Later {
  const names = p.file.names.cutTo(before.names);
  const tags = p.file.tags.cutTo(before.tags);
  const linked = p.linked.cutTo(before.linked);
  adoptSymbols(p, adopt);
  const later = new Map<Changeable, { readonly now: Changeable; readonly declarations: readonly DeclarationNode[] }>();
  for (const change of trailOf(p).changes.slice(firstChange)) {
    const { target } = change;
    if (later.has(target)) continue;
    const now = { ...target };
    later.set(target, { now, declarations: undo(change) });
  }
  return {
    names,
    tags,
    linked,
    putBack(there) {
      for (const [target, { now, declarations }] of later) {
        Object.assign(target, now);
        if ('declarations' in target) for (const node of declarations) target.declarations.push(node);
      }
      p.file.names.append(there.names);
      p.file.tags.append(there.tags);
      p.linked.append(there.linked);
      adoptSymbols(p, undefined);
    },
  };
}

/** Gives the declarations that are taken from the symbol. */
export function undo({ target, before, declarations }: Change): readonly DeclarationNode[] {
  const taken = 'declarations' in target ? target.declarations.splice(declarations) : [];
  for (const key of Object.keys(target)) if (!(key in before)) Object.assign(target, { [key]: undefined });
  Object.assign(target, before);
  return taken;
}

/** Symbols of shared headers that no tree of those headers mentions: copying them copies nothing else. */
export function areSimple(p: Parser, symbols: readonly CSymbol[]): boolean {
  return symbols.every((symbol) => {
    if (symbol.kind !== 'function' && symbol.kind !== 'variable') return true;
    if (symbol.definition !== undefined) return false;
    for (let at = p.shared?.mentions; at !== undefined; at = at.below) {
      if (at.nodes.has(symbol) || at.inner.has(symbol)) return false;
    }
    return true;
  });
}

function replaceDefinition(p: Parser, own: DeclarationNode[], old: FunctionDefinition, now: FunctionDefinition): void {
  const { symbol } = old;
  own[own.indexOf(old)] = now;
  p.functions[p.functions.indexOf(old)] = now;
  symbol.declarations[symbol.declarations.indexOf(old)] = now;
  if (symbol.definition === old) symbol.definition = now;
}

/** Marks that follow move with the tokens and with what is counted. */
function replaceInTrail(
  p: Parser,
  mark: BodyMark,
  q: Parser,
  definition: FunctionDefinition,
  { addressed }: FunctionContext,
  { added, unknowns }: { readonly added: number; readonly unknowns: UnknownCounts },
): void {
  const problems = q.problems.length - (mark.after.problems - mark.before.problems);
  const nearSearches = q.nearSearches - mark.after.nearSearches;
  const implicit = trailOf(q).implicit.length - (mark.after.implicit - mark.before.implicit);
  const later = (counts: Counts): Counts => ({
    ...counts,
    problems: counts.problems + problems,
    nearSearches: counts.nearSearches + nearSearches,
    unknowns: shifted(counts.unknowns, mark.after.unknowns, unknowns),
    names: counts.names + implicit,
    linked: counts.linked + implicit,
    implicit: counts.implicit + implicit,
  });
  // Mostly a word has become longer, or an operand another one.
  const { lineQuestions } = q;
  const isInPlace =
    [added, problems, nearSearches, implicit].every((by) => by === 0) && areSameUnknowns(mark.after.unknowns, unknowns);
  const trail = trailOf(p);
  p.lineQuestions += lineQuestions - mark.lineQuestions;
  trail.starts = trail.starts.map((start): StartMark => {
    if (start.index < mark.open) return start;
    const { counts, index } = start;
    const questions = counts.lineQuestions + lineQuestions - mark.lineQuestions;
    return {
      ...start,
      index: index + added,
      /* The new body's end may have been looked for farther on. */
      isClear: start.isClear && q.looked < index + added,
      counts:
        isInPlace && questions === counts.lineQuestions
          ? counts
          : { ...counts, ...later(counts), lineQuestions: questions },
    };
  });
  trail.bodies = trail.bodies.map((other) => {
    if (other === mark) {
      const { places } = trailOf(q);
      const close = mark.close + added;
      return { ...mark, definition, close, addressed, places, lineQuestions, after: later(mark.after) };
    }
    return isInPlace || other.open < mark.open ? other : movedMark(other, added, later);
  });
  for (const symbol of mark.addressed) symbol.isAddressTaken = isAddressed(p, symbol);
  for (const symbol of addressed) symbol.isAddressTaken = true;
}

/** Declared in headers only, which may take its address too. */
export function isForeign(p: Parser, symbol: VariableSymbol): boolean {
  return symbol.declarations.every(({ first }) => first.file !== p.names.main);
}

export function isAddressed(p: Parser, symbol: VariableSymbol): boolean {
  const trail = trailOf(p);
  const { kind } = symbol.type;
  if (kind === 'array' || kind === 'record' || trail.addressed.has(symbol)) return true;
  return trail.bodies.some(({ addressed }) => addressed.has(symbol));
}
