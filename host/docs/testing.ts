/**
 * A disk in memory for tests of this folder: files by path, what may not be read, and what changes while it is read.
 * Tests name paths with slashes; it is asked by the system's own, with backslashes on Windows.
 */
import type { DocsDisk } from './disk.ts';

export interface FakeFile {
  readonly text: string;
  readonly modifiedMs?: number;
}

export interface FakeDisk extends DocsDisk {
  readonly files: Map<string, FakeFile>;
  /** Paths that every access to refuses, with the code. */
  readonly refused: Map<string, string>;
  /** Folders that are there, but may not be listed. */
  readonly unlisted: Set<string>;
  /** Called before each read, to change the disk under the reader. */
  beforeRead: (path: string) => void;
  /** Paths in the order in which they were read. */
  readonly reads: string[];
}

const slashed = (path: string): string => path.replaceAll('\\', '/');

export function fakeDisk(files: Readonly<Record<string, string>>): FakeDisk {
  const refuse = (path: string): void => {
    const code = disk.refused.get(path);
    if (code !== undefined) throw Object.assign(new Error(`${code}: ${path}`), { code });
  };
  const disk: FakeDisk = {
    files: new Map(Object.entries(files).map(([path, text]) => [path, { text }])),
    refused: new Map(),
    unlisted: new Set(),
    beforeRead: () => undefined,
    reads: [],
    list(native) {
      const folder = slashed(native);
      refuse(folder);
      if (disk.unlisted.has(folder)) throw Object.assign(new Error(`EACCES: ${folder}`), { code: 'EACCES' });
      const names = new Map<string, 'file' | 'folder'>();
      for (const path of disk.files.keys()) {
        if (!path.startsWith(`${folder}/`)) continue;
        const [name = '', ...below] = path.slice(folder.length + 1).split('/');
        names.set(name, below.length === 0 ? 'file' : 'folder');
      }
      return [...names].map(([name, kind]) => ({ name, kind }));
    },
    status(native) {
      const path = slashed(native);
      refuse(path);
      const file = disk.files.get(path);
      if (file !== undefined) return { kind: 'file', size: file.text.length, modifiedMs: file.modifiedMs ?? 1 };
      const isFolder = [...disk.files.keys()].some((other) => other.startsWith(`${path}/`));
      return isFolder ? { kind: 'folder', size: 0, modifiedMs: 1 } : undefined;
    },
    read(native) {
      const path = slashed(native);
      disk.beforeRead(path);
      refuse(path);
      const file = disk.files.get(path);
      if (file === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
      disk.reads.push(path);
      return new TextEncoder().encode(file.text);
    },
  };
  return disk;
}

/** A reference page of today's form. */
export function referencePage(name: string, body = 'It is told of here.'): string {
  return `---\nUID: NF:gauge.${name}\ntitle: ${name} (gauge.h)\ndescription: What ${name} does.\nreq.header: gauge.h\n---\n\n# ${name} function\n\n## -description\n\n${body}\n\n## -remarks\n\nRemarks of ${name}.\n`;
}
