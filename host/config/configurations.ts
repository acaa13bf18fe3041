/**
 * How each file is compiled, from all sources together: command line, then settings, then compile_commands.json, then
 * the Visual Studio project, then the defaults of a WDK build.
 *
 * Everything read is kept, so that asking for many files is quick; when a file of configuration changes, a new object is
 * made. Files with the same configuration get the same parse options, because the front end shares headers by them.
 */
import { existsSync, statSync } from 'node:fs';
import nodePath from 'node:path';
import type { Catalog } from '../../catalog/catalog.ts';
import { declaringHeader } from '../../catalog/declaring-headers.ts';
import { driverCounterpart } from '../../catalog/program-names.ts';
import type { ParseOptions } from '../../cfront/unit.ts';
import type { FileStore } from '../files.ts';
import { createIncluder } from '../includes.ts';
import type { CompileCommands } from './compile-commands.ts';
import {
  commandsAt,
  createConfigFiles,
  problemsOf,
  projectAt,
  projectThatConcerns,
  solutionAt,
} from './config-files.ts';
import { diskContext } from './disk.ts';
import { findCompileCommands, findProject } from './find.ts';
import {
  type CompilerSettings,
  type ConfigLayer,
  type ConfigProblem,
  combine,
  type FileConfiguration,
} from './model.ts';
import type { ProjectContext } from './msbuild-evaluate.ts';
import { fileKey } from './paths.ts';
import { defaultConfiguration, type Project } from './project.ts';
import type { Solution } from './solution.ts';

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
  const { files, searches = true } = request;
  const context = diskContext(files);
  const read = createConfigFiles(files, context, request.configuration ?? defaultConfiguration);
  const nearest = new Map<string, Project | undefined>();
  let database: { readonly commands: CompileCommands | undefined } | undefined;

  const readDatabase = (): CompileCommands | undefined => {
    if (database === undefined) {
      const search = (): string | undefined => (searches ? findCompileCommands(request.roots, context) : undefined);
      const path = databasePath(request) ?? search();
      database = { commands: path === undefined ? undefined : commandsAt(read, path) };
    }
    return database.commands;
  };
  const projectOf = (path: string): Project | undefined => {
    if (request.project !== undefined) return projectThatConcerns(read, request.project);
    if (searches && !nearest.has(path)) {
      const look = (one: string, where: 'above' | 'beside'): Project | undefined =>
        where === 'above' ? projectThatConcerns(read, one) : projectAt(read, one);
      nearest.set(path, findProject(path, look, context));
    }
    const found = nearest.get(path);
    return found === undefined ? undefined : projectThatConcerns(read, found.file);
  };
  const buildLayer = (path: string): ConfigLayer | undefined => {
    // A project that is named has been asked for, before a database that only happens to be there.
    const isAsked = request.project !== undefined && request.compileCommands === undefined;
    const fromDatabase = isAsked ? undefined : databaseLayer(readDatabase(), path);
    return fromDatabase ?? projectLayer(projectOf(path), path);
  };
  const of = (path: string): FileConfiguration => {
    const build = nodePath.isAbsolute(path) ? buildLayer(path) : undefined;
    const layers = build === undefined ? request.layers : [...request.layers, build];
    return combine(layers, problemsOf(read, [build?.file, request.project, databasePath(request)]));
  };
  return {
    of,
    parseOptions: createParseOptions(request, context, of),
    projectOf: (path) => projectOf(path)?.file,
    project: (path) => projectThatConcerns(read, path),
    solution: (path) => solutionAt(read, path),
    problems: () => problemsOf(read, read.concerning),
  };
}

/** Options for reading files, one object for all files with the same configuration. */
function createParseOptions(
  { files, catalog }: ConfigurationRequest,
  { actual }: ProjectContext,
  configurationOf: (path: string) => FileConfiguration,
): (path: string) => ParseOptions {
  const known = new Map<string, ParseOptions>();
  const headerOf = (name: string): string | undefined => declaringHeader(catalog, name);
  return (path) => {
    const { includePath, defines, undefines, forcedIncludes, standard } = configurationOf(path);
    const forced = forcedIncludes.map((header) => (existsSync(header.path) ? header.path : header.name));
    const key = JSON.stringify([includePath, defines, undefines, forced, standard]);
    const kept = known.get(key);
    if (kept !== undefined) return kept;
    const made: ParseOptions = {
      include: createIncluder({ catalog, files, includePath, actual }),
      defines,
      undefines,
      ...(forced.length === 0 ? {} : { forcedIncludes: forced }),
      ...(standard === undefined ? {} : { standard }),
      headerOf,
      counterpartOf: driverCounterpart,
      headerNames: catalog.headerNames,
    };
    known.set(key, made);
    return made;
  };
}

function databaseLayer(commands: CompileCommands | undefined, path: string): ConfigLayer | undefined {
  if (commands === undefined) return undefined;
  const settings = commands.settings.get(fileKey(path, nodePath)) ?? headerSettings(commands, path);
  return settings === undefined ? undefined : { origin: 'compile_commands.json', file: commands.file, settings };
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
