/** What is wrong with the C text itself, as findings: for the CLI and the editor, which show both in one list. */
import type { Finding } from '../../base/finding.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';

export const SYNTAX_RULE = 'c-syntax';

export function syntaxFindings(unit: TranslationUnit): readonly Finding[] {
  return unit.problems.map(({ code, severity, message, span, related = [], fix }) => ({
    rule: SYNTAX_RULE,
    severity,
    message,
    span,
    path: related.map((step) => ({ span: step.span, message: step.message })),
    docRules: [],
    ...(fix === undefined ? {} : { fixes: [fix] }),
    ...(code === 'deprecated' ? { tag: 'deprecated' as const } : {}),
  }));
}
