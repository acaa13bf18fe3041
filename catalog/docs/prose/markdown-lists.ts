/**
 * Markdown lists, whose nesting is told by columns.
 *
 * In: lines, and the stack of open containers. Out: `ul`/`ol` and `li` containers opened and closed as the columns
 * say. As authors indent carelessly, a line belongs to the item when it is indented by two columns or more; a line
 * at the margin belongs to it only when no blank line is between them.
 */
import type { Stack } from './containers.ts';
import { closeTo, container, push } from './containers.ts';

/** What lists need to know of the reading. */
interface ListReader extends Stack {
  /** Lines of the paragraph that is being gathered. */
  readonly text: readonly string[];
  /** A blank line was passed since the last text. */
  readonly apart: boolean;
  /** Index of the line that is being read. */
  readonly line: number;
}

export interface Marker {
  readonly ordered: boolean;
  /** Column of the marker. */
  readonly column: number;
  /** Column where the item's text starts. */
  readonly content: number;
  /** Index in the line where it starts. */
  readonly from: number;
}

/** The list marker at the start of a line. A number other than 1 does not interrupt a paragraph. */
export function listMarker(line: string, interrupts: boolean): Marker | undefined {
  const match = /^([ \t]*)([-*+]|(\d{1,4})[.)])(?:([ \t]+)(?=\S)|$)/.exec(line);
  if (!match) return undefined;
  const [whole, indent = '', sign = '', digits, spaces = ' '] = match;
  if (interrupts && digits !== undefined && digits !== '1') return undefined;
  if (interrupts && whole === line) return undefined;
  if (/^\s*(?:[-*] *){3,}$/.test(line.slice(0, 200)) && line.length < 200) return undefined;
  const column = width(indent);
  return {
    ordered: digits !== undefined,
    column,
    content: column + sign.length + Math.min(4, Math.max(1, width(spaces))),
    from: whole.length,
  };
}

/** Opens an item for `marker`: in the open list of its column, in a nested one, or in a new one. */
export function openItem(r: ListReader, marker: Marker): void {
  for (;;) {
    const at = innermostItem(r);
    if (at < 0) break;
    const item = r.open[at];
    if (item?.column !== undefined && marker.column >= Math.min(item.column, (r.open[at - 1]?.column ?? 0) + 2)) break;
    const list = r.open[at - 1];
    const sameList =
      list?.column !== undefined && marker.column >= list.column && (list.kind === 'ol') === marker.ordered;
    closeTo(r, sameList ? at : at - 1);
    if (sameList) {
      push(r, container('li', { line: r.line, column: marker.content }));
      return;
    }
  }
  push(r, container(marker.ordered ? 'ol' : 'ul', { line: r.line, apart: r.apart, column: marker.column }));
  push(r, container('li', { line: r.line, column: marker.content }));
}

/** Before a line of text: closes the items that it does not belong to. */
export function closeForText(r: ListReader, line: string): void {
  const startsBlock = /^\s*<\/?(?:table|tr|td|th|dl|dt|dd|ul|ol|li|div|p|h\d)\b/i.test(line);
  if (r.apart || r.text.length === 0 || startsBlock) closesLists(r, line);
}

/** Closes the items whose text is indented more than `line` is. */
export function closesLists(r: ListReader, line: string): void {
  const column = width(/^[ \t]*/.exec(line)?.[0] ?? '');
  for (let at = innermostItem(r); at > 0; at = innermostItem(r)) {
    const marker = r.open[at - 1]?.column ?? 0;
    if (line !== '' && column >= marker + 2) return;
    closeTo(r, at - 1);
  }
}

/** Index of the innermost Markdown item, unless an HTML element was opened inside of it. */
function innermostItem(r: ListReader): number {
  const at = r.open.length - 1;
  const item = r.open[at];
  return item?.kind === 'li' && item.column !== undefined ? at : -1;
}

function width(indent: string): number {
  let columns = 0;
  for (const c of indent) columns += c === '\t' ? 4 - (columns % 4) : 1;
  return columns;
}
