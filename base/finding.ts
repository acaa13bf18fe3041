/**
 * What a check says: lint's diagnostics and the emulator's run-time findings are the same kind of value, with the same
 * rule ids, so that a warning and the crash that proves it can be joined. A finding is a value, never an exception.
 */
import type { Span } from './source.ts';

export type Severity = 'error' | 'warning' | 'info' | 'hint';

/** One step of the way that leads to a finding ("allocated here", "sent here", "freed here"). */
export interface PathStep {
  readonly span: Span;
  readonly message: string;
}

/** A replacement of text that mends a finding. */
export interface Fix {
  readonly title: string;
  /** No other text is right there: an editor may write it when the file is saved, and need not ask. */
  readonly isCertain?: true;
  readonly edits: readonly { readonly span: Span; readonly newText: string }[];
}

export interface Finding {
  /** Stable id in kebab case, as in "wsk-lint: allow <rule>". */
  readonly rule: string;
  readonly severity: Severity;
  /** One sentence: what happens at run time, and to what. */
  readonly message: string;
  readonly span: Span;
  readonly path: readonly PathStep[];
  /** Numbers of the documentation rules that it breaks (R13 …). */
  readonly docRules: readonly string[];
  /** Names that engineers know it by: SDV rule, C28xxx, Driver Verifier code. */
  readonly also?: readonly string[];
  readonly fixes?: readonly Fix[];
  /** How an editor shows the place besides: struck out, or greyed. */
  readonly tag?: FindingTag;
}

export type FindingTag = 'deprecated' | 'unnecessary';
