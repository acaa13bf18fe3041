/**
 * Everything that a finding's `rule` can name, as data for tables, help and settings: the rules, and what lint says
 * besides of marks and of the C text itself.
 */
import type { Severity } from '../../base/finding.ts';
import { rules } from './rules/index.ts';
import { UNUSED_SILENCE } from './silence/silence.ts';
import { SYNTAX_RULE } from './syntax.ts';

export interface DescribedRule {
  readonly id: string;
  readonly severity: Severity;
  readonly docRules: readonly string[];
  readonly also: readonly string[];
  readonly summary: string;
}

export const describedRules: readonly DescribedRule[] = [
  ...rules.map(({ id, severity, docRules, also, summary }) => ({ id, severity, docRules, also, summary })),
  {
    id: UNUSED_SILENCE,
    severity: 'info' as const,
    docRules: [],
    also: [],
    summary: 'A mark that allows a rule to be broken hides something, and names a rule.',
  },
  {
    id: SYNTAX_RULE,
    severity: 'error' as const,
    docRules: [],
    also: [],
    summary: 'The text is C, as the WDK compiles it.',
  },
].sort((a, b) => (a.id < b.id ? -1 : 1));

/** The rule of an id, in whatever case it is written. */
export function describedRule(id: string): DescribedRule | undefined {
  const lower = id.toLowerCase();
  return describedRules.find((rule) => rule.id === lower);
}
