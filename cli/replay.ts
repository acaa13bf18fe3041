/**
 * The trace of a bridged run, for `wsk run --replay`: the lines that say what came from outside. A trace may be larger
 * than a string can be, so it is read in pieces.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { type RecordedEvent, readRecorded } from '../emulator/index.ts';
import { InputError } from './input.ts';

const remedy = 'Name a file that `wsk run --trace` has written.';
const pieceBytes = 1024 * 1024;

export function readReplay(file: string): readonly RecordedEvent[] {
  const recorded: RecordedEvent[] = [];
  let number = 0;
  for (const line of linesOf(file)) {
    number++;
    // Most lines are of other kinds of event and need not be understood.
    if (line === '' || (line.startsWith('{') && !line.includes('"kind":"outside"'))) continue;
    const event = readRecorded(parsed(line));
    if (event === 'broken') throw new InputError(`${file}:${number}: this is no event of a trace.`, remedy);
    if (event !== undefined) recorded.push(event);
  }
  return recorded;
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
