/**
 * The part of `docsChanges` for the guide pages of socket options, socket I/O controls and client controls.
 *
 * In: facts whose page is a path ("network/so-reuseaddr"), and the pages of a checkout wherever it keeps that folder. Out:
 * what a page and its facts say otherwise about requests, level, IRP, returned size and categories; pages that are gone,
 * of a folder of which others are there; and pages of controls that no fact names.
 */
import type { DocPage } from './docs/page.ts';
import type { DocsChange, Subject } from './docs-changes.ts';
import type { ApiFacts } from './model.ts';

const controlKinds: ReadonlySet<string> = new Set(['socket-option', 'socket-ioctl', 'client-control']);

export function controlChanges(all: readonly ApiFacts[], pages: readonly DocPage[]): DocsChange[] {
  const controls = new Map(pages.flatMap((page) => (controlKinds.has(page.kind) ? [[guidePath(page), page]] : [])));
  const folders = new Set([...controls.keys()].map(folderOf));
  const changes: DocsChange[] = [];
  for (const facts of all) {
    const path = facts.page;
    if (path === undefined || path.startsWith('win32/') || !controlKinds.has(facts.kind)) continue;
    const page = controls.get(path);
    if (page !== undefined) changes.push(...pageChanges(path, facts, page));
    else if (folders.has(folderOf(path))) changes.push({ uid: path, subject: 'page', ours: facts.name, theirs: '' });
  }
  const known = new Set(all.map((facts) => facts.page));
  for (const [path, page] of controls)
    if (!known.has(path)) changes.push({ uid: path, subject: 'page', ours: '', theirs: page.title });
  return changes;
}

function pageChanges(uid: string, facts: ApiFacts, page: DocPage): DocsChange[] {
  const changes: DocsChange[] = [];
  const compare = (subject: Subject, ours: string, theirs: string): void => {
    if (theirs !== '' && ours !== theirs) changes.push({ uid, subject, ours, theirs });
  };
  const control = facts.control ?? {};
  const [first] = page.requests;
  const requests = new Set(page.requests.flatMap((request) => request.requestType ?? []));
  compare('requests', sorted(control.requests ?? []), sorted(requests));
  compare('level', control.level ?? '', first?.level ?? '');
  const returned = first?.outputSizeReturned;
  compare(
    'returned size',
    control.outputSizeReturned ?? '',
    returned === undefined || returned === 'NULL' ? (returned ?? '') : 'non-NULL',
  );
  const uses = new Set(page.irpRules.map((rule) => (rule.use === 'none' ? 'must-be-null' : rule.use)));
  compare('IRP', facts.irp?.use ?? '', uses.size > 1 ? 'optional' : ([...uses][0] ?? ''));
  // The pages are older than stream sockets, which take the parts of listening and connection sockets.
  const categories = (facts.categories ?? []).filter((name) => name !== 'stream');
  const theirs = (page.appliesTo?.categories ?? []).filter((name) => name !== 'stream');
  compare('categories', sorted(categories), sorted(theirs));
  return changes;
}

function sorted(names: Iterable<string>): string {
  return [...names].sort().join(', ');
}

/** "network/so-reuseaddr" of any path that ends so. */
function guidePath(page: DocPage): string {
  return page.path.replaceAll('\\', '/').split('/').slice(-2).join('/').replace(/\.md$/i, '').toLowerCase();
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
