/**
 * Which of the files below a folder make one driver together: lint knows a function of one file in the others of its
 * driver, and must not in those of another driver.
 *
 * In: units, as they were read from a tree of folders. Out: groups that have each unit once, in the same order. A
 * driver is a file with a DriverEntry and all files in its folder and below that are nearer to no other.
 */
import path from 'node:path';
import type { TranslationUnit } from '../cfront/unit.ts';

export function byDriver(units: readonly TranslationUnit[]): readonly (readonly TranslationUnit[])[] {
  const entries = units.filter(hasEntry);
  if (entries.length < 2) return [units];
  const entriesIn = new Map<string, number>();
  for (const { file } of entries) {
    const folder = path.dirname(file.path);
    entriesIn.set(folder, (entriesIn.get(folder) ?? 0) + 1);
  }
  const groups = new Map<string, TranslationUnit[]>();
  for (const unit of units) {
    const home = homeOf(path.dirname(unit.file.path), entriesIn);
    // Several drivers in one folder are a file each; whose the other files are cannot be told.
    const isAlone = hasEntry(unit) && (entriesIn.get(home) ?? 0) > 1;
    const key = isAlone ? unit.file.path : home;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [unit]);
    else group.push(unit);
  }
  return [...groups.values()];
}

function hasEntry(unit: TranslationUnit): boolean {
  return unit.functions.some(({ symbol }) => symbol.name === 'DriverEntry');
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
