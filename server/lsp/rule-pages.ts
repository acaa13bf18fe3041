/** Pages of lint's rules: which rules have one, and under which URI the client shows it. */
import { describedRules } from '../lint/described.ts';

const ids: ReadonlySet<string> = new Set(describedRules.map(({ id }) => id));

export function hasPage(rule: string): boolean {
  return ids.has(rule);
}

/** A document of the client's, whose text it asks for with `wsk/ruleText`. */
export function rulePageUri(rule: string): string {
  return `wsk-rule:/${rule}.md`;
}
