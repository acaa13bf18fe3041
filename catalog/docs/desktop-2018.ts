/**
 * Dialect G: pages of the win32 desktop documentation of 2018.
 *
 * In: the page's lines. Out: its body. Sections have plain titles ('Input Buffer', 'Status block', 'Members'), most of
 * them empty on I/O control pages; the requirements are a Markdown table with HTML in its cells; members are a
 * definition list whose terms and texts stand on lines of their own.
 */

import type { Block } from './blocks.ts';
import { renderBlocks } from './blocks.ts';
import { plainText } from './inline.ts';
import { addField, addParameter } from './items.ts';
import type { DocField, DocParameter, DocReturns, DocSection, DocSignature, IoctlPart, PageBody } from './page.ts';
import { emptyBody } from './page.ts';
import { tableRequirements } from './requirements.ts';
import type { PageContext, Section } from './sections.ts';
import { otherSection, pageTitle, sectionBlocks, titledSections } from './sections.ts';
import { readSeeAlso } from './see-also.ts';
import { readSignature } from './signature.ts';
import { takeCodes } from './values.ts';

const parts: Readonly<Record<string, IoctlPart>> = {
  'input buffer': 'input-buffer',
  'input buffer length': 'input-buffer-length',
  'output buffer': 'output-buffer',
  'output buffer length': 'output-buffer-length',
  'input/output buffer': 'in-out-buffer',
  'input/output buffer length': 'in-out-buffer-length',
  'status block': 'status-block',
};

/** Reads a page of dialect G. */
export function readDesktopPage(c: PageContext): PageBody {
  const title = pageTitle(c);
  const ioctl: Partial<Record<IoctlPart, string>> = {};
  const parameters: DocParameter[] = [];
  const fields: DocField[] = [];
  const sections: DocSection[] = [];
  const requirements: Record<string, string> = {};
  const seeAlso: string[] = [];
  const remarks: string[] = [];
  let description = '';
  let signature: DocSignature | undefined;
  let returns: DocReturns | undefined;
  for (const section of titledSections(c)) {
    const linksBefore = c.links.length;
    const blocks = sectionBlocks(c, section);
    const name = section.name.toLowerCase();
    const part = parts[name];
    if (part !== undefined) ioctl[part] = renderBlocks(blocks);
    else if (section.level === 1) description = `${description}\n\n${renderBlocks(blocks)}`.trim();
    else if (name === 'syntax') {
      const code = blocks.find((block) => block.kind === 'code');
      if (code?.kind === 'code') signature ??= readSignature(code.text);
    } else if (name === 'members')
      eachTerm(blocks, section, (term, body, line) => addField(fields, c.problems, term, body, line));
    else if (name === 'parameters')
      eachTerm(blocks, section, (term, body, line) => addParameter(parameters, c.problems, term, body, line));
    else if (name === 'constants')
      eachTerm(blocks, section, (term, body, line) => addField(fields, c.problems, term, body, line));
    else if (name === 'return value') {
      const { values, rest } = takeCodes(blocks);
      if (values.length || rest.length) returns = { text: renderBlocks(rest), codes: values };
    } else if (name === 'remarks') remarks.push(renderBlocks(blocks));
    else if (name === 'requirements') Object.assign(requirements, tableRequirements(blocks));
    else if (name === 'see also') {
      const { names, rest } = readSeeAlso(blocks, c.links.slice(linksBefore));
      seeAlso.push(...names);
      if (rest.length) sections.push(otherSection(section, section.name, rest));
    } else if (blocks.length) sections.push(otherSection(section, section.name, blocks));
  }
  return {
    ...emptyBody,
    ...(title === undefined ? {} : { title }),
    ...(signature === undefined ? {} : { signature }),
    ...(returns === undefined ? {} : { returns }),
    description,
    parameters,
    fields,
    remarks: remarks.join('\n\n'),
    ioctl,
    sections,
    requirements,
    seeAlso,
  };
}

function eachTerm(
  blocks: readonly Block[],
  section: Section,
  take: (term: string, body: readonly Block[], line: number) => void,
): void {
  for (const block of blocks) {
    if (block.kind !== 'terms') continue;
    for (const { terms, body, line } of block.entries)
      take(plainText(terms.join(' ')).trim(), body, section.from + line + 1);
  }
}
