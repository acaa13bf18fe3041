/**
 * Macros: from the tokens of a `#define` to a definition and to the plan by which its body is filled in.
 *
 * In: the raw tokens between `define` and the end of its line. Out: a `Macro` and what is wrong with it. The plan is
 * made at the first use, because most macros of headers are never used. Macros of files are kept with the file's tokens
 * and shared by all translation units; the one thing that changes in them, `isDisabled`, is false between runs.
 */
import type { Span } from '../../base/source.ts';
import type { SyntaxProblem } from '../errors.ts';
import { spellingPlace, type Token } from '../tokenize/token.ts';
import type { MacroDefinition } from '../unit.ts';
import { limits } from './limits.ts';

/** Macros that are computed. The last six mean something only in `#if`, or are operators that look like macros. */
export type Builtin =
  | 'file'
  | 'line'
  | 'counter'
  | 'include-level'
  | 'base-file'
  | 'pragma-keyword'
  | 'pragma-operator'
  | 'defined'
  | 'has-include'
  | 'has-nothing';

export interface Macro {
  readonly definition: MacroDefinition;
  /** With the name of the variable part last (`__VA_ARGS__`, or GNU's own name); undefined for an object-like macro. */
  readonly parameters: readonly string[] | undefined;
  readonly builtin: Builtin | undefined;
  plan: readonly Piece[] | undefined;
  /** Its result is being read, so its name is plain text. */
  isDisabled: boolean;
}

/** One part of a body. `pastes`: a `##` joins it to the next one. */
export type Piece =
  | {
      readonly kind: 'token';
      readonly token: Token;
      readonly pastes: boolean;
      /** A comma right before the variable arguments: it goes when they are empty. */
      readonly isRestComma: boolean;
      /** It is written `, ##__VA_ARGS__`. */
      readonly isGnuComma: boolean;
    }
  | { readonly kind: 'argument'; readonly token: Token; readonly pastes: boolean; readonly index: number }
  /** `#x`, and Microsoft's `#@x` with apostrophes. */
  | {
      readonly kind: 'text';
      readonly token: Token;
      readonly pastes: boolean;
      readonly quote: '"' | "'";
      readonly of: { readonly index: number } | { readonly optional: readonly Piece[] };
    }
  /** `__VA_OPT__(…)`: there only where variable arguments are. */
  | { readonly kind: 'optional'; readonly token: Token; readonly pastes: boolean; readonly pieces: readonly Piece[] };

export interface ReadMacro {
  readonly macro: Macro | undefined;
  readonly problems: readonly SyntaxProblem[];
}

/** Reads what follows `#define`: `tokens[from]` to `tokens[to - 1]`. `at` is the place of the word `define`. */
export function readMacro(tokens: readonly Token[], from: number, to: number, at: Span): ReadMacro {
  const problems: SyntaxProblem[] = [];
  const fail = (message: string, span: Span): void => {
    problems.push({ code: 'bad-define', severity: 'error', message, span });
  };
  const name = tokens[from];
  if (from >= to || name === undefined || name.kind !== 'identifier') {
    fail('#define needs the name of a macro after it.', from < to && name !== undefined ? spellingPlace(name) : at);
    return { macro: undefined, problems };
  }
  if (name.text === 'defined') {
    fail("'defined' is an operator of #if and cannot be a macro.", spellingPlace(name));
    return { macro: undefined, problems };
  }
  const open = tokens[from + 1];
  let bodyFrom = from + 1;
  let header: Header | undefined;
  if (bodyFrom < to && open !== undefined && open.text === '(' && !open.afterSpace) {
    header = readParameters(tokens, from + 2, to);
    if (typeof header.next === 'string') {
      fail(header.next, spellingPlace(tokens[Math.min(header.at, to - 1)] ?? name));
      return { macro: undefined, problems };
    }
    bodyFrom = header.next;
  }
  const body = withoutOuterPastes(tokens.slice(bodyFrom, to), fail);
  if (header !== undefined) checkHashes(body, header.names, fail);
  const definition: MacroDefinition = {
    name: name.text,
    parameters: header?.shown,
    isVariadic: header?.isVariadic ?? false,
    body,
    span: spellingPlace(name),
  };
  return { macro: makeMacro(definition, header?.names, undefined), problems };
}

export function makeMacro(
  definition: MacroDefinition,
  parameters: readonly string[] | undefined,
  builtin: Builtin | undefined,
): Macro {
  return { definition, parameters, builtin, plan: undefined, isDisabled: false };
}

interface Header {
  readonly names: readonly string[];
  /** For people: the named ones, with GNU's `rest...` as written. */
  readonly shown: readonly string[];
  readonly isVariadic: boolean;
  /** Index behind `)`, or what is wrong. */
  readonly next: number | string;
  /** Where it is wrong. */
  readonly at: number;
}

/** Reads the parameters behind `(`. */
function readParameters(tokens: readonly Token[], from: number, to: number): Header {
  const names: string[] = [];
  const shown: string[] = [];
  const wrong = (message: string, at: number): Header => ({ names, shown, isVariadic: false, next: message, at });
  const textAt = (i: number): string => (i < to ? (tokens[i] as Token).text : '');
  if (textAt(from) === ')') return { names, shown, isVariadic: false, next: from + 1, at: from };
  let i = from;
  for (;;) {
    const token = i < to ? tokens[i] : undefined;
    if (token?.text === '...') {
      names.push('__VA_ARGS__');
      if (textAt(i + 1) !== ')') return wrong("'...' must be the last of a macro's parameters, with ')' behind it.", i);
      return { names, shown, isVariadic: true, next: i + 2, at: i };
    }
    if (token?.kind !== 'identifier') return wrong("The name of a macro's parameter is expected here.", i);
    if (names.length >= limits.parameters) return wrong(`A macro can have at most ${limits.parameters} parameters.`, i);
    if (names.includes(token.text)) return wrong(`The macro has two parameters called '${token.text}'.`, i);
    names.push(token.text);
    if (textAt(i + 1) === '...') {
      shown.push(`${token.text}...`);
      if (textAt(i + 2) !== ')')
        return wrong("'...' must be the last of a macro's parameters, with ')' behind it.", i + 1);
      return { names, shown, isVariadic: true, next: i + 3, at: i };
    }
    shown.push(token.text);
    const after = textAt(i + 1);
    if (after === ')') return { names, shown, isVariadic: false, next: i + 2, at: i };
    if (after !== ',') return wrong("Expected ',' or ')' after this parameter of the macro.", i + 1);
    i += 2;
  }
}

function withoutOuterPastes(body: readonly Token[], fail: (message: string, span: Span) => void): readonly Token[] {
  let from = 0;
  let to = body.length;
  const message = "'##' joins two tokens, so it cannot begin or end the body of a macro.";
  while (from < to && (body[from] as Token).text === '##') fail(message, spellingPlace(body[from++] as Token));
  while (to > from && (body[to - 1] as Token).text === '##') fail(message, spellingPlace(body[--to] as Token));
  return to - from === body.length ? body : body.slice(from, to);
}

/** In a function-like macro `#` must stand before a parameter. */
function checkHashes(
  body: readonly Token[],
  names: readonly string[],
  fail: (message: string, span: Span) => void,
): void {
  for (let i = 0; i < body.length; i++) {
    const token = body[i] as Token;
    if (token.kind !== 'punctuator' || (token.text !== '#' && token.text !== '#@')) continue;
    const next = body[i + 1];
    if (next !== undefined && (names.includes(next.text) || next.text === '__VA_OPT__')) continue;
    fail(
      `'${token.text}' makes text of a parameter, but '${body[i + 1]?.text ?? 'nothing'}' that follows is not a parameter of this macro.`,
      spellingPlace(token),
    );
  }
}

/** The body cut into pieces; made once. */
export function planOf(macro: Macro): readonly Piece[] {
  const { body } = macro.definition;
  macro.plan ??= cut(macro, body, 0, body.length, 'outer');
  return macro.plan;
}

/** `__VA_OPT__` cannot stand inside itself, so this calls itself once at most. */
function cut(
  macro: Macro,
  body: readonly Token[],
  from: number,
  to: number,
  level: 'outer' | 'optional',
): readonly Piece[] {
  const names = macro.parameters;
  const rest = names !== undefined && macro.definition.isVariadic ? names.length - 1 : -1;
  const pieces: Piece[] = [];
  let mayBeOptional = rest >= 0 && level === 'outer';
  let i = from;
  while (i < to) {
    const token = body[i] as Token;
    const second = i + 1 < to ? body[i + 1] : undefined;
    const isHash = token.kind === 'punctuator' && (token.text === '#' || token.text === '#@');
    const subject = isHash && names !== undefined ? second : token;
    const index = subject?.kind === 'identifier' && names !== undefined ? names.indexOf(subject.text) : -1;
    const isOptional = mayBeOptional && subject?.text === '__VA_OPT__';
    const optionalEnd = isOptional ? closeOf(body, subject === token ? i + 1 : i + 2, to) : -1;
    if (isOptional && optionalEnd < 0) mayBeOptional = false; /* to look again for each one would be quadratic */
    const isText = isHash && subject !== token && (index >= 0 || optionalEnd >= 0);
    const optional = optionalEnd >= 0 ? cut(macro, body, i + (isText ? 3 : 2), optionalEnd, 'optional') : undefined;
    i = optionalEnd >= 0 ? optionalEnd + 1 : i + (isText ? 2 : 1);
    let pastes = i < to && (body[i] as Token).text === '##';
    /* Several `##` in a row are one. */
    while (i < to && (body[i] as Token).text === '##') i++;
    if (i >= to) pastes = false;

    if (isText) {
      const quote = token.text === '#' ? '"' : "'";
      pieces.push({ kind: 'text', token, pastes, quote, of: optional === undefined ? { index } : { optional } });
    } else if (optional !== undefined) pieces.push({ kind: 'optional', token, pastes, pieces: optional });
    else if (index >= 0) pieces.push({ kind: 'argument', token, pastes, index });
    else {
      const next = i < to ? body[i] : undefined;
      /* Microsoft's compiler makes a wide string of `L#x`. */
      if (token.text === 'L' && names !== undefined && next?.text === '#' && !next.afterSpace) pastes = true;
      const isRestComma = token.text === ',' && rest >= 0 && next?.text === names?.[rest];
      /* `, ##__VA_ARGS__` pastes nothing: it is GNU's spelling for a comma that goes with empty arguments. */
      pieces.push({
        kind: 'token',
        token,
        pastes: pastes && !isRestComma,
        isRestComma,
        isGnuComma: isRestComma && pastes,
      });
    }
  }
  return pieces;
}

/** Index of the `)` that closes the `(` at `open`, or -1. */
function closeOf(body: readonly Token[], open: number, to: number): number {
  if (open >= to || (body[open] as Token).text !== '(') return -1;
  let depth = 0;
  for (let i = open; i < to; i++) {
    const { text } = body[i] as Token;
    if (text === '(') depth++;
    else if (text === ')' && --depth === 0) return i;
  }
  return -1;
}

/** Operators stand in the table of macros but are none for people. */
export function isListed(macro: Macro): boolean {
  switch (macro.builtin) {
    case undefined:
    case 'file':
    case 'line':
    case 'counter':
    case 'include-level':
    case 'base-file':
    case 'has-include':
      return true;
    default:
      return false;
  }
}

/** The same parameters and body, white space counted only by being there: C lets such a definition be repeated. */
export function isSameMacro(a: Macro, b: Macro): boolean {
  if (a.builtin !== undefined || b.builtin !== undefined) return false;
  const [left, right] = [a.definition, b.definition];
  if (a.parameters?.join() !== b.parameters?.join() || left.isVariadic !== right.isVariadic) return false;
  if (left.body.length !== right.body.length) return false;
  return left.body.every((token, i) => {
    const other = right.body[i] as Token;
    return token.text === other.text && (i === 0 || token.afterSpace === other.afterSpace);
  });
}
