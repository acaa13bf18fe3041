/**
 * Dialect F: pages of socket options, socket I/O controls and client control operations.
 *
 * In: the page's lines. Out: a guide's body, with what these pages are about: the 'Parameter / Value' tables, one for
 * each way to call WskControlSocket or WskControlClient; the sentences that say what becomes of the IRP; and the
 * sentence that names the socket categories. One page writes its table as `*RequestType* \[in\]` definitions.
 */
import type { SocketCategory } from '../../model.ts';
import type { AppliesTo, DocRequest, IrpRule, PageBody } from '../page.ts';
import type { Block, Table } from '../prose/blocks.ts';
import { flatMarkdown, flatText, renderBlocks } from '../prose/blocks.ts';
import { plainText } from '../prose/inline.ts';
import { guideBody, readSections } from './guide.ts';
import type { PageContext } from './sections.ts';

/** The rows that make a table one of a control request. */
const rowKeys = {
  requesttype: 'requestType',
  controlcode: 'controlCode',
  level: 'level',
  inputsize: 'inputSize',
  inputbuffer: 'inputBuffer',
  outputsize: 'outputSize',
  outputbuffer: 'outputBuffer',
  outputsizereturned: 'outputSizeReturned',
  irp: 'irp',
} as const;

type RowKey = (typeof rowKeys)[keyof typeof rowKeys];

/** Does the text hold a table of a control request: the mark of this dialect. */
export function isControlPage(text: string): boolean {
  return (
    /Control(?:Socket|Client)/.test(text) && />ControlCode<|\*ControlCode\*|\|\s*\*?ControlCode\*?\s*\|/.test(text)
  );
}

/** Reads a page of dialect F. */
export function readControlPage(c: PageContext): PageBody {
  const read = readSections(c);
  const body = guideBody(c, read);
  const requests: DocRequest[] = [];
  const prose: string[] = [];
  let lead = '';
  let description = '';
  for (const { section, blocks } of read) {
    if (/^(?:requirements|see also)$/i.test(section.name)) continue;
    // The tables come out as requests; they need not stand in the prose too.
    if (section.level === 1)
      description += `\n\n${renderBlocks(blocks.filter((b) => b.kind !== 'table' || !tableRequest(b)))}`;
    const defined = definedRequest(blocks);
    if (defined) requests.push(request(defined, lead, section.index + 1));
    for (const block of blocks) {
      const rows = block.kind === 'table' ? tableRequest(block) : undefined;
      if (rows) requests.push(request(rows, lead, section.from + block.line + 1));
      else if (block.kind !== 'table' && block.kind !== 'code' && block.kind !== 'terms') {
        lead = renderBlocks([block]);
        prose.push(lead);
      }
    }
  }
  const applies = appliesTo(prose.join('\n\n'));
  const said = irpRules(prose);
  const rules = said.length ? said : requests.flatMap((r) => rowRule(r.irp ?? ''));
  return {
    ...body,
    description: description.trim(),
    requests,
    irpRules: rules,
    ...(applies ? { appliesTo: applies } : {}),
  };
}

/** Rows of a 'Parameter / Value' table, or nothing when it is another kind of table. */
function tableRequest(table: Table): Map<RowKey, string> | undefined {
  const rows = new Map<RowKey, string>();
  for (const row of table.rows) addRow(rows, flatText(row[0] ?? []), plainText(flatMarkdown(row[1] ?? [])));
  return rows.has('controlCode') ? rows : undefined;
}

function definedRequest(blocks: readonly Block[]): Map<RowKey, string> | undefined {
  const rows = new Map<RowKey, string>();
  for (const block of blocks) {
    if (block.kind !== 'terms') continue;
    for (const entry of block.entries)
      addRow(rows, plainText(entry.terms[0] ?? '').replace(/\s*\[.*$/, ''), flatText(entry.body));
  }
  return rows.has('controlCode') ? rows : undefined;
}

function addRow(rows: Map<RowKey, string>, name: string, value: string): void {
  const key = rowKeys[name.trim().toLowerCase() as keyof typeof rowKeys] as RowKey | undefined; // A look-up that may fail.
  if (key !== undefined) rows.set(key, bareValue(value.trim()));
}

/** 'Use zero for this operation.' says 0. */
function bareValue(text: string): string {
  const used = /^Use (\S+) for this operation\.$/i.exec(text)?.[1];
  if (used === undefined) return text;
  return used === 'zero' ? '0' : used;
}

function request(rows: ReadonlyMap<RowKey, string>, purpose: string, line: number): DocRequest {
  const { requestType, controlCode, ...others } = Object.fromEntries(rows) as Partial<Record<RowKey, string>>;
  const type = /\bWsk(?:SetOption|GetOption|Ioctl)\b/.exec(requestType ?? '')?.[0] as DocRequest['requestType'];
  const code = /\b(?:SO|SIO|WSK|IP|IPV6|TCP|UDP)_[A-Z0-9_]+\b/.exec(controlCode ?? '')?.[0] ?? controlCode;
  const target = /\bWskControl(?:Socket|Client)\b/.exec(purpose)?.[0] as DocRequest['function'];
  return {
    ...(target
      ? { function: target }
      : requestType === undefined
        ? { function: 'WskControlClient' as const }
        : { function: 'WskControlSocket' as const }),
    purpose,
    ...(type ? { requestType: type } : {}),
    ...(code === undefined ? {} : { controlCode: code }),
    ...others,
    line,
  };
}

/** Sentences such as 'A WSK application must specify a pointer to an IRP when …'. */
function irpRules(prose: readonly string[]): IrpRule[] {
  return prose.flatMap((paragraph) => {
    const text = plainText(paragraph);
    const use = irpUse(text);
    return use === undefined ? [] : [{ use, text }];
  });
}

/** Where no sentence says it, the Irp row does. */
function rowRule(text: string): IrpRule[] {
  if (text === 'NULL') return [{ use: 'must-be-null', text }];
  return /^A pointer to an IRP\b/i.test(text) ? [{ use: 'required', text }] : [];
}

function irpUse(text: string): IrpRule['use'] | undefined {
  if (!/\bIRP\b/i.test(text)) return undefined;
  if (/\bmust specify a pointer to an IRP\b/i.test(text)) return 'required';
  if (/\bdoes not specify a pointer to an IRP\b|\bmust not specify (?:a pointer to )?an IRP\b/i.test(text))
    return 'none';
  if (/\bcan optionally specify a pointer to an IRP\b/i.test(text)) return 'optional';
  if (/\bIrp parameter must be NULL\b/i.test(text)) return 'must-be-null';
  return undefined;
}

/** 'This socket option applies only to listening sockets, datagram sockets, and …'. */
function appliesTo(prose: string): AppliesTo | undefined {
  const text = plainText(prose);
  const found = /\bappl(?:ies|y) (?:only )?to [^.\n]{1,400}\./i.exec(text);
  if (!found) return undefined;
  const start = Math.max(text.lastIndexOf('.', found.index), text.lastIndexOf('\n', found.index)) + 1;
  const sentence = text.slice(start, found.index + found[0].length).trim();
  if (/\ball socket (?:types|categories)\b|\ball (?:types|categories) of\b|\ball sockets\b/i.test(sentence))
    return { text: sentence, categories: allCategories };
  // A clause about 'basic sockets that …' names a category all the same.
  const named = categories.filter(([pattern]) => pattern.test(sentence)).map(([, category]) => category);
  return { text: sentence, categories: named };
}

const categories: readonly (readonly [RegExp, SocketCategory])[] = [
  [/\bbasic\b/i, 'basic'],
  [/\blistening\b/i, 'listen'],
  [/\bdatagram\b/i, 'datagram'],
  [/\bconnection-oriented\b/i, 'connection'],
  [/\bstream\b/i, 'stream'],
];

const allCategories: readonly SocketCategory[] = categories.map(([, category]) => category);
