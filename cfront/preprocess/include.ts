/**
 * `#include`: finding a header and beginning to read it, or leaving it because it has been read.
 *
 * In: the directive's tokens. Out: a new frame on the state's stack, or nothing; each directive is listed either way. It
 * ends because the depth of files inside files and the number of their tokens are limited, and because a file that
 * includes itself without end is refused once that has been seen.
 */

import type { Fix } from '../../base/finding.ts';
import type { Span } from '../../base/source.ts';
import { spellingPlace, type Token } from '../tokenize/token.ts';
import { type TokenizedFile, tokenize, tokenizeBundled, tokenizeOutlined } from '../tokenize/tokenize.ts';
import type { IncludeResult } from '../unit.ts';
import { enterLink } from './chain.ts';
import { looksAround } from './effects.ts';
import { expandLine } from './expand.ts';
import { guardOf } from './guard.ts';
import { findHeader, headerNameOf, isTraceStub } from './header.ts';
import { limits } from './limits.ts';
import { reportMissing, standIn } from './missing-header.ts';
import { type FileFrame, fileFrame, report, type State } from './state.ts';
import { defineTraceFunctions } from './trace-functions.ts';

export function openFile(
  state: State,
  tokenized: TokenizedFile,
  { isSystem, link }: Pick<FileFrame, 'isSystem' | 'link'>,
): void {
  state.files.add(tokenized.file);
  if (isSystem) state.systemFiles.add(tokenized.file);
  state.rawTokens += tokenized.tokens.length;
  state.frames.push(fileFrame(tokenized, { isSystem, link }));
  const looks = looksAround(state);
  if (looks !== undefined) looks.openMax = Math.max(looks.openMax, state.frames.length);
}

/** Carries out `#include`; `operand` is what follows the word. */
export function include(state: State, frame: FileFrame, word: Token, operand: readonly Token[]): void {
  const from = frame.tokenized.file;
  const first = operand[0];
  const last = operand[operand.length - 1];
  let header = first?.kind === 'string' ? headerNameOf([first]) : undefined;
  header ??= headerNameOf(expandLine(state, operand));
  if (header === undefined || first === undefined || last === undefined) {
    reportNoName(state, frame, word, operand);
    return;
  }
  const span: Span = { file: from, start: first.start, end: first.kind === 'string' ? first.end : last.end };
  const result = findHeader(state, header, from);
  const isDirect = state.frames.length === 1;
  const file = result.kind === 'found' ? result.file : undefined;
  state.includes.push({ span, name: header.name, form: header.form, file, isDirect });
  if (result.kind === 'missing') {
    reportMissing(state, header, result.searched, span);
    const other = standIn(header.name);
    const bundled = other === undefined ? undefined : findHeader(state, other, from);
    if (bundled?.kind === 'found') enter(state, bundled, span);
    return;
  }
  if (isTraceStub(header, result.file)) defineTraceFunctions(state);
  enter(state, result, span);
}

/** Begins to read a header that comes before the main file's first line. */
export function includeForced(state: State, name: string): void {
  const span: Span = { file: state.main, start: 0, end: 0 };
  const header = { name, form: 'quoted' } as const;
  const result = findHeader(state, header, state.main);
  const file = result.kind === 'found' ? result.file : undefined;
  state.includes.push({ span, ...header, file, isDirect: false });
  if (result.kind === 'missing') reportMissing(state, header, result.searched, span);
  else enter(state, result, span);
}

/**
 * No name can be read: the quotation marks are missing, one of them is, or the macro gives none. Some header is meant, and
 * is missing.
 */
function reportNoName(state: State, frame: FileFrame, word: Token, operand: readonly Token[]): void {
  const message = '#include needs a header\'s name in quotation marks or angle brackets: "x.h" or <x.h>.';
  const written = spanOf(frame, operand);
  const fix = written === undefined ? undefined : nameFix(written);
  const span = fix === undefined || written === undefined ? spellingPlace(operand[0] ?? word) : written;
  report(state, { code: 'bad-include', severity: 'error', message, span, ...(fix === undefined ? {} : { fix }) });
  // A quotation mark that has no other is told by this, too.
  if (written !== undefined) frame.quiet.push(written);
  const name = written === undefined ? '' : textOf(written).replace(/[<>"]/g, '').trim();
  const isDirect = state.frames.length === 1;
  state.includes.push({ span, name: name === '' ? '?' : name, form: 'quoted', file: undefined, isDirect });
}

function spanOf(frame: FileFrame, operand: readonly Token[]): Span | undefined {
  const [first] = operand;
  const last = operand.at(-1);
  return first && last && { file: frame.tokenized.file, start: first.start, end: last.end };
}

function textOf({ file, start, end }: Span): string {
  return file.text.slice(start, end);
}

/** `#include x.h`, `#include <x.h`, `#include "x.h`: what is written, with what it lacks. */
function nameFix(span: Span): Fix | undefined {
  const written = textOf(span);
  const name = /^[<"]?([\w./\\+-]+\.\w+)[>"]?$/.exec(written)?.[1];
  if (name === undefined) return undefined;
  const newText = written.startsWith('<') || written.endsWith('>') ? `<${name}>` : `"${name}"`;
  return { title: `Replace by ${newText}`, edits: [{ span, newText }] };
}

type Found = Extract<IncludeResult, { readonly kind: 'found' }>;

function enter(state: State, { file, isSystem, outline }: Found, span: Span): void {
  if (state.onceFiles.has(file) || state.cyclicFiles.has(file)) return;
  const isOutlined = isSystem && state.chain !== undefined && outline !== undefined;
  const tokenized = isOutlined ? tokenizeOutlined(file, outline) : isSystem ? tokenizeBundled(file) : tokenize(file);
  const guard = guardOf(tokenized);
  if (guard !== undefined && state.macros.has(guard)) {
    state.files.add(file);
    if (isSystem) state.systemFiles.add(file);
    state.chain?.passed.push(file.path);
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
        ? `'${file.path}' includes itself without end. Write '#pragma once' at its top.`
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
  const link = enterLink(state, file, isSystem);
  if (link !== 'taken') openFile(state, tokenized, { isSystem, link });
}
