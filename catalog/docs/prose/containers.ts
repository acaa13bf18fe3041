/**
 * The open elements while prose is read: a stack of containers, each of which becomes a block when it ends.
 *
 * In: opening and closing of elements (HTML tags and Markdown lists alike). Out: blocks in the root container. End tags
 * that authors leave out (`</li>`, `</dd>`, `</td>`) are implied by what follows; an end tag closes the nearest open
 * element of its name, but never reaches out of a table cell. Depth is limited, so nothing here or in a later
 * recursion can exhaust the stack.
 */
import { unreachable } from '../../../base/assert.ts';
import type { Problem } from '../problems.ts';
import { report } from '../problems.ts';
import type { Block } from './blocks.ts';
import { flatMarkdown } from './blocks.ts';

export type ContainerKind =
  | 'root'
  | 'dl'
  | 'dt'
  | 'dd'
  | 'ul'
  | 'ol'
  | 'li'
  | 'table'
  | 'tr'
  | 'td'
  | 'div'
  | 'note'
  | 'heading';

export interface Container {
  readonly kind: ContainerKind;
  readonly line: number;
  readonly apart: boolean;
  /** The tag that opened it; '' for what Markdown or implication opened. */
  readonly tag: string;
  readonly blocks: Block[];
  /** li of a Markdown list: column where its text starts. For its ul or ol: column of the marker. */
  readonly column?: number;
  /** dl: what it defines. `ended`: a `<dd>` was there, so that a further `<dt>` is another entry. */
  readonly terms: { terms: string[]; body: Block[]; mark?: string; line: number; ended?: true }[];
  readonly items: Block[][];
  readonly rows: { cells: Block[][]; header: boolean }[];
  /** td: it is a `<th>`. */
  readonly header: boolean;
  readonly label: string;
  readonly level: number;
  /** td: rows that it spans. tr: no use. */
  readonly span: number;
  /** td: columns that it spans. */
  readonly columns: number;
  /** table: cells that reach down into the next rows, by column. */
  readonly hanging: Map<number, { left: number; blocks: Block[] }>;
}

export const depthMax = 60;

export interface Stack {
  readonly open: Container[];
  readonly problems: Problem[];
  /** Line of the page on which what is being read starts, from 1. */
  readonly firstLine: number;
  tooDeep: boolean;
}

/** A container of `kind`, empty. */
export function container(kind: ContainerKind, given: Partial<Container> & { line: number }): Container {
  return {
    kind,
    apart: false,
    tag: '',
    blocks: [],
    terms: [],
    items: [],
    rows: [],
    header: false,
    label: '',
    level: 0,
    span: 1,
    columns: 1,
    hanging: new Map(),
    ...given,
  };
}

export function top(stack: Stack): Container {
  return stack.open[stack.open.length - 1] as Container; // The root is never popped.
}

/** Opens a container; beyond `depthMax` it is ignored and its content belongs to the one around it. */
export function push(stack: Stack, next: Container): void {
  if (stack.open.length < depthMax) {
    stack.open.push(next);
    return;
  }
  if (!stack.tooDeep) report(stack.problems, 'nested-too-deeply', stack.firstLine + next.line);
  stack.tooDeep = true;
}

/** Index on the stack of the innermost container of one of `kinds`, not looking beyond one of `barriers`. */
export function innermost(stack: Stack, kinds: readonly ContainerKind[], barriers: readonly ContainerKind[]): number {
  for (let i = stack.open.length - 1; i > 0; i--) {
    const { kind } = stack.open[i] as Container;
    if (kinds.includes(kind)) return i;
    if (barriers.includes(kind)) return -1;
  }
  return -1;
}

/** Closes containers until `depth` of them are left (the root counts). */
export function closeTo(stack: Stack, depth: number): void {
  while (stack.open.length > Math.max(1, depth)) {
    const closed = stack.open.pop() as Container;
    add(top(stack), closed);
  }
}

/** Closes all that is open; tags whose end may not be left out are problems. */
export function closeAll(stack: Stack): readonly Block[] {
  for (const { kind, tag, line } of stack.open) {
    if (tag !== '' && (kind === 'dl' || kind === 'table' || kind === 'ul' || kind === 'ol')) {
      report(stack.problems, 'unclosed-tag', stack.firstLine + line, tag);
    }
  }
  closeTo(stack, 1);
  return top(stack).blocks;
}

/** Adds a block to a container: to its last entry or item where it is a list. */
export function addBlock(into: Container, block: Block): void {
  switch (into.kind) {
    case 'dl': {
      const entry = into.terms.at(-1);
      if (entry) entry.body.push(block);
      else into.terms.push({ terms: [], body: [block], line: into.line });
      return;
    }
    case 'ul':
    case 'ol': {
      const item = into.items.at(-1);
      if (item) item.push(block);
      else into.items.push([block]);
      return;
    }
    default:
      into.blocks.push(block);
  }
}

/** Hands a container that ended to the one around it. */
function add(into: Container, done: Container): void {
  const place = { line: done.line, apart: done.apart };
  switch (done.kind) {
    case 'root':
      return;
    case 'dt': {
      const last = into.terms.at(-1);
      const text = flatMarkdown(done.blocks);
      // Two terms in a row share the text that follows: a name and its number.
      if (last && last.body.length === 0 && last.mark === undefined && !last.ended) last.terms.push(text);
      else into.terms.push({ terms: [text], body: [], line: done.line });
      return;
    }
    case 'dd': {
      const last = into.terms.at(-1);
      if (last) {
        last.body.push(...done.blocks);
        last.ended = true;
      } else into.terms.push({ terms: [], body: done.blocks, line: done.line, ended: true });
      return;
    }
    case 'dl':
      if (done.terms.length) addBlock(into, { kind: 'terms', entries: done.terms, ...place });
      return;
    case 'li':
      if (done.blocks.length) into.items.push(done.blocks);
      return;
    case 'ul':
    case 'ol':
      if (done.items.length) addBlock(into, { kind: 'list', ordered: done.kind === 'ol', items: done.items, ...place });
      return;
    case 'td':
      addCell(into, done);
      return;
    case 'tr':
      if (done.rows[0]?.cells.length) into.rows.push(done.rows[0]);
      return;
    case 'table':
      addTable(into, done, place);
      return;
    case 'div':
      for (const block of done.blocks) addBlock(into, block);
      return;
    case 'note':
      if (done.blocks.length) addBlock(into, { kind: 'note', label: done.label, body: done.blocks, ...place });
      return;
    case 'heading': {
      const text = flatMarkdown(done.blocks);
      if (text !== '') addBlock(into, { kind: 'heading', level: done.level, text, ...place });
      return;
    }
    default:
      unreachable(done.kind);
  }
}

function addCell(row: Container, cell: Container): void {
  const first = row.rows[0] ?? { cells: [], header: true };
  if (row.rows.length === 0) row.rows.push(first);
  // Markdown has no cells of several columns: the text stands in the first, so that those behind it keep their places.
  for (let i = 0; i < cell.columns; i++) {
    fillHanging(row, first.cells);
    const blocks = i === 0 ? cell.blocks : [];
    if (cell.span > 1) row.hanging.set(first.cells.length, { left: cell.span - 1, blocks });
    first.cells.push(blocks);
  }
  if (!cell.header) first.header = false;
}

/** Repeats the cells of earlier rows that reach into this one, up to the next free column. */
function fillHanging(row: Container, cells: Block[][]): void {
  for (let above = row.hanging.get(cells.length); above && above.left > 0; above = row.hanging.get(cells.length)) {
    above.left--;
    cells.push(above.blocks);
  }
}

function addTable(into: Container, table: Container, place: { line: number; apart: boolean }): void {
  const [first, ...others] = table.rows;
  if (!first) return;
  const header = first.header ? first.cells.map(flatMarkdown) : [];
  const rows = (first.header ? others : table.rows).map((row) => row.cells);
  if (rows.length || header.length) addBlock(into, { kind: 'table', header, rows, ...place });
}
