/**
 * A scenario with everything around it: the file is read, its paths are made absolute, the bytes that it names are
 * fetched, and what it names is looked for. Each problem stands at its place in the YAML.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { memo } from '../base/memo.ts';
import { nearestName } from '../base/nearest.ts';
import type { SourceFile, Span } from '../base/source.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { declaringHeaders } from '../catalog/declaring-headers.ts';
import { readScenario, type ScenarioName, type ScenarioReading } from '../emulator/scenario/read.ts';
import { dataFiles, type Scenario } from '../emulator/scenario/scenario.ts';
import { placeBeside, readDataFiles } from './data-files.ts';
import type { FileStore } from './files.ts';

export interface ScenarioFileProblem {
  readonly code: string;
  readonly message: string;
  readonly span: Span;
}

export type ScenarioFileReading =
  | {
      readonly kind: 'scenario';
      readonly scenario: Scenario;
      /** Absolute, as `stubs`. */
      readonly files: readonly string[];
      readonly stubs: readonly string[];
      /** Bytes by the path that the scenario writes. */
      readonly dataFiles: ReadonlyMap<string, Uint8Array>;
    }
  /** The scenario's own file can't be read. */
  | { readonly kind: 'unreadable'; readonly message: string }
  | { readonly kind: 'problems'; readonly problems: readonly ScenarioFileProblem[] };

export function isScenarioPath(name: string): boolean {
  return /\.wsk\.ya?ml$/i.test(name);
}

/**
 * The driver's files, of those that the user names and those of the scenario: where one of the first is among the second,
 * the scenario speaks of the same driver, and its other files belong to it.
 */
export function driverFiles(named: readonly string[], ofScenario: readonly string[]): readonly string[] {
  if (named.length === 0) return ofScenario;
  return named.some((file) => ofScenario.includes(file)) ? [...new Set([...ofScenario, ...named])] : named;
}

/** `name` is absolute. */
export function readScenarioFile(name: string, store: FileStore, catalog: Catalog): ScenarioFileReading {
  const found = store.read(name);
  if (found.kind !== 'file') return { kind: 'unreadable', message: found.message };
  const folder = path.dirname(name);
  const reading = readScenario(found.file);
  const problems = problemsOf(reading, folder, catalog);
  if (reading.kind === 'problems' || problems.length > 0) return { kind: 'problems', problems };
  const { scenario } = reading;
  const data = readDataFiles(dataFiles(scenario), folder);
  if (data.kind === 'unreadable') {
    const at = reading.names.find(({ kind, text }) => kind === 'file' && text === data.path);
    const span = at?.span ?? { file: found.file, start: 0, end: 0 };
    return { kind: 'problems', problems: [{ code: 'missing-file', message: data.message, span }] };
  }
  const absolute = (file: string): string => placeBeside(folder, file);
  return {
    kind: 'scenario',
    scenario,
    files: scenario.files.map(absolute),
    stubs: scenario.stubs.map(absolute),
    dataFiles: data.files,
  };
}

/** What is wrong in a scenario's text: its form, then files, functions and statuses that there are not. */
export function scenarioFileProblems(
  file: SourceFile,
  folder: string | undefined,
  catalog: Catalog,
): readonly ScenarioFileProblem[] {
  return problemsOf(readScenario(file), folder, catalog);
}

/** The files that a scenario in a folder names, as far as they are there: of the driver, its stubs, and of bytes. */
export function scenarioLinks(
  file: SourceFile,
  folder: string,
): readonly { readonly span: Span; readonly path: string }[] {
  const reading = readScenario(file);
  if (reading.kind === 'problems') return [];
  return reading.names.flatMap(({ kind, text, span }) => {
    const named = placeBeside(folder, text);
    return kind === 'file' && existsSync(named) ? [{ span, path: named }] : [];
  });
}

function problemsOf(
  reading: ScenarioReading,
  folder: string | undefined,
  catalog: Catalog,
): readonly ScenarioFileProblem[] {
  if (reading.kind === 'problems') return reading.problems;
  return reading.names.flatMap((name) => nameProblem(name, folder, catalog) ?? []);
}

/** `folder` is undefined for a text that was never saved: its paths lead nowhere yet. */
function nameProblem(
  { kind, text, span }: ScenarioName,
  folder: string | undefined,
  catalog: Catalog,
): ScenarioFileProblem | undefined {
  if (kind === 'file') {
    if (folder === undefined || /[*?]/.test(text) || existsSync(placeBeside(folder, text))) return undefined;
    return {
      code: 'missing-file',
      message: `"${text}" does not exist; a path is relative to the scenario's folder`,
      span,
    };
  }
  if (kind === 'status' && !text.startsWith('STATUS_')) return undefined;
  const names = knownNames(catalog)[kind];
  if (names.has(text)) return undefined;
  const guess = nearestName(text, names);
  const what = kind === 'status' ? 'no bundled header defines' : 'no bundled header declares the function';
  const hint = guess === undefined ? '' : `; did you mean "${guess}"?`;
  return { code: 'unknown-name', message: `${what} ${text}${hint}`, span };
}

interface KnownNames {
  readonly function: ReadonlySet<string>;
  readonly status: ReadonlySet<string>;
}

/** What a scenario may name: the statuses of the headers, their other names, and the members of WSK's tables. */
const knownNames = memo((catalog: Catalog): KnownNames => {
  const isStatus = (name: string): boolean => name.startsWith('STATUS_');
  const declared = [...declaringHeaders(catalog).keys()];
  const members = catalog.facts.flatMap(({ kind, name }) =>
    kind === 'table-function' || kind === 'callback' ? [name] : [],
  );
  return {
    function: new Set([...declared.filter((name) => !isStatus(name)), ...members]),
    status: new Set(declared.filter(isStatus)),
  };
});
