/**
 * Which C files a name stands for: a file for itself, a folder for its .c files, `*`, `?` and `**` for any part of a path,
 * a Visual Studio project for the C files that it compiles. What stands for none is said with what to do about it.
 */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Configurations } from './config/configurations.ts';
import { namesIn } from './config/disk.ts';
import { expandPattern } from './config/patterns.ts';

export type SourceNames =
  | {
      readonly kind: 'files';
      readonly paths: readonly string[];
      /** What projects list and the disk does not have, often because a build makes it. */
      readonly missing: readonly { readonly project: string; readonly path: string }[];
    }
  | { readonly kind: 'problem'; readonly message: string; readonly remedy: string };

/** `names` are absolute; `display` shortens them in messages. */
export function expandSourceNames(
  names: readonly string[],
  configurations: Pick<Configurations, 'project'>,
  display: (path: string) => string = (name) => name,
): SourceNames {
  const paths = new Set<string>();
  const missing: { readonly project: string; readonly path: string }[] = [];
  for (const name of names) {
    const found = expandName(name, configurations, display);
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

function expandName(
  name: string,
  configurations: Pick<Configurations, 'project'>,
  display: (path: string) => string,
): SourceNames {
  const status = statSync(name, { throwIfNoEntry: false });
  if (status?.isDirectory()) {
    const paths = expandPattern(path.join(name, '*'), disk).filter((file) => /\.c$/i.test(file));
    return orProblem(paths, `The folder ${display(name)} has no .c file.`, 'Name a C file, or a folder that has some.');
  }
  if (isProjectFile(name)) {
    const project = configurations.project(name);
    if (project === undefined) return problem(`${display(name)} can't be read.`, 'Check the name of the project.');
    const sources = [...project.sources.values()].filter(({ isExcluded, isCpp }) => !isExcluded && !isCpp);
    const there = sources.filter((source) => existsSync(source.path));
    const files = orProblem(
      there.map((source) => source.path),
      `The project ${display(name)} compiles no C file in ${project.configuration}.`,
      'Name its C files, or another configuration.',
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
