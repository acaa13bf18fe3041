/** Files whose bytes a scenario's peers send or expect: paths as the scenario writes them in, their content out. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { nativePath } from './config/paths.ts';

export type DataFilesReading =
  | { readonly kind: 'read'; readonly files: ReadonlyMap<string, Uint8Array> }
  /** One of them can't be read. */
  | { readonly kind: 'unreadable'; readonly path: string; readonly message: string };

/** Larger ones would not leave room for the run. */
const BYTES_MAX = 64 * 1024 * 1024;

/** The path of a file that a scenario in a folder names, with slashes or backslashes. */
export function placeBeside(folder: string, name: string): string {
  return path.resolve(folder, nativePath(name, path));
}

/** `folder` is that of the scenario, to which the paths are relative. */
export function readDataFiles(paths: readonly string[], folder: string): DataFilesReading {
  const files = new Map<string, Uint8Array>();
  for (const one of paths) {
    try {
      const bytes = readFileSync(placeBeside(folder, one));
      if (bytes.length > BYTES_MAX) return { kind: 'unreadable', path: one, message: `${one} is larger than 64 MB.` };
      files.set(one, bytes);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? String(error);
      return {
        kind: 'unreadable',
        path: one,
        message: `${one}, which a peer sends or expects, can't be read (${code}).`,
      };
    }
  }
  return { kind: 'read', files };
}
