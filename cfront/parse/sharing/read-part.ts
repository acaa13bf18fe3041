/**
 * Leaving parts of bundled headers unread, and reading them when somebody asks.
 *
 * A part is left where all that its outline says of the names around it is so: what it needs is declared, and what it
 * declares is not. Otherwise it is read in its place, like everything else. Reading ends because a part needs only what
 * stands before it.
 */
import type { LayeredMap } from '../../layers.ts';
import type { UnreadPart } from '../../preprocess/parts.ts';
import { tokensOfPart } from '../../preprocess/preprocess.ts';
import { endToken } from '../../tokenize/token.ts';
import { copyOfPragmas, type PragmaState } from '../pragmas.ts';
import { advance, createParser, type Parser, replaceToken } from '../state.ts';
import {
  DeferredPart,
  deferCompletion,
  isToBeCompleted,
  linkedIn,
  nameIn,
  type PartContents,
  PartEntry,
  tagIn,
} from './deferred-part.ts';
import { addMentions, type Mentions } from './mentions.ts';
import { unfinishedIn } from './shared.ts';

/** What parsers of parts need of the one that has left them. It stays when that one has come to its end. */
export interface PartHome extends Pick<Parser, 'rules' | 'file' | 'linked' | 'shared' | 'copies' | 'nodes'> {
  /** Set once the home's state is shared: what is read from then on adds to what is known of it. */
  after: { readonly mentions: Mentions; readonly depth: number; readonly late: Parser['lateDefinitions'] } | undefined;
  /** A copy of the pragmas in force when so and so many had been passed. */
  pragma: { readonly passed: number; readonly state: PragmaState } | undefined;
}

/** Lets the parser leave parts of headers unread. */
export function allowParts(p: Parser): void {
  const { rules, file, linked, shared, copies, nodes } = p;
  p.home = { rules, file, linked, shared, copies, nodes, after: undefined, pragma: undefined };
}

/** The parser stands at a part: it is left unread, or its tokens are put in its place. */
export function passPart(p: Parser, unread: UnreadPart): void {
  const { home } = p;
  if (home === undefined || p.pragma.deprecated.size > 0 || !mayStay(home, unread)) {
    replaceToken(p, tokensOfPart(unread));
    return;
  }
  if (home.pragma?.passed !== p.nextPragma) home.pragma = { passed: p.nextPragma, state: copyOfPragmas(p.pragma) };
  const part = new DeferredPart(unread, home.pragma.state, (asked) => readPart(home, asked));
  for (const tag of unread.part.completes) complete(home, tag, part);
  const { names, tags, isLinked } = unread.part;
  deferAll(p.file.names, names, new PartEntry(part, nameIn));
  if (isLinked) deferAll(p.linked, names, new PartEntry(part, linkedIn));
  deferAll(p.file.tags, tags, new PartEntry(part, tagIn));
  p.parts.push({ part, declarations: p.sink.length, functions: p.functions.length });
  advance(p);
}

function deferAll<V>(scope: LayeredMap<V>, names: readonly string[], entry: PartEntry<V>): void {
  for (let i = 0; i < names.length; i++) scope.defer(names[i] as string, entry);
}

/** The record that a part completes: in a part that has not been read, or as it is known. */
function complete({ file }: PartHome, tag: string, part: DeferredPart): void {
  const stored = file.tags.stored(tag);
  if (stored instanceof PartEntry) stored.part.completedBy(tag, part);
  else if (stored !== undefined && 'record' in stored) deferCompletion(stored.record, part);
}

/** It is declared by the headers that are read now, and nothing else completes it. */
function isIncomplete({ file }: PartHome, tag: string): boolean {
  const stored = file.tags.stored(tag);
  if (stored instanceof PartEntry) return !stored.part.isCompleted(tag);
  if (stored === undefined || !('record' in stored) || isToBeCompleted(stored.record)) return false;
  return stored.record.fields === undefined;
}

function mayStay(home: PartHome, { part }: UnreadPart): boolean {
  const { file, linked } = home;
  return (
    part.completes.every((tag) => isIncomplete(home, tag)) &&
    part.neededNames.every((name) => file.names.has(name)) &&
    part.neededTags.every((tag) => file.tags.has(tag)) &&
    !part.names.some((name) => file.names.has(name) || linked.has(name)) &&
    !part.tags.some((tag) => file.tags.has(tag))
  );
}

function readPart(home: PartHome, { unread, pragma }: DeferredPart): PartContents {
  const p: Parser = {
    ...createParser(sourceOf(unread), home.rules),
    file: home.file,
    scope: home.file,
    linked: home.linked,
    shared: home.shared,
    copies: home.copies,
    nodes: home.nodes,
    pragma: copyOfPragmas(pragma),
  };
  const declarations = p.rules.declarations(p);
  const mentions: Mentions = { nodes: new Map(), inner: new Map(), below: undefined };
  addMentions(mentions, declarations);
  if (home.after !== undefined) {
    addMentions(home.after.mentions, declarations);
    for (const definition of unfinishedIn(home.file, declarations)) home.after.late.set(definition, home.after.depth);
  }
  const { names, tags } = unread.part;
  return {
    declarations,
    functions: p.functions,
    names: new Map(names.flatMap((name) => pairOf(name, home.file.names.get(name)))),
    tags: new Map(tags.flatMap((tag) => pairOf(tag, home.file.tags.get(tag)))),
    mentioned: [...mentions.nodes.keys()],
  };
}

function pairOf<V>(name: string, value: V | undefined): readonly (readonly [string, V])[] {
  return value === undefined ? [] : [[name, value]];
}

/** What a parser needs of the preprocessor; of names that nobody declares it has nothing to say. */
function sourceOf(unread: UnreadPart): Parameters<typeof createParser>[0] {
  const { file, end } = unread;
  return {
    tokens: [...tokensOfPart(unread), endToken(file, end)],
    macros: new Map(),
    includes: [],
    main: file,
    headerOf: undefined,
    counterpartOf: undefined,
    isSystemFile: () => true,
  };
}
