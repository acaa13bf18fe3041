/**
 * Which C files a launch means: a file stands for itself, a folder for its .c files, and `*` and `?` in the last part
 * of a path for any part of a name, in the order of names.
 */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

export type ProgramFiles =
  | { readonly kind: 'files'; readonly paths: readonly string[] }
  | { readonly kind: 'problem'; readonly message: string };

export function expandPrograms(programs: readonly string[]): ProgramFiles {
  const paths: string[] = [];
  for (const program of programs) {
    const found = expand(program);
    if (found.length === 0) {
      return { kind: 'problem', message: `No C file matches ${program}; check "program" in launch.json.` };
    }
    paths.push(...found);
  }
  return { kind: 'files', paths: [...new Set(paths)] };
}

function expand(program: string): readonly string[] {
  const status = statSync(program, { throwIfNoEntry: false });
  if (status?.isDirectory()) return filesOf(program, /\.c$/i);
  // Whether a file is there at all is said when it is read.
  if (status !== undefined || !/[*?]/.test(path.basename(program))) return [program];
  const pattern = path
    .basename(program)
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return filesOf(path.dirname(program), new RegExp(`^${pattern}$`, process.platform === 'win32' ? 'i' : ''));
}

function filesOf(folder: string, names: RegExp): readonly string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder)
    .filter((name) => names.test(name))
    .sort()
    .map((name) => path.join(folder, name));
}
