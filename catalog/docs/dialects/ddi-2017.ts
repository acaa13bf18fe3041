/**
 * Dialect A: reference pages of driver interfaces of 2017.
 *
 * In: the page's lines. Out: its body. They have the marks of the later dialects, but the bodies are HTML, with the
 * headings `### -param X` where `<dt>` should stand. A parameter's values are written with the same heading; only the
 * nesting (a `<dl>` inside a `<dd>`, or a table cell) tells them from parameters. So the whole section is read as one
 * tree, in which those headings are terms. Remarks are written twice on thousands of pages.
 */

import type { PageBody } from '../page.ts';
import type { Block, Term } from '../prose/blocks.ts';
import type { DdiDraft } from './ddi.ts';
import { emptyDraft, finish, readSection } from './ddi.ts';
import { addField, addParameter } from './items.ts';
import type { PageContext, Section } from './sections.ts';
import { markedSections, otherSection, sectionBlocks } from './sections.ts';

/** Reads a page of dialect A. */
export function readDdi2017Page(c: PageContext): PageBody {
  const draft = emptyDraft();
  for (const section of markedSections(c, { keepItems: true })) {
    switch (section.name) {
      case 'parameters':
      case 'struct-fields':
      case 'enum-fields':
      case 'union-fields':
        readItems(c, draft, section);
        break;
      default:
        readSection(c, draft, section, { dropCopies: true });
    }
  }
  return finish(c, draft);
}

function readItems(c: PageContext, draft: DdiDraft, section: Section): void {
  const entries: { term: Term; body: Block[] }[] = [];
  const others: Block[] = [];
  for (const block of sectionBlocks(c, section, { marks: true })) {
    if (block.kind === 'terms') {
      for (const term of block.entries) {
        const owner = entries.at(-1);
        // Where tags are broken, a value may stand at the outermost level: only values have anchors.
        if (owner && term.mark !== undefined && isValueMark(term.mark)) owner.body.push(termsBlock(term));
        else entries.push({ term, body: [...term.body] });
      }
    } else if (entries.length) entries.at(-1)?.body.push(block);
    else others.push(block);
  }
  for (const { term, body } of entries) {
    const heading = term.terms.join(' ');
    const line = section.from + 1 + term.line;
    if (term.mark === undefined && heading === '') others.push(...body);
    else if (section.name === 'parameters') addParameter(draft.parameters, c.problems, heading, body, line);
    else addField(draft.fields, c.problems, heading, body, line);
  }
  if (others.length) draft.sections.push(otherSection(section, 'Parameters', others));
}

function isValueMark(mark: string): boolean {
  return /<a id=/i.test(mark) && !/\[\s*(?:in|out)/i.test(mark);
}

function termsBlock(term: Term): Block {
  return { kind: 'terms', entries: [term], line: term.line, apart: false };
}
