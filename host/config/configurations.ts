/**
 * How each file is compiled, from all sources together: command line, then settings, then compile_commands.json, then
 * the Visual Studio project, then the defaults of a WDK build.
 *
 * Everything read is kept, so that asking for many files is quick; when a file of configuration changes, a new object is
 * made. Files with the same configuration get the same parse options, because the front end shares headers by them.
 */
import { existsSync, statSync } from 'node:fs';
import nodePath from 'node:path';
import { sourceFile } from '../../base/source.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { declaringHeader } from '../../catalog/declaring-headers.ts';
import type { ParseOptions } from '../../cfront/unit.ts';
import type { FileStore } from '../files.ts';
import { createIncluder } from '../includes.ts';
import { type CompileCommands, fileKey, readCompileCommands } from './compile-commands.ts';
import { diskContext } from './disk.ts';
import { findCompileCommands, findProject, findSolution } from './find.ts';
import {
  type CompilerSettings,
  type ConfigLayer,
  type ConfigProblem,
  combine,
  type FileConfiguration,
} from './model.ts';
import { defaultConfiguration, type Project, readProject } from './project.ts';
import { readSolution, type Solution } from './solution.ts';

export interface ConfigurationRequest {
  readonly files: FileStore;
  readonly catalog: Catalog;
  /** Command line, launch.json, settings: the strongest first. */
  readonly layers: readonly ConfigLayer[];
  /** Folders in which compile_commands.json is looked for. */
  readonly roots: readonly string[];
  /** The database to use, or its folder, instead of looking for one. */
  readonly compileCommands?: string | undefined;
  /** The project to use, whether it lists a file or not, instead of looking for one. */
  readonly project?: string | undefined;
  /** "Debug|x64" unless given. */
  readonly configuration?: string | undefined;
  /** False reads no compile_commands.json and no project but those that are named. */
  readonly searches?: boolean;
}

export interface Configurations {
  of(path: string): FileConfiguration;
  parseOptions(path: string): ParseOptions;
  /** The project that is used for a file: the one that is named, or the nearest that compiles it. */
  projectOf(path: string): string | undefined;
  /** Undefined where the file can't be read. */
  project(path: string): Project | undefined;
  solution(path: string): Solution | undefined;
  /** What the files of configuration that have been read so far have wrong. */
  problems(): readonly ConfigProblem[];
}

export function createConfigurations(request: ConfigurationRequest): Configurations {
  const { files, catalog, searches = true } = request;
  const context = diskContext(files);
  const projects = new Map<string, Project | undefined>();
  const found = new Map<string, Project | undefined>();
  const solutions = new Map<string, Solution | undefined>();
  const options = new Map<string, ParseOptions>();
  const problems = new Map<string, readonly ConfigProblem[]>();
  /** Files of configuration that concern somebody: used, or where one looks first. What others have wrong is theirs. */
  const concerning = new Set<string>();
  const headerOf = (name: string): string | undefined => declaringHeader(catalog, name);
  let database: { readonly read: CompileCommands | undefined } | undefined;

  const readCommands = (): CompileCommands | undefined => {
    if (database === undefined) {
      const given = request.compileCommands;
      const search = (): string | undefined => (searches ? findCompileCommands(request.roots, context) : undefined);
      const path = given === undefined ? search() : databaseOf(given);
      database = { read: path === undefined ? undefined : commandsAt(path) };
    }
    return database.read;
  };
  const commandsAt = (path: string): CompileCommands | undefined => {
    const file = readConfig(path);
    if (file === undefined) return undefined;
    const read = readCompileCommands(file, context);
    problems.set(path, read.problems);
    concerning.add(path);
    return read;
  };
  /** Reading says why a file of configuration can't be read; the problem then stands in place of its text. */
  const readConfig = (path: string) => {
    const reading = files.read(path);
    if (reading.kind === 'file') return reading.file;
    const span = { file: sourceFile(path, ''), start: 0, end: 0 };
    problems.set(path, [{ severity: 'warning', message: reading.message, span }]);
    concerning.add(path);
    return undefined;
  };
  const project = (path: string): Project | undefined => {
    if (projects.has(path)) return projects.get(path);
    const file = readConfig(path);
    const wanted = request.configuration ?? defaultConfiguration;
    const read = file === undefined ? undefined : readProject(file, wanted, findSolution(path, context), context);
    projects.set(path, read);
    if (read !== undefined) problems.set(path, read.problems);
    return read;
  };
  const namedProject = (path: string): Project | undefined => {
    concerning.add(path);
    return project(path);
  };
  const projectOf = (path: string): Project | undefined => {
    if (request.project !== undefined) return namedProject(request.project);
    if (searches && !found.has(path)) {
      const read = (one: string, isNear: boolean): Project | undefined => (isNear ? namedProject(one) : project(one));
      found.set(path, findProject(path, read, context));
    }
    const nearest = found.get(path);
    if (nearest !== undefined) concerning.add(nearest.file);
    return nearest;
  };
  const buildLayer = (path: string): ConfigLayer | undefined => {
    // A project that is named has been asked for, before a database that only happens to be there.
    const isAsked = request.project !== undefined && request.compileCommands === undefined;
    const fromDatabase = isAsked ? undefined : databaseLayer(readCommands(), path);
    return fromDatabase ?? projectLayer(projectOf(path), path);
  };

  const of = (path: string): FileConfiguration => {
    const build = nodePath.isAbsolute(path) ? buildLayer(path) : undefined;
    const layers = build === undefined ? request.layers : [...request.layers, build];
    const files_ = new Set([build?.file, request.project, databasePath(request)]);
    return combine(
      layers,
      [...problems].flatMap(([file, list]) => (files_.has(file) ? list : [])),
    );
  };
  const parseOptions = (path: string): ParseOptions => {
    const { includePath, defines, undefines, forcedIncludes, standard } = of(path);
    const forced = forcedIncludes.map((header) => (existsSync(header.path) ? header.path : header.name));
    const key = JSON.stringify([includePath, defines, undefines, forced, standard]);
    const known = options.get(key);
    if (known !== undefined) return known;
    const include = createIncluder({ catalog, files, includePath, actual: context.actual });
    const made: ParseOptions = {
      include,
      defines,
      undefines,
      ...(forced.length === 0 ? {} : { forcedIncludes: forced }),
      ...(standard === undefined ? {} : { standard }),
      headerOf,
    };
    options.set(key, made);
    return made;
  };
  return {
    of,
    parseOptions,
    projectOf: (path) => projectOf(path)?.file,
    project: namedProject,
    solution: (path) => {
      if (!solutions.has(path)) {
        const file = readConfig(path);
        const read = file === undefined ? undefined : readSolution(file, context);
        solutions.set(path, read);
        if (read !== undefined) problems.set(path, read.problems);
        concerning.add(path);
      }
      return solutions.get(path);
    },
    problems: () => [...problems].flatMap(([path, list]) => (concerning.has(path) ? list : [])),
  };

  function databaseLayer(commands: CompileCommands | undefined, path: string): ConfigLayer | undefined {
    if (commands === undefined) return undefined;
    const settings = commands.settings.get(fileKey(path, nodePath)) ?? headerSettings(commands, path);
    return settings === undefined ? undefined : { origin: 'compile_commands.json', file: commands.file, settings };
  }
}

function projectLayer(project: Project | undefined, path: string): ConfigLayer | undefined {
  if (project === undefined) return undefined;
  const settings = project.sources.get(fileKey(path, nodePath))?.settings ?? project.settings;
  return { origin: 'project', file: project.file, detail: project.configuration, settings };
}

/** No command names a header: one of a file beside it tells most of what matters. */
function headerSettings(commands: CompileCommands, path: string): CompilerSettings | undefined {
  if (!/\.(h|inl|hpp)$/i.test(path)) return undefined;
  const folder = nodePath.dirname(fileKey(path, nodePath));
  for (const [file, settings] of commands.settings) if (nodePath.dirname(file) === folder) return settings;
  return undefined;
}

function databaseOf(given: string): string {
  const isFolder = statSync(given, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder ? nodePath.join(given, 'compile_commands.json') : given;
}

function databasePath({ compileCommands }: ConfigurationRequest): string | undefined {
  return compileCommands === undefined ? undefined : databaseOf(compileCommands);
}
