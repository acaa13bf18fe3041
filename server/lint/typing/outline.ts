/**
 * A file as what stands outside of its function bodies, and the bodies. Typing mostly changes one body; then everything
 * else means what it meant, at another offset.
 *
 * A body with a directive that reaches further than its braces counts as outside. So does one that a macro wrote, and one
 * that follows another in a way that no valid text has.
 *
 * Where a body was edited and its function says the same (same-statements.ts), places in it go through the edits.
 */
import { lastBefore, lowerBound } from '../../../base/lower-bound.ts';
import type { SourceFile, Span } from '../../../base/source.ts';
import type { FunctionDefinition } from '../../../cfront/parse/ast.ts';
import type { Token } from '../../../cfront/tokenize/token.ts';
import { type Edit, editBetween } from '../../../cfront/typing/edit.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';

/** Offsets only: an outline of an older text must not keep that text's tree. */
export interface Outline {
  readonly file: SourceFile;
  /** In order; they don't overlap. */
  readonly bodies: readonly Body[];
}

export interface Body {
  readonly start: number;
  readonly end: number;
  /** Edits after which the function still says the same, in order, offsets from the body's start; shared by such texts. */
  edits: Edit[];
  /** How many of them this text has. */
  editCount: number;
}

export interface OutlinedUnit {
  readonly outline: Outline;
  /** Whose bodies they are, one for each. */
  readonly definitions: readonly FunctionDefinition[];
}

export function outlineOf(unit: TranslationUnit): OutlinedUnit {
  const { file } = unit;
  const bodies: Body[] = [];
  const definitions: FunctionDefinition[] = [];
  let end = 0;
  let hash = -1;
  for (const definition of unit.functions) {
    const { first, last } = definition.body;
    if (!isSpelt(first, file) || !isSpelt(last, file) || first.start < end || last.end <= first.start) continue;
    // One search serves all bodies before what it finds.
    if (hash < first.start) hash = file.text.indexOf('#', first.start);
    if (hash < 0) hash = file.text.length;
    if (hash < last.end && !keepsDirectives(unit, first.start, last.end)) continue;
    bodies.push({ start: first.start, end: last.end, edits: [], editCount: 0 });
    definitions.push(definition);
    end = last.end;
  }
  return { outline: { file, bodies }, definitions };
}

/** Lines that begin with a `#`, or with a comment and a `#`, and the word behind it. */
const hashLine = /(?:^|\*\/)[ \t]*#[ \t]*(\w*)/gm;

/** All directives of the stretch are conditions that end in it, so that none reaches further. */
function keepsDirectives({ file, comments }: TranslationUnit, start: number, end: number): boolean {
  let depth = 0;
  for (const { 0: written, 1: word = '', index } of file.text.slice(start, end).matchAll(hashLine)) {
    const hash = start + index + written.indexOf('#');
    if (hash < (lastBefore(comments, hash)?.end ?? 0)) continue;
    if (/^if(?:n?def)?$/.test(word)) depth++;
    else if (word === 'endif') depth--;
    else if (!/^(?:elif|else)$/.test(word) || depth === 0) return false;
    if (depth < 0) return false;
  }
  return depth === 0;
}

function isSpelt(token: Token, file: SourceFile): boolean {
  return token.expansion === undefined && token.file === file;
}

/** Positions of the bodies that differ; undefined where more differs than bodies. */
export function changedBodies(old: Outline, now: Outline): readonly number[] | undefined {
  if (old.bodies.length !== now.bodies.length) return undefined;
  const changed: number[] = [];
  let [oldEnd, nowEnd] = [0, 0];
  for (const [index, body] of now.bodies.entries()) {
    const before = old.bodies[index];
    if (before === undefined) return undefined;
    if (old.file.text.slice(oldEnd, before.start) !== now.file.text.slice(nowEnd, body.start)) return undefined;
    if (old.file.text.slice(before.start, before.end) !== now.file.text.slice(body.start, body.end))
      changed.push(index);
    oldEnd = before.end;
    nowEnd = body.end;
  }
  return old.file.text.slice(oldEnd) === now.file.text.slice(nowEnd) ? changed : undefined;
}

/** False where it is seen without reading the text that more differs than bodies: above the first or below the last one. */
export function mayDifferInBodies({ file, bodies }: Outline, text: string): boolean {
  const above = bodies[0]?.start ?? file.text.length;
  const below = file.text.length - (bodies.at(-1)?.end ?? 0);
  return (
    text.slice(0, above) === file.text.slice(0, above) &&
    text.slice(text.length - below) === file.text.slice(file.text.length - below)
  );
}

/** The texts differ in nothing but the bodies with these positions. */
export function shareEdits(old: Outline, now: Outline, changed: readonly number[]): void {
  for (const [index, body] of now.bodies.entries()) {
    const before = old.bodies[index];
    if (before === undefined || changed.includes(index)) continue;
    body.edits = before.edits;
    body.editCount = before.editCount;
  }
}

/** Edits that a body bears before its function is analysed again: each place of it goes through all of them. */
const editsMax = 500;

/** Notes that the function says the same as before. False where there have been too many edits. */
export function addEdit(before: Body, now: Body, edit: Edit): boolean {
  if (before.editCount >= editsMax || before.edits.length > before.editCount) return false;
  before.edits.push(edit);
  now.edits = before.edits;
  now.editCount = before.editCount + 1;
  return true;
}

/** Where two texts of a body differ, in offsets from its start. */
export function bodyEdit(old: Outline, now: Outline, index: number): Edit {
  return editBetween(bodyText(old, index), bodyText(now, index));
}

export function linesOf(outline: Outline, index: number): number {
  return bodyText(outline, index).split('\n').length;
}

function bodyText({ file, bodies }: Outline, index: number): string {
  const body = bodies[index];
  return body === undefined ? '' : file.text.slice(body.start, body.end);
}

/** Where an offset outside of an edit's older stretch stands after it. What begins at the stretch's end is behind it. */
export function movedBy({ start, olderEnd, newerEnd }: Edit, offset: number, side: 'start' | 'end'): number {
  if (offset < start || (offset === start && (side === 'end' || olderEnd > start))) return offset;
  return offset >= olderEnd ? offset + newerEnd - olderEnd : start;
}

/** Where a place of an older text stands now, as long as the function that it lies in says the same. */
export function moved(span: Span, from: Outline, to: Outline): Span {
  const side = span.start === span.end ? 'start' : 'end';
  return {
    file: to.file,
    start: movedOffset(span.start, from, to, 'start'),
    end: movedOffset(span.end, from, to, side),
  };
}

function movedOffset(offset: number, from: Outline, to: Outline, side: 'start' | 'end'): number {
  // The last body that begins at the offset or before it.
  const last = lowerBound(from.bodies.length, (i) => (from.bodies[i] as Body).start <= offset) - 1;
  const before = from.bodies[last];
  const now = to.bodies[last];
  if (before === undefined || now === undefined) return offset;
  if (offset >= before.end) return now.end + offset - before.end;
  const edits = now.edits === before.edits ? now.edits.slice(before.editCount, now.editCount) : [];
  return now.start + edits.reduce((at, edit) => movedBy(edit, at, side), offset - before.start);
}
