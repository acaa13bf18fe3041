/**
 * Patterns of file names: `*` and `?` stand for any part of one name, `**` for any folders. Folders are listed through a
 * function. It ends: folders are visited once each, and their number is limited.
 */
import type nodePath from 'node:path';

export interface PatternContext {
  readonly path: nodePath.PlatformPath;
  /** Names in a folder, sorted; those of folders end with "/". Empty where there is none. */
  readonly list: (folder: string) => readonly string[];
}

const visitsMax = 5_000;

/** The files that an absolute pattern matches, sorted; a path without `*` and `?` is itself, whether it exists or not. */
export function expandPattern(pattern: string, { path, list }: PatternContext): readonly string[] {
  if (!/[*?]/.test(pattern)) return [pattern];
  const { root } = path.parse(pattern);
  const parts = pattern
    .slice(root.length)
    .split(/[\\/]/)
    .filter((part) => part !== '');
  let visits = 0;
  const walk = (folder: string, index: number): readonly string[] => {
    const part = parts[index];
    if (part === undefined || ++visits > visitsMax) return [];
    const isLast = index === parts.length - 1;
    if (part === '**') {
      const folders = list(folder).filter((name) => name.endsWith('/') && !name.startsWith('.'));
      const below = folders.flatMap((name) => walk(path.join(folder, name.slice(0, -1)), index));
      return [...walk(folder, index + 1), ...below];
    }
    if (!isLast && !/[*?]/.test(part)) return walk(path.join(folder, part), index + 1);
    const matches = namePattern(part, path);
    return list(folder).flatMap((name) => {
      const isFolder = name.endsWith('/');
      const bare = isFolder ? name.slice(0, -1) : name;
      if (!matches.test(bare) || isFolder === isLast) return [];
      return isLast ? [path.join(folder, bare)] : walk(path.join(folder, bare), index + 1);
    });
  };
  return [...new Set(walk(root, 0))];
}

/** Windows' names have no case. */
function namePattern(part: string, path: nodePath.PlatformPath): RegExp {
  const text = part
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${text}$`, path.sep === '\\' ? 'i' : '');
}
