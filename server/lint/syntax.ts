/** What is wrong with the C text itself, as findings: for the CLI and the editor, which show both in one list. */
import type { Finding } from '../../base/finding.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';

export const SYNTAX_RULE = 'c-syntax';

export function syntaxFindings(unit: TranslationUnit): readonly Finding[] {
  const noText = noTextFinding(unit);
  if (noText !== undefined) return [noText];
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

/** Of what is no text all else that could be said is noise. */
export function noTextFinding({ file }: TranslationUnit): Finding | undefined {
  const start = file.text.indexOf('\0');
  if (start < 0) return undefined;
  const message =
    'This is no text: it has characters of value 0, as a binary file has, or UTF-16 that was read in another encoding.';
  return {
    rule: SYNTAX_RULE,
    severity: 'error',
    message,
    span: { file, start, end: start + 1 },
    path: [],
    docRules: [],
  };
}
