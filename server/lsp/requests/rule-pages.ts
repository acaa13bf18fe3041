/** Pages of lint's rules: which rules have one, and under which URI the client shows it. */
import { describedRule, describedRules } from '../../lint/described.ts';
import { withReferences } from '../../lint/rules/documents.ts';

const ids: ReadonlySet<string> = new Set(describedRules.map(({ id }) => id));

export function hasPage(rule: string): boolean {
  return ids.has(rule);
}

/** A document of the client's, whose text it asks for with `wsk/ruleText`. */
export function rulePageUri(rule: string): string {
  return `wsk-rule:/${rule}.md`;
}

/** The text of that document: the page as it is written, and where else the rule is told of. */
export function rulePageText(rule: string, page: string): string {
  const described = describedRule(rule);
  return described === undefined ? page : withReferences(page, described);
}
