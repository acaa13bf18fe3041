/**
 * Dialect G: pages of the win32 desktop documentation of 2018.
 *
 * In: the page's lines. Out: its body. Sections have plain titles ('Input Buffer', 'Status block', 'Members'), most of
 * them empty on I/O control pages; each is read as the DDI section that it stands for. Members and parameters are a
 * definition list whose terms and texts stand on lines of their own.
 */

import type { PageBody } from '../page.ts';
import type { Block } from '../prose/blocks.ts';
import { renderBlocks } from '../prose/blocks.ts';
import { plainText } from '../prose/inline.ts';
import type { DdiDraft } from './ddi.ts';
import { emptyDraft, finish, readSection } from './ddi.ts';
import { addField, addParameter } from './items.ts';
import type { PageContext, Section } from './sections.ts';
import { otherSection, sectionBlocks, titledSections } from './sections.ts';

/** The DDI section that a title stands for. */
const sectionNames: Readonly<Record<string, string>> = {
  'input buffer': 'input-buffer',
  'input buffer length': 'input-buffer-length',
  'output buffer': 'output-buffer',
  'output buffer length': 'output-buffer-length',
  'input/output buffer': 'in-out-buffer',
  'input/output buffer length': 'in-out-buffer-length',
  'status block': 'status-block',
  syntax: 'syntax',
  'return value': 'returns',
  remarks: 'remarks',
  requirements: 'requirements',
  'see also': 'see-also',
};

/** Reads a page of dialect G. */
export function readDesktopPage(c: PageContext): PageBody {
  const draft = emptyDraft();
  for (const section of titledSections(c)) {
    const title = section.name.toLowerCase();
    const name = Object.hasOwn(sectionNames, title) ? sectionNames[title] : undefined;
    if (section.level === 1) {
      draft.description = `${draft.description}\n\n${renderBlocks(sectionBlocks(c, section))}`;
    } else if (name !== undefined) readSection(c, draft, { ...section, name }, {});
    else if (title === 'members' || title === 'parameters' || title === 'constants')
      readTerms(c, draft, section, title);
    else {
      const blocks = sectionBlocks(c, section);
      if (blocks.length) draft.sections.push(otherSection(section, section.name, blocks));
    }
  }
  return finish(c, draft);
}

function readTerms(c: PageContext, draft: DdiDraft, section: Section, title: string): void {
  const others: Block[] = [];
  for (const block of sectionBlocks(c, section)) {
    if (block.kind !== 'terms') {
      others.push(block);
      continue;
    }
    for (const { terms, body, line } of block.entries) {
      const name = plainText(terms.join(' ')).trim();
      const at = section.from + line + 1;
      if (title === 'parameters') addParameter(draft.parameters, c.problems, name, body, at);
      else addField(draft.fields, c.problems, name, body, at);
    }
  }
  if (others.length) draft.sections.push(otherSection(section, section.name, others));
}
