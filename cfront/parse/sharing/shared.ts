/**
 * Headers that are parsed once: what a parser has gathered behind a segment of headers, frozen for others to go on from.
 *
 * Nothing that is shared ever changes. A parser that goes on from here looks names up in layers and makes its own copy
 * of every symbol that its text mentions (own-copies.ts). Records and enums cannot be copied, because types are told
 * apart by them: where the text wants to complete or name one of them, it is read again from before its declaration.
 *
 * A segment is shared only if going on from its end is the same as reading on. What is wrong in it is kept and said
 * again, to units for which that would be said (doubts.ts). But its last declaration must have ended without a mistake
 * and without a look at what follows.
 */
import type { SourceFile } from '../../../base/source.ts';
import type { SyntaxProblem } from '../../errors.ts';
import { type Layer, lookIn } from '../../layers.ts';
import { UnreadPart } from '../../preprocess/parts.ts';
import { tokensOfPart } from '../../preprocess/preprocess.ts';
import { place, type Token } from '../../tokenize/token.ts';
import type { EnumDefinition, RecordDefinition } from '../../types/types.ts';
import type { CSymbol, DeclarationNode, FunctionSymbol, VariableSymbol } from '../ast.ts';
import { copyOfPragmas, type PragmaState } from '../pragmas.ts';
import type { FileScope, Tag } from '../scopes.ts';
import type { Parser } from '../state.ts';
import {
  type DeclarationItem,
  DeferredPart,
  type FunctionItem,
  isToBeCompleted,
  type LateDefinitions,
  readSoFar,
} from './deferred-part.ts';
import { type Doubts, doubtsOf, type Surroundings, surroundingsOf } from './doubts.ts';
import { type Definition, isDefinition, type Mentions } from './mentions.ts';
import { copiesInPlace, copiesTrees, copyBodies, mentionsIn } from './own-copies.ts';

export type TypeDefinition = RecordDefinition | EnumDefinition;

/** What a parser knows behind a number of segments, the first declaration to the last. */
export interface SharedState {
  /** How many segments it covers. */
  readonly depth: number;
  readonly names: Layer<CSymbol>;
  readonly tags: Layer<Tag>;
  readonly linked: Layer<VariableSymbol | FunctionSymbol>;
  readonly declarations: readonly DeclarationItem[];
  readonly functions: readonly FunctionItem[];
  readonly mentions: Mentions;
  /** Functions with a body and variables of the user's own headers. */
  readonly usersDefinitions: readonly Definition[];
  readonly pragma: PragmaState;
  readonly lineQuestions: number;
  readonly previous: Token;
  /** All that is wrong. */
  readonly problems: readonly SyntaxProblem[];
  readonly doubts: Doubts | undefined;
  /** Records and enums without a body or a typedef's name, with the number of segments that declare them. */
  readonly unfinished: ReadonlyMap<TypeDefinition, number>;
  /** The same of parts that were read when this had been shared: they are added. */
  readonly lateDefinitions: LateDefinitions;
}

/**
 * `noisy`: what is said of it hangs on what follows, and so it is with all that follow it. `open`: something goes on
 * behind its end.
 */
export type SegmentState = SharedState | 'noisy' | 'open';

/** The state of a segment in units for which something is the same; undefined: in all of them. */
export interface KnownState {
  readonly state: SegmentState;
  readonly surroundings: Surroundings | undefined;
}

/** By the way in which layout is read. The last used state comes first. */
export type ParsedSegment = Map<'plain' | 'laid-out', KnownState[]>;

/** An `end` token that knows whether a parser has looked at it for more than being the end. */
export interface WatchedEnd {
  readonly token: Token;
  readonly wasSeen: () => boolean;
}

export function watchedEnd(file: SourceFile): WatchedEnd {
  let seen = false;
  const saw = <T>(value: T): T => {
    seen = true;
    return value;
  };
  const token: Token = {
    get kind() {
      return saw('end' as const);
    },
    get text() {
      return saw('');
    },
    get file() {
      return saw(file);
    },
    get start() {
      return saw(0);
    },
    get end() {
      return saw(0);
    },
    get startsLine() {
      return saw(true);
    },
    get afterSpace() {
      return saw(true);
    },
    get expansion() {
      return saw(undefined);
    },
  };
  return { token, wasSeen: () => seen };
}

/** Freezes what a parser knows at the end of the segment number `depth`. The parser is of no more use. */
export function share(p: Parser, declarations: readonly DeclarationNode[], end: WatchedEnd, depth: number): KnownState {
  const isWhole = !p.isDepthReported && p.linkageBlocks === 0 && p.insertedBraces === 0;
  // A mistake in the last declaration may have had more left out than this segment has.
  const isLastRight = p.errorIndex < 0 || p.errorIndex < p.declarationIndex;
  if (!p.isSettled || !isWhole || !isLastRight) return { state: 'noisy', surroundings: undefined };
  if (end.wasSeen() || declarations[declarations.length - 1]?.kind === 'error-declaration') {
    return { state: 'open', surroundings: undefined };
  }
  const doubts = doubtsOf(p);
  const first = (p.shared?.depth ?? 0) + 1;
  const own = [...declarations, ...readSoFar(p.parts.map(({ part }) => part))];
  const unfinished = new Map(p.shared?.unfinished);
  for (const definition of unfinishedIn(p.file, own)) unfinished.set(definition, first);
  if (copiesTrees(p)) readTrees(p.shared?.functions ?? []);
  copyBodies(p, { everyUsers: false });
  const { shared, own: added } = copiesInPlace(p, declarations);
  const inPlace = {
    declarations: [...shared.declarations, ...added.declarations],
    functions: [...shared.functions, ...added.functions],
  };
  const all = readSoFar(inPlace.declarations);
  const definitions = all.filter(isDefinition);
  const mentions = mentionsIn(p, all, own);
  if (p.home !== undefined) p.home.after = { mentions, depth: first, late: p.lateDefinitions };
  const state: SharedState = {
    depth,
    ...inPlace,
    mentions,
    usersDefinitions: definitions.filter((node) => !p.isSystemFile(place(node.nameToken).file)),
    names: p.file.names.freeze(),
    tags: p.file.tags.freeze(),
    linked: p.linked.freeze(),
    pragma: copyOfPragmas(p.pragma),
    lineQuestions: p.lineQuestions,
    previous: lastOf(p.previous),
    problems: [...p.problems],
    doubts,
    unfinished,
    lateDefinitions: p.lateDefinitions,
  };
  const { problems } = state;
  return { state, surroundings: surroundingsOf(p, { doubts, problems, areBundled: p.home !== undefined }) };
}

/**
 * Asks whether the text may complete or name a record or enum. Where it is shared, it may not, and the reading comes to
 * nothing: it is done again from before the declaration.
 */
export function mayChange(p: Parser, definition: TypeDefinition): boolean {
  const depth = p.shared === undefined ? undefined : depthOf(p.shared, definition);
  if (depth === undefined) return true;
  p.conflict = Math.min(p.conflict ?? depth, depth);
  return false;
}

/**
 * The earliest segment with a record that these tokens look like completing or naming. Only saves a reading that
 * `mayChange` would bring to nothing; undefined where there is none. Looks at the first `count` tokens.
 */
export function foreseenConflict(shared: SharedState, tokens: readonly Token[], count: number): number | undefined {
  let earliest: number | undefined;
  for (let i = 0; i < count - 2; i++) {
    const { text } = tokens[i] as Token;
    if (text !== 'struct' && text !== 'union' && text !== 'enum') continue;
    const after = tokens[i + 2];
    const isNamed = after?.kind === 'identifier' && tokens[i - 1]?.text === 'typedef';
    if (after?.text !== '{' && !isNamed) continue;
    const tag = lookIn(shared.tags, tokens[i + 1]?.text ?? '');
    if (tag === undefined) continue;
    const definition = tag.kind === 'record' ? tag.record : tag.enumeration;
    if (after?.text === '{' ? hasBody(definition) : !isToBeNamed(definition, tokens[i] as Token)) continue;
    const depth = depthOf(shared, definition);
    if (depth !== undefined) earliest = Math.min(earliest ?? depth, depth);
  }
  return earliest;
}

/** A typedef at this place names the record or enum, too: one with a tag is named by the file that declares it alone. */
export function isToBeNamed({ tag, span, typedefName }: TypeDefinition, at: Token): boolean {
  return typedefName === undefined && (tag === undefined || span.file === place(at).file);
}

/** The segment that declares a record or enum which a later text might complete or name, if it is one of these. */
function depthOf({ unfinished, lateDefinitions, depth }: SharedState, definition: TypeDefinition): number | undefined {
  const of = unfinished.get(definition) ?? lateDefinitions.get(definition);
  return of === undefined || of > depth ? undefined : of;
}

/** Reads what mentions of functions and variables may stand in. */
function readTrees(functions: readonly FunctionItem[]): void {
  for (const item of functions) if (item instanceof DeferredPart) item.read();
}

/** The last token of what was passed. */
function lastOf(token: Token): Token {
  if (!(token instanceof UnreadPart)) return token;
  const tokens = tokensOfPart(token);
  return tokens[tokens.length - 1] ?? token;
}

/** Records and enums among the declarations, and among the tags of a scope, that may still be completed or named. */
export function unfinishedIn({ tags }: FileScope, declarations: readonly DeclarationNode[]): readonly TypeDefinition[] {
  const withBody = declarations.flatMap((node) => (node.kind === 'tag-declaration' ? [node.definition] : []));
  return [...tags.added(), ...withBody]
    .map((tag): TypeDefinition => (tag.kind === 'record' ? tag.record : tag.enumeration))
    .filter((definition) => isPending(definition) || !isFinished(definition));
}

/** Nobody has looked at it, and nobody does here: that a record might be changed which is complete does no harm. */
function isPending(definition: TypeDefinition): boolean {
  return 'fields' in definition && isToBeCompleted(definition);
}

function isFinished(definition: TypeDefinition): boolean {
  return hasBody(definition) && definition.typedefName !== undefined;
}

function hasBody(definition: TypeDefinition): boolean {
  return ('fields' in definition ? definition.fields : definition.constants) !== undefined;
}
