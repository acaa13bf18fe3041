/**
 * What of the C text keeps us from reading it, for an editor in which another C/C++ extension checks the text: that one
 * tells of types, names and missing semicolons already, with an error of its own at each.
 *
 * In: a unit. Out: findings that say why lint and hovers know less here. A header that we do not find, and a limit of
 * ours that is reached, is information; where the grammar stopped us it is a hint, which keeps its quick fix and is
 * neither a second squiggle nor a second row among the problems. All else is left to the other extension.
 */
import type { Finding, Severity } from '../../base/finding.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';
import { noTextFinding, syntaxFindings } from './syntax.ts';

/** The other extension has headers and limits of its own, so that it may find nothing here. */
const ours: ReadonlySet<string> = new Set([
  'include-not-found',
  'include-too-deep',
  'macro-too-deep',
  'macro-too-long',
  'unit-too-long',
]);

export function blockingFindings(unit: TranslationUnit): readonly Finding[] {
  const noText = noTextFinding(unit);
  if (noText !== undefined) return [{ ...noText, severity: 'info' }];
  return syntaxFindings(unit).flatMap((finding, i) => {
    const severity = severityOf(unit.problems[i]?.code ?? '', finding.severity);
    return severity === undefined ? [] : [{ ...finding, severity }];
  });
}

function severityOf(code: string, severity: Severity): Severity | undefined {
  if (severity === 'hint') return 'hint';
  if (ours.has(code)) return 'info';
  const isGrammar = severity === 'error' && /^(?:un)?expected-|^unterminated-/.test(code);
  return isGrammar ? 'hint' : undefined;
}
