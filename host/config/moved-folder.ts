/**
 * A compilation database that was made on Windows and is read elsewhere: its paths begin in a folder that this machine
 * has under another name.
 *
 * In: the Windows paths of source files, and the folders around the database. Out: which Windows folder is which of
 * ours, found by the longest tail of a source's path that names a file here.
 */
import type { PathContext } from './paths.ts';

/** Folders above the database's in which the sources may begin; sources that are tried. */
const levelsMax = 4;
const sourcesMax = 20;

export function movedFolder(
  sources: readonly string[],
  databaseFolder: string,
  context: PathContext & { readonly exists: (path: string) => boolean; readonly actual: (path: string) => string },
): PathContext['moved'] {
  const { path } = context;
  for (const source of sources.slice(0, sourcesMax)) {
    const parts = source.split(/[\\/]+/);
    for (let first = 1; first < parts.length; first++) {
      let folder = databaseFolder;
      for (let level = 0; level <= levelsMax; level++) {
        if (context.exists(context.actual(path.join(folder, ...parts.slice(first))))) {
          return { from: parts.slice(0, first).join('\\'), to: folder };
        }
        if (path.dirname(folder) === folder) break;
        folder = path.dirname(folder);
      }
    }
  }
  return undefined;
}
