/**
 * A page as Markdown that an editor shows: the whole of it, or what a hover has room for.
 *
 * In: a page. Out: clean Markdown (headings, tables, lists, quotations, code) with links that open: no HTML, no
 * relative paths. The prose comes clean from the readers of this folder; what is added here is order, links and, for a
 * hover, where to stop. Nothing of the page is left out of the whole page but its keywords.
 */
import { linkAddress, pageAddress } from './addresses.ts';
import { cutMarkdown } from './cut-markdown.ts';
import { displayName } from './names.ts';
import type { DocField, DocPage, DocParameter, DocValue, IoctlPart } from './page.ts';
import { plainText } from './prose/inline.ts';
import { type AddressedLink, blocksOf, relinked } from './relink.ts';

/** Room in a hover, in characters of Markdown. */
const room = { description: 1_500, returns: 1_800, remarks: 2_400, parameter: 240, fields: 40, values: 8 } as const;
const seeAlsoMax = 12;

export interface HoverWish {
  /** The reader is shown our own facts above: parameters and members need not be told again. */
  readonly hasFacts: boolean;
  /** One member or enumerator of the page, instead of the page. */
  readonly member?: string;
}

/** The page for a hover; '' where it has nothing to say (no such member). */
export function hoverMarkdown(page: DocPage, wish: HoverWish): string {
  const address = pageAddress(page.path, page.uid);
  const links = linksOf(page, address);
  const title = titleLine(page, address);
  if (wish.member !== undefined) {
    const field = memberOf(page, wish.member);
    if (field === undefined || (field.description === '' && field.values.length === 0)) return '';
    const text = withValues(field.description, field.values);
    const cut = cutMarkdown(text, room.description + room.remarks);
    return joined(`**${field.name}** in ${title}`, relinked(cut.text, links), cut.isCut ? rest(address) : '');
  }
  // The tables of a control request are what its page is there for.
  const descriptionMax = page.requests.length > 0 ? room.description + room.remarks : room.description;
  const description = cutMarkdown(withRequests(page), descriptionMax);
  const returns = cutMarkdown(returnsMarkdown(page), room.returns);
  const remarks = cutMarkdown(restOf(page), room.remarks);
  const isCut = description.isCut || returns.isCut || remarks.isCut;
  return joined(
    title,
    wish.hasFacts ? '' : factsLine(page),
    wish.hasFacts || page.signature === undefined ? '' : code(page.signature.text),
    relinked(description.text, links),
    wish.hasFacts ? '' : relinked(shortItems(page), links),
    headed('Returns', relinked(returns.text, links)),
    headed(isReference(page) ? 'Remarks' : '', relinked(remarks.text, links)),
    isCut ? rest(address) : '',
    headed('See also', seeAlsoLine(page, links)),
  );
}

/** All of the page. */
export function pageMarkdown(page: DocPage): string {
  const address = pageAddress(page.path, page.uid);
  const links = linksOf(page, address);
  const text = (markdown: string): string => relinked(markdown, links);
  return joined(
    `# ${escaped(titleOf(page))}`,
    joined(factsLine(page), address === undefined ? '' : `[On learn.microsoft.com](${address})`).replace('\n\n', ' · '),
    text(withRequests(page)),
    page.signature === undefined ? '' : joined('## Syntax', code(page.signature.text)),
    section('Parameters', text(page.parameters.map(parameterMarkdown).join('\n\n'))),
    section(page.kind === 'enumeration' ? 'Constants' : 'Members', text(page.fields.map(fieldMarkdown).join('\n\n'))),
    ...Object.entries(page.ioctl).map(([part, body]) => section(ioctlTitles[part as IoctlPart], text(body))),
    section('Return value', text(returnsMarkdown(page))),
    section('Remarks', text(page.remarks)),
    ...page.sections.map((s) => text(sectionMarkdown(page, s))),
    section('Requirements', requirementsMarkdown(page)),
    section(
      'See also',
      seeAlsoItems(page, links)
        .map((item) => `- ${item}`)
        .join('\n'),
    ),
  );
}

/** The page's own title, behind the name that people know where it does not have it: PFN_WSK_SEND is WskSend to them. */
function titleOf({ title, names }: DocPage): string {
  const name = displayName(names);
  return title.includes(name) ? title : `${name}: ${title}`;
}

function titleLine(page: DocPage, address: string | undefined): string {
  const title = escaped(titleOf(page));
  return address === undefined ? `**${title}**` : `[**${title}**](${address})`;
}

function factsLine(page: DocPage): string {
  return [
    page.header === undefined ? '' : `\`${page.header}\``,
    page.irql === undefined || page.irql.text === '' ? '' : `IRQL ${escaped(page.irql.text)}`,
    page.minimumOs === undefined ? '' : escaped(page.minimumOs),
    page.library === undefined ? '' : escaped(page.library),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** A description, or the front matter's sentence where there is none. */
function descriptionOf(page: DocPage): string {
  if (page.description !== '') return page.description;
  return /^Learn more about\b/i.test(page.summary) ? '' : escaped(page.summary);
}

/** What a hover tells after description and returns: the parts of a request, remarks, a guide's sections. */
function restOf(page: DocPage): string {
  const parts = Object.entries(page.ioctl).map(([part, body]) => headed(ioctlTitles[part as IoctlPart], body));
  const sections = page.sections.filter(({ title }) => title !== 'Parameters' && title !== 'Syntax');
  return joined(...parts, page.remarks, ...sections.map((s) => sectionMarkdown(page, s)));
}

function returnsMarkdown(page: DocPage): string {
  return page.returns === undefined ? '' : withValues(page.returns.text, page.returns.codes);
}

/** The values stand behind the paragraph that announces them, or at the end. */
function withValues(text: string, values: readonly DocValue[]): string {
  const blocks = blocksOf(text);
  const at = values.length === 0 ? -1 : blocks.findLastIndex((block) => /:\s*$/.test(block));
  if (at < 0) return joined(text, valuesMarkdown(values));
  return joined(...blocks.slice(0, at + 1), valuesMarkdown(values), ...blocks.slice(at + 1));
}

function memberOf(page: DocPage, name: string): DocField | DocParameter | undefined {
  const isIt = (item: { readonly name: string }): boolean => item.name === name || item.name.endsWith(`.${name}`);
  return page.fields.find(isIt) ?? page.parameters.find(isIt);
}

/** Parameters or members in a line each, for pages about what our catalog does not know. */
function shortItems(page: DocPage): string {
  const items = page.parameters.length > 0 ? page.parameters : page.fields;
  const lines = items.slice(0, room.fields).map((item) => {
    const [first = '', ...rest] = item.description.split('\n\n');
    const text = cutMarkdown(first, room.parameter).text.replace(/\s*\n\s*/g, ' ');
    const value = 'value' in item && item.value !== undefined ? ` = ${item.value}` : '';
    const named = item.values.filter(({ name }) => name !== '');
    // "One of the following:" is followed by what follows there.
    const listed = named.length === 0 && /:\s*$/.test(text) ? listedNames(rest) : [];
    const values = [...listed, ...named.map(({ name }) => `**${escaped(name)}**`)].slice(0, room.values);
    if (named.length + listed.length > values.length) values.push('…');
    return `- \`${item.name}\`${value}${text === '' ? '' : `: ${text}`}${values.length === 0 ? '' : ` ${values.join(', ')}`}`;
  });
  if (items.length > lines.length) lines.push(`- and ${items.length - lines.length} more`);
  return lines.length === 0 ? '' : headed(page.parameters.length > 0 ? 'Parameters' : 'Members', lines.join('\n'));
}

/** The names with which the items of a list begin that stands first; `…` for a list of sentences, or what is no list. */
function listedNames(blocks: readonly string[]): readonly string[] {
  const end = blocks.findIndex((block) => !/^(?:[-*] |\d+\. | {2})/.test(block));
  const lines = (end < 0 ? blocks : blocks.slice(0, end)).join('\n').split('\n');
  const items = lines.filter((line) => /^(?:[-*]|\d+\.) /.test(line));
  const names = items.map((line) => /^\S+ (\*\*[\w |]+\*\*|[A-Z][A-Z0-9]*_[A-Z0-9_]+)(?!\w)/.exec(line)?.[1] ?? '');
  return names.length === 0 || names.includes('') ? ['…'] : names;
}

function parameterMarkdown(parameter: DocParameter): string {
  const words = [parameter.direction?.replace('-', ', '), parameter.optional ? 'optional' : undefined];
  const kind = words.filter((word) => word !== undefined).join(', ');
  return joined(
    `### \`${parameter.name}\`${kind === '' ? '' : ` [${kind}]`}`,
    withValues(parameter.description, parameter.values),
  );
}

function fieldMarkdown(field: DocField): string {
  const value = field.value === undefined ? '' : ` = ${field.value}`;
  return joined(`### \`${field.name}\`${value}`, withValues(field.description, field.values));
}

function valuesMarkdown(values: readonly DocValue[]): string {
  return values
    .map(({ name, value, description }) => {
      const own = `${name === '' ? '' : `**${escaped(name)}**`}${value === undefined ? '' : ` (${value})`}`;
      const text = `- ${[own, description].filter((part) => part !== '').join(': ')}`;
      return text.replaceAll('\n', '\n  ').replace(/\n +$/gm, '\n');
    })
    .join('\n');
}

/** The description with the table of each control request behind the sentence that announces it. */
function withRequests(page: DocPage): string {
  const waiting = [...page.requests];
  const blocks = blocksOf(descriptionOf(page)).flatMap((block) => {
    const text = plainText(block);
    const tables: string[] = [];
    while (waiting[0] !== undefined && text.includes(plainText(waiting[0].purpose))) {
      tables.push(requestTable(waiting[0]));
      waiting.shift();
    }
    return [block, ...tables];
  });
  const told = plainText([page.description, page.remarks, ...page.requests.map(({ irp }) => irp ?? '')].join('\n'));
  const rules = page.irpRules.map(({ text }) => text).filter((text) => !told.includes(plainText(text)));
  const others = waiting.flatMap((request) => [request.purpose, requestTable(request)]);
  return joined(...blocks, ...others, ...(page.requests.length === 0 ? [] : rules));
}

/** What a control request takes, under the names of the parameters. */
function requestTable({ purpose: _purpose, line: _line, ...rows }: DocPage['requests'][number]): string {
  const cells = Object.entries(rows).map(
    ([name, text]) =>
      `| ${name.charAt(0).toUpperCase()}${name.slice(1)} | ${text.replaceAll('|', '\\|').replaceAll('\n', ' ')} |`,
  );
  return ['| Parameter | Value |', '| --- | --- |', ...cells].join('\n');
}

/** The first section of a guide has the page's own title and only values, which its description tells already. */
function sectionMarkdown(page: DocPage, { title, level, text }: DocPage['sections'][number]): string {
  if (text === '') return '';
  return title === '' || title === page.title
    ? text
    : `${'#'.repeat(Math.max(2, Math.min(6, level)))} ${escaped(title)}\n\n${text}`;
}

function requirementsMarkdown(page: DocPage): string {
  const rows = Object.entries(page.requirements).filter(([, value]) => value !== '');
  if (rows.length === 0) return '';
  return [
    '| | |',
    '| --- | --- |',
    ...rows.map(([name, value]) => `| ${name} | ${escaped(value).replaceAll('|', '\\|')} |`),
  ].join('\n');
}

function seeAlsoLine(page: DocPage, links: readonly AddressedLink[]): string {
  return seeAlsoItems(page, links).slice(0, seeAlsoMax).join(' · ');
}

function seeAlsoItems(page: DocPage, links: readonly AddressedLink[]): readonly string[] {
  return page.seeAlso.map((name) => {
    const address = links.find(({ text }) => text === name)?.address;
    return address === undefined ? escaped(name) : `[${escaped(name)}](${address})`;
  });
}

/** The page's links that lead somewhere else than to itself. */
function linksOf(page: DocPage, address: string | undefined): readonly AddressedLink[] {
  return page.links.flatMap(({ text, target }) => {
    const to = linkAddress(target, address);
    return to === undefined || to === address ? [] : [{ text, address: to }];
  });
}

function isReference(page: DocPage): boolean {
  return page.kind !== 'guide' && page.kind !== 'reference' && page.kind !== 'index' && page.kind !== 'other';
}

const ioctlTitles: Readonly<Record<IoctlPart, string>> = {
  'major-code': 'Major code',
  'input-buffer': 'Input buffer',
  'input-buffer-length': 'Input buffer length',
  'output-buffer': 'Output buffer',
  'output-buffer-length': 'Output buffer length',
  'in-out-buffer': 'Input and output buffer',
  'in-out-buffer-length': 'Input and output buffer length',
  'status-block': 'Status block',
};

function rest(address: string | undefined): string {
  return address === undefined ? '…' : `… [the whole page](${address})`;
}

function headed(title: string, text: string): string {
  return text === '' || title === '' ? text : `**${title}**\n\n${text}`;
}

function section(title: string, text: string): string {
  return text === '' ? '' : `## ${title}\n\n${text}`;
}

function code(text: string): string {
  return `\`\`\`c\n${text}\n\`\`\``;
}

/** Plain text (a title, a name, a requirement) within Markdown. */
function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>]/g, (c, at: number) => (c === '_' && isInWord(text, at) ? c : `\\${c}`));
}

/** Underscores within a name mean nothing to Markdown. */
function isInWord(text: string, at: number): boolean {
  return /\w/.test(text[at - 1] ?? '') || /[A-Za-z0-9]/.test(text[at + 1] ?? '');
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}
