/**
 * Paths whose case is not the disk's: drivers are written on Windows, where `#include "Driver.h"` finds driver.h. Where
 * the disk minds case, the name is looked for in the folder's listing, part by part. A listing is read again when its
 * folder has changed.
 */
import { readdirSync, statSync } from 'node:fs';
import nodePath from 'node:path';

export type ActualPath = (path: string) => string;

interface Listing {
  readonly modifiedMs: number;
  readonly names: ReadonlySet<string>;
  readonly byLowerCase: ReadonlyMap<string, string>;
}

export function createActualPath(): ActualPath {
  // Elsewhere the system does it.
  if (nodePath.sep !== '/') return (path) => path;
  const listings = new Map<string, Listing>();
  const listingOf = (folder: string): Listing | undefined => {
    const status = statSync(folder, { throwIfNoEntry: false });
    if (status?.isDirectory() !== true) return undefined;
    const known = listings.get(folder);
    if (known !== undefined && known.modifiedMs === status.mtimeMs) return known;
    const names = readNames(folder);
    const byLowerCase = new Map(names.map((name) => [name.toLowerCase(), name]));
    const listing = { modifiedMs: status.mtimeMs, names: new Set(names), byLowerCase };
    listings.set(folder, listing);
    return listing;
  };
  const actual = (path: string): string => {
    const parent = nodePath.dirname(path);
    if (parent === path) return path;
    const name = nodePath.basename(path);
    const listing = listingOf(parent);
    if (listing?.names.has(name) === true) return path;
    const other = listing?.byLowerCase.get(name.toLowerCase());
    if (listing !== undefined) return other === undefined ? path : nodePath.join(parent, other);
    // The folder may be spelt otherwise too.
    const folder = actual(parent);
    return folder === parent ? path : actual(nodePath.join(folder, name));
  };
  return (path) => {
    try {
      return nodePath.isAbsolute(path) ? actual(path) : path;
    } catch {
      // A part is no folder, or can't be looked at: the path stays what it is, and reading it says why.
      return path;
    }
  };
}

function readNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
