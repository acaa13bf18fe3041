/**
 * Files of configuration (compile_commands.json, projects, solutions) as they were read: each once. What one has wrong is
 * kept with it, and told of those that concern somebody: that are used, or where one looks first.
 */
import { type SourceFile, sourceFile } from '../../base/source.ts';
import type { FileStore } from '../files.ts';
import { type CompileCommands, readCompileCommands } from './compile-commands.ts';
import { findSolution } from './find.ts';
import type { ConfigProblem } from './model.ts';
import type { ProjectContext } from './msbuild-evaluate.ts';
import { type Project, readProject } from './project.ts';
import { readSolution, type Solution } from './solution.ts';

export interface ConfigFiles {
  readonly files: FileStore;
  readonly context: ProjectContext;
  /** Which of a project's configurations is read: "Debug|x64". */
  readonly configuration: string;
  readonly projects: Map<string, Project | undefined>;
  readonly solutions: Map<string, Solution | undefined>;
  readonly problems: Map<string, readonly ConfigProblem[]>;
  readonly concerning: Set<string>;
}

export function createConfigFiles(files: FileStore, context: ProjectContext, configuration: string): ConfigFiles {
  return {
    files,
    context,
    configuration,
    projects: new Map(),
    solutions: new Map(),
    problems: new Map(),
    concerning: new Set(),
  };
}

/** What files have wrong, in the order in which they were read. */
export function problemsOf({ problems }: ConfigFiles, paths: Iterable<string | undefined>): readonly ConfigProblem[] {
  const wanted = new Set(paths);
  return [...problems].flatMap(([path, list]) => (wanted.has(path) ? list : []));
}

export function commandsAt(read: ConfigFiles, path: string): CompileCommands | undefined {
  const file = readable(read, path);
  if (file === undefined) return undefined;
  const commands = readCompileCommands(file, read.context);
  read.problems.set(path, commands.problems);
  read.concerning.add(path);
  return commands;
}

export function projectThatConcerns(read: ConfigFiles, path: string): Project | undefined {
  read.concerning.add(path);
  return projectAt(read, path);
}

export function projectAt(read: ConfigFiles, path: string): Project | undefined {
  const { projects, problems, context, configuration } = read;
  if (projects.has(path)) return projects.get(path);
  const file = readable(read, path);
  const project =
    file === undefined ? undefined : readProject(file, configuration, findSolution(path, context), context);
  projects.set(path, project);
  if (project !== undefined) problems.set(path, project.problems);
  return project;
}

export function solutionAt(read: ConfigFiles, path: string): Solution | undefined {
  const { solutions, problems, concerning, context } = read;
  if (solutions.has(path)) return solutions.get(path);
  const file = readable(read, path);
  const solution = file === undefined ? undefined : readSolution(file, context);
  solutions.set(path, solution);
  if (solution !== undefined) problems.set(path, solution.problems);
  concerning.add(path);
  return solution;
}

/** Why a file can't be read is a problem that stands in the place of its text. */
function readable({ files, problems, concerning }: ConfigFiles, path: string): SourceFile | undefined {
  const reading = files.read(path);
  if (reading.kind === 'file') return reading.file;
  const span = { file: sourceFile(path, ''), start: 0, end: 0 };
  problems.set(path, [{ severity: 'warning', message: reading.message, span }]);
  concerning.add(path);
  return undefined;
}
