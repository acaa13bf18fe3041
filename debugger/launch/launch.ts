/**
 * From checked settings to a plan that can be run: reads the driver's files and the scenario, starts the first run.
 * Everything wrong with them comes back as problems, with their places where they have one.
 */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { SourceFile, Span } from '../../base/source.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { ParseOptions } from '../../cfront/unit.ts';
import {
  defaultScenario,
  type RecordedEvent,
  type Run,
  type RunPlan,
  type Scenario,
  startRun,
} from '../../emulator/index.ts';
import {
  type ConfigLayer,
  type Configurations,
  createConfigurations,
  createFileStore,
  driverFiles,
  driverOf,
  expandSourceNames,
  type FileStore,
  isProjectFile,
  loadCatalog,
  readScenarioFile,
} from '../../host/index.ts';
import { commandBudgetBytes, optimiseFromHere } from '../../host/optimiser.ts';
import type { LaunchSettings } from './launch-arguments.ts';

/** A debugged run has no limit: the user can pause it. */
const statementsMax = Number.MAX_SAFE_INTEGER;

export interface LaunchProblem {
  readonly message: string;
  readonly span?: Span;
}

export type Launch =
  | {
      readonly kind: 'ready';
      readonly run: Run;
      /** The same run once more, before its first statement; what came from outside comes again. */
      readonly again: (recorded: readonly RecordedEvent[]) => Run;
      /** Real programs take part. */
      readonly isBridged: boolean;
      /** The driver's files and every header that they include. */
      readonly files: () => readonly SourceFile[];
      /** What does not keep the driver from running. */
      readonly warnings: readonly LaunchProblem[];
    }
  | { readonly kind: 'problems'; readonly problems: readonly LaunchProblem[] };

/** `catalogFolder` holds catalog.json.br. */
export function launch(settings: LaunchSettings, catalogFolder: string): Launch {
  const store = createFileStore();
  const catalog = loadCatalog(catalogFolder);
  const scenario = readScenario(settings.scenario, store, catalog);
  if ('problems' in scenario) return scenario;
  const named = driverFiles(settings.programs, scenario.files);
  if (named.length === 0) {
    return problem(
      `${settings.scenario ?? ''} names no files; write "program" in launch.json, or "files" in the scenario.`,
    );
  }
  const missing = missingPath(settings);
  if (missing !== undefined) return problem(missing);
  const configure = (project: string | undefined): Configurations =>
    createConfigurations({
      files: store,
      catalog,
      layers: [layerOf(settings)],
      roots: [settings.cwd],
      compileCommands: settings.compileCommands,
      project: settings.project ?? project,
      configuration: settings.configuration,
    });
  const whole = settings.wholeDriver ? named.map((one) => driverOf(one, configure(undefined), store)) : named;
  const projects = whole.filter(isProjectFile);
  const configurations = configure(projects.length === 1 ? projects[0] : undefined);
  const programs = readFiles(whole, configurations, store, 'program');
  if (programs.kind === 'problems') return programs;
  const stubNames = [...settings.stubs, ...scenario.stubs];
  const stubs = readFiles(stubNames, configurations, store, 'stubs');
  if (stubs.kind === 'problems') return stubs;
  const { files } = programs;
  const known = new Map([...files, ...stubs.files].map((file) => [file.path, file]));
  const plan: RunPlan = {
    files,
    stubs: stubs.files.filter((stub) => !files.includes(stub)),
    parse: rememberingHeaders(configurations, known),
    catalog,
    scenario: scenario.scenario,
    dataFiles: scenario.dataFiles,
    seed: settings.seed,
    outside: { recorded: [], isLive: true },
    entry: settings.entry,
    statementsMax,
    hasDebugger: true,
  };
  const start = startRun(plan);
  if (start.kind === 'problems') {
    return {
      kind: 'problems',
      problems: start.problems.map(({ code, message, span }) => ({ message: `${message} [${code}]`, span })),
    };
  }
  optimiseFromHere(process.versions.node, commandBudgetBytes);
  const again = (recorded: readonly RecordedEvent[]): Run => start.again({ recorded, isLive: true });
  const configProblems = configurations.problems().filter(({ severity }) => severity === 'warning');
  const placed = [...configProblems, ...start.warnings].map(({ message, span }) => ({ message, span }));
  const leftOut = settings.wholeDriver ? leftOutOf(files, named) : [];
  const warnings = [...leftOut, ...programs.warnings, ...stubs.warnings, ...placed];
  return {
    kind: 'ready',
    run: start.run,
    again,
    isBridged: start.run.outside !== undefined,
    files: () => [...known.values()],
    warnings,
  };
}

/** The file in the editor need not be among those of the driver beside it: a C++ file, a program with a main. */
function leftOutOf(files: readonly SourceFile[], named: readonly string[]): readonly LaunchProblem[] {
  const taken = new Set(files.map((file) => path.basename(file.path).toLowerCase()));
  return named
    .filter((one) => !taken.has(path.basename(one).toLowerCase()) && !isProjectFile(one))
    .filter((one) => statSync(one, { throwIfNoEntry: false })?.isFile())
    .map((one) => ({ message: `${path.basename(one)} is left out: the driver is made of the C files beside it.` }));
}

function layerOf({ includePath, macros, standard }: LaunchSettings): ConfigLayer {
  return { origin: 'launch.json', settings: { includePath, macros, forcedIncludes: [], standard } };
}

/** What launch.json names and the disk does not have. */
function missingPath({ includePath, project, compileCommands }: LaunchSettings): string | undefined {
  const folder = includePath.find((one) => !statSync(one, { throwIfNoEntry: false })?.isDirectory());
  if (folder !== undefined) return `The folder ${folder} does not exist; check "includePath" in launch.json.`;
  if (project !== undefined && !existsSync(project)) {
    return `The project ${project} does not exist; check "project" in launch.json.`;
  }
  if (compileCommands !== undefined && !existsSync(compileCommands)) {
    return `${compileCommands} does not exist; check "compileCommands" in launch.json.`;
  }
  return undefined;
}

type FilesReading =
  | { readonly kind: 'files'; readonly files: readonly SourceFile[]; readonly warnings: readonly LaunchProblem[] }
  | { readonly kind: 'problems'; readonly problems: readonly LaunchProblem[] };

/** `setting` is the one that names the files. */
function readFiles(
  names: readonly string[],
  configurations: Configurations,
  store: FileStore,
  setting: 'program' | 'stubs',
): FilesReading {
  const found = expandSourceNames(names, configurations);
  if (found.kind === 'problem') return problem(`${found.message} ${found.remedy} See "${setting}" in launch.json.`);
  const files: SourceFile[] = [];
  for (const name of found.paths) {
    const reading = store.read(name);
    if (reading.kind !== 'file') return problem(`${reading.message} Check "${setting}" and "cwd" in launch.json.`);
    files.push(reading.file);
  }
  const warnings = found.missing.map(({ project, path: gone }) => ({
    message: `${project} lists ${gone}, which does not exist; it is left out.`,
  }));
  return { kind: 'files', files, warnings };
}

/** Parse options that put every header they find among the known files. Files compiled alike keep sharing theirs. */
function rememberingHeaders(
  configurations: Configurations,
  known: Map<string, SourceFile>,
): (file: SourceFile) => ParseOptions {
  const made = new Map<ParseOptions, ParseOptions>();
  return (file) => {
    const options = configurations.parseOptions(file.path);
    const before = made.get(options);
    if (before !== undefined) return before;
    const include: ParseOptions['include'] = (request) => {
      const result = options.include(request);
      if (result.kind === 'found') known.set(result.file.path, result.file);
      return result;
    };
    const remembering = { ...options, include };
    made.set(options, remembering);
    return remembering;
  };
}

interface ScenarioInput {
  readonly scenario: Scenario;
  readonly files: readonly string[];
  readonly stubs: readonly string[];
  readonly dataFiles: ReadonlyMap<string, Uint8Array>;
}

const noScenario: ScenarioInput = { scenario: defaultScenario, files: [], stubs: [], dataFiles: new Map() };

function readScenario(
  name: string | undefined,
  store: FileStore,
  catalog: Catalog,
): ScenarioInput | { readonly kind: 'problems'; readonly problems: readonly LaunchProblem[] } {
  if (name === undefined) return noScenario;
  const reading = readScenarioFile(name, store, catalog);
  return reading.kind === 'unreadable'
    ? problem(`${reading.message} Check "scenario" and "cwd" in launch.json.`)
    : reading;
}

function problem(message: string): { readonly kind: 'problems'; readonly problems: readonly LaunchProblem[] } {
  return { kind: 'problems', problems: [{ message }] };
}
