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
import type { SourceFile, Span } from '../../base/source.ts';
import { place, type Token } from '../tokenize/token.ts';
import { tokenize } from '../tokenize/tokenize.ts';
import type { MacroDefinition, ParseOptions } from '../unit.ts';
import { leaveContext } from './arguments.ts';
import { unterminated } from './conditional.ts';
import { directive, isDirective } from './directives.ts';
import { expandInFile, takePending } from './expand.ts';
import { openFile } from './include.ts';
import { isListed } from './macro.ts';
import { builtinFile, startingMacros } from './predefined.ts';
import type { Preprocessed } from './result.ts';
import { type FileFrame, report, type State, topFrame } from './state.ts';

export function preprocess(main: SourceFile, options: ParseOptions): Preprocessed {
  const state = startState(main, options);
  const tokenized = tokenize(main);
  openFile(state, tokenized, false);
  try {
    for (let frame = topFrame(state); frame !== undefined; frame = topFrame(state)) read(state, frame);
  } finally {
    /* Macros of headers are shared with the next run, also when this one ends by a bug. */
    for (const context of [...state.contexts].reverse()) leaveContext(state, context);
  }
  const tokens = withoutStrayCharacters(state, state.output);
  tokens.push(tokenized.tokens[tokenized.tokens.length - 1] as Token);

  const macros = new Map<string, MacroDefinition>();
  for (const [name, macro] of state.macros) if (isListed(macro)) macros.set(name, macro.definition);
  return {
    tokens,
    problems: state.problems,
    macros,
    includes: state.includes,
    inactive: state.inactive,
    macroUses: [...state.uses.values()].sort((a, b) => a.span.start - b.span.start),
    comments: tokenized.comments,
    files: [...state.files],
    isSystemFile: (file) => file === builtinFile || state.systemFiles.has(file),
  };
}

function startState(main: SourceFile, options: ParseOptions): State {
  const { macros, problems } = startingMacros(options);
  const state: State = {
    main,
    options,
    macros,
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
    journal: undefined,
    reported: new Map(),
  };
  return state;
}

/** Reads on in a file until it ends or includes another one. */
function read(state: State, frame: FileFrame): void {
  const { tokens } = frame;
  const { macros, output } = state;
  for (;;) {
    let token = tokens[frame.next] as Token;
    if (token.kind === 'identifier') {
      frame.next++;
      const macro = macros.get(token.text);
      if (macro !== undefined && expandInFile(state, token, macro)) continue;
    } else if (token.kind === 'end') {
      leaveFile(state, frame);
      return;
    } else if (token.startsLine && isDirective(token)) {
      const pragma = directive(state, frame, 'file');
      if (pragma !== undefined) output.push(pragma);
      if (topFrame(state) !== frame) return;
      continue;
    } else frame.next++;
    if (state.pendingSpace || state.pendingLine) token = takePending(state, token);
    output.push(token);
  }
}

/** The next raw token where a macro's arguments run on in the file. */
function readInArguments(state: State): Token {
  const frame = topFrame(state) as FileFrame; /* macros are only expanded while a file is read */
  for (;;) {
    const token = frame.tokens[frame.next] as Token;
    if (token.kind === 'end') return token;
    if (isDirective(token)) {
      const pragma = directive(state, frame, 'arguments');
      if (pragma !== undefined) return pragma;
      continue;
    }
    frame.next++;
    return token;
  }
}

function leaveFile(state: State, frame: FileFrame): void {
  for (const { hash, spelling } of frame.conditions) unterminated(state, hash, spelling);
  reportLexical(state, frame);
  state.frames.pop();
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

/** Reports characters that begin no token and takes them out, so that the parser need not trip over them. */
function withoutStrayCharacters(state: State, tokens: readonly Token[]): Token[] {
  if (!tokens.some((token) => token.kind === 'unknown')) return state.output;
  return tokens.filter((token) => {
    const code = token.text.codePointAt(0) ?? 0;
    const isCharacter =
      token.kind === 'unknown' && token.text === String.fromCodePoint(code) && !/["']/.test(token.text);
    if (isCharacter) {
      const number = code.toString(16).toUpperCase().padStart(4, '0');
      const shown =
        code > 32 && code !== 127 && code !== 0xa0 && code !== 0xfeff ? `“${token.text}” (U+${number})` : `U+${number}`;
      const message = `The character ${shown} has no meaning here.`;
      report(state, { code: 'stray-character', severity: 'error', message, span: place(token) });
    }
    return !isCharacter;
  });
}
