/**
 * What a parse leaves behind so that one function's body can be read again later as if the whole file were
 * (reread.ts): the places that the tree keeps outside of tokens, what declarations have done to symbols that were there
 * before, and for each body what the parser knew at its `{`. Only a parse that is kept for that (typing/reader.ts) leaves
 * one; every other saves itself the copies.
 */
import { defined } from '../../base/assert.ts';
import type { Span } from '../../base/source.ts';
import { place, type Token } from '../tokenize/token.ts';
import type { CType, EnumDefinition, RecordDefinition } from '../types/types.ts';
import type { CSymbol, FunctionDefinition, FunctionSymbol, VariableSymbol } from './ast.ts';
import { copyOfPragmas, type PragmaState } from './pragmas.ts';
import { unknownsOf } from './reread-unknowns.ts';
import type { Scope } from './scopes.ts';
import type { FunctionContext, Parser } from './state.ts';

export interface Trail {
  /** Places in the main file that types and records keep, without those of bodies. */
  places: Span[];
  bodies: BodyMark[];
  /** Where declarations of the main file begin at file scope, in order; the last one is the end of the file. */
  starts: StartMark[];
  /** Symbols, records and enums as they were before a later declaration added to them, in order. */
  readonly changes: Change[];
  /** Variables whose address is taken outside of functions. */
  readonly addressed: Set<VariableSymbol>;
  /** Functions that were declared by nothing but a call of them, in order. */
  readonly implicit: FunctionSymbol[];
  /** Those of the body that is read again, as its older text had them. */
  readonly formerImplicit: ReadonlyMap<string, FunctionSymbol>;
}

export type Changeable = CSymbol | RecordDefinition | EnumDefinition;

export interface Change {
  readonly target: Changeable;
  /** Its properties, and of a symbol how many declarations it had. */
  readonly before: Changeable;
  readonly declarations: number;
}

/** What the head of a function says to its body. */
export interface BodyHead {
  readonly symbol: FunctionSymbol;
  readonly nameToken: Token;
  readonly result: CType;
  readonly hasType: boolean;
}

/** A function's body, and what was known at its `{`. Indexes are of tokens; they and `definition` follow the text. */
export interface BodyMark {
  readonly definition: FunctionDefinition;
  readonly head: BodyHead;
  /** The first token of the head, the `{` and the `}`. */
  readonly first: number;
  readonly open: number;
  readonly close: number;
  /** Parameters and their tags, before the body added its own. */
  readonly scope: Scope;
  /** Whether each parameter needed memory before. */
  readonly addressedParameters: readonly boolean[];
  readonly addressed: ReadonlySet<VariableSymbol>;
  readonly places: readonly Span[];
  /** How often it was asked for a line in it and not told. */
  readonly lineQuestions: number;
  /** Reading stumbled over the token behind it, which counts for the next declaration. */
  readonly stumblesBehind: boolean;
  readonly pragma: PragmaState;
  readonly nextPragma: number;
  readonly before: Counts;
  readonly after: Counts;
}

/** The mark of a body that is as it was, where tokens have come or gone in front of it. */
export function movedMark(mark: BodyMark, added: number, counts: (of: Counts) => Counts): BodyMark {
  const { first, open, close, before, after } = mark;
  return {
    ...mark,
    first: first + added,
    open: open + added,
    close: close + added,
    before: counts(before),
    after: counts(after),
  };
}

/** Where a declaration at file scope begins, and what was known there. `index` follows the text. */
export interface StartMark {
  /** Stays the same object while text around it is read again. */
  readonly key: object;
  readonly index: number;
  /** A declaration has ended right before, and nothing before has looked at the token or farther. */
  readonly isClear: boolean;
  readonly pragma: PragmaState;
  readonly nextPragma: number;
  readonly counts: StartCounts;
}

export type StartCounts = ReturnType<typeof startCountsOf>;

/** What is known before the body is read. */
export type BodyStart = Omit<
  BodyMark,
  'definition' | 'close' | 'addressed' | 'places' | 'lineQuestions' | 'stumblesBehind' | 'after'
> & {
  readonly outerPlaces: Span[];
  readonly questionsBefore: number;
};

/** How far everything was that only grows. */
export type Counts = ReturnType<typeof countsOf>;

/** Has the parser leave a trail from here on. */
export function leaveTrail(p: Parser): void {
  p.trail = {
    places: [],
    bodies: [],
    starts: [],
    changes: [],
    addressed: new Set(),
    implicit: [],
    formerImplicit: new Map(),
  };
}

export function trailOf(p: Parser): Trail {
  return defined(p.trail, 'the trail of a parse that is kept');
}

/** Entries that a call of an unknown function sets: one among the file's names, one among those with linkage. */
const setByCall = 2;

export function countsOf(p: Parser) {
  const { names, tags } = p.file;
  return {
    names: names.addedSize(),
    tags: tags.addedSize(),
    linked: p.linked.addedSize(),
    /** Entries set at file scope but for functions by a call; what is merely taken over from headers does not count. */
    fileChanges: names.changes + tags.changes + p.linked.changes - setByCall * trailOf(p).implicit.length,
    implicit: trailOf(p).implicit.length,
    replacements: names.replacements + tags.replacements + p.linked.replacements,
    changes: trailOf(p).changes.length,
    nearSearches: p.nearSearches,
    problems: p.problems.length,
    unknowns: unknownsOf(p),
  };
}

/** The same at file scope, where the lists grow of which a body sees nothing. */
function startCountsOf(p: Parser) {
  const { bodies, places, addressed } = trailOf(p);
  return {
    ...countsOf(p),
    declarations: p.sink.length,
    functions: p.functions.length,
    bodies: bodies.length,
    places: places.length,
    addressed: addressed.size,
    lineQuestions: p.lineQuestions,
  };
}

/** Notes what is known where a declaration of the main file begins, or where the file ends. */
export function noteStart(p: Parser): void {
  if (p.trail === undefined || place(p.token).file !== p.names.main) return;
  const { starts, bodies } = p.trail;
  const { index, nextPragma } = p;
  const last = starts[starts.length - 1];
  const ends = p.previous.text === ';' || bodies[bodies.length - 1]?.close === index - 1;
  starts.push({
    key: {},
    index,
    isClear: ends && p.looked < index && p.errorIndex < index,
    /* Few declarations have a pragma before them. */
    pragma: last?.nextPragma === nextPragma ? last.pragma : copyOfPragmas(p.pragma),
    nextPragma,
    counts: startCountsOf(p),
  });
}

/** Notes what is known at the `{`, and gathers the body's places apart. */
export function beginBody(p: Parser, head: BodyHead, parameters: readonly VariableSymbol[], scope: Scope): BodyStart {
  const trail = trailOf(p);
  const last = trail.bodies[trail.bodies.length - 1];
  noteChange(p, head.symbol);
  const outerPlaces = trail.places;
  trail.places = [];
  return {
    head,
    first: p.declarationIndex,
    open: p.index,
    scope: copyOfScope(scope),
    addressedParameters: parameters.map((symbol) => symbol.isAddressTaken),
    /* Few functions have a pragma before them. */
    pragma: last?.nextPragma === p.nextPragma ? last.pragma : copyOfPragmas(p.pragma),
    nextPragma: p.nextPragma,
    before: countsOf(p),
    outerPlaces,
    questionsBefore: p.lineQuestions,
  };
}

export function endBody(
  p: Parser,
  { outerPlaces, questionsBefore, ...start }: BodyStart,
  definition: FunctionDefinition,
  { addressed }: FunctionContext,
): void {
  const trail = trailOf(p);
  const { places } = trail;
  trail.places = outerPlaces;
  const lineQuestions = p.lineQuestions - questionsBefore;
  const stumblesBehind = p.errorIndex >= p.index;
  const ends = { close: p.index - 1, lineQuestions, stumblesBehind, after: countsOf(p) };
  trail.bodies.push({ ...start, definition, addressed, places, ...ends });
}

/** The names of a scope as they are now; the scopes around stay the same. */
export function copyOfScope({ names, tags, ...scope }: Scope): Scope {
  return {
    ...scope,
    names: names === undefined ? undefined : new Map(names),
    tags: tags === undefined ? undefined : new Map(tags),
  };
}

/** A place that a type or a record keeps. */
export function keptPlace(p: Parser, span: Span): Span {
  if (span.file === p.names.main) p.trail?.places.push(span);
  return span;
}

/** To be called before a declaration adds to a symbol that was there before, or completes or names a type. */
export function noteChange(p: Parser, target: Changeable): void {
  if (p.trail === undefined) return;
  const declarations = 'declarations' in target ? target.declarations.length : 0;
  p.trail.changes.push({ target, before: { ...target }, declarations });
}
