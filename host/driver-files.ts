/**
 * Which files belong to the driver of one of its files, for who starts it with nothing but that file open. In: an
 * absolute path of a C file. Out: what to run: the project that compiles it; else the file itself where it has a
 * DriverEntry; else its folder where exactly one file there has one. Where none of that is so, the file alone, whose
 * run then says what is missing. Nothing is guessed beyond that: a folder may hold programs too.
 */
import path from 'node:path';
import type { Configurations } from './config/configurations.ts';
import { namesIn } from './config/disk.ts';
import type { FileStore } from './files.ts';

export function driverOf(
  file: string,
  configurations: Pick<Configurations, 'projectOf'>,
  store: Pick<FileStore, 'read'>,
): string {
  const project = configurations.projectOf(file);
  if (project !== undefined) return project;
  const isEntry = (one: string): boolean => {
    const reading = store.read(one);
    return reading.kind === 'file' && definesEntry(reading.file.text);
  };
  if (isEntry(file)) return file;
  const folder = path.dirname(file);
  const entries = namesIn(folder).filter((name) => /\.c$/i.test(name) && isEntry(path.join(folder, name)));
  return entries.length === 1 ? folder : file;
}

/** A definition of DriverEntry, outside of comments and strings. */
export function definesEntry(text: string): boolean {
  if (!text.includes('DriverEntry')) return false;
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"/g, ' ');
  return /\bDriverEntry\s*\([^;{}]*\{/.test(code);
}
