/**
 * Which C files a name stands for: a file for itself, a folder for its .c files (those of its
 * subfolders as well, where it is asked for), `*`, `?` and `**` for any part of a path,
 * a Visual Studio project for the C files that it compiles; C++ files as well for who reads them. What stands for none is
 * said with what to do about it.
 */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Configurations } from './config/configurations.ts';
import { namesIn } from './config/disk.ts';
import { fileKey } from './config/paths.ts';
import { expandPattern } from './config/patterns.ts';

export type SourceNames =
  | {
      readonly kind: 'files';
      readonly paths: readonly string[];
      /** What projects list and the disk does not have, often because a build makes it. */
      readonly missing: readonly { readonly project: string; readonly path: string }[];
    }
  | { readonly kind: 'problem'; readonly message: string; readonly remedy: string };

/** `folder`: a driver's files lie in one folder, a tree of folders may hold several drivers. */
export interface NameOptions {
  /** Shortens names in messages. */
  readonly display?: (path: string) => string;
  readonly folder?: 'its own files' | 'all below';
  readonly languages?: 'C' | 'C and C++';
}

/** `names` are absolute. */
export function expandSourceNames(
  names: readonly string[],
  configurations: Pick<Configurations, 'project'>,
  options: NameOptions = {},
): SourceNames {
  const paths = new Set<string>();
  const missing: { readonly project: string; readonly path: string }[] = [];
  for (const name of names) {
    const found = expandName(name, configurations, options);
    if (found.kind === 'problem') return found;
    for (const one of found.paths) paths.add(one);
    missing.push(...found.missing);
  }
  return { kind: 'files', paths: [...paths], missing };
}

export function isProjectFile(name: string): boolean {
  return /\.vcxproj$/i.test(name);
}

export function isSolutionFile(name: string): boolean {
  return /\.slnx?$/i.test(name);
}

/** What its project says counts, then the file's name. */
export function isCplusplus(file: string, configurations: Pick<Configurations, 'project' | 'projectOf'>): boolean {
  const project = configurations.projectOf(file);
  const source = project === undefined ? undefined : configurations.project(project)?.sources.get(fileKey(file, path));
  return source?.isCpp ?? /\.(?:cpp|cc|cxx)$/i.test(file);
}

function expandName(
  name: string,
  configurations: Pick<Configurations, 'project'>,
  { display = (path) => path, folder = 'its own files', languages = 'C' }: NameOptions,
): SourceNames {
  const status = statSync(name, { throwIfNoEntry: false });
  if (status?.isDirectory()) {
    const isDeep = folder === 'all below';
    const pattern = isDeep ? path.join(name, '**', '*') : path.join(name, '*');
    const wanted = languages === 'C' ? /\.c$/i : /\.(?:c|cpp|cc|cxx)$/i;
    // Editors lock files by links that lead nowhere: only who names one is told that it is no file.
    const there = expandPattern(pattern, disk).filter((file) => existsSync(file));
    const ofC = there.filter((file) => wanted.test(file));
    // What a driver of C++ files alone lacks for a run is said when they have been read; some are C but for their names.
    const paths = ofC.length > 0 ? ofC : there.filter((file) => /\.(?:cpp|cc|cxx)$/i.test(file));
    const where = isDeep ? ', nor has any folder below it' : ' of its own';
    return orProblem(
      paths,
      `The folder ${display(name)} has no .c or .cpp file${where}.`,
      'Name a C file, or a folder that has some.',
    );
  }
  if (isProjectFile(name)) {
    const project = configurations.project(name);
    if (project === undefined) return problem(`${display(name)} can't be read.`, 'Check the name of the project.');
    const sources = [...project.sources.values()].filter(
      ({ isExcluded, isCpp }) => !isExcluded && (!isCpp || languages !== 'C'),
    );
    const there = sources.filter((source) => existsSync(source.path));
    const files = orProblem(
      there.map((source) => source.path),
      `The project ${display(name)} compiles no ${languages.replace('and', 'or')} file in ${project.configuration}.`,
      project.problems[0]?.message ?? 'Name its files, or another configuration.',
    );
    const gone = sources.filter((source) => !there.includes(source));
    return files.kind === 'problem'
      ? files
      : { ...files, missing: gone.map((source) => ({ project: name, path: source.path })) };
  }
  if (isSolutionFile(name)) {
    return problem(`${display(name)} is a solution, which has several projects.`, 'Name one of its .vcxproj files.');
  }
  // On Windows no shell expands patterns. Whether a plain file is there is said when it is read.
  if (status !== undefined || !/[*?]/.test(name)) return { kind: 'files', paths: [name], missing: [] };
  return orProblem(expandPattern(name, disk), `No file matches ${display(name)}.`, 'Check the folder and the pattern.');
}

function orProblem(paths: readonly string[], message: string, remedy: string): SourceNames {
  return paths.length === 0 ? problem(message, remedy) : { kind: 'files', paths, missing: [] };
}

function problem(message: string, remedy: string): SourceNames {
  return { kind: 'problem', message, remedy };
}

const disk = { path, list: namesIn };
