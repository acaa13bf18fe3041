/**
 * What a parse carries along: the cursor over the tokens, the scopes, the function being read, and the problems.
 *
 * One plain record, passed as `p`. Pragmas stand between any two tokens, so they are taken out of the token array
 * first and applied as the cursor passes their place; the grammar never sees them.
 */
import { append } from '../../base/append.ts';
import { defined } from '../../base/assert.ts';
import type { SourceFile } from '../../base/source.ts';
import type { SyntaxProblem } from '../errors.ts';
import { LayeredMap } from '../layers.ts';
import { UnreadPart } from '../preprocess/parts.ts';
import { tokensOfPart } from '../preprocess/preprocess.ts';
import type { Preprocessed } from '../preprocess/result.ts';
import type { Hidden } from '../problem-limit.ts';
import type { Token } from '../tokenize/token.ts';
import type { CType, RecordDefinition } from '../types/types.ts';
import type {
  CaseStatement,
  CSymbol,
  DeclarationNode,
  FunctionDefinition,
  FunctionSymbol,
  GotoStatement,
  VariableSymbol,
} from './ast.ts';
import { type NameSources, nameSources, type TextSource } from './mistakes/name-sources.ts';
import { applyPragma, copyOfPragmas, type PragmaState, pragmaState } from './pragmas.ts';
import type { Rules } from './rules.ts';
import { type FileScope, fileScope, type Scope } from './scopes.ts';
import type { DeferredPart, LateDefinitions } from './sharing/deferred-part.ts';
import { takeOver } from './sharing/doubts.ts';
import { adoptSymbols, ownSymbol } from './sharing/own-copies.ts';
import type { PartHome } from './sharing/read-part.ts';
import type { SharedState } from './sharing/shared.ts';
import type { HandlerPart } from './statements/exceptions.ts';
import type { Trail } from './trail.ts';

/** Nesting of expressions, statements, declarators and initializers that is read; deeper text is a problem. */
export const DEPTH_MAX = 256;

/** How lines are seen in the user's own files. */
export type Layout = 'plain' | 'laid-out';

/** The function whose body is being read. */
export interface FunctionContext {
  readonly symbol: FunctionSymbol;
  readonly result: CType;
  readonly locals: VariableSymbol[];
  readonly labels: Map<string, Token>;
  readonly gotos: { readonly node: GotoStatement; readonly nameToken: Token }[];
  /** Enclosing switches, innermost last. */
  readonly switches: SwitchContext[];
  /** Names already reported as unknown in this function. */
  readonly unknown: Set<string>;
  /** Variables of the file whose address is taken in the body. */
  readonly addressed: Set<VariableSymbol>;
  /** Enclosing statements that `break` leaves, that `continue` continues, and `__try`s. */
  breakables: number;
  loops: number;
  tries: number;
  /** Parts of `__try` statements behind their bodies that are around, innermost last. */
  readonly handlers: HandlerPart[];
  /** Index of the token that closes the body, worked out beforehand; nothing inside reads beyond it. */
  readonly bodyEnd: number;
  /** Index of the token behind the head, where the head could not be read. */
  readonly brokenHeadEnd: number | undefined;
  /** A block of it has no '}'. */
  isUnclosed: boolean;
}

export interface SwitchContext {
  readonly type: CType;
  readonly cases: CaseStatement[];
  readonly places: Map<bigint | 'default', Token>;
}

export interface Parser {
  readonly rules: Rules;
  /** Without pragmas; the last one is the `end` token. Replaced where recovery puts a missing brace in. */
  tokens: readonly Token[];
  readonly end: Token;
  index: number;
  /** The next token, `tokens[index]`. */
  token: Token;
  /** The token consumed last. */
  previous: Token;
  pragmas: readonly { readonly index: number; readonly token: Token }[];
  nextPragma: number;
  readonly pragma: PragmaState;

  readonly isSystemFile: (file: SourceFile) => boolean;
  layout: Layout;
  /** How often it was asked for a line where none is seen (mistakes/layout.ts). */
  lineQuestions: number;
  readonly problems: SyntaxProblem[];
  /** What was reported is the same whatever follows, but for what doubts.ts tells. */
  isSettled: boolean;
  readonly problemCounts: Map<SourceFile, number>;
  readonly hiddenProblems: Map<SourceFile, Hidden>;
  /** Index of the token at which a syntax error was reported last: one mishap is reported once. */
  errorIndex: number;
  /** Index of the first token of the declaration at file scope that is being read. */
  declarationIndex: number;
  /** Reading the declaration before has stumbled over that token: this one is none the worse for it. */
  hasStumbledBefore: boolean;
  /** Index of the farthest token that was looked at before reading came to it. */
  looked: number;
  readonly names: NameSources;
  /** Types, and names at file scope, already reported as unknown. */
  readonly unknown: Set<string>;
  /** Records whose missing members were reported. */
  readonly incomplete: Set<RecordDefinition>;
  /** How often a near name was searched for. */
  nearSearches: number;

  readonly file: FileScope;
  scope: Scope;
  /** Variables and functions with linkage by name, wherever they were declared. */
  readonly linked: LayeredMap<VariableSymbol | FunctionSymbol>;
  /** Where declarations found on the way go: tags, enum constants. */
  sink: DeclarationNode[];
  readonly functions: FunctionDefinition[];
  function: FunctionContext | undefined;
  /** First token of the statement being read, for what the layout of lines tells about half-typed text. */
  statementFirst: Token;
  depth: number;
  isDepthReported: boolean;
  /** Records whose body is being read: none of them can be defined again inside. */
  readonly openRecords: Set<RecordDefinition>;
  /** Braces that recovery has put in. */
  insertedBraces: number;
  /** Open `extern "C" {` blocks. */
  linkageBlocks: number;
  /** Answers of `isAnnotationName`, because headers ask thousands of times for the same few words. */
  readonly annotationNames: Map<string, boolean>;

  /** What was declared by headers that are shared with other units. */
  readonly shared: SharedState | undefined;
  /** This unit's copies of shared symbols and of their declarations. */
  readonly copies: Map<CSymbol, CSymbol>;
  readonly nodes: Map<DeclarationNode, DeclarationNode>;
  /** What this parser and those before it know of records and enums in parts that are read after it. */
  readonly lateDefinitions: LateDefinitions;
  /** Set where parts of headers may be left unread. */
  home: PartHome | undefined;
  /** Those that were left, with the numbers of declarations and functions before them. */
  readonly parts: { readonly part: DeferredPart; readonly declarations: number; readonly functions: number }[];
  /** Parts of headers that the text leads to. */
  readonly reached: Set<DeferredPart>;
  /** What was copied when the unit had been read, because somebody looked it up. */
  readonly lateCopies: Set<CSymbol>;
  /** Set where the text wants to change a record or enum that segment number so and so of the headers declares. */
  conflict: number | undefined;

  /** Set where bodies may be read again (reread.ts): what that needs to know. */
  trail: Trail | undefined;
}

function countsOf(problems: readonly SyntaxProblem[]): Map<SourceFile, number> {
  const counts = new Map<SourceFile, number>();
  for (const { span } of problems) counts.set(span.file, (counts.get(span.file) ?? 0) + 1);
  return counts;
}

/** Parts of headers that the preprocessor has left unread: they are read at once, or left where they may be. */
export type PartsOfHeaders = 'read' | 'left';

export interface ParserStart {
  /** What the headers before the tokens have declared. */
  readonly shared?: SharedState | undefined;
  readonly parts?: PartsOfHeaders;
  readonly layout?: Layout;
}

/** A parser that stands at the first of the source's tokens. */
export function createParser(
  source: TextSource & Pick<Preprocessed, 'tokens' | 'isSystemFile'>,
  rules: Rules,
  { shared, parts = 'read', layout = 'laid-out' }: ParserStart = {},
): Parser {
  const tokens: Token[] = [];
  const pragmas: { index: number; token: Token }[] = [];
  const last = source.tokens.length - 1;
  for (let i = 0; i < last; i++) {
    const token = source.tokens[i] as Token;
    if (token.kind === 'pragma') pragmas.push({ index: tokens.length, token });
    else if (token instanceof UnreadPart && (parts === 'read' || !isBetweenDeclarations(source.tokens, i)))
      append(tokens, tokensOfPart(token));
    else tokens.push(token);
  }
  const end = source.tokens[last] as Token;
  tokens.push(end);
  const first = tokens[0] ?? end;
  const file = fileScope(shared?.names, shared?.tags);
  const names = nameSources(source);
  if (shared?.doubts !== undefined) takeOver(names, shared.doubts);
  const p: Parser = {
    rules,
    tokens,
    end,
    index: 0,
    token: first,
    previous: shared?.previous ?? first,
    pragmas,
    nextPragma: 0,
    pragma: shared === undefined ? pragmaState() : copyOfPragmas(shared.pragma),
    isSystemFile: source.isSystemFile,
    layout,
    lineQuestions: shared?.lineQuestions ?? 0,
    problems: [...(shared?.problems ?? [])],
    isSettled: true,
    problemCounts: countsOf(shared?.problems ?? []),
    hiddenProblems: new Map(),
    errorIndex: -1,
    declarationIndex: 0,
    hasStumbledBefore: false,
    looked: -1,
    names,
    unknown: new Set(shared?.doubts?.unknown),
    incomplete: new Set(shared?.doubts?.incomplete),
    nearSearches: shared?.doubts?.nearSearches ?? 0,
    file,
    scope: file,
    linked: new LayeredMap(shared?.linked),
    sink: [],
    functions: [],
    function: undefined,
    statementFirst: first,
    depth: 0,
    isDepthReported: false,
    openRecords: new Set(),
    insertedBraces: 0,
    linkageBlocks: 0,
    annotationNames: new Map(),
    shared,
    copies: new Map(),
    nodes: new Map(),
    lateDefinitions: shared?.lateDefinitions ?? new Map(),
    home: undefined,
    parts: [],
    reached: new Set(),
    lateCopies: new Set(),
    conflict: undefined,
    trail: undefined,
  };
  adoptSymbols(p, (symbol) => ownSymbol(p, symbol));
  passPragmas(p);
  return p;
}

/** A part stands where a declaration may begin, as far as the token before it tells. */
function isBetweenDeclarations(tokens: readonly Token[], index: number): boolean {
  let at = index - 1;
  while (tokens[at]?.kind === 'pragma') at--;
  const before = tokens[at];
  return before === undefined || before.kind === 'part' || before.text === ';' || before.text === '}';
}

/** Puts tokens in the place of the next one. */
export function replaceToken(p: Parser, by: readonly Token[]): void {
  const { index } = p;
  const more = by.length - 1;
  p.tokens = [...p.tokens.slice(0, index), ...by, ...p.tokens.slice(index + 1)];
  p.token = p.tokens[index] as Token;
  p.pragmas = p.pragmas.map((pragma) => (pragma.index <= index ? pragma : { ...pragma, index: pragma.index + more }));
}

/** Consumes the next token and gives it back. The `end` token is never passed. */
export function advance(p: Parser): Token {
  const token = p.token;
  p.previous = token;
  if (token !== p.end) {
    p.index++;
    p.token = p.tokens[p.index] as Token;
    if (p.nextPragma < p.pragmas.length) passPragmas(p);
  }
  return token;
}

/** The token `distance` after the next one. */
export function peek(p: Parser, distance: number): Token {
  const index = p.index + distance;
  if (index > p.looked) p.looked = index;
  return p.tokens[index] ?? p.end;
}

/** A token that is found otherwise has been looked at. */
export function noteLooked(p: Parser, index: number): void {
  if (index > p.looked) p.looked = index;
}

/** A syntax error was met in the declaration at file scope that is being read. */
export function isDeclarationBroken({ errorIndex, declarationIndex, hasStumbledBefore }: Parser): boolean {
  return hasStumbledBefore ? errorIndex > declarationIndex : errorIndex >= declarationIndex;
}

/** The next token is this punctuator or word. (A string literal's text has its quotes, so text alone tells.) */
export function at(p: Parser, text: string): boolean {
  return p.token.text === text;
}

/** Consumes the next token if it is this punctuator or word. */
export function accept(p: Parser, text: string): boolean {
  if (p.token.text !== text) return false;
  advance(p);
  return true;
}

export function atEnd(p: Parser): boolean {
  return p.token === p.end;
}

function passPragmas(p: Parser): void {
  for (;;) {
    const next = p.pragmas[p.nextPragma];
    if (next === undefined || next.index > p.index) return;
    applyPragma(p.pragma, next.token, p.token);
    p.nextPragma++;
  }
}

/** The function being read: statements stand nowhere else. */
export function currentFunction(p: Parser): FunctionContext {
  return defined(p.function, 'the function around a statement');
}
