/**
 * From the results of all drivers to one report. In: results in order. Out: each finding once, by place, with the severity
 * that `.wsklint.yaml` gives it, and apart from those that marks or the baseline hide.
 */
import { existsSync } from 'node:fs';
import type { Finding } from '../../base/finding.ts';
import type { LintConfigs } from '../../host/index.ts';
import { type Baseline, splitByBaseline } from './baseline.ts';
import type { LintedFinding, LintReport, TaskResult } from './result.ts';

/** Results of one group of files: they are shown together. */
export type GroupResults = readonly TaskResult[];

export function reportOf(
  groups: readonly GroupResults[],
  files: readonly string[],
  o: { readonly configs: LintConfigs; readonly baseline: Baseline | undefined },
): LintReport {
  const seen = new Set<string>();
  const all = groups.flatMap((results) =>
    results
      .flatMap(({ findings }) => findings)
      // What is wrong in a header is found by every file that includes it, and told once.
      .filter((one) => isNew(seen, keyOf(one.finding)))
      .flatMap((one): readonly LintedFinding[] => {
        const finding = o.configs.apply(one.finding);
        return finding === undefined ? [] : [{ ...one, finding }];
      })
      .sort((a, b) => byPlace(a.finding, b.finding)),
  );
  const loud = all.filter(({ mark }) => mark === undefined);
  const silenced = all.filter(({ mark }) => mark !== undefined);
  const limits = groups
    .flat()
    .flatMap((result) => result.limits)
    .filter(({ span, message }) => isNew(seen, `${span.file.path} ${span.start} ${message}`));
  const gaps = groups.flat().flatMap((result) => result.gaps);
  if (o.baseline === undefined) return { files, findings: loud, silenced, limits, gaps, baseline: undefined };
  const linted = new Set(files);
  const { fresh, known, staleCount } = splitByBaseline(
    o.baseline,
    loud,
    (file) => linted.has(file) || !existsSync(file),
  );
  return { files, findings: fresh, silenced, limits, gaps, baseline: { file: o.baseline.file, known, staleCount } };
}

function isNew(seen: Set<string>, key: string): boolean {
  const result = !seen.has(key);
  seen.add(key);
  return result;
}

function keyOf({ span, message, rule }: Finding): string {
  return `${span.file.path} ${span.start} ${rule} ${message}`;
}

function byPlace(a: Finding, b: Finding): number {
  return compareText(a.span.file.path, b.span.file.path) || a.span.start - b.span.start || compareText(a.rule, b.rule);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
