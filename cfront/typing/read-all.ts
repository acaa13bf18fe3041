/** A whole file, read from its first character to its last. */
import { defined } from '../../base/assert.ts';
import type { SourceFile } from '../../base/source.ts';
import { withUnresolved } from '../parse/mistakes/name-sources.ts';
import type { Parsed, Use } from '../parse/parse-tokens.ts';
import { betterOf, parseTokens, type Readings } from '../parse/two-layouts.ts';
import { preprocess } from '../preprocess/preprocess.ts';
import type { Preprocessed } from '../preprocess/result.ts';
import { limited } from '../problem-limit.ts';
import type { ParseOptions, TranslationUnit } from '../unit.ts';

/** A unit with all that it was made of. */
export interface WholeReading {
  readonly source: Preprocessed;
  readonly readings: Readings;
  readonly unit: TranslationUnit;
}

export function readAll(file: SourceFile, options: ParseOptions, use: Use): WholeReading {
  const source = preprocess(file, options);
  const readings = parseTokens(source, options.headers, use);
  return { source, readings, unit: unitOf(source, defined(betterOf(readings), 'the reading that counts')) };
}

export function unitOf(source: Preprocessed, { hiddenProblems, ...parsed }: Parsed): TranslationUnit {
  const { main, macros, includes, inactive, macroUses, comments, isSystemFile } = source;
  const problems = limited([...withUnresolved(source, parsed.unresolved), ...parsed.problems], hiddenProblems);
  return { ...parsed, file: main, macros, includes, inactive, macroUses, comments, isSystemFile, problems };
}
