/** The disk as the readers of configuration see it: files, listings, the spelling of paths, the environment. */
import { existsSync, readdirSync } from 'node:fs';
import nodePath from 'node:path';
import { createActualPath } from '../actual-path.ts';
import type { FileStore } from '../files.ts';
import type { ProjectContext } from './msbuild-evaluate.ts';

export function diskContext(files: FileStore): ProjectContext {
  const listings = new Map<string, readonly string[]>();
  return {
    path: nodePath,
    environment: process.env,
    actual: createActualPath(),
    exists: existsSync,
    read: (path) => {
      const reading = files.read(path);
      return reading.kind === 'file' ? reading.file : undefined;
    },
    list: (folder) => {
      const known = listings.get(folder);
      if (known !== undefined) return known;
      const names = namesIn(folder);
      listings.set(folder, names);
      return names;
    },
  };
}

/** Names in a folder, sorted, those of folders with "/" at the end. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
      .sort();
  } catch {
    // No folder, or none that may be read.
    return [];
  }
}
