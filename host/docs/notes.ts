/** What the output channel says of a folder that was indexed, or could not be. */
import { isOfTheDocs, type PageEntry } from './entry.ts';
import type { FolderIndex } from './index-folder.ts';
import { entryAt, type Shelf } from './shelf.ts';

export interface Note {
  readonly severity: 'information' | 'warning';
  readonly text: string;
}

/** Pages that are named; the rest is counted. */
const namedMax = 12;

export function emptyNote(folder: string, why: string): string {
  return `Driver docs: ${folder} ${why}. Hovers go on with our own facts; correct the setting wsk.docs.folders.`;
}

export function indexNotes(folder: string, index: FolderIndex): readonly Note[] {
  const { shelf, read } = index;
  const gone = index.unreadable.filter(({ isGone }) => isGone === true);
  const unreadable = index.unreadable.filter(({ isGone }) => isGone !== true);
  const notes: Note[] = [];
  const whole = shelf.count === 0 ? unreadable.find(({ path }) => path === '') : undefined;
  if (whole !== undefined) return [{ severity: 'warning', text: emptyNote(folder, `can't be read: ${whole.message}`) }];
  if (unreadable.length > 0) {
    const lines = unreadable
      .slice(0, namedMax)
      .map(({ path, message }) => `  ${path === '' ? folder : path}: ${message}`);
    notes.push({
      severity: 'warning',
      text: `Driver docs: not everything in ${folder} could be read.\n${listed(lines, unreadable.length)}`,
    });
  }
  if (gone.length > 0) {
    const lines = gone.slice(0, namedMax).map(({ path }) => `  ${path}`);
    notes.push({
      severity: 'warning',
      text: `Driver docs: ${folder} changes while it is read: pages were gone when it was their turn. The next start reads what is there then.\n${listed(lines, gone.length)}`,
    });
  }
  if (shelf.count === 0) {
    if (unreadable.length === 0)
      notes.push({
        severity: 'warning',
        text: emptyNote(folder, 'has no .md file, so it is no checkout of the driver docs'),
      });
    return notes;
  }
  if (entriesOf(shelf, isOfTheDocs, 1).length === 0) {
    const why = `has ${shelf.count} .md files, but none of them is a page of the driver docs; name a checkout of windows-driver-docs-ddi or windows-driver-docs`;
    return [...notes, { severity: 'warning', text: emptyNote(folder, why) }];
  }
  if (read === 0) return notes;
  const flawed = entriesOf(shelf, ({ problems }) => problems.length > 0);
  const lines = flawed.slice(0, namedMax).map(({ path, problems }) => `  ${path}: ${problems.join(', ')}`);
  const tail =
    flawed.length === 0
      ? ''
      : `; ${flawed.length} have problems in title, names or description (\`wsk docs\` checks the whole text)\n${listed(lines, flawed.length)}`;
  notes.push({
    severity: 'information',
    text: `Driver docs: ${shelf.count} pages in ${folder}, ${read} of them read now${tail}`,
  });
  return notes;
}

/** The entries that fit, up to so many; an entry is made where it is looked at. */
function entriesOf(shelf: Shelf, fits: (entry: PageEntry) => boolean, limit = shelf.count): readonly PageEntry[] {
  const found: PageEntry[] = [];
  for (let page = 0; page < shelf.count && found.length < limit; page++) {
    const entry = entryAt(shelf, page);
    if (fits(entry)) found.push(entry);
  }
  return found;
}

function listed(lines: readonly string[], count: number): string {
  return [...lines, ...(count > lines.length ? [`  and ${count - lines.length} more`] : [])].join('\n');
}
