/**
 * Directives: one line that begins with `#`.
 *
 * In: a frame that stands at the `#`. Out: the frame stands behind the line (or behind a skipped group), the directive is
 * carried out, and a `#pragma` is handed back as a token. What is wrong costs that line only.
 */
import type { Severity } from '../../base/finding.ts';
import { memo } from '../../base/memo.ts';
import { lineBreakOf, positionAt, type Span } from '../../base/source.ts';
import { spellingPlace, type Token } from '../tokenize/token.ts';
import type { TokenizedFile } from '../tokenize/tokenize.ts';
import { conditional, warnOfRest } from './conditional.ts';
import { unwatched } from './effects.ts';
import { expandLine } from './expand.ts';
import { include } from './include.ts';
import { isSameMacro, type Macro, type ReadMacro, readMacro } from './macro.ts';
import { textOf } from './paste.ts';
import { readSimpleMacro } from './simple-macro.ts';
import { type FileFrame, report, type State, setMacro } from './state.ts';
import { reportUnknownDirective } from './unknown-directive.ts';

export function isDirective(token: Token): boolean {
  return token.startsLine && token.text === '#' && (token.kind === 'punctuator' || token.kind === 'define');
}

/** Carries out the directive that the frame stands at. A pragma is returned as a token, other directives give nothing. */
export function directive(state: State, frame: FileFrame): Token | undefined {
  const { tokens } = frame;
  const start = frame.next;
  const hash = tokens[start] as Token;
  if (hash.kind === 'define') {
    frame.next++;
    defineSimple(state, frame, start, hash);
    return undefined;
  }
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
      include(state, frame, word, line);
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
      tell(state, hash, word, 'error', 'bad-include', includeNextMessage);
      return undefined;
    case 'import':
    case 'using':
      tell(state, hash, word, 'error', 'bad-include', importMessage(word.text));
      return undefined;
    case 'ident':
    case 'sccs':
      return undefined; /* a note for the object file */
    default:
      if (word.kind === 'number') setLine(state, frame, hash, [word, ...line]);
      else reportUnknownDirective(state, hash, word);
      return undefined;
  }
}

const includeNextMessage =
  '#include_next is an extension of other compilers that Microsoft’s does not have; write #include with a path that names the header.';

function importMessage(word: string): string {
  return word === 'import'
    ? '#import reads COM type libraries and exists in C++ only; write #include for a header.'
    : `#${word} belongs to C++/CLI and does not exist in C; leave it out.`;
}

function tell(state: State, hash: Token, word: Token, severity: Severity, code: string, text: string): void {
  report(state, { code, severity, message: text, span: { file: hash.file, start: hash.start, end: word.end } });
}

/** Macros of a file are read once and shared by all units that read the file. */
const macrosOf = memo<TokenizedFile, Map<number, ReadMacro>>(() => new Map());

const noProblems: ReadMacro['problems'] = [];

/**
 * Bundled headers may define anew what is defined, and so nothing is compared. The name stands in their text
 * (effects.ts).
 */
function defineSimple(state: State, frame: FileFrame, at: number, hash: Token): void {
  const known = macrosOf(frame.tokenized);
  let read = known.get(at);
  if (read === undefined) known.set(at, (read = { macro: readSimpleMacro(hash), problems: noProblems }));
  const { macro } = read;
  if (macro === undefined) return;
  const { name } = macro.definition;
  unwatched(state, () => {
    if (isReserved(state.macros.get(name)))
      reportReserved(state, 'define', name, macro.definition.span ?? spellingPlace(hash));
    else setMacro(state, name, macro);
  });
}

function define(state: State, frame: FileFrame, word: Token, from: number, to: number): void {
  const { tokens } = frame;
  const known = macrosOf(frame.tokenized);
  let read = known.get(from);
  if (read === undefined) known.set(from, (read = readMacro(tokens, from, to, spellingPlace(word))));
  for (const problem of read.problems) report(state, problem);
  const { macro } = read;
  if (macro === undefined) return;
  const { name, span } = macro.definition;
  const before = state.macros.get(name);
  if (isReserved(before)) {
    reportReserved(state, 'define', name, span ?? spellingPlace(word));
    return;
  }
  /* The project's real settings may differ from the predefined macros, so replacing one of those is no news. */
  const previous = before?.definition.span;
  if (before !== undefined && previous !== undefined && span !== undefined && before !== macro && !frame.isSystem) {
    if (!isSameMacro(before, macro)) {
      const hash = tokens[from - 2] as Token;
      const lineStart = { file: hash.file, start: hash.start, end: hash.start };
      report(state, {
        code: 'macro-redefined',
        severity: 'warning',
        message: `The macro '${name}' is already defined with another meaning; write '#undef ${name}' first if this is meant.`,
        span,
        related: [{ span: previous, message: 'It is defined here.' }],
        fix: {
          title: `Insert '#undef ${name}'`,
          edits: [{ span: lineStart, newText: `#undef ${name}${lineBreakOf(hash.file)}` }],
        },
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
  const macro = state.macros.get(name.text);
  if (isReserved(macro)) reportReserved(state, 'undef', name.text, spellingPlace(name));
  /* Operators are no macros and stay. */ else if (macro?.builtin !== 'defined') setMacro(state, name.text, undefined);
}

/** Macros that the compiler computes; it ignores attempts to change them. */
function isReserved(macro: Macro | undefined): boolean {
  switch (macro?.builtin) {
    case 'file':
    case 'line':
    case 'counter':
      return true;
    default:
      return false;
  }
}

function reportReserved(state: State, word: 'define' | 'undef', name: string, span: Span): void {
  const message = `'${name}' is a macro of the compiler's own; this #${word} is ignored. Choose another name.`;
  report(state, { code: 'reserved-macro', severity: 'warning', message, span });
}

/** Pragmas whose arguments may be macros. */
const expandedPragmas = /^(?:pack|warning|section|(?:code|data|const|bss)_seg)$/;

/** The text as written, for the parser; `once` and the stack of macros are the preprocessor's own. */
function pragma(state: State, frame: FileFrame, hash: Token, line: readonly Token[]): Token | undefined {
  const word = line[0]?.text ?? '';
  const isExpanded = expandedPragmas.test(word) && line.some((token, i) => i > 0 && state.macros.has(token.text));
  const text = isExpanded ? `${word}${textOf(expandLine(state, line.slice(1)))}` : textOf(line);
  // The rest of a region's line is prose, in which an apostrophe opens nothing.
  if (word === 'region' || word === 'endregion') {
    frame.quiet.push({ file: hash.file, start: hash.start, end: line[line.length - 1]?.end ?? hash.end });
  }
  if (line[0]?.text === 'once') {
    state.onceFiles.add(frame.tokenized.file);
    warnOfRest(state, frame, line[0], line.slice(1));
    return undefined;
  }
  const stack = /^(push|pop)_macro ?\( ?"([^"]*)" ?\)$/.exec(text);
  if (stack !== null) {
    const name = stack[2] as string;
    const saved = state.savedMacros.get(name) ?? [];
    state.savedMacros.set(name, saved);
    if (stack[1] === 'push') saved.push(state.macros.get(name));
    else if (saved.length > 0) setMacro(state, name, saved.pop());
    else if (!frame.isSystem)
      reportPragma(state, hash, line, `Nothing was pushed for '${name}', so this pops nothing.`);
  } else if (/^(?:push|pop)_macro\b/.test(text)) {
    reportPragma(state, hash, line, `#pragma ${line[0]?.text} takes the macro's name as a string: ("NAME").`);
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

function reportPragma(state: State, hash: Token, line: readonly Token[], message: string): void {
  const end = line[line.length - 1]?.end ?? hash.end;
  report(state, {
    code: 'bad-pragma',
    severity: 'warning',
    message,
    span: { file: hash.file, start: hash.start, end },
  });
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
    message: text === '' ? `#${word.text} stands here without a text.` : `#${word.text}: ${text}`,
    span: { file: hash.file, start: hash.start, end },
  });
}

/** The greatest number that `#line` takes (C11 6.10.4). */
const lineMax = 2147483647;

/** `#line 10 "x.c"`: changes what `__LINE__` and `__FILE__` say. Places stay those of the text. */
function setLine(state: State, frame: FileFrame, hash: Token, line: readonly Token[]): void {
  const [number, name] = expandLine(state, line);
  const isName = name === undefined || /^"[^"]*"$/.test(name.text);
  if (number === undefined || !/^[0-9]{1,10}$/.test(number.text) || Number(number.text) > lineMax || !isName) {
    const text = `#line needs a line number up to ${lineMax} and, if wanted, a file's name in quotation marks.`;
    const end = line[line.length - 1]?.end ?? hash.end;
    report(state, {
      code: 'bad-line',
      severity: 'error',
      message: text,
      span: { file: hash.file, start: hash.start, end },
    });
    return;
  }
  const next = positionAt(hash.file, hash.start).line + 2; /* counted from 1, the line behind this one */
  frame.lineShift = Number(number.text) - next;
  if (name !== undefined) frame.presumedName = name.text.slice(1, -1).replaceAll('\\\\', '\\');
}
