/** What a `.wsklint.yaml` can say of a rule, and what it comes to. In: text of a YAML value. Out: a level, or nothing. */
import type { Severity } from '../../base/finding.ts';

/** "off" hides what the rule finds. */
export type Level = Severity | 'off';

export const levels: readonly Level[] = ['off', 'hint', 'info', 'warning', 'error'];

/** A file of levels: what it says, with no regard to other files. */
export interface LintConfigFile {
  readonly rules: ReadonlyMap<string, Level>;
  /** Patterns of paths relative to the file's folder, with forward slashes. */
  readonly exclude: readonly string[];
  /** Files above count no more. */
  readonly isRoot: boolean;
}

export const nothingSaid: LintConfigFile = { rules: new Map(), exclude: [], isRoot: false };
