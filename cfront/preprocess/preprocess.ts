/**
 * One C file with everything it includes, from text to the tokens that the parser reads (C11 6.10).
 *
 * In: the main file, and a function that finds headers. Out: expanded tokens with pragmas among them, ending with one
 * `end` token, and everything about macros, includes and inactive parts that the editor shows. Nothing is thrown on
 * account of the text. It ends because every file ends and because includes and macros are limited (limits.ts).
 *
 * To the parser: an `unknown` token in the result is an unterminated literal and has been reported. Stray characters
 * have been reported and taken out.
 */
import { type InPieces, toEnd } from '../../base/in-pieces.ts';
import type { SourceFile, Span } from '../../base/source.ts';
import type { SyntaxProblem } from '../errors.ts';
import { MappedView } from '../layer-views.ts';
import { flat, type Layer, LayeredMap } from '../layers.ts';
import type { PartToken, Token } from '../tokenize/token.ts';
import { type TokenizedFile, tokenizing } from '../tokenize/tokenize.ts';
import type { ParseOptions } from '../unit.ts';
import { leaveContext } from './arguments.ts';
import { type Chain, leaveLink, type Segment, startChain } from './chain.ts';
import { unterminated } from './conditional.ts';
import { directive, isDirective } from './directives.ts';
import { expandInFile, takePending } from './expand.ts';
import { includeForced, openFile } from './include.ts';
import { isListed, type Macro } from './macro.ts';
import { rawTokens, type UnreadPart, unreadPart } from './parts.ts';
import { builtinFile } from './predefined.ts';
import type { Preprocessed } from './result.ts';
import { type FileFrame, fileFrame, report, type State, topFrame } from './state.ts';
import { withoutStrays } from './strays.ts';
import { trim } from './trim.ts';

export function preprocess(main: SourceFile, options: ParseOptions): Preprocessed {
  return toEnd(preprocessing(main, options));
}

/** It stops where no macro is being expanded, so that another text may be read before it goes on, with the same headers. */
export function* preprocessing(main: SourceFile, options: ParseOptions): InPieces<Preprocessed> {
  const { root, chain } = startChain(options);
  const state = startState(main, options, chain, { macros: root.macros, problems: root.problems });
  const tokenized = yield* tokenizing(main);
  openFile(state, tokenized, { isSystem: false, link: undefined });
  try {
    for (const name of options.forcedIncludes ?? []) {
      includeForced(state, name);
      yield* readingDownTo(state, 1);
    }
    yield* readingDownTo(state, 0);
  } finally {
    /* Macros of headers are shared with the next run, also when this one ends by a bug. */
    for (const context of [...state.contexts].reverse()) leaveContext(state, context);
  }
  const { systemFiles } = state;
  const result: Preprocessed = {
    ...tokensOf(state, tokenized.tokens[tokenized.tokens.length - 1] as Token),
    problems: state.problems,
    macros: new MappedView(state.macros, (macro) => (isListed(macro) ? macro.definition : undefined)),
    includes: state.includes,
    inactive: state.inactive,
    macroUses: [...state.uses.values()].sort((a, b) => a.span.start - b.span.start),
    comments: tokenized.comments,
    files: [...state.files],
    main,
    headerOf: options.headerOf,
    counterpartOf: options.counterpartOf,
    isSystemFile: (file) => file.path === builtinFile.path || systemFiles.has(file),
    state,
    tokenized,
  };
  /* Whoever keeps the state has no use for what every token has left in it. */
  state.output.length = 0;
  state.uses.clear();
  state.painted.clear();
  state.reported.clear();
  return result;
}

/** The tokens of a part that was left unread, without an `end`. */
export function tokensOfPart(part: UnreadPart): readonly Token[] {
  const macros = flat(part.macros.map((macro) => [macro.definition.name, macro] as const));
  const state = startState(part.file, noOptions, undefined, { macros, problems: [] });
  openPart(state, part);
  readDownTo(state, 0);
  return state.output;
}

const noOptions: ParseOptions = { include: () => ({ kind: 'missing', searched: [] }) };

function startState(
  main: SourceFile,
  options: ParseOptions,
  chain: Chain | undefined,
  { macros, problems }: { readonly macros: Layer<Macro>; readonly problems: readonly SyntaxProblem[] },
): State {
  const state: State = {
    main,
    options,
    macros: new LayeredMap(macros),
    output: [],
    problems: [...problems],
    includes: [],
    inactive: [],
    uses: new Map(),
    frames: [],
    files: new Set(),
    systemFiles: new Set(),
    onceFiles: new Set(),
    cyclicFiles: new Set(),
    missingHeaders: new Set(),
    savedMacros: new Map(),
    rawTokens: 0,
    contexts: [],
    painted: new Set(),
    pendingSpace: false,
    pendingLine: false,
    spent: 0,
    spentInUnit: 0,
    isAborting: false,
    argumentDepth: 0,
    isInCondition: false,
    counter: 0,
    readFileToken: () => readInArguments(state),
    callFrame: undefined,
    journal: undefined,
    reported: new Map(),
    chain,
    namesMain: false,
    lineUses: [],
    countsUses: false,
    macroChanges: [],
  };
  return state;
}

/** Reads until only so many files are open. */
export function readDownTo(state: State, depth: number): void {
  toEnd(readingDownTo(state, depth));
}

function* readingDownTo(state: State, depth: number): InPieces<void> {
  while (state.frames.length > depth) {
    read(state, topFrame(state) as FileFrame);
    if (state.contexts.length === 0 && state.callFrame === undefined) yield;
  }
}

/** Shared headers first, then the tokens behind them; what is to be said of stray characters comes last. */
function tokensOf(state: State, end: Token): Pick<Preprocessed, 'shared' | 'tokens'> {
  const shared = state.chain?.node.segment;
  const rest = withoutStrays(state.chain === undefined ? state.output : state.output.slice(state.chain.outputAt));
  if (state.chain !== undefined) trim(state.chain.cache);
  const segments: Segment[] = [];
  for (let segment = shared; segment !== undefined; segment = segment.parent) segments.unshift(segment);
  for (const { strays } of [...segments, rest]) for (const problem of strays) report(state, problem);
  return { shared, tokens: [...rest.tokens, end] };
}

/** Tokens that are read at a time. */
const pieceLength = 10_000;

/** Reads on in a file until it ends or includes another one, or for as long as a piece. */
function read(state: State, frame: FileFrame): void {
  const { tokens } = frame;
  const { macros, output } = state;
  for (let i = 0; i < pieceLength; i++) {
    let token = tokens[frame.next] as Token;
    if (token.kind === 'identifier') {
      frame.next++;
      const macro = macros.get(token.text);
      if (macro !== undefined && expandInFile(state, token, macro)) {
        /* A header that was included inside the call goes on behind its `)`. */
        if (topFrame(state) !== frame) return;
        continue;
      }
    } else if (token.kind === 'end') {
      leaveFile(state, frame);
      return;
    } else if (token.startsLine && isDirective(token)) {
      const pragma = directive(state, frame);
      if (pragma !== undefined) output.push(pragma);
      if (topFrame(state) !== frame) return;
      continue;
    } else if (token.kind === 'part') {
      frame.next++;
      const unread = unreadPart(state, token as PartToken); /* the lexer makes no other token of that kind */
      if (unread === undefined) {
        openPart(state, token);
        return;
      }
      /* It begins a line, and so it has all that is pending. */
      state.pendingLine = false;
      state.pendingSpace = false;
      token = unread;
    } else frame.next++;
    if (state.pendingSpace || state.pendingLine) token = takePending(state, token);
    output.push(token);
  }
}

/** The next raw token where a macro's arguments run on in the file. */
export function readInArguments(state: State): Token {
  for (;;) {
    const frame = topFrame(state) as FileFrame; /* macros are only expanded while a file is read */
    const token = frame.tokens[frame.next] as Token;
    if (token.kind === 'end') {
      if (frame === state.callFrame || state.callFrame === undefined) return token;
      leaveFile(state, frame);
      continue;
    }
    if (isDirective(token)) {
      const pragma = directive(state, frame);
      if (pragma !== undefined) return pragma;
      continue;
    }
    frame.next++;
    if (token.kind !== 'part') return token;
    openPart(state, token);
  }
}

/** Reads a part now, as if it were a header. */
function openPart(state: State, { file, start, end }: Token): void {
  const tokens = rawTokens(file, start, end);
  const tokenized: TokenizedFile = { file, tokens, comments: [], directives: [], problems: [] };
  state.frames.push(fileFrame(tokenized, { isSystem: true, link: undefined }));
}

function leaveFile(state: State, frame: FileFrame): void {
  for (const { hash, spelling } of frame.conditions) unterminated(state, hash, spelling);
  reportLexical(state, frame);
  state.frames.pop();
  if (frame.link !== undefined) leaveLink(state, frame.link);
}

/** What the tokenizer found counts only where the text counts. */
function reportLexical(state: State, frame: FileFrame): void {
  let q = 0;
  for (const problem of frame.tokenized.problems) {
    const at = problem.span.start;
    while (q < frame.quiet.length && (frame.quiet[q] as Span).end <= at) q++;
    const quiet = frame.quiet[q];
    const counts = quiet === undefined || at < quiet.start || problem.code === 'unterminated-comment';
    if (counts && !(frame.isSystem && problem.severity === 'warning')) report(state, problem);
  }
}
