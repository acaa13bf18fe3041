/**
 * What is linted together: each project of a solution by itself, each driver below a folder by itself, all else at once.
 * In: names of the command line. Out: groups of files with their configurations, and each group's tasks.
 */
import { statSync } from 'node:fs';
import type { SourceFile } from '../../base/source.ts';
import { type Configurations, createRealFiles, isSolutionFile, type RealFiles } from '../../host/index.ts';
import { byDriver } from '../drivers.ts';
import { givenPath } from '../given-path.ts';
import { InputError } from '../input.ts';
import { onlyProject, reportConfigProblems, type SourceReader } from '../sources.ts';
import type { LintTask } from './result.ts';

/** Files that are linted together, and how they are compiled. */
export interface Group {
  readonly names: readonly string[];
  readonly configurations: Configurations;
  readonly project: string | undefined;
  readonly isOfSolution: boolean;
}

export function groupsOf(names: readonly string[], reader: SourceReader): readonly Group[] {
  const solutions = names.filter(isSolutionFile);
  const others = names.filter((name) => !isSolutionFile(name));
  const project = onlyProject(others);
  const configurations = reader.configurations(project);
  const groups = solutions.flatMap((name) => solutionGroups(name, reader, configurations));
  return others.length > 0 || solutions.length === 0
    ? [...groups, { names: others, configurations, project, isOfSolution: false }]
    : groups;
}

/** The drivers of a group, which has these sources. */
export function tasksOf({ names, project }: Group, sources: readonly SourceFile[]): readonly LintTask[] {
  const drivers = names.some((name) => isFolder(givenPath(name))) ? byDriver(sources) : [sources];
  return eachOnce(
    drivers.map((driver) => driver.map((file) => file.path)),
    createRealFiles(),
  ).map((files) => ({ project, files }));
}

/**
 * Drivers without the files that they have by another name too, and without those whose files all are another's: a link
 * into the same tree leads to what is linted anyway. Of two names that which is no link stays. A file that two drivers
 * link to is part of both.
 */
export function eachOnce(
  drivers: readonly (readonly string[])[],
  { keyOf, isLink }: RealFiles,
): readonly (readonly string[])[] {
  const linksLast = <T>(all: readonly T[], isOfLinks: (one: T) => boolean): readonly T[] => [
    ...all.filter((one) => !isOfLinks(one)),
    ...all.filter(isOfLinks),
  ];
  const known = new Set<string>();
  const kept = new Map<readonly string[], readonly string[]>();
  for (const driver of linksLast(drivers, (files) => files.some(isLink))) {
    const byKey = new Map<string, string>();
    for (const file of linksLast(driver, isLink)) if (!byKey.has(keyOf(file))) byKey.set(keyOf(file), file);
    if ([...byKey.keys()].every((key) => known.has(key))) continue;
    for (const key of byKey.keys()) known.add(key);
    const own = new Set(byKey.values());
    kept.set(
      driver,
      driver.filter((file) => own.has(file)),
    );
  }
  return drivers.flatMap((driver) => {
    const files = kept.get(driver);
    return files === undefined ? [] : [files];
  });
}

function isFolder(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false })?.isDirectory() === true;
}

function solutionGroups(name: string, reader: SourceReader, configurations: Configurations): readonly Group[] {
  const solution = configurations.solution(givenPath(name));
  if (solution === undefined) throw new InputError(`${name} can't be read.`, 'Check the name of the solution.');
  const groups = solution.projects.flatMap((project): Group[] => {
    const own = reader.configurations(project);
    const sources = [...(own.project(project)?.sources.values() ?? [])];
    return sources.some(({ isExcluded }) => !isExcluded)
      ? [{ names: [project], configurations: own, project, isOfSolution: true }]
      : [];
  });
  if (groups.length > 0) return groups;
  reportConfigProblems([configurations]);
  throw new InputError(`${name} has no project that compiles C or C++ files.`, 'Name a C file, or a .vcxproj file.');
}
