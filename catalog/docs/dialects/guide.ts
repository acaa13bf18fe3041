/**
 * Dialects D and E: guide pages, and pages about one identifier (AF_INET, WSK_CLIENT) in a guide's form.
 *
 * In: the page's lines. Out: its body: what stands before the first section is the description, each section keeps its
 * heading, and the few that every page may have (Remarks, Requirements, See also) go to their places.
 */

import type { DocLink, DocSection, PageBody } from '../page.ts';
import { emptyBody } from '../page.ts';
import type { Block } from '../prose/blocks.ts';
import { renderBlocks } from '../prose/blocks.ts';
import { tableRequirements } from '../requirements.ts';
import type { PageContext, Section } from './sections.ts';
import { definedValues, otherSection, pageTitle, sectionBlocks, titledSections } from './sections.ts';
import { readSeeAlso } from './see-also.ts';

/** A section that has been read. */
export interface GuideSection {
  readonly section: Section;
  readonly blocks: readonly Block[];
  readonly links: readonly DocLink[];
}

/** Reads a page of dialect D or E, and any Markdown that is no docs page. */
export function readGuidePage(c: PageContext): PageBody {
  return guideBody(c, readSections(c));
}

export function readSections(c: PageContext): readonly GuideSection[] {
  return titledSections(c).map((section) => {
    const before = c.links.length;
    const blocks = sectionBlocks(c, section);
    return { section, blocks, links: c.links.slice(before) };
  });
}

/** The body that a guide's sections are. */
export function guideBody(c: PageContext, read: readonly GuideSection[]): PageBody {
  const title = pageTitle(c);
  const sections: DocSection[] = [];
  const remarks: string[] = [];
  const seeAlso: string[] = [];
  const requirements: Record<string, string> = {};
  let description = '';
  let first = true;
  for (const { section, blocks, links } of read) {
    const name = section.name.toLowerCase();
    if (section.index < 0 || (first && section.level === 1)) {
      if (section.index >= 0) first = false;
      const text = renderBlocks(blocks);
      description = description === '' ? text : `${description}\n\n${text}`.trim();
      const values = definedValues(blocks);
      if (values.length)
        sections.push({ title: section.name, level: 1, text: '', values, line: Math.max(1, section.index + 1) });
    } else if (name === 'requirements') Object.assign(requirements, tableRequirements(blocks));
    else if (name === 'see also' || name === 'related topics' || name === 'related articles') {
      const { names, rest } = readSeeAlso(blocks, links);
      seeAlso.push(...names);
      if (rest.length) sections.push(otherSection(section, section.name, rest));
    } else if (name === 'remarks') remarks.push(renderBlocks(blocks));
    else if (blocks.length) sections.push(otherSection(section, section.name, blocks));
  }
  return {
    ...emptyBody,
    ...(title === undefined ? {} : { title }),
    description,
    remarks: remarks.join('\n\n'),
    sections,
    requirements,
    seeAlso,
  };
}
