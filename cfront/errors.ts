/** What is wrong with C text: coded, placed, with a message for people. Reading never throws; it collects these. */
import type { Fix, Severity } from '../base/finding.ts';
import type { Span } from '../base/source.ts';

export interface SyntaxProblem {
  /** Stable code in kebab case: "include-not-found", "expected-token", "unknown-name", "incomplete-type" … */
  readonly code: string;
  readonly severity: Severity;
  /** What is wrong, and what to do where that is known. */
  readonly message: string;
  readonly span: Span;
  /** Other places that matter: the previous definition, the `#if` without an end. */
  readonly related?: readonly { readonly span: Span; readonly message: string }[];
  readonly fix?: Fix;
}
