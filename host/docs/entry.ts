/** One page as the index keeps it: enough to find it and to show it in a list. The page itself stays in its file. */
import type { PageHead } from '../../catalog/docs/head.ts';

export interface PageEntry extends Omit<PageHead, 'problems' | 'text'> {
  /** The folder of the setting that it is in, absolute. */
  readonly folder: string;
  /** Relative to that folder, with `/` between its parts. */
  readonly path: string;
  /** Size and time tell whether the file has changed since. */
  readonly size: number;
  readonly modifiedMs: number;
  /** What is wrong with the page: codes of catalog/docs/problems.ts. */
  readonly problems: readonly string[];
}

export function pageEntry(
  folder: string,
  file: { readonly path: string; readonly size: number; readonly modifiedMs: number },
  head: PageHead,
): PageEntry {
  const { path, size, modifiedMs } = file;
  const { kind, dialect, names, title, uid, header, summary } = head;
  const problems = [...new Set(head.problems.map(({ code }) => code))];
  return { folder, path, size, modifiedMs, kind, dialect, names, title, uid, header, summary, problems };
}

/** Whether it is a page of the driver docs at all, or some other Markdown. */
export function isOfTheDocs({ uid, dialect }: PageEntry): boolean {
  return uid !== '' || dialect === 'F' || dialect === 'G' || dialect === 'D' || dialect === 'E';
}
