/**
 * Which names lead to the same file: symbolic links, and on Windows junctions, lead to one by several. In: absolute paths.
 * Out: a key that all names of a file share, and whether the name leads through a link. A file that can't be looked at is
 * known by its name.
 */
import { realpathSync } from 'node:fs';
import nodePath from 'node:path';
import { fileKey } from './config/paths.ts';

export interface RealFiles {
  keyOf(file: string): string;
  isLink(file: string): boolean;
}

/** `flavour` and `resolve` are for tests of the other kind of paths. */
export function createRealFiles(
  flavour: nodePath.PlatformPath = nodePath,
  resolve: (file: string) => string = realpathSync.native,
): RealFiles {
  const keys = new Map<string, string>();
  const keyOf = (file: string): string => {
    const known = keys.get(file);
    if (known !== undefined) return known;
    const key = fileKey(realPath(file, resolve), flavour);
    keys.set(file, key);
    return key;
  };
  return { keyOf, isLink: (file) => keyOf(file) !== fileKey(file, flavour) };
}

function realPath(file: string, resolve: (file: string) => string): string {
  try {
    return resolve(file);
  } catch {
    return file;
  }
}
