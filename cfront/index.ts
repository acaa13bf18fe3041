/**
 * The front door: one C file in, with everything it includes, and a typed translation unit out.
 *
 * Never throws on bad input and does no I/O: headers come through `options.include`. All problems, in order
 * of place in each file, are in the result.
 */
import type { SourceFile } from '../base/source.ts';
import { parseTokens } from './parse/parse-tokens.ts';
import { preprocess } from './preprocess/preprocess.ts';
import { limited } from './problem-limit.ts';
import type { ParseOptions, TranslationUnit } from './unit.ts';

export function parseTranslationUnit(file: SourceFile, options: ParseOptions): TranslationUnit {
  const source = preprocess(file, options);
  const { hiddenProblems, ...parsed } = parseTokens(source, options.headers);
  const { macros, includes, inactive, macroUses, comments, isSystemFile } = source;
  const problems = limited([...source.problems, ...parsed.problems], hiddenProblems);
  return { ...parsed, file, macros, includes, inactive, macroUses, comments, isSystemFile, problems };
}
