/**
 * Where what an older text says stands in a newer one: stretches that both have, in order, each with how far it has moved.
 *
 * A few keys make two or three stretches of a file, however long it is, since neighbours that have moved alike are one. A
 * place between two stretches is gone: it is taken to stand where the one before it ends.
 */
import { lowerBound } from '../../../base/lower-bound.ts';

export interface Piece {
  /** Offsets in the older text. */
  readonly start: number;
  readonly end: number;
  /** What is added to them. */
  readonly by: number;
}

/** Adds a stretch behind those that are there. */
export function addPiece(pieces: Piece[], start: number, end: number, by: number): void {
  const last = pieces.at(-1);
  if (end <= start) return;
  if (last?.end === start && last.by === by) pieces[pieces.length - 1] = { ...last, end };
  else pieces.push({ start, end, by });
}

/** From the first text to the last one, by way of a text between them. */
export function composed(first: readonly Piece[], then: readonly Piece[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let i = 0;
  for (const { start, end, by } of first) {
    while (i < then.length && (then[i] as Piece).end <= start + by) i++;
    for (let j = i; j < then.length; j++) {
      const next = then[j] as Piece;
      if (next.start >= end + by) break;
      addPiece(pieces, Math.max(start, next.start - by), Math.min(end, next.end - by), by + next.by);
    }
  }
  return pieces;
}

/** Where an offset stands. What begins where something was put in stands behind that, what ends there before it. */
export function movedOffset(pieces: readonly Piece[], offset: number, side: 'start' | 'end'): number {
  const isBehind = ({ start }: Piece): boolean => (side === 'start' ? start <= offset : start < offset);
  const at = pieces[Math.max(0, lowerBound(pieces.length, (i) => isBehind(pieces[i] as Piece)) - 1)];
  if (at === undefined) return offset;
  return Math.min(Math.max(offset, at.start), at.end) + at.by;
}
