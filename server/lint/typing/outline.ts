/**
 * A file as what stands outside of its function bodies, and the bodies. Typing mostly changes one body; then everything
 * else means what it meant, at another offset.
 *
 * A body with a `#` counts as outside: a directive in it reaches further than its braces. So does one that a macro
 * wrote, and one that follows another in a way that no valid text has.
 */
import { lowerBound } from '../../../base/lower-bound.ts';
import type { SourceFile, Span } from '../../../base/source.ts';
import type { FunctionDefinition } from '../../../cfront/parse/ast.ts';
import type { Token } from '../../../cfront/tokenize/token.ts';
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
    if (hash < last.end) continue;
    bodies.push({ start: first.start, end: last.end });
    definitions.push(definition);
    end = last.end;
  }
  return { outline: { file, bodies }, definitions };
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

/** Where a place of an older text stands now, as long as the body that it lies in is the same. */
export function moved(span: Span, from: Outline, to: Outline): Span {
  return { file: to.file, start: movedOffset(span.start, from, to), end: movedOffset(span.end, from, to) };
}

function movedOffset(offset: number, from: Outline, to: Outline): number {
  // The last body that begins at the offset or before it.
  const last = lowerBound(from.bodies.length, (i) => (from.bodies[i] as Body).start <= offset) - 1;
  const before = from.bodies[last];
  const now = to.bodies[last];
  if (before === undefined || now === undefined) return offset;
  return offset < before.end ? now.start + offset - before.start : now.end + offset - before.end;
}
