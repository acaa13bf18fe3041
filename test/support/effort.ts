/**
 * Bounds on how long something takes that neither the machine's speed nor its load decides: CPU time of this process,
 * held against a piece of work that does not change, done in the same process just then. A bound is far above what is
 * right, so that it tells work that grows beyond all measure from work that does not, and nothing finer.
 *
 * Where work must not grow with something, its calls are counted instead: V8 counts them, exactly, in code as it is.
 */
import assert from 'node:assert/strict';
import { Session } from 'node:inspector';
import { setFlagsFromString } from 'node:v8';

/** CPU time of the yardstick where bounds were chosen. */
const yardstickMs = 20;

/** CPU time of everything that `work` does, in milliseconds. */
export function cpuMs(work: () => void): number {
  const started = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

/** How many times as long as there the yardstick takes here and now; never less than 1. */
export function slowness(): number {
  return Math.max(1, Math.min(cpuMs(yardstick), cpuMs(yardstick)) / yardstickMs);
}

/** Fails where `work` takes longer than that, on the machine of the bound, twice. */
export function assertQuick(limitMs: number, work: () => void): void {
  const first = cpuMs(work);
  if (first <= limitMs) return;
  const ms = Math.min(first, cpuMs(work));
  const bound = limitMs * slowness();
  assert.ok(ms <= bound, `${Math.round(ms)} ms of CPU, the bound is ${Math.round(bound)} ms on this machine`);
}

/** How often each function was called by `work`, by its name and where it begins in the file that runs. */
export function callsOf(work: () => void): ReadonlyMap<string, number> {
  // With the code of a function that has not run for a while, its count would be thrown away.
  setFlagsFromString('--no-flush-bytecode');
  const calls = new Map<string, number>();
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  // What is counted by now is the start's.
  session.post('Profiler.takePreciseCoverage');
  work();
  session.post('Profiler.takePreciseCoverage', (error, found) => {
    assert.equal(error, null);
    for (const { url, functions } of found.result)
      for (const { functionName, ranges } of functions) {
        const [all] = ranges;
        if (all !== undefined && all.count > 0 && !url.startsWith('node:'))
          calls.set(`${functionName}@${all.startOffset}`, all.count);
      }
  });
  session.post('Profiler.stopPreciseCoverage');
  session.disconnect();
  return calls;
}

/** Objects, strings, look-ups and numbers, as our programs have them. */
function yardstick(): void {
  const seen = new Map<string, { count: number; next: object | undefined }>();
  let last: object | undefined;
  let sum = 0;
  for (let i = 0; i < 60_000; i++) {
    const name = `name${(i * 7919) % 5003}`;
    const one = seen.get(name) ?? { count: 0, next: last };
    one.count += i & 15;
    last = one;
    seen.set(name, one);
    for (let j = 0; j < 40; j++) sum = (sum * 31 + j + one.count) | 0;
  }
  assert.ok(seen.size === 5003 && Number.isInteger(sum));
}
