/**
 * The file that `wsk run --replay` takes: what the run was started with, and what came into it from outside; at the end,
 * whether the run was the same again. A trace may be larger than a string can be, so it is read in pieces.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { type RecordedEvent, type Run, type RunFinding, type RunResult, readRecorded } from '../emulator/index.ts';
import { InputError } from './input.ts';
import { lineOf, type TraceHeader } from './trace-file.ts';

const remedy = 'Name a file that `wsk run --trace` has written.';
const pieceBytes = 1024 * 1024;

export interface Replay {
  readonly file: string;
  readonly header: TraceHeader;
  /** What came from outside. */
  readonly recorded: readonly RecordedEvent[];
}

export function readReplay(file: string): Replay {
  const recorded: RecordedEvent[] = [];
  let header: TraceHeader | undefined;
  let number = 0;
  for (const line of linesOf(file)) {
    number++;
    if (number === 1) {
      header = headerOf(parsed(line));
      if (header === undefined) throw new InputError(`${file}:1: this does not say what was run.`, remedy);
      continue;
    }
    // Most lines are of other kinds of event and need not be understood.
    if (line === '' || (line.startsWith('{') && !line.includes('"kind":"outside"'))) continue;
    const event = readRecorded(parsed(line));
    if (event === 'broken') throw new InputError(`${file}:${number}: this is no event of a trace.`, remedy);
    if (event !== undefined) recorded.push(event);
  }
  if (header === undefined) throw new InputError(`${file} is empty.`, remedy);
  return { file, header, recorded };
}

/** A seed or entry on the command line that is not the recorded one is an error: the trace says both. */
export function checkReplay({ file, header }: Replay, asked: TraceHeader): void {
  const [wrong] = differences(header, asked, ['entry', 'seed']);
  if (wrong !== undefined)
    throw new InputError(`${file} was recorded with ${wrong}.`, 'Seed and entry come from the trace.');
}

/** "seed 7, not 8": what the runs were started with, by the names of the header. */
function differences(then: TraceHeader, now: TraceHeader, names: readonly (keyof TraceHeader)[]): string[] {
  return names.flatMap((name) => {
    const [was, is] = [headerText(then[name]), headerText(now[name])];
    return was === is ? [] : [`${name} ${was}, not ${is}`];
  });
}

function headerText(value: TraceHeader[keyof TraceHeader]): string {
  const all = [value ?? []].flat();
  return all.length === 0 ? '(none)' : all.join(', ');
}

/** The result of a repeated run, with a finding where the run was not the one that was recorded. */
export function compared({ file, header }: Replay, asked: TraceHeader, run: Run, result: RunResult): RunResult {
  if (result.findings.some(({ rule }) => rule === 'replay-mismatch')) return result;
  const events = run.trace(0);
  const line = lineOf(run);
  let at = -1;
  for (const recorded of linesOf(file)) {
    const event = events[at];
    if (at >= 0 && recorded !== (event === undefined ? '' : line(event))) break;
    at++;
  }
  // A whole record ends behind the last event, with an empty line.
  if (at > events.length) return result;
  const event = events[Math.min(at, events.length - 1)];
  const span = event?.span ?? run.functionPlace(header.entry);
  if (span === undefined) return result;
  const others = differences(header, asked, ['version', 'files', 'stubs', 'scenario']);
  const why =
    others.length === 0 ? 'Source, scenario or options have changed' : `It was recorded with ${others.join('; ')}`;
  const finding: RunFinding = {
    rule: 'replay-mismatch',
    severity: 'error',
    message: `This is not the run that was recorded: event ${at} is no longer that of ${file}:${at + 2}. ${why}.`,
    span,
    path: [],
    docRules: [],
    history: [],
    stack: [],
  };
  return { ...result, outcome: 'findings', findings: [...result.findings, finding] };
}

function headerOf(value: unknown): TraceHeader | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, version: by, seed, entry, files, stubs, scenario } = value as Record<string, unknown>;
  const isWhole =
    kind === 'header' &&
    typeof by === 'string' &&
    (seed === null || Number.isSafeInteger(seed)) &&
    typeof entry === 'string' &&
    (scenario === null || typeof scenario === 'string');
  if (!isWhole || !isTexts(files) || !isTexts(stubs)) return undefined;
  return { version: by, seed: seed as number | null, entry, files, stubs, scenario };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function* linesOf(file: string): Generator<string> {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const buffer = Buffer.alloc(pieceBytes);
      const decoder = new StringDecoder('utf8');
      let rest = '';
      for (let length = readSync(descriptor, buffer); length > 0; length = readSync(descriptor, buffer)) {
        const lines = (rest + decoder.write(buffer.subarray(0, length))).split('\n');
        rest = lines.pop() ?? '';
        yield* lines;
      }
      yield rest;
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${file} can't be read (${(error as NodeJS.ErrnoException).code ?? String(error)}).`, remedy);
  }
}

/** What is no JSON is no event. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return { kind: 'outside' };
  }
}
