/** What the preprocessor hands to the parser. */
import type { Span } from '../../base/source.ts';
import type { SyntaxProblem } from '../errors.ts';
import type { Token } from '../tokenize/token.ts';
import type { TranslationUnit } from '../unit.ts';

export interface Preprocessed
  extends Pick<TranslationUnit, 'macros' | 'includes' | 'inactive' | 'macroUses' | 'comments' | 'isSystemFile'> {
  /** Expanded tokens without comments; ends with one `end` token. Pragmas stand among them as `pragma` tokens. */
  readonly tokens: readonly Token[];
  readonly problems: readonly SyntaxProblem[];
  /** Spans of files that were left because of an include guard or `#pragma once` are not repeated here. */
  readonly files: readonly Span['file'][];
}
