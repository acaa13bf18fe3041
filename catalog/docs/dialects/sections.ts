/**
 * A page's body cut into sections.
 *
 * In: the page's lines. Out: for the DDI dialects, the text before the first mark and one section for each mark
 * (`## -remarks`, `### -param X`), whatever the number of its # signs; for guides, one section for each heading of level
 * two or one. Headings that are no marks stay inside the section that they stand in.
 */

import type { Heading, PageLines } from '../lines.ts';
import type { DocLink, DocSection } from '../page.ts';
import type { Problem } from '../problems.ts';
import type { Block } from '../prose/blocks.ts';
import { renderBlocks } from '../prose/blocks.ts';
import type { BlockContext } from '../prose/html.ts';
import { readBlocks } from '../prose/html.ts';
import { inlineMarkdown, plainText } from '../prose/inline.ts';
import { termValues } from './values.ts';

export interface Section {
  /** DDI: the word after the dash, in lower case, such as 'see-also'. Guides: the heading's text, without marks. */
  readonly name: string;
  /** DDI: what stands after that word. */
  readonly argument: string;
  readonly level: number;
  /** Index of the heading's line, from 0; -1 for what stands before the first heading. */
  readonly index: number;
  /** Lines of the body: from `from` up to `to`. */
  readonly from: number;
  readonly to: number;
}

/** What the readers of sections share: the page, and where problems and links go. */
export interface PageContext {
  readonly page: PageLines;
  readonly bodyIndex: number;
  /** All headings of the body outside of code. */
  readonly headings: readonly Heading[];
  readonly problems: Problem[];
  readonly links: DocLink[];
}

const mark = /^-([A-Za-z][\w-]*)\s*(.*)$/;

/** Marks that head one item of a list and not a section of the page. */
const itemMarks: ReadonlySet<string> = new Set(['param', 'field']);

/** The name of a flag or another value of a parameter. */
const constant = /^[A-Z][A-Z0-9]*_[A-Z0-9_]+\b|^\d/;

/** The items of a section of items. */
const itemOf: Readonly<Record<string, string>> = {
  parameters: 'param',
  'struct-fields': 'field',
  'enum-fields': 'field',
  'union-fields': 'field',
};

/**
 * Sections of a DDI page; the first is what stands before all marks. With `keepItems`, `-param` and `-field` do not
 * start a section: in the pages of 2017 they stand inside of HTML lists.
 */
export function markedSections(c: PageContext, options: { readonly keepItems: boolean }): Section[] {
  const found: { heading: Heading; name: string; argument: string }[] = [];
  let item: string | undefined;
  for (const heading of c.headings) {
    const match = mark.exec(heading.text);
    // 2017 pages hold '####### - ...', which is no word: the last, variadic parameter.
    const name = (match?.[1] ?? '').toLowerCase();
    if (match && !itemMarks.has(name)) item = itemOf[name];
    // 2018 wrote '#### - Register [in]' for what the header calls by another name.
    const unnamed = options.keepItems || heading.level < 4 ? undefined : /^-\s+\**(\w.*)$/.exec(heading.text)?.[1];
    if (match && !(options.keepItems && itemMarks.has(name)))
      found.push({ heading, name, argument: (match[2] ?? '').trim() });
    else if (item !== undefined && unnamed !== undefined && !constant.test(unnamed))
      found.push({ heading, name: item, argument: unnamed.trim() });
    else if (/^-\s*\.\.\./.test(heading.text)) found.push({ heading, name: 'param', argument: '...' });
  }
  return cut(c, found);
}

/** Sections of a guide: one for each heading of level 1 or 2; the first is what stands before all of them. */
export function titledSections(c: PageContext): Section[] {
  const found = c.headings
    .filter((heading) => heading.level <= 2)
    .map((heading) => ({ heading, name: headingTitle(heading.text), argument: '' }));
  return cut(c, found);
}

/** Blocks of a section's body. */
export function sectionBlocks(
  c: PageContext,
  section: Section,
  options?: Pick<BlockContext, 'marks'>,
): readonly Block[] {
  const context: BlockContext = { problems: c.problems, links: c.links, ...options };
  return readBlocks(c.page.lines.slice(section.from, section.to), section.from + 1, context);
}

/** The first heading of level one before `to`, and its text. */
export function pageTitle(c: PageContext): string | undefined {
  for (const heading of c.headings) {
    if (heading.level === 1 && !mark.test(heading.text) && heading.text !== '') return headingTitle(heading.text);
  }
  return undefined;
}

/** A section that has no place of its own in the model. */
export function otherSection(section: Section, title: string, blocks: readonly Block[]): DocSection {
  return {
    title,
    level: section.level,
    text: renderBlocks(blocks),
    values: definedValues(blocks),
    line: section.index + 1,
  };
}

/** Everything that definition lists in the text define, at any heading. */
export function definedValues(blocks: readonly Block[]): DocSection['values'] {
  return blocks
    .flatMap((block) => (block.kind === 'terms' ? block.entries : []))
    .flatMap(termValues)
    .filter((value) => value.name !== '');
}

/** Text of a heading without tags, marks and references. */
export function headingTitle(text: string): string {
  return plainText(inlineMarkdown(text)).trim();
}

function cut(c: PageContext, found: readonly { heading: Heading; name: string; argument: string }[]): Section[] {
  const end = c.page.lines.length;
  const start = { name: '', argument: '', level: 1, index: -1, from: c.bodyIndex, to: found[0]?.heading.index ?? end };
  const sections = found.map(({ heading, name, argument }, i) => ({
    name,
    argument,
    level: heading.level,
    index: heading.index,
    from: heading.index + 1,
    to: found[i + 1]?.heading.index ?? end,
  }));
  return [start, ...sections];
}
