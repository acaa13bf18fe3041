/**
 * Which files belong to the driver of one of its files, for who starts it with nothing but that file open. In: an
 * absolute path of a C file. Out: what to run: the project that compiles it; else its folder, where exactly one file
 * there has a DriverEntry and it is not this one, or it is this one and another file includes one of its own headers.
 * Where none of that is so, the file alone, whose run then says what is missing. Nothing is guessed beyond that: a
 * folder may hold programs too.
 */
import path from 'node:path';
import type { SourceFile } from '../base/source.ts';
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
  const textOf = (one: string): string => {
    const reading = store.read(one);
    return reading.kind === 'file' ? reading.file.text : '';
  };
  const folder = path.dirname(file);
  const own = textOf(file);
  const isEntry = definesEntry(own);
  const names = namesIn(folder);
  const others = names
    .filter((name) => /\.c$/i.test(name) && name !== path.basename(file))
    .map((name) => textOf(path.join(folder, name)));
  const entries = others.filter(definesEntry).length;
  if (!isEntry) return entries === 1 ? folder : file;
  return entries === 0 && belongTogether(names, own, others) ? folder : file;
}

/** Files that share a header of their folder make one driver, unless one includes another, or one is a program. */
function belongTogether(names: readonly string[], own: string, others: readonly string[]): boolean {
  const included = quotedIncludes(own);
  const isPart = others.some((text) =>
    quotedIncludes(text).some((name) => included.includes(name) && names.includes(name)),
  );
  return isPart && !included.some((name) => /\.c$/i.test(name)) && !others.some((text) => programEntry.test(text));
}

const programEntry = /\b(_?[tw]?main|_?[tw]?WinMain|DllMain)\s*\([^;{}]*\{/;

/** What the C files of one folder are: a driver, with programs beside it that are none of its files. */
export type FolderFiles =
  | { readonly kind: 'driver'; readonly files: readonly SourceFile[]; readonly programs: readonly SourceFile[] }
  | { readonly kind: 'several'; readonly entries: readonly SourceFile[] };

/** Which of a folder's files are the driver's: where one has a DriverEntry, those with a main function are not. */
export function driverAmong(files: readonly SourceFile[]): FolderFiles {
  const entries = files.filter(({ text }) => definesEntry(text));
  if (entries.length > 1) return { kind: 'several', entries };
  const programs = entries.length === 0 ? [] : files.filter((one) => !entries.includes(one) && definesMain(one.text));
  return { kind: 'driver', files: files.filter((one) => !programs.includes(one)), programs };
}

function definesMain(text: string): boolean {
  return programEntry.test(codeOf(text));
}

function quotedIncludes(text: string): readonly string[] {
  return [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"/gm)].map((found) => found[1] ?? '');
}

/** A definition of DriverEntry, outside of comments and strings. */
export function definesEntry(text: string): boolean {
  if (!text.includes('DriverEntry')) return false;
  return /\bDriverEntry\s*\([^;{}]*\{/.test(codeOf(text));
}

function codeOf(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"/g, ' ');
}
