/**
 * Headers that are preprocessed once: the chain of links that leading `#include`s of files make.
 *
 * A file's leading directives are always carried out; only what an `#include` of the user's text does is remembered. A
 * node is a state of the preprocessor behind such an `#include`; a link leads from one node to the next and is found
 * by everything that its header looks at: what the text between has done to pragmas and to those macros that reading it
 * asked for (effects.ts), the header itself, and what every `#include` inside it finds today. Taken instead of reading the
 * header, it does to the state what reading would do; macros that it did not ask for stay as they are, and what they are
 * is an effect of the text since the new node.
 *
 * Nothing in a link may come from the files around it, because their next edition is another file: where a macro of
 * theirs left tokens in the header's text, or a problem points to them, there is no link. Their macros that are still
 * defined at its end are taken from the reading at hand.
 */

import { defined } from '../../base/assert.ts';
import type { SourceFile } from '../../base/source.ts';
import type { SyntaxProblem } from '../errors.ts';
import type { HeaderCache } from '../header-cache.ts';
import { flat, type Layer } from '../layers.ts';
import type { IncludeDirective, IncludeRequest, IncludeResult, ParseOptions } from '../unit.ts';
import {
  differences,
  type Effects,
  effectsOf,
  type Looks,
  type MacroChanges,
  noteLooks,
  unwatched,
} from './effects.ts';
import { limits } from './limits.ts';
import type { Macro } from './macro.ts';
import { comesFrom, isOf, pointsTo } from './outer.ts';
import type { ForeignNames } from './parts.ts';
import { startingMacros } from './predefined.ts';
import type { State } from './state.ts';
import { type Strays, withoutStrays } from './strays.ts';
import { copyOf, isStillRight, reach, take } from './take-link.ts';

/** Tokens from the end of one segment (or the beginning) to the end of a header, without stray characters. */
export interface Segment extends Strays {
  readonly parent: Segment | undefined;
  /** Only bundled headers have a part in it, and pragmas. */
  readonly isSystem: boolean;
}

/** A state in which a header has just been left. */
export interface Node {
  readonly segment: Segment | undefined;
  readonly macros: Layer<Macro>;
  readonly savedMacros: ReadonlyMap<string, readonly (Macro | undefined)[]>;
  readonly counter: number;
  readonly pendingSpace: boolean;
  readonly pendingLine: boolean;
  /** As `Chain` has them. */
  readonly ownNames: readonly string[];
  /** The last used one first. */
  readonly links: Link[];
}

/** The state before the first line. */
export interface Root extends Node {
  readonly problems: readonly SyntaxProblem[];
}

/** What a header is found by. */
export interface LinkKey {
  readonly file: SourceFile;
  readonly isSystem: boolean;
  /** Files that it is included from. */
  readonly depth: number;
  readonly counter: number;
  /** What the text since the node has done. */
  readonly effects: Effects;
}

export interface Link extends LinkKey {
  readonly requests: readonly Request[];
  readonly problems: readonly SyntaxProblem[];
  readonly includes: readonly IncludeDirective[];
  readonly files: readonly SourceFile[];
  readonly systemFiles: readonly SourceFile[];
  readonly onceFiles: readonly SourceFile[];
  readonly missingHeaders: readonly string[];
  readonly rawTokens: number;
  readonly spent: number;
  readonly looks: Looks;
  /** How many files were open at the same time beyond those around it. */
  readonly height: number;
  /** Macros that belong to the files around and are still defined at the end. */
  readonly outerMacros: readonly string[];
  /** One that the text around had set or removed is another one behind it. */
  readonly changesEffects: boolean;
  readonly node: Node;
  lastUse: number;
}

/** What an `#include` asked for, and the answer. */
export interface Request {
  readonly request: IncludeRequest;
  readonly result: IncludeResult;
}

/** How far a reading has come along the links. */
export interface Chain {
  readonly cache: HeaderCache;
  /** The last node that was reached, and the length of the output there. */
  node: Node;
  outputAt: number;
  /** Macros that were set since then, with undefined for those that were removed, or that are not as they are there. */
  effects: MacroChanges;
  /** Headers that were left out since then, because their guards are defined. */
  passed: string[];
  /** Names of all macros that the command line or text outside of bundled headers has set or removed. */
  readonly ownNames: Set<string>;
  /** Where they stand in bundled headers; made when it is asked for. */
  foreign: ForeignNames | undefined;
  readonly requests: Request[];
  /** False where something keeps the state behind a header from being shared, until the header around it ends. */
  isOpen: boolean;
}

/** A header that is being read and may become a link: where it began. */
export interface LinkStart {
  readonly key: LinkKey;
  readonly node: Node;
  readonly before: MacroChanges;
  readonly looks: Looks;
  readonly lengths: Lengths;
}

type Lengths = ReturnType<typeof lengthsOf>;

const rootsMax = 4;

export function startChain(options: ParseOptions): { readonly root: Root; readonly chain: Chain | undefined } {
  const cache = options.headers;
  if (cache === undefined) return { root: createRoot(options), chain: undefined };
  cache.clock++;
  const key = JSON.stringify([Object.entries(options.defines ?? {}), options.undefines ?? [], options.standard]);
  const root = cache.roots.get(key) ?? createRoot(options);
  cache.roots.delete(key);
  cache.roots.set(key, root);
  for (const old of cache.roots.keys()) if (cache.roots.size > rootsMax) cache.roots.delete(old);
  const chain: Chain = {
    cache,
    node: root,
    outputAt: 0,
    effects: new Map(),
    passed: [],
    ownNames: new Set(root.ownNames),
    foreign: undefined,
    requests: [],
    isOpen: true,
  };
  return { root, chain };
}

function createRoot(options: ParseOptions): Root {
  const { macros, problems } = startingMacros(options);
  const given = [...Object.keys(options.defines ?? {}), ...(options.undefines ?? [])];
  return {
    segment: undefined,
    macros: flat(macros),
    savedMacros: new Map(),
    counter: 0,
    pendingSpace: false,
    pendingLine: false,
    ownNames: given.flatMap((name) => /^\w+/.exec(name)?.[0] ?? []),
    links: [],
    problems,
  };
}

/**
 * At an `#include` that is about to be read: takes the link if there is one ('taken': the header is done), else says
 * where it begins if it can become one.
 */
export function enterLink(state: State, file: SourceFile, isSystem: boolean): 'taken' | LinkStart | undefined {
  const { chain } = state;
  if (chain === undefined || !isAtNode(state, chain)) return undefined;
  const key: LinkKey = {
    file,
    isSystem,
    depth: state.frames.length,
    counter: state.counter,
    effects: effectsOf(state, chain),
  };
  const { links } = chain.node;
  const index = links.findIndex((link) => isSameKey(link, key) && isStillRight(state, link, key));
  const link = links[index];
  if (link !== undefined && unwatched(state, () => take(state, chain, link, key))) {
    links.splice(index, 1);
    links.unshift(link);
    noteLooks(state, link.looks, key.depth + link.height);
    return 'taken';
  }
  const looks: Looks = { names: new Set(), inner: [], openMax: 0 };
  state.macros.watch = looks.names;
  return { key, node: chain.node, before: new Map(chain.effects), looks, lengths: lengthsOf(state) };
}

/** At the end of a header that began with `start`: what reading it has done becomes a link, if it may. */
export function leaveLink(state: State, start: LinkStart): void {
  /* A header inside that could not be shared does no harm: with this one around it, it may be. */
  const chain = defined(state.chain, 'a chain where a link began');
  const around = noteLooks(state, start.looks, start.looks.openMax);
  state.macros.watch = undefined;
  shareLink(state, chain, start);
  state.macros.watch = around?.names;
}

function shareLink(state: State, chain: Chain, start: LinkStart): void {
  const outer = new Set(state.frames.map((frame) => frame.tokenized.file));
  const strays = withoutStrays(state.output.slice(chain.outputAt));
  const requests = chain.requests.slice(start.lengths.requests);
  const problems = state.problems.slice(start.lengths.problems);
  const outerMacros = [...chain.ownNames].filter((name) => isOf(outer, state.macros.get(name)));
  chain.isOpen =
    isBetweenDeclarations(state) &&
    !state.namesMain &&
    state.cyclicFiles.size === 0 &&
    state.problems.length < limits.problems &&
    state.rawTokens <= limits.rawTokensPerUnit &&
    state.spentInUnit <= limits.tokensPerUnit &&
    !requests.some(({ result }) => result.kind === 'found' && outer.has(result.file)) &&
    ![...problems, ...strays.strays].some((problem) => pointsTo(outer, problem)) &&
    !strays.tokens.some((token) => comesFrom(outer, token)) &&
    ![...state.savedMacros.values()].some((saved) => saved.some((macro) => isOf(outer, macro)));
  if (!chain.isOpen) return;
  const node: Node = {
    segment: segmentOf(state, chain.node.segment, strays),
    macros: state.macros.freeze(),
    savedMacros: copyOf(state.savedMacros),
    counter: state.counter,
    pendingSpace: state.pendingSpace,
    pendingLine: state.pendingLine,
    ownNames: [...chain.ownNames],
    links: [],
  };
  const { lengths } = start;
  const link: Link = {
    ...start.key,
    requests,
    problems,
    includes: state.includes.slice(lengths.includes),
    files: [...state.files].slice(lengths.files),
    systemFiles: [...state.systemFiles].slice(lengths.systemFiles),
    onceFiles: [...state.onceFiles].slice(lengths.onceFiles),
    missingHeaders: [...state.missingHeaders].slice(lengths.missingHeaders),
    rawTokens: state.rawTokens - lengths.rawTokens,
    spent: state.spentInUnit - lengths.spent,
    looks: start.looks,
    height: start.looks.openMax - start.key.depth,
    outerMacros,
    changesEffects: [...start.before].some(([name, macro]) => state.macros.get(name) !== macro),
    node,
    lastUse: chain.cache.clock,
  };
  remember(start.node.links, link, chain.cache.editionsMax);
  reach(state, chain, node);
}

/** The last used link comes first. What it makes useless goes: another edition of its file, or of a header inside. */
function remember(links: Link[], link: Link, editionsMax: number): void {
  const isOld = (other: Link): boolean =>
    (isSameKey(other, link) && differences(other.effects, link.effects).size === 0) ||
    (other.file.path === link.file.path && other.file !== link.file);
  const others = links.filter((other) => !isOld(other));
  links.splice(0, links.length, link, ...others.slice(0, editionsMax - 1));
}

/** The state stands right behind a node: since then, the text has only set macros and written pragmas. */
function isAtNode(state: State, chain: Chain): boolean {
  if (!chain.isOpen || !isBetweenDeclarations(state) || state.namesMain || state.cyclicFiles.size > 0) return false;
  const { node } = chain;
  if (state.pendingSpace !== node.pendingSpace || state.pendingLine !== node.pendingLine) return false;
  if (state.frames.some((frame) => frame.isSystem)) return false;
  for (let i = chain.outputAt; i < state.output.length; i++) if (state.output[i]?.kind !== 'pragma') return false;
  return true;
}

/** No macro call is open in which a directive stands. */
function isBetweenDeclarations(state: State): boolean {
  return state.contexts.length === 0 && state.journal === undefined && state.callFrame === undefined;
}

/** All but macros and depth, which need be the same only where they are asked for. */
function isSameKey(a: LinkKey, b: LinkKey): boolean {
  return (
    a.file === b.file && a.isSystem === b.isSystem && a.counter === b.counter && a.effects.others === b.effects.others
  );
}

function segmentOf(state: State, parent: Segment | undefined, strays: Strays): Segment | undefined {
  if (strays.tokens.length === 0 && strays.strays.length === 0) return parent;
  const isSystem = strays.tokens.every(({ kind, file }) => kind === 'pragma' || state.systemFiles.has(file));
  return { ...strays, parent, isSystem };
}

function lengthsOf(state: State) {
  return {
    requests: state.chain?.requests.length ?? 0,
    problems: state.problems.length,
    includes: state.includes.length,
    files: state.files.size,
    systemFiles: state.systemFiles.size,
    onceFiles: state.onceFiles.size,
    missingHeaders: state.missingHeaders.size,
    rawTokens: state.rawTokens,
    spent: state.spentInUnit,
  };
}
