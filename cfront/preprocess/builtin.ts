/**
 * Macros that are computed, and operators that look like macros: `__LINE__`, `_Pragma("…")`, `defined` in `#if` and
 * their like.
 *
 * In: the name that was met. Out: the tokens that take its place, or undefined where it is a plain name there.
 */
import { positionAt } from '../../base/source.ts';
import { place, type Token, type TokenKind } from '../tokenize/token.ts';
import { collectArguments, readRaw } from './arguments.ts';
import { findHeader, headerNameOf } from './header.ts';
import type { Macro } from './macro.ts';
import { textOf } from './paste.ts';
import { noteUse, report, type State, topFrame } from './state.ts';

export function expandBuiltin(
  state: State,
  name: Token,
  macro: Macro,
  expand: (tokens: readonly Token[]) => readonly Token[],
): readonly Token[] | undefined {
  const number = (value: number): readonly Token[] => [make(name, 'number', String(value), name.end)];
  switch (macro.builtin) {
    case undefined:
      return undefined;
    case 'file':
      return [make(name, 'string', `"${fileName(state).replace(/["\\]/g, '\\$&')}"`, name.end)];
    case 'line':
      noteLineUse(state, name);
      return number(lineNumber(state, name));
    case 'counter':
      state.countsUses ||= place(name).file === state.main;
      return number(state.counter++);
    case 'include-level':
      return number(Math.max(0, state.frames.length - 1));
    case 'base-file':
      state.namesMain = true;
      return [make(name, 'string', `"${state.main.path.replace(/["\\]/g, '\\$&')}"`, name.end)];
    case 'pragma-keyword':
    case 'pragma-operator':
      return pragma(state, name, macro, expand);
    case 'defined':
      return state.isInCondition ? number(isDefinedNext(state, name) ? 1 : 0) : undefined;
    case 'has-include':
      return state.isInCondition ? number(hasInclude(state, name, expand) ? 1 : 0) : undefined;
    case 'has-nothing':
      return state.isInCondition && collectArguments(state, name, macro) !== undefined ? number(0) : undefined;
  }
}

/** Whether `#ifdef` finds a name. Operators are no macros, though they stand in the same table. */
export function isDefined(state: State, name: string): boolean {
  const macro = state.macros.get(name);
  switch (macro?.builtin) {
    case 'pragma-keyword':
    case 'pragma-operator':
    case 'defined':
    case 'has-nothing':
      return false;
    default:
      return macro !== undefined;
  }
}

/** A token that is spelt where `name` is. Only what macros of the table make is marked as theirs. */
function make(name: Token, kind: TokenKind, text: string, end: number): Token {
  const { file, start, startsLine, afterSpace } = name;
  const invocation = { file, start, end: name.end };
  const expansion = kind === 'pragma' ? name.expansion : { macro: name.text, invocation, outer: name.expansion };
  return { kind, text, file, start, end, startsLine, afterSpace, expansion };
}

function fileName(state: State): string {
  const frame = topFrame(state);
  return frame?.presumedName ?? frame?.tokenized.file.path ?? state.main.path;
}

function lineNumber(state: State, name: Token): number {
  const at = place(name);
  const frame = topFrame(state);
  const shift = frame?.tokenized.file === at.file ? frame.lineShift : 0;
  return positionAt(at.file, at.start).line + 1 + shift;
}

/** The span is one that nobody else has. */
function noteLineUse({ main, lineUses }: State, name: Token): void {
  const { file, start, end } = place(name);
  if (file === main) lineUses.push({ file, start, end });
}

/** `__pragma(text)` takes tokens, `_Pragma("text")` a string. */
function pragma(
  state: State,
  name: Token,
  macro: Macro,
  expand: (tokens: readonly Token[]) => readonly Token[],
): readonly Token[] | undefined {
  const collected = collectArguments(state, name, macro);
  if (collected === undefined) return undefined;
  const { close } = collected;
  const end =
    close.file === name.file && close.expansion === name.expansion && close.end > name.end ? close.end : name.end;
  const raw = collected.arguments[0]?.raw ?? [];
  if (macro.builtin === 'pragma-keyword') return [make(name, 'pragma', textOf(expand(raw)), end)];
  const [literal] = raw;
  const match = /^L?"(.*)"$/s.exec(literal?.text ?? '');
  if (raw.length !== 1 || literal?.kind !== 'string' || match === null) {
    report(state, {
      code: 'bad-pragma',
      severity: 'error',
      message: '_Pragma takes one string in parentheses: _Pragma("…").',
      span: place(name),
    });
    return [];
  }
  return [make(name, 'pragma', (match[1] as string).replace(/\\(["\\])/g, '$1').trim(), end)];
}

/** Reads `X` or `(X)` behind `defined`. */
function isDefinedNext(state: State, defined: Token): boolean {
  let name = readRaw(state);
  const hasParenthesis = name?.text === '(';
  if (hasParenthesis) name = readRaw(state);
  if (name?.kind !== 'identifier') {
    reportOperator(state, defined, "The name of a macro must follow 'defined'.");
    return false;
  }
  const macro = state.macros.get(name.text);
  const answer = isDefined(state, name.text);
  if (answer && macro !== undefined) noteUse(state, name, macro);
  if (hasParenthesis && readRaw(state)?.text !== ')') {
    reportOperator(state, defined, `This 'defined(${name.text}' has no ')'.`);
  }
  return answer;
}

/** Reads `(<x.h>)` or `("x.h")` behind `__has_include`. */
function hasInclude(state: State, name: Token, expand: (tokens: readonly Token[]) => readonly Token[]): boolean {
  const tokens: Token[] = [];
  let token = readRaw(state);
  let depth = 0;
  if (token?.text === '(') {
    while ((token = readRaw(state)) !== undefined) {
      if (token.text === '(') depth++;
      else if (token.text === ')' && depth-- === 0) break;
      tokens.push(token);
    }
  }
  const header = headerNameOf(tokens) ?? headerNameOf(expand(tokens));
  if (token === undefined || header === undefined) {
    reportOperator(state, name, `'${name.text}' takes a header's name in parentheses: (<x.h>) or ("x.h").`);
    return false;
  }
  const from = topFrame(state)?.tokenized.file ?? state.main;
  return findHeader(state, header, from).kind === 'found';
}

function reportOperator(state: State, at: Token, message: string): void {
  report(state, { code: 'bad-condition', severity: 'error', message, span: place(at) });
}
