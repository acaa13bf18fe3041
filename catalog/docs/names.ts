/**
 * What a page is about: its kind and all the names it answers to.
 *
 * In: UID, titles, front matter lists, signature, description. Out: kind and names, the first being the one the page is
 * filed under. The name that drivers call (WskSocket) is in no key of today's callback pages: it is the first emphasised
 * name of the description. `ms.keywords`, and `req.typenames` of early 2018, are wrong on many pages and never used.
 */

import type { FrontMatter } from './front-matter.ts';
import type { Dialect, DocRequest, PageBody, PageKind } from './page.ts';
import { decodeEntities } from './prose/entities.ts';

export interface Uid {
  /** 'NC', 'NF', … */
  readonly letters: string;
  readonly header: string;
  readonly name: string;
  /** The separator: a dot in 2017, a colon later. */
  readonly dotted: boolean;
}

/** Reads `NC:wsk.PFN_WSK_SOCKET` and `NC.wsk.PFN_WSK_SOCKET`. */
export function readUid(text: string): Uid | undefined {
  const match = /^([A-Z]{2})([.:])([^.]*)(?:\.(.+))?$/.exec(text.trim());
  if (!match) return undefined;
  return { letters: match[1] ?? '', dotted: match[2] === '.', header: match[3] ?? '', name: match[4] ?? '' };
}

export interface NameSources {
  readonly dialect: Dialect;
  readonly kind: PageKind;
  readonly front: FrontMatter;
  readonly uid: Uid | undefined;
  readonly title: string;
  readonly body: PageBody;
}

/** Kind of a page with a UID: the letters, refined by what the titles say. */
export function kindOfUid(uid: Uid, titles: string): PageKind {
  switch (uid.letters) {
    case 'NF':
      if (/\bmacro\b/i.test(titles)) return 'macro';
      return /\bmethod\b|::/i.test(titles) ? 'method' : 'function';
    case 'NC':
      return 'callback';
    case 'NS':
      return /\bunion\b/i.test(titles) ? 'union' : 'structure';
    case 'NE':
      return 'enumeration';
    case 'NI':
      return 'ioctl';
    case 'NN':
      return 'interface';
    case 'NL':
      return 'class';
    case 'NA':
    case 'TP':
      return 'index';
    default:
      return 'other';
  }
}

/** Kind of a page without a UID, from its title and body. */
export function kindOfTitle(dialect: Dialect, title: string, body: PageBody): PageKind {
  if (dialect === 'F') return controlKind(title, body.requests);
  if (dialect === 'G') {
    if (/\bcontrol code$|^IOCTL_/.test(title) || Object.keys(body.ioctl).length) return 'ioctl';
    if (/\bunion$/.test(title)) return 'union';
    if (/\bstructure$/.test(title)) return 'structure';
    if (/\benumeration$/.test(title)) return 'enumeration';
    if (/\bcallback(?: function)?$/.test(title)) return 'callback';
    if (/\bmacro$/.test(title)) return 'macro';
    if (/\bmethod$/.test(title)) return 'method';
    return /\bfunction$/.test(title) ? 'function' : 'guide';
  }
  if (dialect === 'D' || dialect === 'E') return isIdentifier(bareTitle(title)) ? 'reference' : 'guide';
  return dialect === 'unknown' ? 'other' : 'index';
}

function controlKind(title: string, requests: readonly DocRequest[]): PageKind {
  if (requests.some((r) => r.function === 'WskControlClient')) return 'client-control';
  if (requests.some((r) => r.requestType === 'WskIoctl')) return 'socket-ioctl';
  if (requests.some((r) => r.requestType !== undefined)) return 'socket-option';
  if (title.startsWith('SIO_')) return 'socket-ioctl';
  return title.startsWith('SO_') ? 'socket-option' : 'reference';
}

/** All names, the main one first. */
export function pageNames(s: NameSources): { readonly names: readonly string[]; readonly callName?: string } {
  const { uid, front, body } = s;
  const called = s.kind === 'callback' ? callName(body.description) : undefined;
  const alternative = front.values.get('req.alt-api') ?? '';
  const typenames = s.dialect === 'C' ? (front.values.get('req.typenames') ?? '') : '';
  const titles = titlesOf(s.kind, s.title);
  const found = [
    uid?.name ?? '',
    ...(called === undefined ? [] : [called]),
    ...titles,
    ...(front.lists.get('api_name') ?? []),
    ...alternative.split(','),
    ...typenames.split(','),
    ...(body.signature?.declares ?? []),
    ...body.requests.map((r) => r.controlCode ?? ''),
    ...(s.kind === 'reference'
      ? body.sections
          .flatMap((section) => section.values.map((v) => v.name))
          .filter((name) => name === `P${bareTitle(s.title)}`)
      : []),
  ];
  const names = found.map((name) => decodeEntities(name).replace(/^[*\s]+|\s+$/g, '')).filter((name) => name !== '');
  const unique = [...new Set(names)];
  return called === undefined || called === uid?.name ? { names: unique } : { names: unique, callName: called };
}

/**
 * The name by which people know what a page is about: without the underscore of a structure's tag, and a function behind
 * a pointer type as it is called (WskCloseSocket for PFN_WSK_CLOSE_SOCKET), where the page knows these.
 */
export function displayName(names: readonly string[]): string {
  const [main = ''] = names;
  const isPointer = main.startsWith('PFN_');
  const wanted = isPointer ? main.slice('PFN_'.length).replaceAll('_', '').toLowerCase() : main.replace(/^_+/, '');
  return names.find((name) => (isPointer ? name.toLowerCase() : name) === wanted) ?? main;
}

/** Guides answer to their title, header pages also to the header's name. */
function titlesOf(kind: PageKind, title: string): string[] {
  if (kind === 'index') return [title, ...(/^([\w.-]+\.h) header$/i.exec(title)?.slice(1) ?? [])];
  return kind === 'guide' || kind === 'other' ? [title] : [bareTitle(title)];
}

/** `SO_X control code`, `X function (wdm.h)`: the name alone. */
export function bareTitle(title: string): string {
  return title
    .replace(/\s*\([\w./-]+\.h(?:xx|pp)?\)\s*$/i, '')
    .replace(
      /\s+(?:callback function|callback|function|routine|macro|method|structure|union|enumeration|IOCTL|control code|interface|class)$/i,
      '',
    )
    .trim();
}

export function isIdentifier(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text) && /_|[a-z][A-Z]|^[A-Z0-9]+$/.test(text);
}

/** `The **WskSocket** function creates …`: the first emphasised name, when the sentence calls it a function. */
function callName(description: string): string | undefined {
  const text = description.slice(0, 2_000);
  const match = /\*{1,2}([A-Za-z_]\w*)\*{1,2}(?:\s+\w+){0,2}\s+(?:function|routine|callback|method)\b/.exec(text);
  const first = /\*{1,2}([A-Za-z_]\w*)\*{1,2}/.exec(text);
  return match && first && match.index === first.index ? match[1] : undefined;
}
