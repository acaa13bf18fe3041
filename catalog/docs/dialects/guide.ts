/**
 * Dialects D and E: guide pages, and pages about one identifier (AF_INET, WSK_CLIENT) in a guide's form.
 *
 * In: the page's lines. Out: its body: what stands before the first section is the description, each section keeps its
 * heading, and the few that every page may have (Remarks, Requirements, See also) go to their places.
 */

import type { DocSection, PageBody } from '../page.ts';
import { emptyBody } from '../page.ts';
import { renderBlocks } from '../prose/blocks.ts';
import { tableRequirements } from '../requirements.ts';
import type { PageContext } from './sections.ts';
import { definedValues, otherSection, pageTitle, sectionBlocks, titledSections } from './sections.ts';
import { readSeeAlso } from './see-also.ts';

/** Reads a page of dialect D or E, and any Markdown that is no docs page. */
export function readGuidePage(c: PageContext): PageBody {
  const title = pageTitle(c);
  const sections: DocSection[] = [];
  const remarks: string[] = [];
  const seeAlso: string[] = [];
  const requirements: Record<string, string> = {};
  let description = '';
  let first = true;
  for (const section of titledSections(c)) {
    const linksBefore = c.links.length;
    const blocks = sectionBlocks(c, section);
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
      const { names, rest } = readSeeAlso(blocks, c.links.slice(linksBefore));
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
