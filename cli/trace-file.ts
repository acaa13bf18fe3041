/**
 * The file of `wsk run --trace`: a header that says what ran, then one line per event. Paths in it are file names only,
 * so that the same run gives the same bytes wherever the driver lies.
 */
import { closeSync, fstatSync, ftruncateSync, openSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Run, type TraceEvent, type TraceNames, traceLine } from '../emulator/index.ts';
import { version } from './help.ts';
import { InputError } from './input.ts';

const linesAtOnce = 10_000;

/** What a run was started with; its line has `"kind":"header"` as well. */
export interface TraceHeader {
  readonly version: string;
  /** Null: as Windows usually does it. */
  readonly seed: number | null;
  readonly entry: string;
  readonly files: readonly string[];
  readonly stubs: readonly string[];
  readonly scenario: string | null;
}

export function traceHeader(started: {
  readonly seed: number | undefined;
  readonly entry: string;
  readonly files: readonly string[];
  readonly stubs: readonly string[];
  readonly scenario: string | undefined;
}): TraceHeader {
  const { seed, entry, files, stubs, scenario } = started;
  return {
    version: version(),
    seed: seed ?? null,
    entry,
    files: files.map((name) => path.basename(name)),
    stubs: stubs.map((name) => path.basename(name)),
    scenario: scenario === undefined ? null : path.basename(scenario),
  };
}

/** How the events of a run are written. */
export function lineOf(run: Run): (event: TraceEvent) => string {
  const names: TraceNames = { path: (span) => path.basename(span.file.path), status: (code) => run.statusName(code) };
  return (event) => traceLine(event, names);
}

/**
 * The descriptor of the file that a trace goes to, so that a run which nobody can keep is not made. What the file has in
 * it stays until `writeTrace`: it may be the one that is replayed.
 */
export function openTrace(file: string): number {
  return orInputError(file, () => openSync(file, 'a'));
}

export function writeTrace(run: Run, file: string, descriptor: number, header: TraceHeader): void {
  orInputError(file, () => {
    if (fstatSync(descriptor).isFile()) ftruncateSync(descriptor);
    writeFileSync(descriptor, `${JSON.stringify({ kind: 'header', ...header })}\n`);
    const events = run.trace(0);
    const line = lineOf(run);
    // A text of the whole may be longer than a string can be.
    for (let from = 0; from < events.length; from += linesAtOnce) {
      const lines = events.slice(from, from + linesAtOnce).map((event) => `${line(event)}\n`);
      writeFileSync(descriptor, lines.join(''));
    }
    closeSync(descriptor);
  });
}

function orInputError<T>(file: string, does: () => T): T {
  try {
    return does();
  } catch (error) {
    throw new InputError(
      `The trace can't be written to ${file} (${(error as NodeJS.ErrnoException).code ?? String(error)}).`,
      'Name a file in a folder that you may write to.',
    );
  }
}
