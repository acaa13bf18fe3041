/**
 * Standard output and error. Writes are collected and go out in large pieces: a run can print thousands of lines, and
 * they must all be out before the process ends. A closed pipe (`| head`) is no error.
 */
import { writeSync } from 'node:fs';

let pending: string[] = [];
let pendingLength = 0;
const pendingMax = 64 * 1024;

function write(text: string): void {
  pending.push(text);
  pendingLength += text.length;
  if (pendingLength >= pendingMax) flush();
}

export function writeLine(line: string): void {
  write(`${line}\n`);
}

/** To standard error, after what was written before. */
export function writeError(line: string): void {
  flush();
  clearProgress();
  writeAll(2, `${line}\n`);
}

let isProgressShown = false;

/** To the line of the terminal on which standard error stands, in place of what was written so before. */
export function overwriteError(text: string): void {
  clearProgress();
  writeAll(2, text);
  isProgressShown = text !== '';
}

/** Back to the line's beginning, and all of it is gone. */
function clearProgress(): void {
  if (isProgressShown) writeAll(2, '\r\u001b[K');
  isProgressShown = false;
}

/** True where somebody looks at standard error, on a terminal that can clear a line. */
export function showsProgress(): boolean {
  return process.stderr.isTTY === true && process.env.TERM !== 'dumb';
}

/** Program output is bytes: each character stands for one. */
export function writeBytes(text: string): void {
  if (text === '') return;
  flush();
  writeAll(1, Buffer.from(text, 'latin1'));
}

export function flush(): void {
  const text = pending.join('');
  pending = [];
  pendingLength = 0;
  if (text === '') return;
  clearProgress();
  writeAll(1, text);
}

function writeAll(descriptor: number, text: string | Buffer): void {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
  let done = 0;
  while (done < bytes.length) {
    try {
      done += writeSync(descriptor, bytes, done);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      // A full pipe of a slow reader: try again. A reader that has gone: nobody wants the rest.
      if (code === 'EAGAIN') continue;
      if (code === 'EPIPE' || code === 'EOF') return;
      throw error;
    }
  }
}

/** True when colours make sense: a terminal that did not ask for none. */
export function wantsColour(): boolean {
  return process.stdout.isTTY === true && process.env.NO_COLOR === undefined && process.env.TERM !== 'dumb';
}
