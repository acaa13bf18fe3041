/** For tests only: a fix applied to the text of its file. */
import type { Fix } from '../base/finding.ts';

export function applyFix(text: string, fix: Fix | undefined): string {
  const edits = [...(fix?.edits ?? [])].sort((a, b) => b.span.start - a.span.start);
  return edits.reduce((out, { span, newText }) => out.slice(0, span.start) + newText + out.slice(span.end), text);
}
