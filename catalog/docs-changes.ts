/**
 * What a checkout of the documentation says otherwise than our facts: the work list when Microsoft changes a page.
 *
 * In: facts, the parameters of our prototypes, and the pages of the checkout. Out: one change for each subject in which
 * a page and its facts differ, in the order of the facts, then pages that no fact names. Only what the page states is
 * compared, and only hard facts (header, parameters, values, members, IRQL, statuses, oldest system, what controls take):
 * texts are our own.
 */
import type { DocPage } from './docs/page.ts';
import { controlChanges } from './docs-changes-controls.ts';
import type { ApiFacts, IrqlFact } from './model.ts';

const subjects = [
  'page',
  'header',
  'parameters',
  'values',
  'members',
  'irql',
  'statuses',
  'minimum OS',
  'requests',
  'level',
  'returned size',
  'IRP',
  'categories',
] as const;
export type Subject = (typeof subjects)[number];

export interface DocsChange {
  /** UID of the page, or the path of a guide page. */
  readonly uid: string;
  readonly subject: Subject;
  /** What our side says; empty where it says nothing. */
  readonly ours: string;
  readonly theirs: string;
}

export interface OurSide {
  readonly facts: readonly ApiFacts[];
  /** Names of the parameters of our prototype; undefined where there is none. */
  parametersOf(facts: ApiFacts): readonly string[] | undefined;
}

/** Headers of which the catalog has every page, so that a new page is news. */
const whole = new Set(['wsk', 'netioddk', 'd4drvif', 'd4iface']);

export function docsChanges(ours: OurSide, pages: readonly DocPage[]): DocsChange[] {
  const byUid = new Map(pages.flatMap((page) => (page.uid === undefined ? [] : [[page.uid, page] as const])));
  // A checkout may be a part: only of a header whose index is there, a page that is missing is gone.
  const folders = new Set(pages.flatMap((page) => /(\w+)[\\/]index\.md$/i.exec(page.path)?.[1]?.toLowerCase() ?? []));
  const changes: DocsChange[] = [];
  for (const facts of ours.facts) {
    const uid = facts.page;
    if (uid === undefined || !uid.includes(':')) continue;
    const page = byUid.get(uid);
    if (page !== undefined) changes.push(...pageChanges(uid, ours, facts, page));
    else if (folders.has(folderOf(uid))) changes.push({ uid, subject: 'page', ours: facts.name, theirs: '' });
  }
  const known = new Set(ours.facts.map((facts) => facts.page));
  for (const [uid, page] of byUid) {
    if (whole.has(folderOf(uid)) && page.kind !== 'index' && !known.has(uid))
      changes.push({ uid, subject: 'page', ours: '', theirs: page.title });
  }
  return [...changes, ...controlChanges(ours.facts, pages)];
}

/** The changes as a diff that people read: a minus line is ours, a plus line the documentation's. */
export function docsChangesText(changes: readonly DocsChange[]): string {
  const lines = ['--- catalog', '+++ documentation'];
  let uid = '';
  for (const change of changes) {
    if (change.uid !== uid) lines.push(`@@ ${change.uid} @@`);
    uid = change.uid;
    if (change.ours !== '') lines.push(`-${change.subject}: ${change.ours}`);
    if (change.theirs !== '') lines.push(`+${change.subject}: ${change.theirs}`);
  }
  return `${lines.join('\n')}\n`;
}

const knownLine = new RegExp(`^([A-Z]{2}:[\\w.~]+|[a-z\\d/-]+)(\\*?) (${subjects.join('|')}): `);

/**
 * The changes without those that a list names. A line of it is "UID subject: why we differ", where a * ends a UID that
 * stands for several; other lines are comments.
 */
export function unknownChanges(changes: readonly DocsChange[], list: string): DocsChange[] {
  const known = list.split('\n').flatMap((line) => {
    const found = knownLine.exec(line);
    return found === null ? [] : [{ uid: found[1] ?? '', isPrefix: found[2] === '*', subject: found[3] }];
  });
  return changes.filter(({ uid, subject }) =>
    known.every((k) => k.subject !== subject || !(k.isPrefix ? uid.startsWith(k.uid) : uid === k.uid)),
  );
}

function pageChanges(uid: string, ours: OurSide, facts: ApiFacts, page: DocPage): DocsChange[] {
  const changes: DocsChange[] = [];
  const compare = (subject: Subject, mine: string | undefined, theirs: string | undefined): void => {
    if (mine !== undefined && theirs !== undefined && mine !== theirs)
      changes.push({ uid, subject, ours: mine, theirs });
  };
  compare('header', facts.header, page.header?.toLowerCase());
  if (page.parameters.length > 0)
    compare('parameters', ours.parametersOf(facts)?.join(', '), parameterNames(page).join(', '));
  compare('values', '', moreValues(facts, page));
  if (whole.has(folderOf(uid)) && page.fields.length > 0)
    compare('members', names(facts.members ?? []), names(page.fields));
  compare('irql', facts.irql === undefined ? '' : irqlText(facts.irql), irqlText(page.irql));
  compare('minimum OS', facts.minimumOs ?? '', oldestSystem(page.minimumOs));
  const stated = new Set((facts.returns ?? []).map((status) => status.name));
  // STATUS_XXX stands for any.
  const codes = (page.returns?.codes ?? [])
    .map((code) => code.name)
    .filter((name) => /^STATUS_[A-Z\d_]+$/.test(name) && !name.endsWith('_XXX'));
  const more = codes.filter((name) => !stated.has(name));
  // A page with a single code says that the function can succeed, which needs no fact.
  if (more.length > 0 && codes.length > 1) compare('statuses', [...stated].join(', '), [...stated, ...more].join(', '));
  return changes;
}

function names(parts: readonly { readonly name: string }[]): string {
  return parts.map((part) => part.name).join(', ');
}

/** Constants that the page names for its parameters and the facts do not; where the facts name none, nobody compares. */
function moreValues(facts: ApiFacts, page: DocPage): string {
  const ours = (facts.parameters ?? []).flatMap((parameter) => parameter.values ?? []);
  if (ours.length === 0 && !whole.has(folderOf(facts.page ?? ''))) return '';
  const theirs = page.parameters.flatMap((parameter) => parameter.values.map((value) => value.name));
  const more = theirs.filter((name) => /^[A-Z]{2,}\w*_\w+$/.test(name) && !ours.includes(name));
  return [...new Set(more)].filter((name) => !name.startsWith('STATUS_')).join(', ');
}

/** Without the dots of a variable list, which are no name. */
function parameterNames(page: DocPage): readonly string[] {
  return page.parameters.map((parameter) => parameter.name).filter((name) => name !== '...');
}

/** "DISPATCH_LEVEL", "PASSIVE_LEVEL to APC_LEVEL"; undefined where nothing is said, or a condition comes with it. */
function irqlText(irql: (Partial<IrqlFact> & { readonly conditional?: true }) | undefined): string | undefined {
  if (irql?.max === undefined || irql.unless !== undefined || irql.remark !== undefined || irql.conditional === true)
    return undefined;
  return irql.min === undefined || irql.min === 'PASSIVE_LEVEL' ? irql.max : `${irql.min} to ${irql.max}`;
}

/** The first Windows that a text names, without words around it: "Windows 10, version 1703". */
export function oldestSystem(text: string | undefined): string | undefined {
  const found = /Windows (Server 2003|2000|XP|Vista|7|8\.1|8|10|11)(?:[,;]? *\(?version (\d\w{3}))?/i.exec(text ?? '');
  if (found === null) return undefined;
  return `Windows ${found[1] ?? ''}${found[2] === undefined ? '' : `, version ${found[2].toUpperCase()}`}`;
}

/** "wsk" of "NC:wsk.PFN_WSK_SOCKET". */
function folderOf(uid: string): string {
  return /^[A-Z]{2}:(\w+)\./.exec(uid)?.[1]?.toLowerCase() ?? '';
}
