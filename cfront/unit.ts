/**
 * The front door's types: what is needed to read one C file, and what comes out.
 *
 * Include files come in as text through a function: the front end opens nothing. The same `SourceFile` object must be
 * given for the same header as long as its text is the same, because work on headers is shared by that identity.
 * For one object `isSystem` is always the same.
 */
import type { SourceFile, Span } from '../base/source.ts';
import type { SyntaxProblem } from './errors.ts';
import type { HeaderCache } from './header-cache.ts';
import type { Outline } from './outline.ts';
import type { CSymbol, DeclarationNode, FunctionDefinition } from './parse/ast.ts';
import type { UnknownName } from './parse/mistakes/name-sources.ts';
import type { Token } from './tokenize/token.ts';
import type { EnumDefinition, RecordDefinition } from './types/types.ts';

export interface IncludeRequest {
  readonly name: string;
  /** `"x.h"` looks beside the including file first; `<x.h>` does not. */
  readonly form: 'quoted' | 'angled';
  readonly from: SourceFile;
  /** Where `from` is itself a header: the paths of the files that include one another down to it, the main file first. */
  readonly openers?: readonly string[];
}

export type IncludeResult =
  | {
      readonly kind: 'found';
      readonly file: SourceFile /** Bundled headers are not the user's code. */;
      readonly isSystem: boolean;
      /** Of a bundled header, where it is known: declarations that need not be read before somebody asks for them. */
      readonly outline?: Outline | undefined;
    }
  /** Where it was looked for, for the message. */
  | { readonly kind: 'missing'; readonly searched: readonly string[] };

/** The edition of C that a project is built for: `/std:c11`, `-std=c17`, the project's language standard. */
export type CStandard = 'c89' | 'c99' | 'c11' | 'c17' | 'c23';

export interface ParseOptions {
  readonly include: (request: IncludeRequest) => IncludeResult;
  /** As `-D`: name to replacement text ("1" where none was given). Applied after the predefined macros. */
  readonly defines?: Readonly<Record<string, string>>;
  /** As `-U`. */
  readonly undefines?: readonly string[];
  /** Left out, it is as in a WDK build without `/std`: C as Microsoft's compiler has it, without `__STDC_VERSION__`. */
  readonly standard?: CStandard;
  /** Headers read before the first line, in this order (`/FI`, `-include`): each is found as by `#include "name"`. */
  readonly forcedIncludes?: readonly string[];
  /** The header that declares a name, for advice where the name is unknown ("wsk.h" for WskRegister). */
  readonly headerOf?: (name: string) => string | undefined;
  /** What a driver has in the place of a name for programs ("RtlUshortByteSwap" for htons): no header will declare it. */
  readonly counterpartOf?: (name: string) => string | undefined;
  /** Bundled headers as they are spelt, for a name that is nearly one of theirs. */
  readonly headerNames?: readonly string[];
  /** Headers that were read before, and those of this reading for the next one; left out, nothing is shared. */
  readonly headers?: HeaderCache;
}

export interface MacroDefinition {
  readonly name: string;
  /** Undefined for an object-like macro. */
  readonly parameters: readonly string[] | undefined;
  readonly isVariadic: boolean;
  readonly body: readonly Token[];
  /** Undefined for predefined macros and those of the command line. */
  readonly span: Span | undefined;
}

export interface IncludeDirective {
  readonly span: Span;
  readonly name: string;
  readonly form: 'quoted' | 'angled';
  readonly file: SourceFile | undefined;
  /** Written in the main file itself, not in a header. */
  readonly isDirect: boolean;
}

/** One C file, read with everything it includes. */
export interface TranslationUnit {
  readonly file: SourceFile;
  /**
   * Every declaration at file scope of the user's own files, in order, and those of bundled headers whose names they
   * mention; others of bundled headers may be left out.
   */
  readonly declarations: readonly DeclarationNode[];
  /** Function bodies of the user's own files, and of inline functions in headers that they lead to. */
  readonly functions: readonly FunctionDefinition[];
  /** The same of all headers: reads what has been left unread. */
  readonly whole: () => Pick<TranslationUnit, 'declarations' | 'functions'>;
  /** File-scope names: ordinary identifiers, then tags. */
  readonly symbols: ReadonlyMap<string, CSymbol>;
  readonly records: ReadonlyMap<string, RecordDefinition>;
  readonly enums: ReadonlyMap<string, EnumDefinition>;
  /** As they stand at the end of the file. */
  readonly macros: ReadonlyMap<string, MacroDefinition>;
  readonly includes: readonly IncludeDirective[];
  /** Parts that conditions left out. */
  readonly inactive: readonly Span[];
  /** Uses of macros in the main file, for hover and definition, in order of place. */
  readonly macroUses: readonly { readonly span: Span; readonly macro: MacroDefinition }[];
  /** Comments of the main file, for silencing marks and folding, in order of place. */
  readonly comments: readonly Span[];
  readonly problems: readonly SyntaxProblem[];
  /** Names that a header may declare which was not found. */
  readonly unresolved: readonly UnknownName[];
  /** True for a file that is a bundled header. */
  readonly isSystemFile: (file: SourceFile) => boolean;
}
