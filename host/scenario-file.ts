/**
 * A scenario with everything around it: the file is read, its paths are made absolute, the bytes that it names are
 * fetched, and what it names is looked for. Each problem stands at its place in the YAML.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { nearestName } from '../base/nearest.ts';
import type { SourceFile, Span } from '../base/source.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { readScenario, type ScenarioName } from '../emulator/scenario/read.ts';
import { dataFiles, type Scenario } from '../emulator/scenario/scenario.ts';
import { readDataFiles } from './data-files.ts';
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

/** `name` is absolute. */
export function readScenarioFile(name: string, store: FileStore, catalog: Catalog): ScenarioFileReading {
  const found = store.read(name);
  if (found.kind !== 'file') return { kind: 'unreadable', message: found.message };
  const folder = path.dirname(name);
  const problems = scenarioFileProblems(found.file, folder, catalog);
  const reading = readScenario(found.file);
  if (reading.kind === 'problems' || problems.length > 0) return { kind: 'problems', problems };
  const { scenario } = reading;
  const data = readDataFiles(dataFiles(scenario), folder);
  if (data.kind === 'unreadable') {
    const at = reading.names.find(({ kind, text }) => kind === 'file' && text === data.path);
    const span = at?.span ?? { file: found.file, start: 0, end: 0 };
    return { kind: 'problems', problems: [{ code: 'missing-file', message: data.message, span }] };
  }
  const absolute = (file: string): string => path.resolve(folder, file);
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
  const reading = readScenario(file);
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
    if (folder === undefined || /[*?]/.test(text) || existsSync(path.resolve(folder, text))) return undefined;
    return {
      code: 'missing-file',
      message: `"${text}" does not exist; a path is relative to the scenario's folder`,
      span,
    };
  }
  if (kind === 'status' && !text.startsWith('STATUS_')) return undefined;
  const known = declaredNames(catalog)[kind];
  if (known.has(text)) return undefined;
  const guess = nearestName(text, known);
  const what = kind === 'status' ? 'no bundled header defines' : 'no bundled header declares the function';
  const hint = guess === undefined ? '' : `; did you mean "${guess}"?`;
  return { code: 'unknown-name', message: `${what} ${text}${hint}`, span };
}

interface DeclaredNames {
  readonly function: ReadonlySet<string>;
  readonly status: ReadonlySet<string>;
}

const declared = new WeakMap<Catalog, DeclaredNames>();

/** Names that stand before a parenthesis in a header, WSK's functions, and the statuses of ntstatus.h. */
function declaredNames(catalog: Catalog): DeclaredNames {
  const made = declared.get(catalog);
  if (made !== undefined) return made;
  const headers = catalog.headerNames.map((name) => catalog.header(name) ?? '');
  const functions = headers.flatMap((text) =>
    [...text.matchAll(/\b([A-Z]\w+)\)?\s*\(/g)].map((match) => match[1] ?? ''),
  );
  const facts = catalog.facts.flatMap(({ kind, name }) =>
    kind === 'function' || kind === 'table-function' ? [name] : [],
  );
  const statuses = [...(catalog.header('ntstatus.h') ?? '').matchAll(/#define\s+(STATUS_\w+)/g)];
  const names = {
    function: new Set([...functions, ...facts]),
    status: new Set(statuses.map((match) => match[1] ?? '')),
  };
  declared.set(catalog, names);
  return names;
}
