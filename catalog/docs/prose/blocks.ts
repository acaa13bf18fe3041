/**
 * A small block model for the docs' prose, and its rendering as Markdown.
 *
 * In: blocks that html.ts read. Out: clean Markdown. Texts inside blocks are already Markdown of one line, in which
 * `\n` is a line break that the page asks for.
 */
import { unreachable } from '../../../base/assert.ts';
import { plainText } from './inline.ts';

interface Place {
  /** Index of the block's first line within what was read, from 0. */
  readonly line: number;
  /** A blank line stands between this block and what precedes it. */
  readonly apart: boolean;
}

export interface Paragraph extends Place {
  readonly kind: 'paragraph';
  readonly text: string;
  /** Columns by which its second line is indented; undefined for a paragraph of one line. */
  readonly indent?: number;
}

export interface HeadingBlock extends Place {
  readonly kind: 'heading';
  readonly level: number;
  readonly text: string;
}

export interface List extends Place {
  readonly kind: 'list';
  readonly ordered: boolean;
  readonly items: readonly (readonly Block[])[];
}

export interface Table extends Place {
  readonly kind: 'table';
  readonly header: readonly string[];
  readonly rows: readonly (readonly (readonly Block[])[])[];
}

/** A definition list: `<dl>`, the parameter headings of 2017, `**Term**  ` with two spaces at its end. */
export interface Terms extends Place {
  readonly kind: 'terms';
  readonly entries: readonly Term[];
}

export interface Term {
  readonly terms: readonly string[];
  readonly body: readonly Block[];
  /** Source of the `### -param …` heading that it was, where it was one. */
  readonly mark?: string;
  readonly line: number;
}

export interface Code extends Place {
  readonly kind: 'code';
  readonly language: string;
  readonly text: string;
}

export interface Note extends Place {
  readonly kind: 'note';
  /** 'Note', 'Important', … or '' for a plain quotation. */
  readonly label: string;
  readonly body: readonly Block[];
}

export type Block = Paragraph | HeadingBlock | List | Table | Terms | Code | Note;

/** Markdown of blocks, parted by blank lines. */
export function renderBlocks(blocks: readonly Block[]): string {
  return blocks
    .map(renderBlock)
    .filter((text) => text !== '')
    .join('\n\n');
}

/** All text of blocks on one line and without marks: for cells, names and comparisons. */
export function flatText(blocks: readonly Block[]): string {
  return plainText(flatMarkdown(blocks));
}

/** All text of blocks on one line, with its emphasis. */
export function flatMarkdown(blocks: readonly Block[]): string {
  return blocks
    .map(flatBlock)
    .filter((text) => text !== '')
    .join(' ')
    .replaceAll('\n', ' ');
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return block.text.replaceAll('\n', '  \n');
    case 'heading':
      return `${'#'.repeat(Math.max(3, Math.min(6, block.level)))} ${block.text}`;
    case 'list':
      return block.items.map((item, i) => indented(renderBlocks(item), block.ordered ? `${i + 1}. ` : '- ')).join('\n');
    case 'table':
      return renderTable(block);
    case 'terms':
      return block.entries.map(renderTerm).join('\n');
    case 'code':
      return `\`\`\`${block.language}\n${block.text}\n\`\`\``;
    case 'note': {
      const body = renderBlocks(block.body);
      const text = block.label === '' ? body : `**${block.label}** ${body}`;
      return text
        .split('\n')
        .map((line) => `> ${line}`.trimEnd())
        .join('\n');
    }
    default:
      return unreachable(block);
  }
}

function flatBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
    case 'heading':
      return block.text;
    case 'code':
      return codeSpan(block.text);
    case 'list':
      return block.items.map(flatMarkdown).join('; ');
    case 'table':
      return block.rows.map((row) => row.map(flatMarkdown).join(': ')).join('; ');
    case 'terms':
      return block.entries.map((e) => [...e.terms, flatMarkdown(e.body)].filter((t) => t !== '').join(': ')).join('; ');
    case 'note':
      return [block.label, flatMarkdown(block.body)].filter((t) => t !== '').join(': ');
    default:
      return unreachable(block);
  }
}

/** Code on one line, between as many backticks as it does not have itself. */
function codeSpan(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const mark = '`'.repeat(longest + 1);
  const room = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return line === '' ? '' : `${mark}${room}${line}${room}${mark}`;
}

function renderTerm(term: Term): string {
  const name = term.terms.map((t) => (t.startsWith('*') ? t : `**${t}**`)).join(', ');
  const body = renderBlocks(term.body);
  if (name === '') return body;
  return body === '' ? `- ${name}` : indented(`${name}: ${body}`, '- ');
}

function renderTable(table: Table): string {
  const width = table.rows.reduce((most, row) => Math.max(most, row.length), table.header.length);
  const line = (cells: readonly string[]): string =>
    `| ${Array.from({ length: width }, (_, i) => (cells[i] ?? '').replaceAll('|', '\\|')).join(' | ')} |`;
  const rows = table.rows.map((row) => line(row.map(cellMarkdown)));
  return [line(table.header), `|${' --- |'.repeat(width)}`, ...rows].join('\n');
}

/** A cell has one line, on which the items of a list are told apart by their marks. */
function cellMarkdown(blocks: readonly Block[]): string {
  return blocks
    .map((block) => {
      if (block.kind !== 'list' || block.items.length < 2) return flatMarkdown([block]);
      return block.items.map((item, i) => `${block.ordered ? `${i + 1}.` : '•'} ${flatMarkdown(item)}`).join(' ');
    })
    .filter((text) => text !== '')
    .join(' ');
}

function indented(text: string, bullet: string): string {
  return bullet + text.replaceAll('\n', `\n${' '.repeat(bullet.length)}`).replace(/\n +$/gm, '\n');
}
