/**
 * Headers and folders that an `#include` of a file can name, from a listing of its include path. In: the file and what
 * is written so far. Out: names in order of the folders that are looked in; a folder that cannot be read has none.
 */
import { readdirSync } from 'node:fs';
import nodePath from 'node:path';
import type { FoundHeader, HeaderPlace } from '../../features/completion/headers.ts';

/** Names of one answer; the include folder of a kit holds thousands of files. */
const namesMax = 300;

export function headerNames(
  path: string,
  includePath: readonly string[],
  { folder, isQuoted }: HeaderPlace,
): readonly FoundHeader[] {
  const folders = [...(isQuoted && nodePath.isAbsolute(path) ? [nodePath.dirname(path)] : []), ...includePath];
  const found = new Map<string, FoundHeader>();
  for (const from of folders) {
    for (const name of namesIn(nodePath.join(from, folder))) {
      if (found.size >= namesMax) return [...found.values()];
      if (!found.has(name)) found.set(name, { name, from });
    }
  }
  return [...found.values()];
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.name.startsWith('.'))
      .flatMap((entry) => {
        if (entry.isDirectory()) return [`${entry.name}/`];
        return /\.(?:h|hh|hpp|hxx|inl)$/i.test(entry.name) ? [entry.name] : [];
      })
      .sort();
  } catch {
    return [];
  }
}
