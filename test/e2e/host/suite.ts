/**
 * The suite that runs inside VS Code's extension host, in the browser's and in the desktop's alike: what the extension
 * offers through VS Code's own commands and events, without a screen. `run` is what VS Code calls; it writes one line of
 * JSON per case to the file that WSK_SUITE_RESULTS names and rejects when one failed. The open folder is samples/.
 */
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { cases } from './cases.ts';

/** Ends a case that hangs: later than any wait of its own ends (support.ts). */
const limitMs = 90_000;

/** One line of the results file. */
export interface CaseResult {
  readonly name: string;
  readonly error?: string;
  /** A figure that the case measured. */
  readonly note?: string;
}

export async function run(): Promise<void> {
  const file = process.env.WSK_SUITE_RESULTS;
  assert.ok(file, 'WSK_SUITE_RESULTS names no file');
  let failed = 0;
  for (const [name, body] of Object.entries(cases)) {
    let result: CaseResult = { name };
    try {
      const note = await inTime(body());
      if (typeof note === 'string') result = { name, note };
    } catch (error) {
      failed += 1;
      result = { name, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
    appendFileSync(file, `${JSON.stringify(result)}\n`);
  }
  if (failed > 0) throw new Error(`${failed} of ${Object.keys(cases).length} cases failed`);
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end in ${limitMs} ms`)), limitMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
