/**
 * Dialects B and C: reference pages of driver interfaces of 2018 and later.
 *
 * In: the page's lines. Out: its body. Marks (`## -description`, `### -param X [in]`, …) cut the page into sections;
 * everything is found by them, at whatever heading level they stand. A section that is not one of the format is kept
 * under its own name; under an I/O control page it describes a member of the buffer.
 */

import type {
  DocField,
  DocParameter,
  DocReturns,
  DocSection,
  DocSignature,
  DocValue,
  IoctlPart,
  PageBody,
} from '../page.ts';
import { report } from '../problems.ts';
import type { Block } from '../prose/blocks.ts';
import { flatText, renderBlocks } from '../prose/blocks.ts';
import { itemHeading } from '../prose/inline.ts';
import { tableRequirements } from '../requirements.ts';
import { readParameterHeading } from './direction.ts';
import { addField, addParameter } from './items.ts';
import { withoutCopies } from './repeats.ts';
import type { PageContext, Section } from './sections.ts';
import { headingTitle, markedSections, otherSection, pageTitle, sectionBlocks } from './sections.ts';
import { readSeeAlso } from './see-also.ts';
import { readSignature } from './signature.ts';
import { isValueName, nameAndNumber, takeCodes } from './values.ts';

/** What is gathered while the sections are read, by this reader and by that of the 2017 pages. */
export interface DdiDraft {
  description: string;
  signature?: DocSignature;
  readonly parameters: DocParameter[];
  readonly fields: DocField[];
  returns?: DocReturns;
  remarks: string[];
  readonly ioctl: Partial<Record<IoctlPart, string>>;
  readonly sections: DocSection[];
  readonly requirements: Record<string, string>;
  seeAlso: string[];
}

export function emptyDraft(): DdiDraft {
  return {
    description: '',
    parameters: [],
    fields: [],
    remarks: [],
    ioctl: {},
    sections: [],
    requirements: {},
    seeAlso: [],
  };
}

/** Reads a page of dialect B or C. */
export function readDdiPage(c: PageContext, dialect: 'B' | 'C'): PageBody {
  const draft = emptyDraft();
  for (const section of markedSections(c, { keepItems: false })) {
    if (section.name === 'param' || section.name === 'field') readItem(c, draft, section, dialect);
    else readSection(c, draft, section, dialect === 'B' ? { dropCopies: true } : {});
  }
  return finish(c, draft);
}

function readItem(c: PageContext, draft: DdiDraft, section: Section, dialect: 'B' | 'C'): void {
  checkLevel(c, section, 3);
  const heading = itemHeading(section.argument);
  const blocks = sectionBlocks(c, section);
  const owners = section.name === 'param' ? draft.parameters : draft.fields;
  const owner = owners.at(-1);
  if (dialect === 'B' && owner && draft.signature && isLostValue(heading, owner.name, draft.signature.text)) {
    owners[owners.length - 1] = { ...owner, values: [...owner.values, lostValue(heading, blocks)] };
  } else if (section.name === 'param') addParameter(draft.parameters, c.problems, heading, blocks, section.index + 1);
  else addField(draft.fields, c.problems, heading, blocks, section.index + 1);
}

/**
 * January 2018 wrote the values of a parameter as parameters of their own, with nothing to tell them but the signature:
 * it has their parameter and not them.
 */
function isLostValue(heading: string, owner: string, signature: string): boolean {
  const name = /^\w+/.exec(heading)?.[0] ?? '';
  if (!isValueName(name) || /\[/.test(heading)) return false;
  return hasWord(signature, owner) && !hasWord(signature, name);
}

function hasWord(text: string, word: string): boolean {
  return text.split(/\W+/).includes(word);
}

function lostValue(heading: string, blocks: readonly Block[]): DocValue {
  return { ...nameAndNumber(heading), description: renderBlocks(blocks) };
}

/** How a section is read. `dropCopies`: paragraphs that stand there twice count once. */
interface ReadOptions {
  readonly dropCopies?: true;
}

/** Reads any section but -param and -field. */
export function readSection(c: PageContext, draft: DdiDraft, section: Section, options: ReadOptions): void {
  const linksBefore = c.links.length;
  const blocks = proseBlocks(c, section, options);
  const part = Object.hasOwn(ioctlParts, section.name) ? ioctlParts[section.name] : undefined;
  if (part !== undefined) {
    const text = [headingTitle(section.argument), renderBlocks(blocks)].filter((t) => t !== '').join('\n\n');
    draft.ioctl[part] = joined(draft.ioctl[part] ?? '', text);
    return;
  }
  switch (section.name) {
    case '':
      addIntroduction(draft, blocks);
      return;
    case 'syntax':
    case 'prototype':
      addSignature(draft, section, blocks);
      return;
    case 'description':
      draft.description = joined(draft.description, renderBlocks(blocks));
      return;
    case 'parameters':
    case 'struct-fields':
    case 'enum-fields':
    case 'union-fields':
    case 'ioctlparameters':
    case 'members':
      if (blocks.length) draft.sections.push(otherSection(section, 'Parameters', blocks));
      return;
    case 'returns': {
      checkLevel(c, section, 2);
      const { values, rest } = takeCodes(blocks);
      if (values.length || rest.length) draft.returns = { text: renderBlocks(rest), codes: values };
      return;
    }
    case 'remarks':
      draft.remarks.push(renderBlocks(blocks));
      return;
    case 'requirements':
      Object.assign(draft.requirements, tableRequirements(blocks));
      return;
    case 'see-also':
    case 'seealso':
    case 'see-aextension':
      addSeeAlso(c, draft, section, blocks, linksBefore);
      return;
    case 'inheritance':
    case 'example':
    case 'examples':
      if (blocks.length) draft.sections.push(otherSection(section, section.name, blocks));
      return;
    default:
      addUnknown(c, draft, section, blocks);
  }
}

/** The body of the draft. */
export function finish(c: PageContext, draft: DdiDraft): PageBody {
  const { remarks, description, ...rest } = draft;
  const title = pageTitle(c);
  return {
    ...rest,
    ...(title === undefined ? {} : { title }),
    description: description.trim(),
    remarks: remarks.filter((text) => text !== '').join('\n\n'),
    requests: [],
    irpRules: [],
    seeAlso: [...new Set(rest.seeAlso)],
  };
}

function addSeeAlso(
  c: PageContext,
  draft: DdiDraft,
  section: Section,
  blocks: readonly Block[],
  linksBefore: number,
): void {
  const { names, rest } = readSeeAlso(blocks, c.links.slice(linksBefore));
  draft.seeAlso.push(...names);
  if (rest.length) draft.sections.push(otherSection(section, 'See also', rest));
}

/** Two return codes may well have the same text: only running prose is checked for copies. */
function proseBlocks(c: PageContext, section: Section, options: ReadOptions): readonly Block[] {
  const blocks = sectionBlocks(c, section);
  const prose = ['description', 'remarks'].includes(section.name) || Object.hasOwn(ioctlParts, section.name);
  if (!options.dropCopies || !prose) return blocks;
  const { blocks: kept, dropped } = withoutCopies(blocks);
  const what = `${dropped} paragraphs under '-${section.name}'`;
  if (dropped > 0) report(c.problems, 'doubled-text', section.index + 1, what);
  return kept;
}

/** The first code block of the section; what else stands there is kept as a section. */
function addSignature(draft: DdiDraft, section: Section, blocks: readonly Block[]): void {
  const code = blocks.find((block) => block.kind === 'code');
  if (code && !draft.signature) draft.signature = readSignature(code.text);
  const others = blocks.filter((block) => block !== code);
  if (others.length) draft.sections.push(otherSection(section, 'Syntax', others));
}

/** Text between the title and the first mark: an odd 'Major Code' heading, or prose that belongs to the description. */
function addIntroduction(draft: DdiDraft, blocks: readonly Block[]): void {
  const kept: Block[] = [];
  for (const block of blocks) {
    const major = block.kind === 'heading' ? /^Major Code:?\s*(.*)$/i.exec(flatText([block])) : undefined;
    if (major) draft.ioctl['major-code'] = major[1] ?? '';
    else if (!(block.kind === 'heading' && block.level === 1)) kept.push(block);
  }
  draft.description = renderBlocks(kept);
}

/** A return code, a member of an I/O control's buffer, or anything else. */
function addUnknown(c: PageContext, draft: DdiDraft, section: Section, blocks: readonly Block[]): void {
  const heading = c.page.lines[section.index] ?? '';
  const written = /-([A-Za-z][\w-]*)/.exec(heading)?.[1] ?? section.name;
  if (/^STATUS_\w+$/.test(written)) {
    const code = { name: written, description: renderBlocks(blocks) };
    draft.returns = { text: draft.returns?.text ?? '', codes: [...(draft.returns?.codes ?? []), code] };
    return;
  }
  report(c.problems, 'unknown-section', section.index + 1, written);
  if (/^[A-Za-z]\w*$/.test(written) && Object.keys(draft.ioctl).length) {
    const name = readParameterHeading(itemHeading(`${written} ${section.argument}`)).name;
    addField(draft.fields, c.problems, name, blocks, section.index + 1);
  } else draft.sections.push(otherSection(section, headingTitle(`${written} ${section.argument}`), blocks));
}

function checkLevel(c: PageContext, section: Section, level: number): void {
  if (section.level !== level)
    report(c.problems, 'heading-level', section.index + 1, `-${section.name} ${section.argument}`);
}

function joined(before: string, text: string): string {
  return before === '' || text === '' ? before + text : `${before}\n\n${text}`;
}

const ioctlParts: Readonly<Record<string, IoctlPart>> = {
  'ioctl-major-code': 'major-code',
  'input-buffer': 'input-buffer',
  'input-buffer-length': 'input-buffer-length',
  'output-buffer': 'output-buffer',
  'output-buffer-length': 'output-buffer-length',
  'in-out-buffer': 'in-out-buffer',
  'in-out-buffer-length': 'in-out-buffer-length',
  'inout-buffer-length': 'in-out-buffer-length',
  'status-block': 'status-block',
};
