/**
 * `#include`: finding a header and beginning to read it, or leaving it because it has been read.
 *
 * In: the directive's tokens. Out: a new frame on the state's stack, or nothing; each directive is listed either way. It
 * ends because the depth of files inside files and the number of their tokens are limited, and because a file that
 * includes itself without end is refused once that has been seen.
 */
import type { Span } from '../../base/source.ts';
import { spellingPlace, type Token } from '../tokenize/token.ts';
import { type TokenizedFile, tokenize } from '../tokenize/tokenize.ts';
import { expandLine } from './expand.ts';
import { guardOf } from './guard.ts';
import { findHeader, headerNameOf } from './header.ts';
import { limits } from './limits.ts';
import { type FileFrame, report, type State } from './state.ts';

export function openFile(state: State, tokenized: TokenizedFile, isSystem: boolean): void {
  state.files.add(tokenized.file);
  if (isSystem) state.systemFiles.add(tokenized.file);
  state.rawTokens += tokenized.tokens.length;
  state.frames.push({
    tokenized,
    tokens: tokenized.tokens,
    isSystem,
    next: 0,
    conditions: [],
    quiet: [],
    lineShift: 0,
    presumedName: undefined,
    unclosedCalls: 0,
  });
}

/** Carries out `#include`; `operand` is what follows the word. */
export function include(state: State, frame: FileFrame, word: Token, operand: readonly Token[]): void {
  const from = frame.tokenized.file;
  const first = operand[0];
  const last = operand[operand.length - 1];
  let header = first?.kind === 'string' ? headerNameOf([first]) : undefined;
  header ??= headerNameOf(expandLine(state, operand));
  if (header === undefined || first === undefined || last === undefined) {
    const message = '#include needs a header’s name in quotation marks or angle brackets.';
    report(state, { code: 'bad-include', severity: 'error', message, span: spellingPlace(first ?? word) });
    return;
  }
  const span: Span = { file: from, start: first.start, end: first.kind === 'string' ? first.end : last.end };
  const result = findHeader(state, header, from);
  const isDirect = state.frames.length === 1;
  const file = result.kind === 'found' ? result.file : undefined;
  state.includes.push({ span, name: header.name, form: header.form, file, isDirect });
  if (result.kind === 'missing') {
    if (state.missingHeaders.has(header.name)) return;
    state.missingHeaders.add(header.name);
    const searched = result.searched.length === 0 ? '' : ` It was looked for in ${result.searched.join(', ')}.`;
    report(state, {
      code: 'include-not-found',
      severity: 'error',
      message: `The header “${header.name}” was not found.${searched} Add its folder to the setting wsk.includePath, or with -I on the command line.`,
      span,
    });
    return;
  }
  enter(state, result.file, result.isSystem, span);
}

function enter(state: State, file: TokenizedFile['file'], isSystem: boolean, span: Span): void {
  if (state.onceFiles.has(file) || state.cyclicFiles.has(file)) return;
  const tokenized = tokenize(file);
  const guard = guardOf(tokenized);
  if (guard !== undefined && state.macros.has(guard)) {
    state.files.add(file);
    if (isSystem) state.systemFiles.add(file);
    return;
  }
  if (state.frames.length >= limits.includeDepth) {
    const isCycle = state.frames.some((frame) => frame.tokenized.file === file);
    for (const frame of state.frames) state.cyclicFiles.add(frame.tokenized.file);
    state.cyclicFiles.add(file);
    report(state, {
      code: 'include-too-deep',
      severity: 'error',
      message: isCycle
        ? `${file.path} includes itself without end. Put “#pragma once” at its top.`
        : `Headers are included more than ${limits.includeDepth} deep; this one is left out.`,
      span,
    });
    return;
  }
  if (state.rawTokens > limits.rawTokensPerUnit) {
    report(state, {
      code: 'unit-too-long',
      severity: 'error',
      message: `This file and its headers have more than ${limits.rawTokensPerUnit} tokens; this header is left out.`,
      span,
    });
    return;
  }
  openFile(state, tokenized, isSystem);
}
