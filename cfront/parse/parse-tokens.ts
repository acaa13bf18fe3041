/**
 * From tokens to a unit's declarations: which headers are taken as they were read before, and from where the parser
 * goes on.
 *
 * In: what the preprocessor gave. Out: everything that the tree says. It ends because each new attempt goes on from
 * fewer shared headers than the one before.
 */
import { defined } from '../../base/assert.ts';
import type { InPieces } from '../../base/in-pieces.ts';
import type { SourceFile } from '../../base/source.ts';
import { createHeaderCache, type HeaderCache } from '../header-cache.ts';
import { MappedView } from '../layer-views.ts';
import type { Segment } from '../preprocess/chain.ts';
import type { Preprocessed } from '../preprocess/result.ts';
import type { Hidden } from '../problem-limit.ts';
import type { Token } from '../tokenize/token.ts';
import type { TranslationUnit } from '../unit.ts';
import type { DeclarationNode, FunctionDefinition } from './ast.ts';
import { reportNeverCompleted } from './declarations/declarations.ts';
import { type NameSources, nameSources, unresolvedHints, unresolvedNames } from './mistakes/name-sources.ts';
import type { Loss } from './reread-declarations.ts';
import { beginsOf } from './sharing/begins.ts';
import { areSame } from './sharing/doubts.ts';
import { addReachedParts, allDeclarations, lateSymbol, reachedIn, reachedShared } from './sharing/late-copies.ts';
import { copiesInPlace, copyBodies } from './sharing/own-copies.ts';
import { allowParts } from './sharing/read-part.ts';
import {
  foreseenConflict,
  type KnownState,
  type SegmentState,
  type SharedState,
  share,
  watchedEnd,
} from './sharing/shared.ts';
import { createParser, type Layout, type Parser, type PartsOfHeaders } from './state.ts';
import { type BodyHead, leaveTrail } from './trail.ts';
import { readDeclarations, readingDeclarations, rules } from './translation-unit.ts';
import type { InPlain } from './two-layouts.ts';

/** What parsing adds to what the preprocessor found. */
export interface Parsed
  extends Pick<
    TranslationUnit,
    'declarations' | 'functions' | 'whole' | 'symbols' | 'records' | 'enums' | 'problems' | 'unresolved'
  > {
  /** What was counted beyond the problems that are kept. */
  readonly hiddenProblems: ReadonlyMap<SourceFile, Hidden>;
}

/** A file's declarations, and the parser that has read them, for reading a part of them again. */
export interface FileReading {
  readonly p: Parser;
  readonly own: readonly DeclarationNode[];
  readonly parsed: Parsed;
  /** A function whose body has not been read since its braces lack one (open-body.ts): the syntax is broken. */
  readonly open?: FunctionDefinition | undefined;
  /** Bodies that are read otherwise where lines are not seen, if this parse stands for both ways (two-layouts.ts). */
  readonly inPlain?: ReadonlyMap<BodyHead, InPlain> | undefined;
  /** The same of declarations at file scope (reread-declarations.ts), in order: from the first one on, they know nothing. */
  readonly losses?: readonly Loss[] | undefined;
}

/** What comes after: a reading that is kept may have bodies read again (reread.ts). */
export type Use = 'read-once' | 'kept';

/** Goes on from the longest run of shared headers that the text leaves as they are; it can only get shorter. */
export function* parsingAll(
  source: Preprocessed,
  headers: HeaderCache | undefined,
  layout: Layout,
  use: Use,
): InPieces<FileReading> {
  const segments: Segment[] = [];
  for (let segment = source.shared; segment !== undefined; segment = segment.parent) segments.unshift(segment);
  const names = nameSources(source);
  const cache = headers ?? createHeaderCache();
  let begins: readonly number[] | undefined;
  const beginOf = (number: number): number => (begins ??= beginsOf(segments))[number] ?? 0;
  const reading: Reading = { source, layout, names, segments, cache, beginOf };
  for (let count = segments.length; ; ) {
    const p = yield* startBehind(reading, count, segments.length, source.tokens, 'read');
    if (use === 'kept') leaveTrail(p);
    yield;
    const own = yield* readingDeclarations(p);
    if (p.conflict === undefined) {
      /* The text says something of a header's function without a look at its declaration. */
      if (p.shared !== undefined) for (const name of p.pragma.sections.keys()) p.file.names.get(name);
      addReachedParts(p, p.copies.keys());
      copyBodies(p, { everyUsers: true });
      cache.parsedTokens += p.tokens.length;
      return { p, own, parsed: finish(p, own) };
    }
    count = p.conflict - 1;
  }
}

/** One reading of a unit: the segments of headers that come before its own tokens. */
interface Reading {
  readonly source: Preprocessed;
  readonly layout: Layout;
  /** For what is asked of the unit's names before it is read. */
  readonly names: NameSources;
  readonly segments: readonly Segment[];
  readonly cache: HeaderCache;
  /** Behind which segment the reading of one best begins. */
  readonly beginOf: (number: number) => number;
}

/** A parser of the segments up to number `until` and of `rest`, that goes on from at most `count` shared segments. */
function* startBehind(
  reading: Reading,
  count: number,
  until: number,
  rest: readonly Token[],
  parts: PartsOfHeaders,
): InPieces<Parser> {
  const { source, segments, layout } = reading;
  let shared = yield* sharedBefore(reading, count);
  for (;;) {
    const between = segments.slice(shared?.depth ?? 0, until).flatMap((segment) => segment.tokens);
    const tokens = between.length === 0 ? rest : [...between, ...rest];
    const conflict = shared === undefined ? undefined : foreseenConflict(shared, tokens, tokens.length - 1);
    if (conflict === undefined) return createParser({ ...source, tokens }, rules, { shared, parts, layout });
    shared = yield* sharedBefore(reading, conflict - 1);
  }
}

/** The state behind the segment number `count`, or behind the nearest one before it that is shared. */
function* sharedBefore(reading: Reading, count: number): InPieces<SharedState | undefined> {
  for (let i = count; i > 0; i--) {
    const state = yield* stateBehind(reading, i);
    if (typeof state !== 'string') return state;
  }
  return undefined;
}

/** Reads the segment number `number` unless that has been done, be it meanwhile by another reading. */
function* stateBehind(reading: Reading, number: number): InPieces<SegmentState> {
  const segment = defined(reading.segments[number - 1], 'a segment of that number');
  const { parsed, statesMax } = reading.cache;
  const known = parsed.get(segment) ?? new Map();
  parsed.set(segment, known);
  /* Bundled headers are seen in one way whatever the layout. */
  const layout = reading.segments.slice(0, number).every(({ isSystem }) => isSystem) ? 'plain' : reading.layout;
  const states: KnownState[] = known.get(layout) ?? [];
  known.set(layout, states);
  const isOurs = ({ surroundings }: KnownState): boolean => areSame(surroundings, reading.names);
  const read = states.some(isOurs) ? undefined : yield* readingSegment({ ...reading, layout }, number);
  const index = states.findIndex(isOurs);
  const found = states[index] ?? defined(read, 'a state that was not known');
  if (index >= 0) states.splice(index, 1);
  states.unshift(found);
  states.splice(statesMax);
  return found.state;
}

function* readingSegment(reading: Reading, number: number): InPieces<KnownState> {
  const begin = reading.beginOf(number);
  if (begin > 0 && (yield* stateBehind(reading, begin)) === 'noisy') return { state: 'noisy', surroundings: undefined };
  /* Behind text of the user's own, names and macros may mean something else. */
  const parts = reading.segments.slice(0, number).every(({ isSystem }) => isSystem) ? 'left' : 'read';
  for (let count = begin; ; ) {
    const end = watchedEnd(reading.source.main);
    const p = yield* startBehind(reading, count, number, [end.token], parts);
    if (parts === 'left') allowParts(p);
    /* Of Microsoft's own little is read here, and what others read meanwhile would stand in the midst of it. */
    const declarations = parts === 'left' ? readDeclarations(p) : yield* readingDeclarations(p);
    if (p.conflict === undefined) {
      reading.cache.parsedTokens += p.tokens.length;
      return share(p, declarations, end, number);
    }
    count = p.conflict - 1;
  }
}

/** What a parser says that has read all of a file. */
export function finish(p: Parser, own: readonly DeclarationNode[]): Parsed {
  const { reached } = p;
  const items = copiesInPlace(p, own);
  const [shared, mine] = [reachedShared(p, items.shared), reachedIn(p, items.own)];
  const declarations = [...shared.declarations, ...mine.declarations];
  const functions = [...shared.functions, ...mine.functions];
  for (const definition of functions) {
    const section = p.pragma.sections.get(definition.symbol.name);
    if (section !== undefined) definition.section = section;
  }
  const atEnd = problemsAtEnd(p, declarations);
  p.file.names.adopt = (symbol) => lateSymbol(p, symbol, reached);
  let whole: ReturnType<TranslationUnit['whole']> | undefined;
  return {
    declarations,
    functions,
    whole() {
      whole ??= {
        declarations: allDeclarations(p, [...items.shared.declarations, ...items.own.declarations], reached),
        functions: allDeclarations(p, [...items.shared.functions, ...items.own.functions], reached).filter(
          (node) => node.kind === 'function-definition',
        ),
      };
      return whole;
    },
    symbols: p.file.names,
    records: new MappedView(p.file.tags, (tag) => (tag.kind === 'record' ? tag.record : undefined)),
    enums: new MappedView(p.file.tags, (tag) => (tag.kind === 'enum' ? tag.enumeration : undefined)),
    problems: [...atEnd.problems, ...unresolvedHints(p.names)],
    unresolved: unresolvedNames(p.names),
    hiddenProblems: atEnd.hiddenProblems,
  };
}

/** The parser's problems with those that only the end shows, which are no longer there when a body is read again. */
function problemsAtEnd(
  p: Parser,
  declarations: readonly DeclarationNode[],
): Pick<Parser, 'problems' | 'hiddenProblems'> {
  const end: Parser = {
    ...p,
    problems: [...p.problems],
    problemCounts: new Map(p.problemCounts),
    hiddenProblems: new Map(p.hiddenProblems),
  };
  reportNeverCompleted(end, declarations);
  return end;
}
