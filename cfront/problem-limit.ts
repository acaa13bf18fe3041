/**
 * How many problems people see: the first hundred of each file in order of place, then one line that says how many more
 * there are, and is as severe as the worst of them, so that a file with a hidden error never counts as right.
 */
import type { Severity } from '../base/finding.ts';
import type { SourceFile } from '../base/source.ts';
import type { SyntaxProblem } from './errors.ts';

/** Problems of one file that are kept. */
export const problemsMax = 100;

/** Problems of a file that were counted but not kept. */
export interface Hidden {
  readonly count: number;
  readonly worst: Severity;
}

/** In: problems of any files in any order. Out: those that are shown, file by file in the order of their first one. */
export function limited(
  problems: readonly SyntaxProblem[],
  hidden: ReadonlyMap<SourceFile, Hidden>,
): readonly SyntaxProblem[] {
  const byFile = new Map<SourceFile, SyntaxProblem[]>();
  for (const problem of problems) {
    const { file } = problem.span;
    const list = byFile.get(file);
    if (list === undefined) byFile.set(file, [problem]);
    else list.push(problem);
  }
  return [...byFile].flatMap(([file, list]) => {
    list.sort((a, b) => a.span.start - b.span.start);
    const rest = list.slice(problemsMax);
    const more = hidden.get(file);
    const count = rest.length + (more?.count ?? 0);
    if (count === 0) return list;
    const worst = rest.reduce((w, { severity }) => worse(w, severity), more?.worst ?? 'hint');
    const shown = list.slice(0, problemsMax);
    const last = shown[shown.length - 1] as SyntaxProblem;
    const message = `There ${count === 1 ? 'is 1 more problem' : `are ${count} more problems`} in this file; only the first ${problemsMax} are shown.`;
    return [...shown, { code: 'too-many-problems', severity: worst, message, span: last.span }];
  });
}

const ranks: readonly Severity[] = ['hint', 'info', 'warning', 'error'];

export function worse(a: Severity, b: Severity): Severity {
  return ranks.indexOf(a) >= ranks.indexOf(b) ? a : b;
}
