/**
 * The front door: one C file in, with everything it includes, and a typed translation unit out.
 *
 * Never throws on bad input and does no I/O: headers come through `options.include`. All problems, in order
 * of place in each file, are in the result.
 */
import { type InPieces, toEnd } from '../base/in-pieces.ts';
import type { SourceFile } from '../base/source.ts';
import { forgetText } from './parse/two-layouts.ts';
import { readingAll } from './typing/read-all.ts';
import type { ParseOptions, TranslationUnit } from './unit.ts';

export function parseTranslationUnit(file: SourceFile, options: ParseOptions): TranslationUnit {
  return toEnd(readingTranslationUnit(file, options));
}

/** In pieces, between which other files may be read with the same headers. */
export function* readingTranslationUnit(file: SourceFile, options: ParseOptions): InPieces<TranslationUnit> {
  const { unit, readings } = yield* readingAll(file, options, 'read-once');
  forgetText(readings);
  return unit;
}
