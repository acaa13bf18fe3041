/** Syntax errors that keep a file from being run: each becomes a problem of linking, at its place. */
import type { TranslationUnit } from '../../../cfront/unit.ts';
import type { LinkProblem } from '../machine-types.ts';

export function syntaxProblems(unit: TranslationUnit): LinkProblem[] {
  return unit.problems
    .filter((problem) => problem.severity === 'error')
    .map(
      (problem): LinkProblem => ({
        code: 'syntax-error',
        severity: 'error',
        message: problem.message,
        span: problem.span,
        ...(problem.related === undefined ? {} : { related: problem.related }),
      }),
    );
}
