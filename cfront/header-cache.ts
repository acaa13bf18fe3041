/**
 * What reading leaves behind for the next file, or for the same file after the next keystroke: headers, preprocessed
 * and parsed. A plain value that its owner makes and passes to every reading; without one nothing is shared.
 *
 * What it holds is found again only where reading from scratch would give the very same: see preprocess/chain.ts for
 * tokens and macros, parse/shared.ts for declarations. It is bounded: the stretches of headers that have not been used
 * for longest go first.
 */
import type { ParsedSegment } from './parse/sharing/shared.ts';
import type { Root, Segment } from './preprocess/chain.ts';

export interface HeaderCache {
  /** One for each configuration (macros of the command line, edition of C), the last used one last. */
  readonly roots: Map<string, Root>;
  readonly parsed: WeakMap<Segment, ParsedSegment>;
  /** Editions of one header at one place that are kept: who types above an `#include` makes a new one each time. */
  readonly editionsMax: number;
  /** Ways in which one stretch of headers was parsed that are kept, for units that lack other headers: most need one. */
  readonly statesMax: number;
  /** Counts readings, so that what has not been used for long is known. */
  clock: number;
  /** Counts tokens that were parsed with it, so that its owner knows how much there is of what was made of them. */
  parsedTokens: number;
}

/** As many headers as may alternate at one place in a set of drivers. */
const usualEditions = 12;
/** Who keeps so many editions keeps one state more of each. */
const editionsForState = 4;

/** One cache is for readings with one catalog of bundled headers. Each edition of those takes some megabytes. */
export function createHeaderCache(editionsMax = usualEditions): HeaderCache {
  return {
    roots: new Map(),
    parsed: new WeakMap(),
    editionsMax,
    statesMax: Math.ceil(editionsMax / editionsForState),
    clock: 0,
    parsedTokens: 0,
  };
}
