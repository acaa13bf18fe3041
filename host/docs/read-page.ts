/**
 * Reads one page after the other for an index: its record, its names, its words by the numbers of one vocabulary. A page
 * that can't be read, or that vanishes meanwhile, is told of and costs itself only.
 */
import { join } from 'node:path';
import { readPageHead } from '../../catalog/docs/head.ts';
import type { WordReader } from '../../catalog/docs/search/page-words.ts';
import { type DocsDisk, diskError } from './disk.ts';
import { pageEntry } from './entry.ts';
import { type FileOfPage, type LoosePage, loosePage } from './shelf.ts';

export interface UnreadablePage {
  readonly path: string;
  readonly message: string;
  /** It was there when its folder was listed. */
  readonly isGone?: true;
}

/** Where what was read goes. */
export interface PagesRead {
  readonly pages: LoosePage[];
  readonly unreadable: UnreadablePage[];
}

export function readPage(disk: DocsDisk, folder: string, file: FileOfPage, reader: WordReader, into: PagesRead): void {
  try {
    const path = join(folder, file.path);
    const head = readPageHead(path, disk.read(path));
    into.pages.push(loosePage(pageEntry(folder, file, head), reader.read(head)));
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    into.unreadable.push({ path: file.path, message: diskError(error), ...(isGone ? { isGone } : {}) });
  }
}
