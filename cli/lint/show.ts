/** A report in each of the formats. In: the report. Out: text for standard output or a file, and the closing line. */
import { unreachable } from '../../base/assert.ts';
import type { Finding } from '../../base/finding.ts';
import { countText, findingJson, findingText, placeText } from '../finding-output.ts';
import { annotation } from './github.ts';
import type { LintFormat } from './options.ts';
import type { LintReport } from './result.ts';
import { type SarifOptions, sarifText } from './sarif.ts';

export interface ShowOptions extends SarifOptions {
  readonly format: LintFormat;
  readonly colour: boolean;
  /** Each function that was too much is named. */
  readonly explainsLimits: boolean;
  /** Paths of annotations are relative to it. */
  readonly checkout: string;
}

/** Ends without a line break. */
export function shownReport(report: LintReport, options: ShowOptions): string {
  switch (options.format) {
    case 'text':
      return folded(report.findings.map(({ finding }) => finding))
        .map((finding) => `${findingText(finding, options.colour)}\n`)
        .concat(options.explainsLimits ? limitLines(report) : [])
        .join('\n');
    case 'json':
      return jsonText(report, options);
    case 'sarif':
      return sarifText(report, options);
    case 'github':
      return folded(report.findings.map(({ finding }) => finding))
        .map((finding) => annotation(finding, options.checkout))
        .join('\n');
    default:
      return unreachable(options.format);
  }
}

/** Hints that a name is deprecated say the same at each place: people are shown the first, and how many there are. */
function folded(findings: readonly Finding[]): readonly Finding[] {
  const counts = new Map<string, number>();
  for (const finding of findings) {
    if (isAdvice(finding)) counts.set(finding.message, (counts.get(finding.message) ?? 0) + 1);
  }
  return findings.flatMap((finding) => {
    const count = isAdvice(finding) ? counts.get(finding.message) : 1;
    counts.delete(finding.message);
    if (count === undefined) return [];
    return [
      count === 1
        ? finding
        : { ...finding, message: `${finding.message} (${count} places; --format json names each.)` },
    ];
  });
}

function isAdvice({ severity, tag }: Finding): boolean {
  return severity === 'hint' && tag === 'deprecated';
}

/** "3 files: 1 error; 2 findings are allowed by marks". */
export function closingLine(
  { files, findings, silenced, limits, baseline }: LintReport,
  explainsLimits: boolean,
): string {
  const parts = [
    `${plural(files.length, 'file')}: ${countText(findings.map(({ finding }) => finding))}`,
    ...(silenced.length > 0 ? [`${plural(silenced.length, 'finding')} allowed by marks`] : []),
    ...(baseline !== undefined && baseline.known.length > 0
      ? [`${plural(baseline.known.length, 'finding')} known from the baseline`]
      : []),
    ...(baseline !== undefined && baseline.staleCount > 0
      ? [`${baseline.staleCount} in the baseline no longer found: write it again`]
      : []),
    ...(limits.length > 0
      ? [
          `${plural(limits.length, 'function')} not checked to the end${explainsLimits ? '' : ' (--explain-limits names them)'}`,
        ]
      : []),
  ];
  return parts.join('; ');
}

function jsonText({ findings, limits, gaps, baseline }: LintReport, { explainsLimits }: ShowOptions): string {
  const value = {
    findings: findings.map(({ finding }) => findingJson(finding)),
    ...(explainsLimits
      ? { limits: limits.map(({ span, name, message }) => ({ place: placeText(span), function: name, message })) }
      : {}),
    ...(gaps.length === 0 ? {} : { gaps }),
    ...(baseline === undefined ? {} : { baseline: { known: baseline.known.length, stale: baseline.staleCount } }),
  };
  return JSON.stringify(value, undefined, 1);
}

function limitLines({ limits }: LintReport): readonly string[] {
  return limits.map(({ span, message }) => `${placeText(span)}: note: ${message}`);
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
