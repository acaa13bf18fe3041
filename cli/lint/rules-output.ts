/** `wsk lint --rules` and `--explain`: the table of rules, and a rule's page as a terminal shows it. */
import { nearestName } from '../../base/nearest.ts';
import { readRulePage } from '../../host/index.ts';
import { type DescribedRule, describedRule, describedRules } from '../../server/lint/described.ts';
import { documentsOf } from '../../server/lint/rules/documents.ts';
import { InputError } from '../input.ts';
import { terminalText } from '../terminal-markdown.ts';

export function rulesTable(): string {
  const rows = describedRules.map(({ id, severity, summary }) => [id, severity, summary]);
  const heads = ['Rule', 'Severity', 'What must be so'];
  const widths = [0, 1].map((column) => Math.max(...[heads, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return [heads, ...rows].map(line).join('\n');
}

export function rulesJson(): string {
  return JSON.stringify({ rules: describedRules }, undefined, 1);
}

/** The page of a rule; `folder` holds rules.json.br. */
export function explanation(id: string, folder: string, o: { readonly colour: boolean }): string {
  const rule = describedRule(id);
  const page = rule === undefined ? undefined : readRulePage(folder, rule.id);
  if (rule !== undefined && page !== undefined) return rendered(rule, page, o.colour);
  const near = nearestRule(id);
  throw new InputError(
    `There is no rule ${id}${near === undefined ? '.' : `; is ${near} meant?`}`,
    near === undefined ? '`wsk lint --rules` lists them.' : `\`wsk lint --explain ${near}\` tells about it.`,
  );
}

/** By spelling, or by the most words in common. */
function nearestRule(id: string): string | undefined {
  const ids = describedRules.map((rule) => rule.id);
  const spelled = nearestName(id.toLowerCase(), ids, Math.max(2, Math.floor(id.length / 4)));
  if (spelled !== undefined) return spelled;
  const words = id
    .toLowerCase()
    .split(/[-_\s]+/)
    .filter((word) => word.length > 2);
  const scored = ids
    .map((one) => ({ one, score: words.filter((word) => one.split('-').includes(word)).length }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  return scored[0]?.one;
}

/** What the rule says in short, then its page without the title. */
function rendered({ id, severity, docRules, also, summary }: DescribedRule, page: string, colour: boolean): string {
  const head = [
    `${colour ? `\u001b[1m${id}\u001b[0m` : id} (${severity})`,
    summary,
    ...documentsOf(docRules).map(({ url }) => `Documented in: ${url}`),
    ...(also.length > 0 ? [`Also known as: ${also.join(', ')}`] : []),
  ];
  return [...head, terminalText(page.replace(/^.*\n/, ''), colour)].join('\n');
}
