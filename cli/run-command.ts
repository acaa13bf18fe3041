/** `wsk run`: runs a driver (or a plain C program) on the emulated kernel and tells what happened. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { SyntaxProblem } from '../cfront/errors.ts';
import {
  defaultScenario,
  type Run,
  type RunFinding,
  type RunResult,
  readScenario,
  type Scenario,
  startRun,
  type TraceNames,
  timelineText,
  traceLine,
} from '../emulator/index.ts';
import { createFileStore } from '../host/index.ts';
import {
  countText,
  displayPath,
  findingJson,
  findingText,
  isError,
  isSerious,
  place,
  placeText,
} from './finding-output.ts';
import { InputError, readFormat, readOptions } from './input.ts';
import { wantsColour, writeBytes, writeError, writeLine } from './output.ts';
import { createSourceReader, onlyProject, readSources, reportConfigProblems, sourceOptions } from './sources.ts';

/** Statements between two looks at what there is to print. */
const sliceStatements = 200_000;

export function runCommand(args: readonly string[]): number {
  const { names, values, order } = readOptions('run', args, {
    ...sourceOptions,
    scenario: 'text',
    stub: 'list',
    trace: 'text',
    entry: 'text',
    seed: 'text',
    limit: 'text',
  });
  const format = readFormat(values.format);
  const scenario = values.scenario === undefined ? undefined : readScenarioFile(values.scenario);
  const reader = createSourceReader({ values, order });
  const wanted = names.length === 0 && scenario !== undefined ? scenario.files : names;
  const configurations = reader.configurations(onlyProject(wanted));
  const sources = readSources(wanted, reader, configurations, 'run');
  const stubNames = [...(values.stub ?? []), ...(scenario?.stubs ?? [])];
  const stubs = stubNames.length === 0 ? [] : readSources(stubNames, reader, configurations, 'run');
  const entry = values.entry ?? 'DriverEntry';
  const start = startRun({
    files: sources,
    stubs: stubs.filter((stub) => !sources.includes(stub)),
    parse: (file) => configurations.parseOptions(file.path),
    catalog: reader.catalog,
    scenario: scenario?.scenario ?? defaultScenario,
    seed: wholeNumber(values.seed, '--seed'),
    entry,
    statementsMax: (wholeNumber(values.limit, '--limit') ?? 200) * 1_000_000,
  });
  reportConfigProblems([configurations]);
  if (start.kind === 'problems') return reportProblems(start.problems);
  for (const warning of start.warnings) reportProblem(warning);
  const isProgram = entry !== 'DriverEntry';
  const result = follow(start.run, {
    isProgram,
    printsEvents: format === 'text' && !isProgram,
    printsOutput: format === 'text',
  });
  if (values.trace !== undefined) writeTrace(start.run, values.trace);
  report(result, format, isProgram);
  // A program goes on after a warning, and its own status tells what came of it.
  if (result.findings.some(isProgram ? isError : isSerious)) return 1;
  if (isProgram) return (result.entryResult ?? 0) & 0xff;
  return result.outcome === 'clean' ? 0 : 1;
}

/** Advances a run to its end and prints what happens as it happens. */
function follow(
  run: Run,
  print: { readonly isProgram: boolean; readonly printsEvents: boolean; readonly printsOutput: boolean },
): RunResult {
  const names = traceNames(run);
  let events = 0;
  let pieces = 0;
  const show = (): void => {
    for (const event of run.trace(events)) {
      events++;
      if (print.printsEvents) {
        const text = timelineText(event, names);
        if (text !== undefined) writeLine(text);
      } else if (print.isProgram && print.printsOutput && event.kind === 'log') {
        // What a program writes to its standard error.
        writeError(event.text);
      }
    }
    if (print.printsOutput) {
      for (const piece of run.output(pieces)) {
        pieces++;
        writeBytes(piece);
      }
    }
  };
  for (;;) {
    const advance = run.advance(sliceStatements);
    show();
    if (advance.kind === 'ended') return advance.result;
  }
}

function traceNames(run: Run): TraceNames {
  return { path: (span) => displayPath(span.file.path), status: (code) => run.statusName(code) };
}

/** Paths in a trace are file names only, so that the same run gives the same bytes wherever the driver lies. */
function writeTrace(run: Run, file: string): void {
  const names: TraceNames = { ...traceNames(run), path: (span) => path.basename(span.file.path) };
  const lines = run.trace(0).map((event) => `${traceLine(event, names)}\n`);
  try {
    writeFileSync(file, lines.join(''));
  } catch (error) {
    throw new InputError(
      `The trace can't be written to ${file} (${(error as NodeJS.ErrnoException).code ?? String(error)}).`,
      'Name a file in a folder that you may write to.',
    );
  }
}

function report(result: RunResult, format: 'text' | 'json', isProgram: boolean): void {
  if (format === 'json') {
    const { outcome, log, statements, completions, virtualTimeMs, entryResult } = result;
    const output = isProgram ? { output: result.output } : {};
    const findings = result.findings.map(runFindingJson);
    writeLine(
      JSON.stringify(
        { outcome, findings, log, statements, completions, virtualTimeMs, entryResult, ...output },
        undefined,
        1,
      ),
    );
    return;
  }
  // What a program prints is its own; what we say of it goes beside it.
  const say = isProgram ? writeError : writeLine;
  const colour = wantsColour();
  for (const finding of result.findings) say(`\n${runFindingText(finding, colour)}`);
  if (!isProgram) say(`\n${summary(result)}`);
}

function summary(result: RunResult): string {
  const { outcome, completions, statements, virtualTimeMs } = result;
  const outcomes: Readonly<Record<RunResult['outcome'], string>> = {
    clean: 'clean',
    findings: countText(result.findings),
    'entry-failed': 'DriverEntry failed',
    'not-emulated': 'stopped at a call that is not emulated',
    hang: 'hangs',
    limit: 'stopped at the limit of statements',
  };
  return `${outcomes[outcome]}: ${completions} IRP ${completions === 1 ? 'completion' : 'completions'}, ${statements} statements, ${Math.round(virtualTimeMs * 1000) / 1000} ms of virtual time`;
}

function runFindingJson(finding: RunFinding): object {
  const history = finding.history.map(({ what, span, statements }) => ({
    what,
    ...(span === undefined ? {} : place(span)),
    statements,
  }));
  const stack = finding.stack.map(({ functionName, span }) => ({
    functionName,
    ...(span === undefined ? {} : place(span)),
  }));
  return { ...findingJson(finding), bugCheck: finding.bugCheck, history, stack };
}

function runFindingText(finding: RunFinding, colour: boolean): string {
  const { bugCheck } = finding;
  const hex = (code: number): string => `0x${code.toString(16).toUpperCase()}`;
  const check =
    bugCheck === undefined
      ? []
      : [`    bug check ${hex(bugCheck.code)} ${bugCheck.name} (${bugCheck.parameters.join(', ')})`];
  const history = finding.history.map(
    ({ what, span }) => `    ${span === undefined ? '' : `${placeText(span)}: `}${what}`,
  );
  const stack = finding.stack.map(
    ({ functionName, span }) => `      ${functionName}${span === undefined ? '' : `  ${placeText(span)}`}`,
  );
  // The history says what the path says, and more.
  const head = history.length === 0 ? finding : { ...finding, path: [] };
  return [
    findingText(head, colour),
    ...check,
    ...(history.length === 0 ? [] : ['    what happened:', ...history.map((line) => `  ${line}`)]),
    ...(stack.length === 0 ? [] : ['    call stack:', ...stack]),
  ].join('\n');
}

/** Source that can't be run is bad input: every problem with its place on standard error. */
function reportProblems(problems: readonly SyntaxProblem[]): number {
  for (const problem of problems) reportProblem(problem);
  writeError('wsk: the driver was not run; mend the above first.');
  return 2;
}

function reportProblem(problem: SyntaxProblem): void {
  writeError(`${placeText(problem.span)}: ${problem.severity}: ${problem.message} [${problem.code}]`);
  for (const { span, message } of problem.related ?? []) writeError(`    ${placeText(span)}: ${message}`);
}

interface ScenarioInput {
  readonly scenario: Scenario;
  /** Absolute. */
  readonly files: readonly string[];
  readonly stubs: readonly string[];
}

function readScenarioFile(name: string): ScenarioInput {
  const full = path.resolve(name);
  const reading = createFileStore().read(full);
  if (reading.kind !== 'file') throw new InputError(reading.message, 'Name a *.wsk.yaml file after `--scenario`.');
  const read = readScenario(reading.file);
  if (read.kind === 'problems') {
    const lines = read.problems.map(({ span, message }) => `${placeText(span)}: ${message}`);
    throw new InputError(`The scenario can't be read.\n${lines.join('\n')}`, 'Mend the lines above.');
  }
  const absolute = (file: string): string => path.resolve(path.dirname(full), file);
  return {
    scenario: read.scenario,
    files: read.scenario.files.map(absolute),
    stubs: read.scenario.stubs.map(absolute),
  };
}

function wholeNumber(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InputError(`\`${option} ${text}\` is no whole number.`, `Write, for example, \`${option} 7\`.`);
}
