/** Rules as SARIF describes them. In: our description of a rule, and its page. Out: a `reportingDescriptor`. */
import type { Severity } from '../../base/finding.ts';
import type { DescribedRule } from '../../server/lint/described.ts';
import { documentsOf, withReferences } from '../../server/lint/rules/documents.ts';

/** SARIF has no hints: what is less than a warning is a note. */
export const sarifLevels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
  hint: 'note',
};

export function sarifRule(rule: DescribedRule, page: string | undefined): Record<string, unknown> {
  const { id, severity, also, summary } = rule;
  return {
    id,
    name: id.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: summary },
    fullDescription: { text: page === undefined ? summary : whyOf(page, summary) },
    helpUri: helpUri(rule),
    help: page === undefined ? { text: summary } : { text: plain(page), markdown: withReferences(page, rule) },
    defaultConfiguration: { enabled: true, level: sarifLevels[severity] },
    properties: {
      tags: ['driver', ...also, ...cweTags(also)],
      precision: 'high',
      'problem.severity': severity === 'error' || severity === 'warning' ? severity : 'recommendation',
    },
  };
}

/** As GitHub's code scanning reads them. */
function cweTags(also: readonly string[]): readonly string[] {
  return also.flatMap((name) => (name.startsWith('CWE-') ? [`external/cwe/${name.toLowerCase()}`] : []));
}

/** Microsoft's page of what the rule holds a driver to, or of the name that engineers know it by; ours is in `help`. */
function helpUri({ also, docRules }: DescribedRule): string {
  const [document] = documentsOf(docRules);
  if (document !== undefined) return document.url;
  const learn = 'https://learn.microsoft.com';
  for (const name of also) {
    const warning = /^C(\d{4,5})$/.exec(name)?.[1];
    if (warning !== undefined) return `${learn}/cpp/code-quality/c${warning}`;
  }
  for (const name of also) {
    const sdv = /^SDV (\w+)$/.exec(name)?.[1];
    if (sdv !== undefined) return `${learn}/windows-hardware/drivers/devtest/wdm-${sdv.toLowerCase()}`;
  }
  const verifier = also.find((name) => name.startsWith('Driver Verifier '));
  if (verifier?.includes(' C9/') === true) {
    return `${learn}/windows-hardware/drivers/debugger/bug-check-0xc9--driver-verifier-iomanager-violation`;
  }
  if (verifier?.includes(' C4/') === true) {
    return `${learn}/windows-hardware/drivers/debugger/bug-check-0xc4--driver-verifier-detected-violation`;
  }
  return `${learn}/windows-hardware/drivers/network/introduction-to-winsock-kernel`;
}

/** The first paragraph under "Why". */
function whyOf(page: string, summary: string): string {
  const why = /^## Why\s+([\s\S]*?)(?:\n\s*\n|\n## |$)/m.exec(page)?.[1] ?? summary;
  return plain(why.replace(/\s+/g, ' ').trim());
}

function plain(markdown: string): string {
  return markdown
    .replace(/^```\w*\n?/gm, '')
    .replace(/^#+\s*/gm, '')
    .replace(/`/g, '')
    .trim();
}
