/**
 * Where places of earlier texts of a file stand in the latest one. A text is known for as long as somebody holds its
 * `SourceFile`: a tree that an analysis speaks of. Of the way from text to text only the stretches that stayed are kept, and
 * of a way that was asked for only its two ends.
 */
import type { SourceFile, Span } from '../../../base/source.ts';
import { composed, movedOffset, type Piece } from './pieces.ts';

export interface History {
  /** The text that follows another one: `pieces` are what both have. */
  readonly follows: (before: SourceFile, file: SourceFile, pieces: readonly Piece[]) => void;
  /** The place in the latest text that follows its own; the place itself where none does. */
  readonly located: (span: Span, file: SourceFile) => Span;
  /** As long as a text is held, another one than its next may follow it: ways by it are kept in two parts. */
  readonly hold: (file: SourceFile) => void;
  readonly release: (file: SourceFile) => void;
  /** How many stretches lie between the text and the latest one. */
  readonly stretches: (file: SourceFile) => number;
}

/** A text, without the text. */
interface Step {
  next: { readonly step: Step; readonly pieces: readonly Piece[] } | undefined;
  isHeld: boolean;
}

export function createHistory(): History {
  const steps = new WeakMap<SourceFile, Step>();
  const stepOf = (file: SourceFile): Step => {
    const known = steps.get(file) ?? { next: undefined, isHeld: false };
    steps.set(file, known);
    return known;
  };
  return {
    follows(before, file, pieces) {
      if (before === file) return;
      // Should a text come back, it is the latest one again.
      const step = stepOf(file).next === undefined ? stepOf(file) : { next: undefined, isHeld: false };
      steps.set(file, step);
      stepOf(before).next = { step, pieces };
    },
    located(span, file) {
      const pieces = span.file === file ? undefined : wayFrom(steps.get(span.file));
      if (pieces === undefined) return span;
      const side = span.start === span.end ? 'start' : 'end';
      return { file, start: movedOffset(pieces, span.start, 'start'), end: movedOffset(pieces, span.end, side) };
    },
    hold(file) {
      stepOf(file).isHeld = true;
    },
    release(file) {
      stepOf(file).isHeld = false;
    },
    stretches: (file) => wayFrom(steps.get(file))?.length ?? 1,
  };
}

/** Ends, as a step is made when its text is the latest one. The way is one step long from then on, or ends at what is held. */
function wayFrom(step: Step | undefined): readonly Piece[] | undefined {
  if (step?.next === undefined) return undefined;
  let { step: at, pieces } = step.next;
  for (; at.next !== undefined && !at.isHeld; at = at.next.step) pieces = composed(pieces, at.next.pieces);
  step.next = { step: at, pieces };
  const rest = wayFrom(at);
  return rest === undefined ? pieces : composed(pieces, rest);
}
