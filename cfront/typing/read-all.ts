/**
 * A whole file, read from its first character to its last, in pieces: between two of them other files may be read, with the
 * same headers, and what was read before may be asked.
 */
import { defined } from '../../base/assert.ts';
import type { InPieces } from '../../base/in-pieces.ts';
import type { SourceFile } from '../../base/source.ts';
import { withUnresolved } from '../parse/mistakes/name-sources.ts';
import type { Parsed, Use } from '../parse/parse-tokens.ts';
import { betterOf, parsingTokens, type Readings } from '../parse/two-layouts.ts';
import { preprocessing } from '../preprocess/preprocess.ts';
import type { Preprocessed } from '../preprocess/result.ts';
import { limited } from '../problem-limit.ts';
import type { ParseOptions, TranslationUnit } from '../unit.ts';

/** A unit with all that it was made of. */
export interface WholeReading {
  readonly source: Preprocessed;
  readonly readings: Readings;
  readonly unit: TranslationUnit;
}

export function* readingAll(file: SourceFile, options: ParseOptions, use: Use): InPieces<WholeReading> {
  const source = yield* preprocessing(file, options);
  const readings = yield* parsingTokens(source, options.headers, use);
  return { source, readings, unit: unitOf(source, defined(betterOf(readings), 'the reading that counts')) };
}

export function unitOf(source: Preprocessed, { hiddenProblems, ...parsed }: Parsed): TranslationUnit {
  const { main, macros, includes, inactive, macroUses, comments, isSystemFile } = source;
  const problems = limited([...withUnresolved(source, parsed.unresolved), ...parsed.problems], hiddenProblems);
  return { ...parsed, file: main, macros, includes, inactive, macroUses, comments, isSystemFile, problems };
}
