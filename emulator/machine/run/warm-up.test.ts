/** The warm-up goes everywhere: measured with the engine's own coverage of blocks. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type Profiler, Session } from 'node:inspector';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { warmUp } from './warm-up.ts';

const WARMED = [
  'execute',
  'stand',
  'enterFrame',
  'carried',
  'loadRaw',
  'multiplyHigh',
  'divideSigned',
  'divideUnsigned',
  'setDouble',
  'indexFar',
  'indexWide',
  'distance',
  'doubleToSigned',
  'doubleToUnsigned',
  'wideToFloat',
  'extractSigned',
  'extractUnsigned',
  'insertBits',
];

test('the warm-up leaves out no branch of the interpreter', () => {
  const functions = covered(warmUp);
  const missed: string[] = [];
  for (const name of WARMED) {
    const found = functions.find((f) => f.name === name);
    assert.ok(found !== undefined, `${name} was not called`);
    for (const { count, text, before } of found.blocks) {
      // What stands behind a call that never returns is no branch.
      if (count === 0 && /[^\s{}();]/.test(text)) missed.push(`${name}: ${before}>>>${text.trim().slice(0, 200)}`);
    }
  }
  assert.deepEqual(missed, []);
});

interface CoveredFunction {
  readonly name: string;
  readonly blocks: readonly { readonly count: number; readonly text: string; readonly before: string }[];
}

/** The blocks of each function that runs, with how often each was entered. */
function covered(work: () => void): readonly CoveredFunction[] {
  const session = new Session();
  session.connect();
  try {
    session.post('Profiler.enable');
    session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    work();
    let scripts: readonly Profiler.ScriptCoverage[] = [];
    // The session is of this thread: it answers before `post` returns.
    session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      assert.equal(error, null);
      scripts = result;
    });
    return scripts
      .filter(({ url, functions }) => url.startsWith('file:') && functions.some((f) => f.functionName === 'execute'))
      .flatMap(({ url, functions }) => {
        const text = readFileSync(fileURLToPath(url), 'utf8');
        return functions.map(({ functionName, ranges }) => ({
          name: functionName,
          blocks: ranges.map((r) => ({
            count: r.count,
            text: text.slice(r.startOffset, r.endOffset),
            before: text.slice(r.startOffset - 250, r.startOffset),
          })),
        }));
      });
  } finally {
    session.disconnect();
  }
}
