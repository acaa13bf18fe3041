/** What linting gives, before it is shown: plain data that can be sent from one thread to another. */
import type { Finding } from '../../base/finding.ts';
import type { Span } from '../../base/source.ts';
import type { ConfigProblem } from '../../host/index.ts';
import type { LimitNote } from '../../server/lint/lint.ts';

export interface LintedFinding {
  readonly finding: Finding;
  /** The function around it. */
  readonly functionName: string | undefined;
  /** Set where a mark in the text allows it. */
  readonly mark: { readonly span: Span; readonly reason: string } | undefined;
}

/** Files that are linted together, because they are one driver. */
export interface LintTask {
  /** The project whose settings hold for them. */
  readonly project: string | undefined;
  readonly files: readonly string[];
}

export interface TaskResult {
  readonly findings: readonly LintedFinding[];
  readonly limits: readonly LimitNote[];
  /** What could not be checked as a whole, in sentences for people. */
  readonly gaps: readonly string[];
  /** Problems of configuration files that were met so far. */
  readonly problems: readonly ConfigProblem[];
}

/** Everything, ready to be shown. */
export interface LintReport {
  /** The files that were linted. */
  readonly files: readonly string[];
  /** To be shown, in order; with baseline, only what is new. */
  readonly findings: readonly LintedFinding[];
  /** Hidden by marks. */
  readonly silenced: readonly LintedFinding[];
  readonly limits: readonly LimitNote[];
  /** What could not be checked as a whole, in sentences for people. */
  readonly gaps: readonly string[];
  readonly baseline: BaselineReport | undefined;
}

export interface BaselineReport {
  readonly file: string;
  /** Findings that it knows. */
  readonly known: readonly LintedFinding[];
  /** Entries that nothing was found for. */
  readonly staleCount: number;
}
