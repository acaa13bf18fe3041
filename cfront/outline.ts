/**
 * What is known of a bundled header's declarations before they are read: where each stands, and what it declares.
 *
 * The build reads all bundled headers and writes down the declarations that can be read at any later time with the same
 * result (catalog/outlines.ts, which says which ones these are). Readings that share headers leave them unread until
 * somebody looks up one of their names. All else in a header, and every declaration of which a reading is not as the
 * build's, is read in its place.
 */

import type { CSymbol } from './parse/ast.ts';

/** One declaration at file scope, or several that one macro call makes. */
export interface OutlinedPart {
  /** Offsets in the header's text; the part begins a line. */
  readonly start: number;
  readonly end: number;
  /** What it adds to the file's scope: ordinary names and tags, in order. Nobody has declared them before. */
  readonly names: readonly string[];
  readonly tags: readonly string[];
  /** What each name is; left out where all are functions or, without linkage, typedefs. */
  readonly kinds: readonly CSymbol['kind'][] | undefined;
  /** Tags of structures and unions that are declared before, and that it completes. */
  readonly completes: readonly string[];
  /** The names are of functions and variables with linkage; if not, none of them is. */
  readonly isLinked: boolean;
  /** Names and tags of the file's scope that are declared before and that its text mentions. */
  readonly neededNames: readonly string[];
  readonly neededTags: readonly string[];
  /** Macros that its text uses, those of their bodies included; left out where that is still to be found. */
  readonly macros: readonly string[] | undefined;
  /** It has a function's body or an initializer. */
  readonly hasTree: boolean;
}

/** In order of place. */
export type Outline = readonly OutlinedPart[];
