/** `wsk run`: runs a driver (or a plain C program) on the emulated kernel and tells what happened. */
import path from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import {
  defaultScenario,
  type Run,
  type RunResult,
  type Scenario,
  startRun,
  type TraceNames,
} from '../emulator/index.ts';
import { createFileStore, readScenarioFile } from '../host/index.ts';
import { optimiseRun } from '../host/optimiser.ts';
import { displayPath, isError, isSerious, placeText } from './finding-output.ts';
import { InputError, readFormat, readOptions } from './input.ts';
import { writeBytes, writeError } from './output.ts';
import { checkReplay, compared, readReplay } from './replay.ts';
import { reportProblem, reportProblems, reportResult } from './run-output.ts';
import {
  checkConfiguration,
  createSourceReader,
  onlyProject,
  readSources,
  reportConfigProblems,
  sourceOptions,
} from './sources.ts';
import { createTimeline } from './timeline-output.ts';
import { traceHeader, writeTrace } from './trace-file.ts';

/** Statements between two looks at what there is to print. */
const sliceStatements = 200_000;

export function runCommand(args: readonly string[]): number | Promise<number> {
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
  const isScenario = (name: string): boolean => /\.wsk\.ya?ml$/i.test(name);
  const scenarioNames = [...(values.scenario === undefined ? [] : [values.scenario]), ...names.filter(isScenario)];
  if (scenarioNames.length > 1)
    throw new InputError('A run has one scenario.', `Leave out all but one of ${scenarioNames.join(', ')}.`);
  const reader = createSourceReader({ values, order });
  const scenario = scenarioNames[0] === undefined ? undefined : readScenario(scenarioNames[0], reader.catalog);
  const named = names.filter((name) => !isScenario(name));
  const wanted = named.length === 0 && scenario !== undefined ? scenario.files : named;
  if (wanted.length === 0 && scenarioNames[0] !== undefined)
    throw new InputError(
      `${scenarioNames[0]} names no file of the driver.`,
      'Write `files: [driver.c]` there, or name the C files on the command line.',
    );
  const configurations = reader.configurations(onlyProject(wanted));
  const sources = readSources(wanted, reader, configurations, 'run');
  checkConfiguration(reader, configurations, sources);
  const stubNames = [...(values.stub ?? []), ...(scenario?.stubs ?? [])];
  const stubs = stubNames.length === 0 ? [] : readSources(stubNames, reader, configurations, 'run');
  const replay = values.replay === undefined ? undefined : readReplay(values.replay);
  const entry = values.entry ?? replay?.header.entry ?? 'DriverEntry';
  const seed = wholeNumber(values.seed, '--seed') ?? replay?.header.seed ?? undefined;
  const header = traceHeader({
    seed,
    entry,
    files: sources.map((file) => file.path),
    stubs: stubs.map((file) => file.path),
    scenario: scenarioNames[0],
  });
  if (replay !== undefined) checkReplay(replay, header);
  const isBridged = scenario?.scenario.network.bridge === true;
  if (replay !== undefined && replay.recorded.length > 0 && !isBridged)
    throw new InputError(
      `${replay.file} is of a run whose scenario has a bridge.`,
      'Give the same scenario, with `network: { bridge: true }`.',
    );
  const start = startRun({
    files: sources,
    stubs: stubs.filter((stub) => !sources.includes(stub)),
    parse: (file) => configurations.parseOptions(file.path),
    catalog: reader.catalog,
    scenario: scenario?.scenario ?? defaultScenario,
    dataFiles: scenario?.dataFiles ?? new Map(),
    seed,
    outside: { recorded: replay?.recorded ?? [], isLive: replay === undefined },
    entry,
    statementsMax: (wholeNumber(values.limit, '--limit') ?? 200) * 1_000_000,
  });
  reportConfigProblems([configurations]);
  if (start.kind === 'problems') {
    reportProblems(start.problems, format);
    return 2;
  }
  for (const warning of start.warnings) reportProblem(warning);
  const isProgram = entry !== 'DriverEntry';
  const { run } = start;
  const follower = createFollower(run, {
    isProgram,
    printsEvents: format === 'text' && !isProgram && values.quiet !== true,
    printsOutput: format === 'text',
  });
  const finish = (ended: RunResult): number => {
    follower.end();
    if (values.trace !== undefined) writeTrace(run, values.trace, header);
    const result = replay === undefined ? ended : compared(replay, header, run, ended);
    reportResult(result, format, isProgram);
    // A program goes on after a warning, and its own status tells what came of it.
    if (result.findings.some(isProgram ? isError : isSerious)) return 1;
    if (isProgram) return (result.entryResult ?? 0) & 0xff;
    return result.outcome === 'clean' ? 0 : 1;
  };
  optimiseRun(process.versions.node);
  if (isBridged && replay === undefined) {
    // Node's sockets are loaded only where they are used.
    return import('./run-bridged.ts').then(({ runBridged }) => runBridged(run, follower.show)).then(finish);
  }
  for (;;) {
    const advance = run.advance(sliceStatements);
    follower.show();
    if (advance.kind === 'ended') return finish(advance.result);
  }
}

interface Follower {
  /** Prints what has happened since the last call. */
  show(): void;
  end(): void;
}

function createFollower(
  run: Run,
  print: { readonly isProgram: boolean; readonly printsEvents: boolean; readonly printsOutput: boolean },
): Follower {
  const timeline = createTimeline(traceNames(run));
  let events = 0;
  let pieces = 0;
  const printsErrors = print.isProgram && print.printsOutput;
  const show = (): void => {
    // A run has a million events: they are not made where nobody looks at them.
    for (const event of print.printsEvents || printsErrors ? run.trace(events) : []) {
      events++;
      if (print.printsEvents) timeline.add(event);
      else if (event.kind === 'log') {
        // What a program writes to its standard error.
        writeError(event.text);
      }
    }
    if (print.printsOutput) {
      const fresh = run.output(pieces);
      pieces += fresh.length;
      writeBytes(fresh.join(''));
    }
  };
  return { show, end: () => timeline.end() };
}

function traceNames(run: Run): TraceNames {
  return { path: (span) => displayPath(span.file.path), status: (code) => run.statusName(code) };
}

interface ScenarioInput {
  readonly scenario: Scenario;
  /** Absolute. */
  readonly files: readonly string[];
  readonly stubs: readonly string[];
  readonly dataFiles: ReadonlyMap<string, Uint8Array>;
}

function readScenario(name: string, catalog: Catalog): ScenarioInput {
  const reading = readScenarioFile(path.resolve(name), createFileStore(), catalog);
  if (reading.kind === 'unreadable')
    throw new InputError(reading.message, 'Name a *.wsk.yaml file after `--scenario`.');
  if (reading.kind === 'problems') {
    const lines = reading.problems.map(({ span, message }) => `${placeText(span)}: ${message}`);
    throw new InputError(`The scenario can't be used.\n${lines.join('\n')}`, 'Mend the lines above.');
  }
  return reading;
}

function wholeNumber(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InputError(`\`${option} ${text}\` is no whole number.`, `Write, for example, \`${option} 7\`.`);
}
