/**
 * A file as what stands at file scope, piece by piece: each says something to the rest of the file by the names that it
 * declares, and a function's body says nothing to it. Typing mostly changes one body, or what a few names mean.
 *
 * In: a unit. Out: its declarations and directives in order, none within another. A body with a directive that reaches
 * further than its braces counts as part of its declaration, and so does one that a macro wrote. Words that belong to no
 * declaration may mean anything.
 */
import { lastBefore, lowerBound } from '../../../base/lower-bound.ts';
import type { SourceFile } from '../../../base/source.ts';
import type { DeclarationNode, FunctionDefinition } from '../../../cfront/parse/ast.ts';
import { keepsDirectives } from '../../../cfront/preprocess/stretch.ts';
import { place, type Token } from '../../../cfront/tokenize/token.ts';
import { indexAt } from '../../../cfront/tokenize/token-index.ts';
import { type TokenizedFile, tokenize } from '../../../cfront/tokenize/tokenize.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';

/** Offsets only: an outline of an older text must not keep that text's tree. */
export interface Outline {
  readonly file: SourceFile;
  /** In order; they don't overlap. */
  readonly parts: readonly Part[];
  /** The end of the last `#include`. */
  readonly includesEnd: number;
}

/** What stands at file scope: a declaration, or several that share their text; a directive; words that are neither. */
export interface Part {
  readonly start: number;
  /** Where it ends, without the body that it may have. */
  readonly end: number;
  /** What it declares or defines, in order; `ANYTHING` where it may change what all that follows means. */
  readonly names: string;
  readonly kind: 'declaration' | 'directive' | 'include' | 'words';
  readonly body: Body | undefined;
  /** Directives in it reach further: what it means hangs on more than its text and the names in it. */
  readonly isOpen: boolean;
}

export interface Body {
  readonly start: number;
  readonly end: number;
}

/** It stands for all names. */
export const ANYTHING = '*';

export interface OutlinedUnit {
  readonly outline: Outline;
  /** Whose bodies the parts have. */
  readonly definitions: ReadonlyMap<Part, FunctionDefinition>;
  /** The unit's declarations. */
  readonly nodes: readonly DeclarationNode[];
}

export function outlineOf(unit: TranslationUnit): OutlinedUnit {
  const { file } = unit;
  const source = tokenize(file);
  const inactive = unit.inactive.filter((span) => span.file === file);
  const isLeftOut = (offset: number): boolean => offset < (lastBefore(inactive, offset + 1)?.end ?? 0);
  const declared = merged(unit.declarations.flatMap((node) => drafted(node, file, source)));
  const known = inOrder([...declared, ...directivesBetween(source, declared, isLeftOut)]);
  const all = inOrder([...known, ...wordsBetween(source, known, isLeftOut)]);
  const definitions = new Map<Part, FunctionDefinition>();
  const parts = all.map(({ definition, ...part }): Part => {
    if (definition !== undefined) definitions.set(part, definition);
    return part;
  });
  const includesEnd = parts.findLast(({ kind }) => kind === 'include')?.end ?? 0;
  return { outline: { file, parts, includesEnd }, definitions, nodes: unit.declarations };
}

export function partEnd({ end, body }: Part): number {
  return body?.end ?? end;
}

interface Draft extends Part {
  readonly definition: FunctionDefinition | undefined;
}

function drafted(node: DeclarationNode, file: SourceFile, source: TokenizedFile): Draft | [] {
  const from = place(node.first);
  const to = place(node.last);
  if (from.file !== file || to.file !== file) return [];
  const draft = { start: from.start, end: to.end, names: namesOf(node), kind: 'declaration' } as const;
  const body = node.kind === 'function-definition' ? bodyOf(node, file, source) : undefined;
  if (node.kind === 'function-definition' && body !== undefined && body.start > from.start)
    return { ...draft, end: body.start, body, isOpen: false, definition: node };
  return { ...draft, body: undefined, isOpen: false, definition: undefined };
}

/** The body, if it is written in the file itself and no directive in it reaches further. */
function bodyOf({ body: { first, last } }: FunctionDefinition, file: SourceFile, source: TokenizedFile) {
  const isSpelt = [first, last].every((token) => token.expansion === undefined && token.file === file);
  if (!isSpelt || last.end <= first.start) return undefined;
  const inside = directivesIn(source, first.start, last.end);
  if (inside.length > 0 && !keepsDirectives({ tokens: source.tokens, directives: inside })) return undefined;
  return { start: first.start, end: last.end };
}

/** Those that begin between two offsets. */
function directivesIn({ tokens, directives }: TokenizedFile, start: number, end: number): readonly number[] {
  const before = (offset: number): number =>
    lowerBound(directives.length, (i) => (tokens[directives[i] as number] as Token).start < offset);
  return directives.slice(before(start), before(end));
}

function namesOf(node: DeclarationNode): string {
  switch (node.kind) {
    case 'static-assert':
    case 'error-declaration':
      return '';
    case 'tag-declaration': {
      const { definition } = node;
      return (definition.kind === 'record' ? definition.record.tag : definition.enumeration.tag) ?? '';
    }
    default:
      return node.symbol.name;
  }
}

function inOrder(drafts: readonly Draft[]): Draft[] {
  return [...drafts].sort((a, b) => a.start - b.start || partEnd(b) - partEnd(a));
}

/** Declarations that share text, as a record and the typedef around it, are one. */
function merged(drafts: readonly Draft[]): readonly Draft[] {
  const all: Draft[] = [];
  for (const draft of inOrder(drafts)) {
    const last = all.at(-1);
    if (last === undefined || draft.start >= partEnd(last)) {
      all.push(draft);
      continue;
    }
    const names = draft.names === '' || draft.names === last.names ? last.names : `${last.names} ${draft.names}`;
    const isInHead = last.body !== undefined && draft.body === undefined && partEnd(draft) <= last.end;
    const whole = { body: undefined, definition: undefined, end: Math.max(partEnd(last), partEnd(draft)) };
    const isOne = last.body === undefined && draft.body === undefined;
    all[all.length - 1] = { ...last, names, ...(isInHead ? {} : { ...whole, isOpen: last.isOpen || !isOne }) };
  }
  return all;
}

/** The directives that stand by themselves. Declarations learn of those in them. */
function directivesBetween(
  { tokens, directives }: TokenizedFile,
  declared: readonly Draft[],
  isLeftOut: (offset: number) => boolean,
): readonly Draft[] {
  const found: Draft[] = [];
  const inside = new Map<Draft, number[]>();
  let at = 0;
  for (const index of directives) {
    const { start } = tokens[index] as Token;
    while (at < declared.length && partEnd(declared[at] as Draft) <= start) at++;
    const around = declared[at];
    if (around === undefined || start < around.start) {
      if (!isLeftOut(start)) found.push(directiveAt(tokens, index));
    } else if (start < around.end) inside.set(around, [...(inside.get(around) ?? []), index]);
  }
  for (const [draft, own] of inside) {
    const names = own.map((index) => directiveAt(tokens, index).names).filter((name) => name !== '');
    const isOpen = draft.isOpen || !keepsDirectives({ tokens, directives: own });
    Object.assign(draft, { names: [draft.names, ...names].join(' '), isOpen });
  }
  return found;
}

function directiveAt(tokens: readonly Token[], index: number): Draft {
  let end = index;
  while (tokens[end + 1]?.startsLine === false && tokens[end + 1]?.kind !== 'end') end++;
  const [word, name] = tokens.slice(index + 1, end + 1).map(({ text }) => text);
  const kind = word?.startsWith('include') === true || word === 'import' ? 'include' : 'directive';
  const place = { start: (tokens[index] as Token).start, end: (tokens[end] as Token).end };
  return { ...place, names: namesOfDirective(word, name), kind, body: undefined, isOpen: false, definition: undefined };
}

/** What a condition leaves out or takes in is seen by itself, and a directive that nobody knows does nothing. */
function namesOfDirective(word: string | undefined, name: string | undefined): string {
  if (word === 'define' || word === 'undef') return name ?? '';
  return word !== undefined && /^(?:include\w*|import|pragma|line|using|ident|sccs)$/.test(word) ? ANYTHING : '';
}

/** Words at file scope that stand in none of the parts. */
function wordsBetween(
  { tokens }: TokenizedFile,
  known: readonly Draft[],
  isLeftOut: (offset: number) => boolean,
): readonly Draft[] {
  const found: Draft[] = [];
  let at = 0;
  for (let next = 0; next <= known.length; next++) {
    const until = known[next]?.start ?? Number.POSITIVE_INFINITY;
    for (let i = indexAt(tokens, at); i < tokens.length; i++) {
      const { start, end, kind } = tokens[i] as Token;
      if (start >= until) break;
      if (kind !== 'identifier' || isLeftOut(start)) continue;
      const words = { names: ANYTHING, kind: 'words', body: undefined, isOpen: false, definition: undefined } as const;
      found.push({ start, end, ...words });
    }
    at = known[next] === undefined ? at : partEnd(known[next] as Draft);
  }
  return found;
}

/** False where it is seen without reading the text that nothing is as it was: above the last header. */
export function mayBeAsBefore({ file, includesEnd }: Outline, text: string): boolean {
  return text.slice(0, includesEnd) === file.text.slice(0, includesEnd);
}
