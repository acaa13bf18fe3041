/**
 * Which C files belong together: those that the project of a file compiles, or without one those of its folder. In: a path and how
 * files are configured. Out: paths in order, at most `relatedMax`, because each is read when references are searched.
 */
import nodePath from 'node:path';
import { type Configurations, expandSourceNames, isProjectFile } from '../../../host/index.ts';

/** Drivers have some dozens of files; a folder with more is a collection of something else. */
const relatedMax = 200;

export function relatedPaths(path: string, configurations: Configurations): readonly string[] {
  if (!nodePath.isAbsolute(path)) return [];
  const projects = configurations
    .of(path)
    .layers.flatMap(({ origin, file }) =>
      origin === 'project' && file !== undefined && isProjectFile(file) ? [file] : [],
    );
  const found = new Set<string>();
  for (const name of projects.length > 0 ? projects : [nodePath.dirname(path)]) {
    const sources = expandSourceNames([name], configurations);
    // A folder without C files, or one that is not there, has nothing to add.
    if (sources.kind === 'files') for (const source of sources.paths) found.add(source);
  }
  return [...found].slice(0, relatedMax);
}

/** Every C file below the folders. */
export function pathsBelow(folders: readonly string[], configurations: Configurations): readonly string[] {
  const sources = folders.map((folder) => expandSourceNames([folder], configurations, { folder: 'all below' }));
  return [...new Set(sources.flatMap((found) => (found.kind === 'files' ? found.paths : [])))];
}

export function isBelow(path: string, folder: string): boolean {
  const relative = nodePath.relative(folder, path);
  return relative !== '' && !relative.startsWith('..') && !nodePath.isAbsolute(relative);
}
