/**
 * The source line that a finding stands in, with carets below it, for a terminal.
 *
 * Very long lines (tables, generated text) are cut to a window around the carets; `…` stands for what is left out. Tabs
 * are kept, so that the carets stand right.
 */
import { lineText, positionAt, type Span } from '../base/source.ts';

/** Characters of a line that are shown. */
const windowMax = 120;
/** Of these, how many stand before the carets at least, where there are so many. */
const before = 40;

/** Two lines, indented; none for a blank line. `paint` colours the carets. */
export function excerpt(span: Span, paint: (text: string) => string): string[] {
  const { line, column } = positionAt(span.file, span.start);
  const text = lineText(span.file, line);
  if (text.trim() === '') return [];
  const from = text.length <= windowMax ? 0 : Math.max(0, Math.min(column - before, text.length - windowMax));
  const to = Math.min(text.length, from + windowMax);
  const head = from > 0 ? '…' : '';
  const tail = to < text.length ? '…' : '';
  const width = Math.max(1, Math.min(span.end - span.start, to - column));
  const indent = (head + text.slice(from, column)).replace(/[^\t]/g, ' ');
  return [`    ${head}${text.slice(from, to)}${tail}`, `    ${indent}${paint('^'.repeat(width))}`];
}
