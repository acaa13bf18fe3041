/** What the preprocessor hands to the parser. */
import type { Span } from '../../base/source.ts';
import type { SyntaxProblem } from '../errors.ts';
import type { Token } from '../tokenize/token.ts';
import type { TokenizedFile } from '../tokenize/tokenize.ts';
import type { TranslationUnit } from '../unit.ts';
import type { Segment } from './chain.ts';
import type { State } from './state.ts';

export interface Preprocessed
  extends Pick<TranslationUnit, 'macros' | 'includes' | 'inactive' | 'macroUses' | 'comments' | 'isSystemFile'> {
  /** What the leading headers gave, shared with other readings; its tokens come before `tokens`. */
  readonly shared: Segment | undefined;
  /** Expanded tokens without comments; ends with one `end` token. Pragmas stand among them as `pragma` tokens. */
  readonly tokens: readonly Token[];
  readonly problems: readonly SyntaxProblem[];
  /** Spans of files that were left because of an include guard or `#pragma once` are not repeated here. */
  readonly files: readonly Span['file'][];
  readonly main: Span['file'];
  /** As in the options. */
  readonly headerOf: ((name: string) => string | undefined) | undefined;
  readonly counterpartOf: ((name: string) => string | undefined) | undefined;
  /** What the preprocessor knew at the end, and the main file's raw tokens: for reading a stretch of it again. */
  readonly state: State;
  readonly tokenized: TokenizedFile;
}
