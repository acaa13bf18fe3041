/** `wsk run`: runs a driver (or a plain C program) on the emulated kernel and tells what happened. */
import { type Run, type RunResult, startRun, type TraceNames } from '../emulator/index.ts';
import { commandBudgetBytes, optimiseFromHere } from '../host/optimiser.ts';
import { displayPath, isError, isSerious } from './finding-output.ts';
import { writeBytes, writeError } from './output.ts';
import { compared } from './replay.ts';
import { reportProblem, reportProblems, reportResult } from './run-output.ts';
import { readRunRequest } from './run-request.ts';
import { reportConfigProblems } from './sources.ts';
import { createTimeline } from './timeline-output.ts';
import { openTrace, writeTrace } from './trace-file.ts';

/** Statements between two looks at what there is to print. */
const sliceStatements = 200_000;

/** The exit status; of a run with programs outside, when they have ended. */
export function runCommand(args: readonly string[]): number | Promise<number> {
  const request = readRunRequest(args);
  const start = startRun(request.start);
  reportConfigProblems([request.configurations]);
  if (start.kind === 'problems') {
    reportProblems(start.problems, request.format);
    return 2;
  }
  for (const warning of start.warnings) reportProblem(warning);
  const { run } = start;
  const { format, isProgram, isQuiet, trace } = request;
  const descriptor = trace === undefined ? undefined : openTrace(trace);
  const follower = createFollower(run, {
    isProgram,
    printsEvents: format === 'text' && !isProgram && !isQuiet,
    printsOutput: format === 'text',
  });
  const finish = (ended: RunResult): number => {
    follower.end();
    const { replay, header } = request;
    // The record is read before it is written over, where both are one file.
    const result = replay === undefined ? ended : compared(replay, header, run, ended);
    if (trace !== undefined && descriptor !== undefined) writeTrace(run, trace, descriptor, header);
    reportResult(result, { format, isProgram, statusName: (status) => run.statusName(status) });
    return exitStatus(isProgram, result);
  };
  optimiseFromHere(process.versions.node, commandBudgetBytes);
  if (request.isBridged) {
    // Node's sockets are loaded only where they are used.
    return import('./run-bridged.ts').then(({ runBridged }) => runBridged(run, follower.show)).then(finish);
  }
  for (;;) {
    const advance = run.advance(sliceStatements);
    follower.show();
    if (advance.kind === 'ended') return finish(advance.result);
  }
}

function exitStatus(isProgram: boolean, result: RunResult): number {
  // A program goes on after a warning, and its own status tells what came of it.
  if (result.findings.some(isProgram ? isError : isSerious)) return 1;
  if (isProgram) return (result.entryResult ?? 0) & 0xff;
  const hasRun = result.outcome === 'clean' || result.outcome === 'findings';
  return hasRun && (result.entryResult ?? 0) >= 0 ? 0 : 1;
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
