/**
 * From checked settings to a plan that can be run: reads the driver's files and the scenario, starts the first run.
 * Everything wrong with them comes back as problems, with their places where they have one.
 */
import { statSync } from 'node:fs';
import path from 'node:path';
import { assert } from '../base/assert.ts';
import type { SourceFile, Span } from '../base/source.ts';
import { defaultScenario, type Run, type RunPlan, readScenario, type Scenario, startRun } from '../emulator/index.ts';
import { createFileStore, createIncluder, type FileStore, loadCatalog } from '../host/index.ts';
import type { LaunchSettings } from './launch-arguments.ts';
import { expandPrograms } from './program-files.ts';

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
      /** The same run once more, before its first statement. */
      readonly again: () => Run;
      /** The driver's files and every header that they include. */
      readonly files: () => readonly SourceFile[];
    }
  | { readonly kind: 'problems'; readonly problems: readonly LaunchProblem[] };

/** `catalogFolder` holds catalog.json. */
export function launch(settings: LaunchSettings, catalogFolder: string): Launch {
  const store = createFileStore();
  const scenario = readScenarioFile(settings.scenario, store);
  if (scenario.kind === 'problems') return scenario;
  const named = settings.programs.length > 0 ? settings.programs : scenario.files;
  if (named.length === 0) {
    return problem(
      `${settings.scenario ?? ''} names no files; write "program" in launch.json, or "files" in the scenario.`,
    );
  }
  const programs = expandPrograms(named);
  if (programs.kind === 'problem') return problem(programs.message);

  const files: SourceFile[] = [];
  for (const name of programs.paths) {
    const reading = store.read(name);
    if (reading.kind !== 'file') return problem(`${reading.message} Check "program" and "cwd" in launch.json.`);
    files.push(reading.file);
  }
  const missing = settings.includePath.find((folder) => !statSync(folder, { throwIfNoEntry: false })?.isDirectory());
  if (missing !== undefined)
    return problem(`The folder ${missing} does not exist; check "includePath" in launch.json.`);

  const catalog = loadCatalog(catalogFolder);
  const include = createIncluder({ catalog, files: store, includePath: settings.includePath });
  const known = new Map(files.map((file) => [file.path, file]));
  const plan: RunPlan = {
    files,
    parse: {
      include: (request) => {
        const result = include(request);
        if (result.kind === 'found') known.set(result.file.path, result.file);
        return result;
      },
      defines: settings.defines,
    },
    catalog,
    scenario: scenario.scenario,
    seed: settings.seed,
    entry: settings.entry,
    statementsMax,
  };
  const start = startRun(plan);
  if (start.kind === 'problems') {
    return {
      kind: 'problems',
      problems: start.problems.map(({ code, message, span }) => ({ message: `${message} [${code}]`, span })),
    };
  }
  const again = (): Run => {
    const next = startRun(plan);
    assert(next.kind === 'ready', 'a plan that could be run once can be run again');
    return next.run;
  };
  return { kind: 'ready', run: start.run, again, files: () => [...known.values()] };
}

type ScenarioFile =
  | { readonly kind: 'scenario'; readonly scenario: Scenario; readonly files: readonly string[] }
  | { readonly kind: 'problems'; readonly problems: readonly LaunchProblem[] };

function readScenarioFile(name: string | undefined, store: FileStore): ScenarioFile {
  if (name === undefined) return { kind: 'scenario', scenario: defaultScenario, files: [] };
  const reading = store.read(name);
  if (reading.kind !== 'file') return problem(`${reading.message} Check "scenario" and "cwd" in launch.json.`);
  const read = readScenario(reading.file);
  if (read.kind === 'problems') return { kind: 'problems', problems: read.problems };
  const files = read.scenario.files.map((file) => path.resolve(path.dirname(name), file));
  return { kind: 'scenario', scenario: read.scenario, files };
}

function problem(message: string): { readonly kind: 'problems'; readonly problems: readonly LaunchProblem[] } {
  return { kind: 'problems', problems: [{ message }] };
}
