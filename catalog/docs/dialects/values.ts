/**
 * Lists of values inside the description of a parameter, member, address family or return value.
 *
 * In: blocks. Out: the values, and the blocks that are left. The docs write such lists in five ways: headings (#### X
 * and its text), HTML or Markdown tables, definition lists, bullets, and two-space definitions. A table that maps
 * one name to another (flag to dispatch structure) is no list of values and stays in the text.
 */

import type { DocValue } from '../page.ts';
import type { Block, HeadingBlock, List, Table, Term } from '../prose/blocks.ts';
import { flatMarkdown, flatText, renderBlocks } from '../prose/blocks.ts';
import { plainText } from '../prose/inline.ts';

/** Longest text that may be a name. */
const nameMax = 200;

export interface WithValues {
  readonly values: readonly DocValue[];
  readonly rest: readonly Block[];
}

/** Parts the values of a parameter or member from its prose. */
export function takeValues(blocks: readonly Block[]): WithValues {
  const values: DocValue[] = [];
  const rest: Block[] = [];
  for (let i = 0; i < blocks.length; i++) {
    const block = blocks[i];
    if (!block) continue;
    if (block.kind === 'heading' && isValueName(headingName(block))) {
      const end = headingsEnd(blocks, i);
      const taken = headingValues(blocks.slice(i, end));
      values.push(...taken.values);
      rest.push(...taken.rest);
      i = end - 1;
      continue;
    }
    const found = blockValues(block);
    if (found) values.push(...found);
    else rest.push(block);
  }
  return { values, rest };
}

/** Return codes: any table, definition list or list of STATUS_ names; text after a code's own belongs to the page. */
export function takeCodes(blocks: readonly Block[]): WithValues {
  const values: DocValue[] = [];
  const rest: Block[] = [];
  for (let i = 0; i < blocks.length; i++) {
    const block = blocks[i];
    if (!block) continue;
    if (block.kind === 'terms') {
      // 2017: the text of a code follows its list. What stands apart from it after the last code is the page's own.
      const last = block.entries.at(-1);
      const end = last?.body.length === 0 ? textEnd(blocks, i + 1) : i + 1;
      const body = blocks.slice(i + 1, end);
      const entries = block.entries.flatMap((e) => termValues(e === last ? { ...e, body: [...e.body, ...body] } : e));
      i = end - 1;
      values.push(...entries.filter((e) => e.name !== ''));
      continue;
    }
    const codes = block.kind === 'table' ? tableCodes(block) : blockValues(block);
    if (codes) values.push(...codes);
    else rest.push(block);
  }
  return { values, rest };
}

/** A constant, an enumerator or a number: what can stand as the value of a parameter. */
export function isValueName(name: string): boolean {
  if (name.length > nameMax) return false;
  return /^(?:[A-Za-z]\w*[_.]\w+|[A-Z][A-Z0-9]+|[A-Z][a-z0-9]+[A-Z][A-Za-z0-9]*|-?\d+|0x[0-9A-Fa-f]+)$/.test(name);
}

function blockValues(block: Block): DocValue[] | undefined {
  switch (block.kind) {
    case 'table':
      return tableValues(block);
    case 'terms': {
      const values = block.entries.flatMap(termValues);
      return values.every((v) => v.name !== '') && values.some((v) => isValueName(v.name)) ? values : undefined;
    }
    case 'list':
      return listValues(block);
    default:
      return undefined;
  }
}

/**
 * What a term says: `<dt>NAME</dt><dt>0x1</dt>` is a name and its number, `<dt>A</dt><dt>B</dt>` are two names with
 * one text. Other text among the terms goes before that text.
 */
export function termValues(entry: Term): DocValue[] {
  const texts = entry.terms.map((t) => plainText(t).trim()).filter((t) => t !== '');
  const number = texts.find((t, i) => i > 0 && isNumber(t));
  const names = texts.filter((t, i) => i === 0 || (t !== number && isValueName(t)));
  const notes = texts.filter((t) => t !== number && !names.includes(t));
  const description = [...notes, renderBlocks(entry.body)].filter((t) => t !== '').join('\n\n');
  const value = number === undefined || names.length !== 1 ? {} : { value: number };
  return names.map((name) => ({ ...nameAndNumber(name), ...value, description }));
}

function headingName(heading: HeadingBlock): string {
  return plainText(heading.text)
    .replace(/^-\s*/, '')
    .replace(/\s*\(.*\)$/, '')
    .trim();
}

/** Index after the text of the run of value headings that starts at `from`. */
function headingsEnd(blocks: readonly Block[], from: number): number {
  let end = from + 1;
  while (end < blocks.length) {
    const block = blocks[end];
    if (block?.kind === 'heading' && !isValueName(headingName(block))) break;
    end++;
  }
  return end;
}

/** Values of `#### X` headings, each with the blocks up to the next. */
function headingValues(blocks: readonly Block[]): WithValues {
  const groups: { heading: HeadingBlock; body: Block[] }[] = [];
  for (const block of blocks) {
    if (block.kind === 'heading') groups.push({ heading: block, body: [] });
    else groups.at(-1)?.body.push(block);
  }
  const last = groups.at(-1);
  const own = last
    ? ownBlocks(
        last.body,
        groups.slice(0, -1).map((g) => g.body),
      )
    : 0;
  const rest = last?.body.splice(own) ?? [];
  const values = groups.map(({ heading, body }) => {
    const number = /\((-?\d+|0x[0-9a-f]+[ul]*)\)$/i.exec(plainText(heading.text))?.[1];
    const value = number === undefined ? {} : { value: number };
    return { name: headingName(heading), ...value, description: renderBlocks(body) };
  });
  return { values, rest };
}

/**
 * How many blocks belong to the last value; what follows them is the parameter's own text again, which no mark parts
 * from it. Two signs: the other values have one paragraph each; or its lines are indented less than the value's.
 */
function ownBlocks(body: readonly Block[], others: readonly (readonly Block[])[]): number {
  const indent = others
    .flat()
    .concat(body.slice(0, 1))
    .find((b) => b.kind === 'paragraph' && b.indent !== undefined);
  const depth = indent?.kind === 'paragraph' ? (indent.indent ?? 0) : 0;
  const outdented = body.findIndex(
    (b, i) => i > 0 && b.kind === 'paragraph' && b.indent !== undefined && b.indent < depth,
  );
  if (outdented > 0) return outdented;
  return others.length > 0 && others.every((other) => other.length <= 1) ? 1 : body.length;
}

function tableValues(table: Table): DocValue[] | undefined {
  if (table.rows.length === 0) return undefined;
  const names = table.rows.map((row) => cellNames(row[0] ?? []));
  const title = table.header[0] ?? '';
  const known = names.filter(([n]) => n && isValueName(n.name)).length;
  if (/\bmember|\bfield|IRP/i.test(title) || known * 2 < names.length) return undefined;
  if (!/^(?:value|constant)/i.test(title) && mapsNames(table)) return undefined;
  return table.rows.flatMap((row, i) => rowValues(table, row, names[i] ?? []));
}

function tableCodes(table: Table): DocValue[] | undefined {
  if (table.rows.length === 0 || table.rows.every((row) => row.length < 2)) return undefined;
  return table.rows.flatMap((row) => rowValues(table, row, cellNames(row[0] ?? [])));
}

/** Does the second column hold nothing but names. */
function mapsNames(table: Table): boolean {
  return table.rows.every((row) => row.length === 2 && /^[A-Za-z_]\w*$/.test(flatText(row[1] ?? [])));
}

type CellName = Pick<DocValue, 'name' | 'value'>;

function rowValues(table: Table, row: readonly (readonly Block[])[], names: readonly CellName[]): DocValue[] {
  const cells = row.slice(1).map((cell, i) => ({ title: table.header[i + 1] ?? '', cell }));
  const number = cells.find(({ cell }) => isNumber(flatText(cell)));
  const texts = cells.filter((c) => c !== number && c.cell.length > 0);
  const labelled = texts.length > 1;
  const description = texts
    .map(({ title, cell }) => (labelled && title !== '' ? `${title}: ${flatMarkdown(cell)}` : renderBlocks(cell)))
    .join('\n\n');
  const value = number ? { value: flatText(number.cell) } : {};
  return names.map((name) => ({ ...name, ...value, description }));
}

/** Name and number of a first cell: `<dl><dt>NAME</dt><dt>1</dt></dl>`, `NAME (0x1)`, `NAME`. */
function cellNames(cell: readonly Block[]): CellName[] {
  const [first] = cell;
  if (first?.kind === 'terms') {
    const [entry] = first.entries;
    if (entry) {
      return termValues(entry).map(({ name, value }) => (value === undefined ? { name } : { name, value }));
    }
  }
  return [nameAndNumber(flatText(cell))];
}

/** 'X (0x1)', 'X = 1', 'X 1': a name and its number. */
export function nameAndNumber(text: string): { name: string; value?: string } {
  const match = /^(\w+)(?:\s*[(=:]\s*|\s+)(-?\d+|0x[0-9a-f]+)\)?$/i.exec(text.trim().slice(0, nameMax));
  return match?.[1] && match[2] && !isNumber(match[1]) ? { name: match[1], value: match[2] } : { name: text.trim() };
}

/** Bullets that each start with a constant: `X`, `**X** - text`, `X: text`. */
function listValues(list: List): DocValue[] | undefined {
  const values = list.items.map((item) => {
    const [first, ...others] = item;
    const text = first?.kind === 'paragraph' ? first.text : '';
    const match =
      /^(\*{0,2}|`)([A-Za-z_]\w*)(?:\s*\(([^()]*)\))?\1(?:\s*\((0x[0-9a-f]+|\d+)\))?(?:\s*(?:[-\u2013\u2014:=.,]|$)\s*)(.*)$/is.exec(
        text,
      );
    if (!match?.[2] || !isValueName(match[2])) return undefined;
    const number = [match[3], match[4]].find((n) => n !== undefined && isNumber(n));
    const rest = renderBlocks(others);
    const description = [match[5] ?? '', rest].filter((t) => t !== '').join('\n\n');
    return { name: match[2], ...(number === undefined ? {} : { value: number }), description };
  });
  const known = values.filter((v) => v !== undefined);
  return known.length === list.items.length && known.length > 0 ? known : undefined;
}

/** Index after the text of the code before `from`: all up to the next code, or one block and what adjoins it. */
function textEnd(blocks: readonly Block[], from: number): number {
  const next = blocks.findIndex((b, i) => i >= from && (b.kind === 'terms' || b.kind === 'table'));
  if (next >= 0) return next;
  let end = Math.min(from + 1, blocks.length);
  while (end < blocks.length && blocks[end]?.apart === false) end++;
  return end;
}

function isNumber(text: string): boolean {
  return /^`?-?(?:\d+|0x[0-9a-f]+)(?:[uUlL]{0,3})`?$/i.test(text.trim());
}
