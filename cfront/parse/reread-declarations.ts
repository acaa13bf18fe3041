/**
 * Declarations at file scope, read again in a parse that has been made: the parse becomes that of the new text.
 *
 * In: a window from where one declaration begins to where a later one does, and the tokens that stand there now. They are
 * read with what was known at its beginning. Out: whether the parser stands at its end as it did before, so that all
 * behind it is read as it was; for that, nothing behind may mention a name that the window declared or declares. Where the
 * reading that does not see lines (two-layouts.ts) goes another way, it is followed until it has met an error, and the
 * window is read by who sees them.
 */

import { lowerBound } from '../../base/lower-bound.ts';
import type { SyntaxProblem } from '../errors.ts';
import { problemsMax } from '../problem-limit.ts';
import type { Token } from '../tokenize/token.ts';
import type { DeclarationNode, VariableSymbol } from './ast.ts';
import { ASM_WORDS } from './keywords.ts';
import { searchesMax } from './mistakes/unknown-names.ts';
import { copyOfPragmas } from './pragmas.ts';
import { areSimple, isAddressed, isForeign, isOrderly, type Later, takeOutLater, undo } from './reread.ts';
import { isHeardTheSame, replaceReported, saidBetween, shifted, takeOutUnknowns } from './reread-unknowns.ts';
import { addReachedParts } from './sharing/late-copies.ts';
import { ownSymbol } from './sharing/own-copies.ts';
import { atEnd, type Layout, type Parser } from './state.ts';
import {
  type BodyMark,
  type Counts,
  movedMark,
  noteStart,
  type StartCounts,
  type StartMark,
  trailOf,
} from './trail.ts';
import { nextDeclaration } from './translation-unit.ts';

/** From one start to another, or to itself where nothing stands yet. */
export interface Window {
  readonly from: StartMark;
  readonly to: StartMark;
}

/** What the reading that does not see lines meets from a start on, where it goes another way. */
export interface Loss {
  readonly key: StartMark['key'];
  /** Errors that it has met until it was left. */
  readonly errors: readonly SyntaxProblem[];
  /** How many tokens it has seen for that. */
  readonly reach: number;
}

/** Whether a window that begins there may be read by itself. */
export function mayRereadFrom(p: Parser, from: StartMark): boolean {
  return from.isClear && isOrderly(p, from.counts) && p.parts.length === 0;
}

/** What was read of a window, by a parser that stood where it begins. */
interface Read {
  readonly q: Parser;
  /** Where it stands as the parser did before: the old start and the new one; undefined where it came to none. */
  readonly end: { readonly to: StartMark; readonly now: StartMark } | undefined;
}

/** Where tokens have been put, and what was there: how many more there are, and behind them. */
interface Put {
  readonly from: StartMark;
  readonly end: number;
  readonly added: number;
  readonly names: Pick<Parser['names'], 'places'>;
}

/** The window as far as it had to be read: the index of the first token behind it, and what the other reading lost by. */
export interface RereadWindow {
  readonly end: number;
  readonly loss: Loss | undefined;
}

/**
 * `tokens` stand for those of the window; all places have been moved to the new text. Undefined where all of the file has
 * to be read; the parse is of no more use then.
 */
export function rereadWindow(
  p: Parser,
  own: DeclarationNode[],
  window: Window,
  tokens: readonly Token[],
): RereadWindow | undefined {
  const { from } = window;
  const { counts: before } = from;
  const added = tokens.length - (window.to.index - from.index);
  (p.tokens as Token[]).splice(from.index, window.to.index - from.index, ...tokens); /* nobody else has the list */
  p.pragmas = p.pragmas.map((at) => (at.index <= from.index ? at : { ...at, index: at.index + added }));
  const copies = p.copies.size;
  let mentionsLate = false;
  const later = takeOutLater(p, before, before.changes, (symbol) => {
    mentionsLate ||= p.lateCopies.has(symbol);
    return ownSymbol(p, symbol);
  });
  const formerly = unknownsIn(p);
  const putUnknownsBack = takeOutUnknowns(p, before.unknowns);
  const put: Put = { from, end: window.to.index + added, added, names: formerly.names };
  const plain = readPlain(p, own, put);
  const { q, end } = plain.loss === undefined ? plain : readOn(p, own, put, 'laid-out');
  if (end === undefined || mentionsLate) return undefined;
  const { to, now } = end;
  const { counts: after } = to;
  const said = saidBetween(formerly, before.unknowns, after.unknowns, []);
  const saidNow = saidBetween(q, before.unknowns, now.counts.unknowns, []);
  const declared = takeOutLater(q, before, trailOf(q).changes.length, (symbol) => symbol);
  declared.putBack(declared);
  const gone = firstOf(later, before, after);
  later.putBack(behind(later, before, after));
  putUnknownsBack(after.unknowns, added);
  if (!isHeardTheSame(p, said, saidNow, now.index - 1)) return undefined;
  const both = [gone, declared];
  const changes = [
    ...trailOf(p).changes.slice(before.changes, after.changes),
    ...trailOf(q).changes.slice(before.changes),
  ];
  const born = new Set<unknown>(both.flatMap(({ names, linked }) => [...names, ...linked].map(([, symbol]) => symbol)));
  if (!changes.every(({ target }) => born.has(target))) return undefined;
  const names = new Set(both.flatMap((one) => [...one.names, ...one.tags, ...one.linked].map(([name]) => name)));
  // A near name that is offered behind the window could be one of these.
  const searches = p.nearSearches - after.nearSearches;
  if (names.size > 0 && (searches > 0 || isMentioned(p, names, now.index))) return undefined;
  const problems = p.problems.length - after.problems + now.counts.problems;
  if (problems >= problemsMax || searches + now.counts.nearSearches >= searchesMax) return undefined;
  const mentioned = [...p.copies.keys()].slice(copies);
  if (!areSimple(p, mentioned) || !replaceWindow(p, own, { from, to }, { q, now })) return undefined;
  addReachedParts(p, mentioned);
  return { end: now.index, loss: plain.loss };
}

/** What nothing declares, as it is now. */
function unknownsIn({ names, unknown, incomplete }: Parser): Pick<Parser, 'names' | 'unknown' | 'incomplete'> {
  const { unresolved, unincluded, places } = names;
  const copies = { unresolved: new Map(unresolved), unincluded: new Map(unincluded), places: [...places] };
  return { names: { ...names, ...copies }, unknown, incomplete };
}

/**
 * What the reading that does not see lines meets from a start on, if not the same; undefined where it is not known to
 * lose.
 */
export function lossAt(p: Parser, own: readonly DeclarationNode[], from: StartMark): Loss | 'alike' | undefined {
  const { counts: before } = from;
  const later = takeOutLater(p, before, before.changes, (symbol) => ownSymbol(p, symbol));
  const { names } = unknownsIn(p);
  const putUnknownsBack = takeOutUnknowns(p, before.unknowns);
  const { q, end, loss } = readPlain(p, own, { from, end: from.index + 1, added: 0, names });
  const isAlike = end !== undefined && undoReading(p, q, before);
  later.putBack(later);
  putUnknownsBack(before.unknowns, 0);
  return isAlike ? 'alike' : loss;
}

/** Tokens behind a window that are read until there is an error, or until the parser stands as before. */
const reachMax = 2000;

function readPlain(p: Parser, own: readonly DeclarationNode[], put: Put): Read & { readonly loss: Loss | undefined } {
  const { counts, key, index } = put.from;
  const maps = [p.file.names, p.file.tags, p.linked];
  const counted = maps.map(({ changes, replacements }) => ({ changes, replacements }));
  const { q, end } = readOn(p, own, put, 'plain');
  if (q.lineQuestions === counts.lineQuestions) return { q, end, loss: undefined };
  const errors = (): readonly SyntaxProblem[] =>
    q.problems.slice(counts.problems).filter(({ severity }) => severity === 'error');
  while (errors().length === 0 && !atEnd(q) && q.index < put.end + reachMax) nextDeclaration(q);
  const loss: Loss = { key, errors: errors(), reach: Math.max(q.index, q.looked) - index };
  const isLost = undoReading(p, q, counts) && loss.errors.length > 0;
  for (const [i, map] of maps.entries()) Object.assign(map, counted[i]);
  return { q, end: undefined, loss: isLost ? loss : undefined };
}

/** Reads what was put there, and on to a start where the parser stands as before; no farther than both readings go alike. */
function readOn(p: Parser, own: readonly DeclarationNode[], put: Put, layout: Layout): Read {
  const { from, added } = put;
  const q = parserAt(p, own, from, layout);
  const { starts } = trailOf(p);
  const isAlike = (): boolean => layout !== 'plain' || q.lineQuestions === from.counts.lineQuestions;
  for (; isAlike() && q.index <= put.end + reachMax; nextDeclaration(q)) {
    const to =
      q.index < put.end
        ? undefined
        : starts[lowerBound(starts.length, (i) => (starts[i] as StartMark).index < q.index - added)];
    if (to?.index === q.index - added && isInStep(q, p, from) && mayEndAt(p, own, put, to)) {
      const now = endAt(q, from);
      if (now !== undefined) return { q, end: { to, now } };
    }
    if (atEnd(q)) break;
  }
  return { q, end: undefined };
}

/**
 * Whether what stood up to there said nothing to the rest of the file but its names, and what begins there hears no
 * more.
 */
function mayEndAt(p: Parser, own: readonly DeclarationNode[], { from, added, names }: Put, to: StartMark): boolean {
  const [before, after] = [from.counts, to.counts];
  return (
    from.nextPragma === to.nextPragma &&
    before.implicit === after.implicit &&
    before.addressed === after.addressed &&
    isFarFromUnknown(names, before, after, to.index) &&
    isReadAlikeBehindAll(p, own[after.declarations], to.index + added)
  );
}

/** What begins there is the same whatever stands before it. */
function isReadAlikeBehindAll(p: Parser, next: DeclarationNode | undefined, index: number): boolean {
  const token = p.tokens[index] as Token;
  if (token === p.end) return true;
  const isPlain = token.kind === 'identifier' && !ASM_WORDS.has(token.text) && p.tokens[index + 1]?.kind !== 'string';
  return isPlain && next?.kind !== 'error-declaration';
}

/** The same of what has been read now; undefined where it says more than its names. */
function endAt(q: Parser, { counts: before }: StartMark): StartMark | undefined {
  const last = q.sink[q.sink.length - 1];
  const isRun = q.sink.length > before.declarations && last?.kind === 'error-declaration' && last.isStatement === true;
  noteStart(q);
  const now = trailOf(q).starts.pop();
  if (now === undefined || isRun || !isFarFromUnknown(q.names, before, now.counts, now.index)) return undefined;
  const { implicit, addressed, replacements } = now.counts;
  const isSilent =
    implicit === before.implicit && addressed === before.addressed && replacements === before.replacements;
  return isSilent ? now : undefined;
}

/** How far before a mistake a name that nothing declares may stand to be its cause (mistakes/problems.ts). */
const unknownReach = 12;

function isFarFromUnknown({ places }: Put['names'], before: Counts, after: Counts, end: number): boolean {
  return places.slice(before.unknowns.places, after.unknowns.places).every(({ index }) => index < end - unknownReach);
}

/** A parser that stands at the start and knows of the file what stands before it. */
function parserAt(p: Parser, own: readonly DeclarationNode[], from: StartMark, layout: Layout): Parser {
  const { index, counts } = from;
  const trail = trailOf(p);
  return {
    ...p,
    layout,
    lineQuestions: counts.lineQuestions,
    looked: index - 1,
    index,
    token: p.tokens[index] as Token,
    previous: p.tokens[index - 1] ?? p.shared?.previous ?? (p.tokens[index] as Token),
    nextPragma: from.nextPragma,
    pragma: copyOfPragmas(from.pragma),
    problems: p.problems.slice(0, counts.problems),
    problemCounts: new Map(),
    errorIndex: -1,
    declarationIndex: index,
    hasStumbledBefore: false,
    unknown: new Set([...p.unknown].slice(0, counts.unknowns.reported)),
    incomplete: new Set([...p.incomplete].slice(0, counts.unknowns.incomplete)),
    nearSearches: counts.nearSearches,
    scope: p.file,
    sink: own.slice(0, counts.declarations),
    functions: p.functions.slice(0, counts.functions),
    function: undefined,
    statementFirst: p.tokens[index] as Token,
    depth: 0,
    openRecords: new Set(),
    trail: {
      places: trail.places.slice(0, counts.places),
      bodies: trail.bodies.slice(0, counts.bodies),
      starts: trail.starts.filter((start) => start.index < index),
      changes: trail.changes.slice(0, counts.changes),
      addressed: new Set(trail.addressed),
      implicit: trail.implicit.slice(0, counts.implicit),
      formerImplicit: new Map(),
    },
  };
}

/** Nothing of what it has read has an effect behind. */
function isInStep(q: Parser, p: Parser, { nextPragma }: StartMark): boolean {
  return (
    q.errorIndex <= q.index &&
    q.tokens === p.tokens &&
    q.nextPragma === nextPragma &&
    q.insertedBraces === p.insertedBraces &&
    q.linkageBlocks === p.linkageBlocks &&
    !q.isDepthReported &&
    q.conflict === undefined
  );
}

/** Takes back all that the reading has done to the file; false where it is not known what was there. */
function undoReading(p: Parser, q: Parser, before: StartCounts): boolean {
  const trail = trailOf(q);
  for (const change of trail.changes.slice(before.changes).reverse()) undo(change);
  p.file.names.cutTo(before.names);
  p.file.tags.cutTo(before.tags);
  p.linked.cutTo(before.linked);
  takeOutUnknowns(p, before.unknowns);
  return areAddressedAgain(p, [...addressedIn(trail.bodies.slice(before.bodies)), ...trail.addressed]);
}

function addressedIn(bodies: readonly BodyMark[]): readonly VariableSymbol[] {
  return bodies.flatMap(({ addressed }) => [...addressed]);
}

/** Each of them says whether its address is taken in what the parse has now; false where a header may take it, too. */
function areAddressedAgain(p: Parser, symbols: readonly VariableSymbol[]): boolean {
  return symbols.every((symbol) => {
    const isTaken = isAddressed(p, symbol);
    if (!isTaken && isForeign(p, symbol)) return false;
    symbol.isAddressTaken = isTaken;
    return true;
  });
}

/** Of the names behind a place, those up to another, and those behind that. */
function firstOf({ names, tags, linked }: Later, from: Counts, to: Counts): Omit<Later, 'putBack'> {
  return {
    names: names.slice(0, to.names - from.names),
    tags: tags.slice(0, to.tags - from.tags),
    linked: linked.slice(0, to.linked - from.linked),
  };
}

function behind({ names, tags, linked }: Later, from: Counts, to: Counts): Omit<Later, 'putBack'> {
  return {
    names: names.slice(to.names - from.names),
    tags: tags.slice(to.tags - from.tags),
    linked: linked.slice(to.linked - from.linked),
  };
}

function isMentioned(p: Parser, names: ReadonlySet<string>, from: number): boolean {
  for (let i = from; i < p.tokens.length; i++) if (names.has((p.tokens[i] as Token).text)) return true;
  return false;
}

/** Puts what `q` has read into the place of the window, and moves the marks behind it; false where that cannot be told. */
function replaceWindow(
  p: Parser,
  own: DeclarationNode[],
  { from, to }: Window,
  { q, now }: { readonly q: Parser; readonly now: StartMark },
): boolean {
  const trail = trailOf(p);
  const { counts: before } = from;
  const { counts: older } = to;
  const { counts: newer } = now;
  const added = now.index - to.index;
  const formerly = addressedIn(trail.bodies.slice(before.bodies, older.bodies));
  const put = <T>(
    into: T[],
    items: readonly T[],
    key: 'problems' | 'declarations' | 'functions' | 'places' | 'changes',
  ): void => {
    into.splice(before[key], older[key] - before[key], ...items.slice(before[key]));
  };
  put(p.problems as SyntaxProblem[], q.problems, 'problems');
  put(own, q.sink, 'declarations');
  put(p.functions as typeof q.functions, q.functions, 'functions');
  put(trail.places, trailOf(q).places, 'places');
  put(trail.changes, trailOf(q).changes, 'changes');
  const counts = (of: Counts): Counts => shiftedCounts(of, older, newer);
  trail.bodies = [
    ...trailOf(q).bodies,
    ...trail.bodies.slice(older.bodies).map((mark) => movedMark(mark, added, counts)),
  ];
  const isEmpty = from === to;
  trail.starts = [
    ...trailOf(q).starts.map((start) => (start.index === from.index && !isEmpty ? { ...start, key: from.key } : start)),
    ...trail.starts.flatMap((start): readonly StartMark[] => {
      if (start.index < to.index) return [];
      const index = start.index + added;
      const isClear = start === to ? now.isClear : start.isClear && q.looked < index;
      return [{ ...start, index, isClear, counts: { ...start.counts, ...shiftedCounts(start.counts, older, newer) } }];
    }),
  ];
  p.lineQuestions += newer.lineQuestions - older.lineQuestions;
  p.nearSearches += newer.nearSearches - older.nearSearches;
  replaceReported(p, q, older.unknowns);
  p.index += added;
  return areAddressedAgain(p, formerly);
}

/** Counts of a place behind the window, where there were `older` ones and are `newer` ones. */
function shiftedCounts<C extends Counts>(counts: C, older: StartCounts, newer: StartCounts): C {
  const moved = { ...counts, unknowns: shifted(counts.unknowns, older.unknowns, newer.unknowns) };
  for (const key of Object.keys(counts) as (keyof C & keyof StartCounts)[]) {
    if (key === 'unknowns') continue;
    Object.assign(moved, {
      [key]: (counts[key] as number) + newer[key] - older[key],
    }); /* all but that one are numbers */
  }
  return moved;
}
