/** `wsk lint --rules` and `--explain`: the table of rules, and a rule's page as a terminal shows it. */
import { nearestName } from '../../base/nearest.ts';
import { readRulePage } from '../../host/index.ts';
import { type DescribedRule, describedRules } from '../../server/lint/described.ts';
import { InputError } from '../input.ts';

export function rulesTable(): string {
  const rows = describedRules.map(({ id, severity, docRules, summary }) => [id, severity, docRules.join(' '), summary]);
  const heads = ['Rule', 'Severity', 'Docs rules', 'What must be so'];
  const widths = [0, 1].map((column) => Math.max(...[heads, ...rows].map((row) => row[column]?.length ?? 0)));
  // A rule with many numbers must not push the others' lines to the right.
  widths.push(Math.min(20, Math.max(...[heads, ...rows].map((row) => row[2]?.length ?? 0))));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (column < 3 ? cell.padEnd(widths[column] ?? 0) : cell)).join('  ');
  return [heads, ...rows].map(line).join('\n');
}

export function rulesJson(): string {
  return JSON.stringify({ rules: describedRules }, undefined, 1);
}

/** The page of a rule; `folder` holds rules.json. */
export function explanation(id: string, folder: string, o: { readonly colour: boolean }): string {
  const rule = describedRules.find((one) => one.id === id.toLowerCase());
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

/** Markdown without its marks: headings stand out, code is set in. */
function rendered({ id, severity, docRules, also, summary }: DescribedRule, page: string, colour: boolean): string {
  const paint = (code: string, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const head = [
    `${paint('1', id)} (${severity})`,
    summary,
    ...(docRules.length > 0 ? [`Documentation rules: ${docRules.join(', ')}`] : []),
    ...(also.length > 0 ? [`Also known as: ${also.join(', ')}`] : []),
  ];
  const out: string[] = [];
  let isCode = false;
  for (const line of page.trimEnd().split(/\r?\n/).slice(1)) {
    if (line.startsWith('```')) isCode = !isCode;
    else if (isCode) {
      const mark = line.replace(/\/\/ (?:error|warning|info|hint): [a-z0-9-]+/, (text) => paint('31', text));
      out.push(line === '' ? '' : `    ${mark}`);
    } else if (line.startsWith('#')) out.push(paint('1;4', line.replace(/^#+\s*/, '')));
    else out.push(colour ? line.replace(/`([^`]+)`/g, (_, code: string) => paint('36', code)) : line);
  }
  return [...head, ...out].join('\n');
}
