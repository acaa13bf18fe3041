/**
 * Directives: one line that begins with `#`.
 *
 * In: a frame that stands at the `#`. Out: the frame stands behind the line (or behind a skipped group), the directive is
 * carried out, and a `#pragma` is handed back as a token. What is wrong costs that line only.
 */

import type { Severity } from '../../base/finding.ts';
import { positionAt } from '../../base/source.ts';
import { spellingPlace, type Token } from '../tokenize/token.ts';
import type { TokenizedFile } from '../tokenize/tokenize.ts';
import { conditional, warnOfRest } from './conditional.ts';
import { expandLine } from './expand.ts';
import { include } from './include.ts';
import { isSameMacro, type ReadMacro, readMacro } from './macro.ts';
import { textOf } from './paste.ts';
import { type FileFrame, report, type State, setMacro } from './state.ts';

/** Whether the directive stands among other lines of its file or inside the arguments of a macro call. */
export type DirectivePlace = 'file' | 'arguments';

export function isDirective(token: Token): boolean {
  return token.startsLine && token.text === '#' && token.kind === 'punctuator';
}

/** Carries out the directive that the frame stands at. A pragma is returned as a token, other directives give nothing. */
export function directive(state: State, frame: FileFrame, at: DirectivePlace): Token | undefined {
  const { tokens } = frame;
  const start = frame.next;
  const hash = tokens[start] as Token;
  let to = start + 1;
  while (tokens[to]?.startsLine === false && tokens[to]?.kind !== 'end') to++;
  frame.next = to;
  const word = tokens[start + 1] as Token;
  if (to === start + 1) return undefined; /* a lone # does nothing */
  const line = tokens.slice(start + 2, to);
  switch (word.text) {
    case 'if':
    case 'ifdef':
    case 'ifndef':
    case 'elif':
    case 'elifdef':
    case 'elifndef':
    case 'else':
    case 'endif':
      conditional(state, frame, hash, word, line);
      return undefined;
    case 'define':
      define(state, frame, word, start + 2, to);
      return undefined;
    case 'undef':
      undef(state, frame, word, line);
      return undefined;
    case 'include':
      if (at === 'file') include(state, frame, word, line);
      else tell(state, hash, word, 'error', 'bad-include', '#include cannot stand inside the arguments of a macro.');
      return undefined;
    case 'pragma':
      return pragma(state, frame, hash, line);
    case 'error':
    case 'warning':
      message(state, frame, hash, word, line);
      return undefined;
    case 'line':
      setLine(state, frame, hash, line);
      return undefined;
    case 'include_next':
      tell(state, hash, word, 'error', 'bad-include', '#include_next is not known here; name the header by its path.');
      return undefined;
    case 'import':
    case 'ident':
    case 'using':
      tell(
        state,
        hash,
        word,
        'info',
        'directive-ignored',
        `#${word.text} means nothing to a driver in C; it is left out.`,
      );
      return undefined;
    default:
      if (word.kind === 'number') setLine(state, frame, hash, [word, ...line]);
      else tell(state, hash, word, 'error', 'unknown-directive', unknownMessage(word.text));
      return undefined;
  }
}

function tell(state: State, hash: Token, word: Token, severity: Severity, code: string, text: string): void {
  report(state, { code, severity, message: text, span: { file: hash.file, start: hash.start, end: word.end } });
}

const words = [
  'if',
  'ifdef',
  'ifndef',
  'elif',
  'else',
  'endif',
  'define',
  'undef',
  'include',
  'pragma',
  'error',
  'line',
];

/** Names the directive that was meant where the same letters, or all but one of them, are there. */
function unknownMessage(word: string): string {
  const sorted = (text: string): string => [...text].sort().join('');
  const meant = words.find((known) => {
    if (sorted(known) === sorted(word)) return true;
    const [short, long] = known.length < word.length ? [known, word] : [word, known];
    if (long.length - short.length !== 1) return false;
    return [...long].some((_, i) => long.slice(0, i) + long.slice(i + 1) === short);
  });
  const shown = word.slice(0, 40);
  return meant === undefined
    ? `There is no directive #${shown}.`
    : `There is no directive #${shown}; #${meant} is meant?`;
}

/** Macros of a file are read once and shared by all units that read the file. */
const readMacros = new WeakMap<TokenizedFile, Map<number, ReadMacro>>();

function define(state: State, frame: FileFrame, word: Token, from: number, to: number): void {
  const { tokenized, tokens } = frame;
  let known = readMacros.get(tokenized);
  if (known === undefined) readMacros.set(tokenized, (known = new Map()));
  let read = known.get(from);
  if (read === undefined) known.set(from, (read = readMacro(tokens, from, to, spellingPlace(word))));
  for (const problem of read.problems) report(state, problem);
  const { macro } = read;
  if (macro === undefined) return;
  const { name, span } = macro.definition;
  const before = state.macros.get(name);
  /* The project's real settings may differ from the predefined macros, so replacing one of those is no news. */
  const previous = before?.definition.span;
  if (before !== undefined && previous !== undefined && span !== undefined && before !== macro && !frame.isSystem) {
    if (!isSameMacro(before, macro)) {
      report(state, {
        code: 'macro-redefined',
        severity: 'warning',
        message: `The macro ${name} is already defined differently; #undef it first if this is meant.`,
        span,
        related: [{ span: previous, message: 'The definition until here.' }],
      });
    }
  }
  setMacro(state, name, macro);
}

function undef(state: State, frame: FileFrame, word: Token, line: readonly Token[]): void {
  const [name, ...rest] = line;
  if (name?.kind !== 'identifier') {
    const text = '#undef needs the name of a macro.';
    report(state, { code: 'bad-define', severity: 'error', message: text, span: spellingPlace(name ?? word) });
    return;
  }
  warnOfRest(state, frame, word, rest);
  /* Operators are no macros and stay. */
  if (state.macros.get(name.text)?.builtin !== 'defined') setMacro(state, name.text, undefined);
}

/** The text as written, for the parser; `once` and the stack of macros are the preprocessor's own. */
function pragma(state: State, frame: FileFrame, hash: Token, line: readonly Token[]): Token | undefined {
  const text = textOf(line);
  if (text === 'once') {
    state.onceFiles.add(frame.tokenized.file);
    return undefined;
  }
  const stack = /^(push|pop)_macro ?\( ?"([^"]*)" ?\)$/.exec(text);
  if (stack !== null) {
    const name = stack[2] as string;
    const saved = state.savedMacros.get(name) ?? [];
    state.savedMacros.set(name, saved);
    if (stack[1] === 'push') saved.push(state.macros.get(name));
    else if (saved.length > 0) setMacro(state, name, saved.pop());
  }
  const last = line[line.length - 1];
  const { file, start, end, afterSpace } = hash;
  return {
    kind: 'pragma',
    text,
    file,
    start,
    end: last?.end ?? end,
    startsLine: true,
    afterSpace,
    expansion: undefined,
  };
}

/** `#error` and `#warning`: the rest of the line is prose, in which an apostrophe opens nothing. */
function message(state: State, frame: FileFrame, hash: Token, word: Token, line: readonly Token[]): void {
  const end = line[line.length - 1]?.end ?? word.end;
  frame.quiet.push({ file: hash.file, start: hash.start, end });
  const text = hash.file.text
    .slice(line[0]?.start ?? end, end)
    .replace(/\s+/g, ' ')
    .slice(0, 500);
  const isError = word.text === 'error';
  report(state, {
    code: isError ? 'error-directive' : 'warning-directive',
    severity: isError ? 'error' : 'warning',
    message: text === '' ? `#${word.text}` : `#${word.text}: ${text}`,
    span: { file: hash.file, start: hash.start, end },
  });
}

/** `#line 10 "x.c"`: changes what `__LINE__` and `__FILE__` say. Places stay those of the text. */
function setLine(state: State, frame: FileFrame, hash: Token, line: readonly Token[]): void {
  const [number, name] = expandLine(state, line);
  const isName = name === undefined || /^"[^"]*"$/.test(name.text);
  if (number === undefined || !/^[0-9]{1,10}$/.test(number.text) || !isName) {
    const text = '#line needs a line number and, if wanted, a file’s name in quotation marks.';
    report(state, { code: 'bad-line', severity: 'error', message: text, span: spellingPlace(hash) });
    return;
  }
  const next = positionAt(hash.file, hash.start).line + 2; /* counted from 1, the line behind this one */
  frame.lineShift = Number(number.text) - next;
  if (name !== undefined) frame.presumedName = name.text.slice(1, -1).replaceAll('\\\\', '\\');
}
