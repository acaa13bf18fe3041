/**
 * What `wsk run` is asked: from the words of the command line, the scenario and the trace that they name, to what a run
 * is started with. Whatever is wrong with them is an `InputError`, which says what to write instead.
 */
import path from 'node:path';
import { listed } from '../base/listed.ts';
import type { SourceFile } from '../base/source.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { defaultScenario, type Scenario, type startRun } from '../emulator/index.ts';
import { createFileStore, driverAmong, driverFiles, isScenarioPath, readScenarioFile } from '../host/index.ts';
import { displayPath, placeText } from './finding-output.ts';
import { givenPath } from './given-path.ts';
import { InputError, readFormat, readOptions } from './input.ts';
import { writeError } from './output.ts';
import { checkReplay, type Replay, readReplay } from './replay.ts';
import {
  checkConfiguration,
  createSourceReader,
  onlyProject,
  readSources,
  type SourceReader,
  sourceOptions,
} from './sources.ts';
import { type TraceHeader, traceHeader } from './trace-file.ts';

export interface RunRequest {
  readonly start: Parameters<typeof startRun>[0];
  readonly configurations: ReturnType<SourceReader['configurations']>;
  /** What a trace of the run begins with. */
  readonly header: TraceHeader;
  /** The file that the trace goes to. */
  readonly trace: string | undefined;
  /** The run that is repeated. */
  readonly replay: Replay | undefined;
  /** Programs outside take part, which nobody has recorded yet. */
  readonly isBridged: boolean;
  /** A plain C program, and no driver. */
  readonly isProgram: boolean;
  readonly format: 'text' | 'json';
  readonly isQuiet: boolean;
}

export function readRunRequest(args: readonly string[]): RunRequest {
  const { names, values, order } = readOptions('run', args, {
    ...sourceOptions,
    scenario: 'text',
    stub: 'list',
    trace: 'text',
    replay: 'text',
    entry: 'text',
    seed: 'text',
    limit: 'text',
    quiet: 'flag',
  });
  const format = readFormat(values.format);
  const given = values.scenario === undefined ? [] : [values.scenario];
  const scenarioName = onlyScenario([...given, ...names.filter(isScenarioPath)]);
  const reader = createSourceReader({ values, order });
  const scenario = scenarioName === undefined ? undefined : readScenario(scenarioName, reader.catalog);
  const wanted = filesOfDriver(
    names.filter((name) => !isScenarioPath(name)),
    scenario,
  );
  const configurations = reader.configurations(onlyProject(wanted));
  const replay = values.replay === undefined ? undefined : readReplay(values.replay);
  const entry = values.entry ?? replay?.header.entry ?? 'DriverEntry';
  const read = readSources(wanted, reader, configurations, 'run');
  const sources = entry === 'DriverEntry' ? driverSources(read, wanted) : read;
  checkConfiguration(reader, configurations, sources);
  const stubNames = [...(values.stub ?? []), ...(scenario?.stubs ?? [])];
  const stubs = stubNames.length === 0 ? [] : readSources(stubNames, reader, configurations, 'run');
  const seed = wholeNumber(values.seed, '--seed') ?? replay?.header.seed ?? undefined;
  const header = traceHeader({
    seed,
    entry,
    files: sources.map((file) => file.path),
    stubs: stubs.map((file) => file.path),
    scenario: scenarioName,
  });
  const isProgram = entry !== 'DriverEntry';
  const isQuiet = values.quiet === true;
  // Of a program's events, what it writes to its standard error is printed even where it is quiet.
  const printsEvents = format === 'text' && (isProgram || !isQuiet);
  const hasBridge = scenario?.scenario.network.bridge === true;
  if (replay !== undefined) checkReplayed(replay, header, { hasBridge });
  return {
    start: {
      files: sources,
      stubs: stubs.filter((stub) => !sources.includes(stub)),
      parse: (file) => configurations.parseOptions(file.path),
      catalog: reader.catalog,
      scenario: scenario?.scenario ?? defaultScenario,
      dataFiles: scenario?.dataFiles ?? new Map(),
      seed,
      trace: printsEvents || replay !== undefined || values.trace !== undefined ? 'kept' : 'counted',
      outside: { recorded: replay?.recorded ?? [], isLive: replay === undefined },
      entry,
      statementsMax: (wholeNumber(values.limit, '--limit') ?? 200) * 1_000_000,
    },
    configurations,
    header,
    trace: values.trace,
    replay,
    isBridged: hasBridge && replay === undefined,
    isProgram,
    format,
    isQuiet,
  };
}

function onlyScenario(names: readonly string[]): string | undefined {
  if (names.length > 1)
    throw new InputError('A run has one scenario.', `Leave out all but one of ${names.join(', ')}.`);
  return names[0];
}

function filesOfDriver(named: readonly string[], scenario: ScenarioInput | undefined): readonly string[] {
  const full = named.map(givenPath);
  const files = driverFiles(full, scenario?.files ?? []);
  const wanted = files === full ? named : files;
  if (wanted.length === 0 && scenario !== undefined)
    throw new InputError(
      `${scenario.name} names no file of the driver.`,
      'Write `files: [driver.c]` there, or name the C files on the command line.',
    );
  return wanted;
}

function checkReplayed(replay: Replay, header: TraceHeader, { hasBridge }: { readonly hasBridge: boolean }): void {
  checkReplay(replay, header);
  if (replay.recorded.length > 0 && !hasBridge)
    throw new InputError(
      `${replay.file} is of a run whose scenario has a bridge.`,
      'Give the same scenario, with `network: { bridge: true }`.',
    );
}

/** Of each folder that is named, the files of its driver. */
function driverSources(sources: readonly SourceFile[], names: readonly string[]): readonly SourceFile[] {
  return names
    .map((name) => givenPath(name))
    .reduce((kept, folder) => {
      const files = kept.filter((file) => path.dirname(file.path) === folder);
      const found = driverAmong(files);
      if (found.kind === 'several') {
        const drivers = found.entries.map((file) => path.basename(file.path));
        throw new InputError(
          `The folder ${displayPath(folder)} has several drivers: ${listed(drivers)} each define DriverEntry.`,
          'Name the files of one of them.',
        );
      }
      for (const { path: program } of found.programs)
        writeError(`wsk: ${displayPath(program)} has a main function, so it is left out of the driver.`);
      return kept.filter((file) => !found.programs.includes(file));
    }, sources);
}

interface ScenarioInput {
  /** As the command line names it. */
  readonly name: string;
  readonly scenario: Scenario;
  /** Absolute. */
  readonly files: readonly string[];
  readonly stubs: readonly string[];
  readonly dataFiles: ReadonlyMap<string, Uint8Array>;
}

function readScenario(name: string, catalog: Catalog): ScenarioInput {
  const reading = readScenarioFile(givenPath(name), createFileStore(), catalog);
  if (reading.kind === 'unreadable')
    throw new InputError(reading.message, 'Name a *.wsk.yaml file after `--scenario`.');
  if (reading.kind === 'problems') {
    const lines = reading.problems.map(({ span, message }) => `${placeText(span)}: ${message}`);
    throw new InputError(`The scenario can't be used.\n${lines.join('\n')}`, 'Mend the lines above.');
  }
  return { name, ...reading };
}

function wholeNumber(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InputError(`\`${option} ${text}\` is no whole number.`, `Write, for example, \`${option} 7\`.`);
}
