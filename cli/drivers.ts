/**
 * Which of the files below a folder make one driver together: lint knows a function of one file in the others of its
 * driver, and must not in those of another driver.
 *
 * In: files, as they were read from a tree of folders. Out: groups that have each file once, in the same order. A
 * driver is a file with a DriverEntry and all files in its folder and below that are nearer to no other. That a file has
 * one is seen by its text, before anything is parsed, so that drivers can be read one by one and side by side.
 */
import path from 'node:path';
import type { SourceFile } from '../base/source.ts';
import { definesEntry } from '../host/index.ts';

export function byDriver(files: readonly SourceFile[]): readonly (readonly SourceFile[])[] {
  const entries = files.filter(({ text }) => definesEntry(text));
  if (entries.length < 2) return [files];
  const withEntry = new Set(entries);
  const entriesIn = new Map<string, number>();
  for (const file of entries) {
    const folder = path.dirname(file.path);
    entriesIn.set(folder, (entriesIn.get(folder) ?? 0) + 1);
  }
  const groups = new Map<string, SourceFile[]>();
  for (const file of files) {
    const home = homeOf(path.dirname(file.path), entriesIn);
    // Several drivers in one folder are a file each; whose the other files are cannot be told.
    const isAlone = withEntry.has(file) && (entriesIn.get(home) ?? 0) > 1;
    const key = isAlone ? file.path : home;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [file]);
    else group.push(file);
  }
  return [...groups.values()];
}

/** The nearest folder with a DriverEntry, from this one upwards; else this one. */
function homeOf(folder: string, entriesIn: ReadonlyMap<string, number>): string {
  for (let at = folder; ; ) {
    if (entriesIn.has(at)) return at;
    const above = path.dirname(at);
    if (above === at) return folder;
    at = above;
  }
}
