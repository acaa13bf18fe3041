/**
 * What opening and closing an HTML block element does to the stack of open containers.
 *
 * In: a tag. Out: containers opened and closed. Elements that HTML lets stand without an end tag end where the next
 * one starts; elements without their parent (`<li>` without `<ul>`, `<td>` without `<tr>`) get one.
 */

import { report } from '../problems.ts';
import type { ContainerKind, Stack } from './containers.ts';
import { closeTo, container, innermost, push } from './containers.ts';
import type { Tag } from './tags.ts';
import { attribute } from './tags.ts';

/** Rows that one cell may reach down, and columns that it may take. */
const rowspanMax = 200;
const colspanMax = 40;

/** Opens the element of `tag`, which stands on line `line`. */
export function openTag(stack: Stack, tag: Tag, line: number, apart: boolean): void {
  const place = { line, apart, tag: tag.name };
  switch (tag.name) {
    case 'dl':
    case 'ul':
    case 'ol':
    case 'table':
      push(stack, container(tag.name, place));
      return;
    case 'dt':
    case 'dd':
      ensure(stack, 'dl', ['dl'], ['td'], line);
      push(stack, container(tag.name, place));
      return;
    case 'li':
      ensure(stack, 'ul', ['ul', 'ol'], ['td', 'dd', 'dt'], line);
      push(stack, container('li', place));
      return;
    case 'tr':
      ensureRow(stack, line);
      return;
    case 'td':
    case 'th': {
      if (innermost(stack, ['tr'], ['table']) < 0) ensureRow(stack, line);
      closeTo(stack, innermost(stack, ['tr'], ['table']) + 1 || stack.open.length);
      const span = spanOf(tag, 'rowspan', rowspanMax);
      const columns = spanOf(tag, 'colspan', colspanMax);
      push(stack, container('td', { ...place, header: tag.name === 'th', span, columns }));
      return;
    }
    case 'div':
    case 'blockquote': {
      const alert = /\b(alert|note|important|warning|caution|tip)\b/i.exec(attribute(tag, 'class') ?? '');
      push(stack, container(alert || tag.name === 'blockquote' ? 'note' : 'div', place));
      return;
    }
    case 'h1':
    case 'h2':
    case 'h3':
    case 'h4':
    case 'h5':
    case 'h6':
      push(stack, container('heading', { ...place, level: Number(tag.name[1]) }));
      return;
    default:
      // p, br, hr, thead, tbody, colgroup, … only end the paragraph before them.
      return;
  }
}

function spanOf(tag: Tag, name: string, most: number): number {
  const given = Number.parseInt(attribute(tag, name) ?? '1', 10);
  return given > 1 ? Math.min(given, most) : 1;
}

/** Closes the innermost element of the tag's name, and what is open inside of it. */
export function closeTag(stack: Stack, tag: Tag, line: number): void {
  const { name } = tag;
  if (optional.has(name)) return;
  let at = stack.open.length - 1;
  const crossesCells = name === 'table' || name === 'tr' || name === 'td' || name === 'th';
  while (at > 0) {
    const open = stack.open[at];
    if (!open) break;
    if (open.tag === name) break;
    if (open.kind === 'td' && !crossesCells) at = 0;
    else if (open.kind === 'table' && name !== 'table') at = 0;
    else at--;
  }
  if (at > 0) closeTo(stack, at);
  else if (!endsMayBeLeftOver.has(name)) report(stack.problems, 'stray-end-tag', stack.firstLine + line, name);
}

/** Elements that are not on the stack. */
const optional: ReadonlySet<string> = new Set([
  'p',
  'thead',
  'tbody',
  'tfoot',
  'colgroup',
  'col',
  'hr',
  'pre',
  'section',
  'details',
  'summary',
  'center',
  'caption',
]);

/** Their start may have been implied, or their end: a left-over end tag says nothing. */
const endsMayBeLeftOver: ReadonlySet<string> = new Set(['dt', 'dd', 'li', 'tr', 'td', 'th']);

/** Closes down to the innermost of `kinds`, or opens an element of `kind` where there is none. */
function ensure(
  stack: Stack,
  kind: ContainerKind,
  kinds: readonly ContainerKind[],
  barriers: readonly ContainerKind[],
  line: number,
): void {
  const at = innermost(stack, kinds, barriers);
  if (at >= 0) closeTo(stack, at + 1);
  else push(stack, container(kind, { line }));
}

function ensureRow(stack: Stack, line: number): void {
  ensure(stack, 'table', ['table'], [], line);
  const table = stack.open[innermost(stack, ['table'], [])];
  if (table) push(stack, container('tr', { line, tag: 'tr', hanging: table.hanging }));
}
