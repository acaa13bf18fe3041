/**
 * Places of a text that has been edited, moved into the newer text in place: the trees, tokens and lists of a reading go
 * on to be those of the newer text, but for the stretch that is read again.
 *
 * Everything that a reading keeps knows its place as a file and two offsets. Here they are all set, once each: what has
 * the newer file already has been moved. Nobody else may hold the older reading, as its places are no longer its own.
 */
import type { SourceFile, Span } from '../../base/source.ts';
import type { SyntaxProblem } from '../errors.ts';
import type { Parser } from '../parse/state.ts';
import { trailOf } from '../parse/trail.ts';
import type { Readings } from '../parse/two-layouts.ts';
import type { Macro } from '../preprocess/macro.ts';
import type { Preprocessed } from '../preprocess/result.ts';
import type { Token } from '../tokenize/token.ts';
import type { MacroDefinition } from '../unit.ts';
import type { Edit } from './edit.ts';

export interface Move extends Edit {
  readonly from: SourceFile;
  readonly to: SourceFile;
  /** The stretch of the older text that is read again. */
  readonly body: { readonly start: number; readonly end: number };
}

/** Moves all places but those inside of the body, which are given up. */
export function moveReading(move: Move, source: Preprocessed, { plain, laidOut }: Readings): void {
  if (move.from === move.to) return;
  for (const token of source.tokenized.tokens) moveToken(move, token);
  for (const span of source.comments) moveSpan(move, span);
  for (const span of source.inactive) moveSpan(move, span);
  for (const span of source.state.lineUses) moveSpan(move, span);
  for (const { span } of source.includes) moveSpan(move, span);
  for (const problem of [...source.tokenized.problems, ...source.problems]) moveProblem(move, problem);
  for (const { span, macro } of source.macroUses) {
    moveSpan(move, span);
    moveMacro(move, macro);
  }
  for (const macro of source.state.macros.added()) moveMacro(move, macro.definition);
  for (const { before } of source.state.macroChanges ?? []) moveMacro(move, (before as Macro | undefined)?.definition);
  for (const reading of [plain, laidOut]) if (reading !== undefined) moveParser(move, reading.p);
}

function moveParser(move: Move, p: Parser): void {
  for (const token of p.tokens) moveToken(move, token);
  for (const { token } of p.pragmas) moveToken(move, token);
  for (const problem of p.problems) moveProblem(move, problem);
  const trail = trailOf(p);
  for (const span of trail.places) moveSpan(move, span);
  for (const { places } of trail.bodies) for (const span of places) moveSpan(move, span);
  for (const { span } of p.names.places) moveSpan(move, span);
  for (const { span } of [...p.names.unresolved.values(), ...p.names.unincluded.values()]) moveSpan(move, span);
  Object.assign(p.names, { main: move.to });
  const count = p.problemCounts.get(move.from);
  p.problemCounts.delete(move.from);
  if (count !== undefined) p.problemCounts.set(move.to, count);
}

function moveToken(move: Move, token: Token): void {
  moveSpan(move, token);
  for (let at = token.expansion; at !== undefined; at = at.outer) moveSpan(move, at.invocation);
}

function moveMacro(move: Move, macro: MacroDefinition | undefined): void {
  if (macro?.span !== undefined) moveSpan(move, macro.span);
}

function moveProblem(move: Move, { span, related, fix }: SyntaxProblem): void {
  moveSpan(move, span);
  for (const step of related ?? []) moveSpan(move, step.span);
  for (const edit of fix?.edits ?? []) moveSpan(move, edit.span);
}

function moveSpan(move: Move, span: Span): void {
  const { from, to, body, olderEnd, newerEnd } = move;
  /* What is to be put in right before or behind the body stands outside of it. */
  const isBeside = span.start === span.end && (span.start === body.start || span.start === body.end);
  const isInside = span.start >= body.start && span.end <= body.end && !isBeside;
  if (span.file !== from || isInside) return;
  const place = span as { file: SourceFile; start: number; end: number }; /* the one place where a place changes */
  const by = newerEnd - olderEnd;
  const isBehind = place.start >= olderEnd;
  place.file = to;
  if (isBehind) place.start += by;
  if (isBehind || place.end > olderEnd) place.end += by;
}
