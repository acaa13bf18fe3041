/**
 * All pages below a folder, one after the other, in a fixed order.
 *
 * In: a disk and a folder. Out: a generator of pages and of what could not be read, so that the caller decides when to
 * pause or to stop. A folder that can't be listed costs its own pages only. It ends, because links are not followed and
 * depth, folders and pages have limits: a setting that names the root of a disk is a mistake, not a docs checkout.
 */
import { join } from 'node:path';
import { type DiskEntry, type DocsDisk, diskError } from './disk.ts';

export type WalkStep =
  | { readonly kind: 'page'; readonly path: string; readonly size: number; readonly modifiedMs: number }
  | { readonly kind: 'folder' }
  | { readonly kind: 'problem'; readonly path: string; readonly message: string };

export interface WalkLimits {
  readonly pagesMax: number;
  readonly foldersMax: number;
}

/** The two repositories have some 24,000 and 20,000 pages in a thousand folders each. */
const usualLimits: WalkLimits = { pagesMax: 200_000, foldersMax: 20_000 };
const depthMax = 24;

/** A page of the docs is Markdown; the largest has 400 KB. */
const bytesMax = 16 * 1024 * 1024;

/** Paths are relative to `folder`, with `/` between their parts. `extension` tells pages from other files. */
export function* walkPages(
  disk: DocsDisk,
  folder: string,
  { extension = /\.md$/i, limits = usualLimits }: { readonly extension?: RegExp; readonly limits?: WalkLimits } = {},
): Generator<WalkStep, void, undefined> {
  let pages = 0;
  let folders = 0;
  const pending: { readonly path: string; readonly depth: number }[] = [{ path: '', depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (++folders > limits.foldersMax) {
      yield problem(
        next.path,
        `more than ${limits.foldersMax} folders; the rest is left out. Name the checkout itself`,
      );
      return;
    }
    yield { kind: 'folder' };
    const entries = listed(disk, join(folder, next.path));
    if (typeof entries === 'string') {
      yield problem(next.path, entries);
      continue;
    }
    const below: string[] = [];
    for (const { name, kind } of entries) {
      const path = next.path === '' ? name : `${next.path}/${name}`;
      if (kind === 'folder' && !name.startsWith('.') && name !== 'node_modules') below.push(path);
      if (kind !== 'file' || !extension.test(name)) continue;
      const status = statusOf(disk, join(folder, path));
      // Gone between listing and asking: somebody changes the checkout, and that is no problem of the page.
      if (status === undefined) continue;
      if (typeof status === 'string') {
        yield problem(path, status);
        continue;
      }
      if (status.size > bytesMax) {
        yield problem(path, `it has ${status.size} bytes; a page has ${bytesMax} at most`);
        continue;
      }
      if (++pages > limits.pagesMax) {
        yield problem(path, `more than ${limits.pagesMax} pages; the rest is left out. Name the checkout itself`);
        return;
      }
      yield { kind: 'page', path, size: status.size, modifiedMs: status.modifiedMs };
    }
    if (next.depth < depthMax) {
      for (const path of below.sort().reverse()) pending.push({ path, depth: next.depth + 1 });
    }
  }
}

function problem(path: string, message: string): WalkStep {
  return { kind: 'problem', path, message };
}

function listed(disk: DocsDisk, folder: string): readonly DiskEntry[] | string {
  try {
    return [...disk.list(folder)].sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    return diskError(error);
  }
}

function statusOf(disk: DocsDisk, path: string): ReturnType<DocsDisk['status']> | string {
  try {
    return disk.status(path);
  } catch (error) {
    return diskError(error);
  }
}
