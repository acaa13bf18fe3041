/**
 * A file of documentation to the page model: the entry of this folder.
 *
 * In: a path (only a label) and the file's bytes or text. Out: a DocPage, always: what is broken becomes coded problems
 * and what can be read is read. Steps: decode, front matter, lines and fences, dialect, the dialect's reader, names and
 * requirements. Each step is linear in the file's size and none of them throws; `readDocPage` asserts nothing of its
 * input.
 */

import { decodePage } from './decode.ts';
import { isControlPage, readControlPage } from './dialects/control-page.ts';
import { readDdiPage } from './dialects/ddi.ts';
import { readDdi2017Page } from './dialects/ddi-2017.ts';
import { readDesktopPage } from './dialects/desktop-2018.ts';
import { readGuidePage } from './dialects/guide.ts';
import type { PageContext } from './dialects/sections.ts';
import type { FrontMatter } from './front-matter.ts';
import { readFrontMatter } from './front-matter.ts';
import { parseIrql, saysIrql } from './irql.ts';
import type { PageLines } from './lines.ts';
import { headings, pageLines, splitLines } from './lines.ts';
import type { Uid } from './names.ts';
import { kindOfTitle, kindOfUid, pageNames, readUid } from './names.ts';
import type { Dialect, DocLink, DocPage, PageBody } from './page.ts';
import type { Problem } from './problems.ts';
import { report } from './problems.ts';
import { frontMatterRequirements, splitHeader } from './requirements.ts';

/** Reads a page. `path` is the label it gets; `input` its bytes, or its text where that is decoded already. */
export function readDocPage(path: string, input: Uint8Array | string): DocPage {
  const problems: Problem[] = [];
  const links: DocLink[] = [];
  const text = decodePage(input, problems);
  const split = splitLines(text);
  const front = readFrontMatter(split.lines, problems);
  const page = pageLines(text, split, front.bodyIndex, problems);
  const uid = readUid(front.values.get('UID') ?? '');
  const dialect = dialectOf(page, front, uid);
  const { bodyIndex } = front;
  const body = readBody(dialect, { page, bodyIndex, headings: headings(page, bodyIndex), problems, links });
  const title = front.values.get('title') || body.title || '';
  const kind = uid ? kindOfUid(uid, `${title} ${body.title ?? ''}`) : kindOfTitle(dialect, body.title ?? title, body);
  const { names, callName } = pageNames({ dialect, kind, front, uid, title: body.title ?? title, body });
  const required = { ...body.requirements, ...frontMatterRequirements(front) };
  const draft: DocPage = {
    path,
    dialect,
    kind,
    names,
    ...(callName === undefined ? {} : { callName }),
    title: title || (names[0] ?? ''),
    ...(uid ? { uid: front.values.get('UID') ?? '' } : {}),
    ...requirementFields(required),
    summary: summaryOf(front),
    description: body.description,
    ...(body.signature === undefined ? {} : { signature: body.signature }),
    parameters: body.parameters,
    fields: body.fields,
    ...(body.returns === undefined ? {} : { returns: body.returns }),
    remarks: body.remarks,
    ioctl: body.ioctl,
    requests: body.requests,
    irpRules: body.irpRules,
    ...(body.appliesTo === undefined ? {} : { appliesTo: body.appliesTo }),
    sections: body.sections,
    requirements: required,
    seeAlso: body.seeAlso,
    keywords: front.lists.get('keywords') ?? [],
    links: distinct(links),
    codeBlocks: page.codeBlocks,
    problems,
  };
  check(draft, front, problems);
  problems.sort((a, b) => a.line - b.line);
  return draft;
}

/** Some pages have a lone full stop where nobody wrote a sentence. */
function summaryOf({ values }: FrontMatter): string {
  const given = values.get('description') ?? values.get('Description') ?? '';
  return /\p{Letter}/u.test(given) ? given : '';
}

/** Tells the dialect by the first signs that no other dialect has. */
function dialectOf(page: PageLines, front: FrontMatter, uid: Uid | undefined): Dialect {
  const has = (key: string): boolean => front.values.has(key);
  if (uid?.letters === 'NA' || uid?.letters === 'TP')
    return uid.header.startsWith('_') || uid.letters === 'TP' ? 'technology-index' : 'header-index';
  if (uid?.dotted) return 'A';
  if (uid)
    return front.tabLists || has('ms.prod') || has('apiname') || page.codeBlocks.some((b) => isLongFence(page, b.line))
      ? 'B'
      : 'C';
  if (has('Description')) return 'G';
  if (/^# [\w.-]+\.h header\s*$/m.test(page.text.slice(0, 2_000))) return 'header-index';
  if (hasMarks(page)) return /^### -(?:param|field) <[ib]>/m.test(page.text) ? 'A' : 'C';
  if (isControlPage(page.text)) return 'F';
  if (!front.present) return 'unknown';
  if (has('ms.assetid') && !has('ms.topic')) return 'D';
  return has('title') || has('ms.topic') || has('description') ? 'E' : 'unknown';
}

function readBody(dialect: Dialect, c: PageContext): PageBody {
  switch (dialect) {
    case 'A':
      return readDdi2017Page(c);
    case 'B':
    case 'C':
      return readDdiPage(c, dialect);
    case 'F':
      return readControlPage(c);
    case 'G':
      return readDesktopPage(c);
    case 'header-index':
    case 'technology-index':
      return hasMarks(c.page) ? readDdiPage(c, 'C') : readGuidePage(c);
    case 'D':
    case 'E':
    case 'unknown':
      return readGuidePage(c);
  }
}

/** Header, system, IRQL, … out of the requirements. */
function requirementFields(required: Readonly<Record<string, string>>): Partial<DocPage> {
  const { header, includeHeader } = splitHeader(required.Header ?? '');
  const include = required['Include header'] ?? includeHeader;
  const minimumOs = required['Minimum supported client'] ?? required.Version;
  const irql = required.IRQL;
  const { Library: library, DLL: dll } = required;
  return {
    ...(header === undefined ? {} : { header }),
    ...(include === undefined ? {} : { includeHeader: include }),
    ...(minimumOs === undefined ? {} : { minimumOs }),
    ...(irql === undefined ? {} : { irql: parseIrql(irql) }),
    ...(library === undefined ? {} : { library }),
    ...(dll === undefined ? {} : { dll }),
  };
}

/** Problems that only the whole page shows. */
function check(page: DocPage, front: FrontMatter, problems: Problem[]): void {
  const isReference = page.uid !== undefined || page.dialect === 'F' || page.dialect === 'G' || page.dialect === 'C';
  const empty =
    page.description === '' && page.remarks === '' && page.sections.length === 0 && page.codeBlocks.length === 0;
  if (empty && page.fields.length === 0 && page.parameters.length === 0 && page.title === '')
    report(problems, 'empty-page', 1);
  else {
    if (page.title === '') report(problems, 'no-title', 1);
    if (isReference && page.description === '' && page.kind !== 'index')
      report(problems, 'no-description', front.bodyIndex + 1);
  }
  if (!front.present && isReference) report(problems, 'no-front-matter', 1);
  if (isReference && page.names.length === 0) report(problems, 'no-name', 1);
  if (page.irql && !saysIrql(page.irql.text))
    report(problems, 'odd-irql', front.keyLines.get('req.irql') ?? 1, page.irql.text);
  checkSignature(page, problems);
}

/** The names of the signature's parameters against those that are described. */
function checkSignature(page: DocPage, problems: Problem[]): void {
  const declared = (page.signature?.parameters ?? []).map((p) => p.name).filter((name) => name !== undefined);
  if (declared.length === 0 || page.parameters.length === 0) return;
  const described = page.parameters.map((p) => p.name);
  const missing = declared.filter((name) => name !== '...' && !described.includes(name));
  const extra = described.filter((name) => name !== '...' && !declared.includes(name));
  const parts = [
    ...(missing.length ? [`${missing.join(', ')} is only in the signature`] : []),
    ...(extra.length ? [`${extra.join(', ')} is only described`] : []),
  ];
  if (parts.length) report(problems, 'unlike-signature', page.parameters[0]?.line ?? 1, parts.join(', '));
}

function hasMarks(page: PageLines): boolean {
  return /^ {0,3}#{2,3} -(?:description|parameters|param |struct-fields|enum-fields|ioctlparameters|remarks|returns)/m.test(
    page.text,
  );
}

function isLongFence(page: PageLines, line: number): boolean {
  return /^\s*````/.test(page.lines[line - 1] ?? '');
}

function distinct(links: readonly DocLink[]): DocLink[] {
  return [...new Map(links.map((link) => [`${link.text}\n${link.target}`, link])).values()];
}
