/**
 * One seed gives one trace: a driver with several connections on a lossy wire runs again and again, and the hash of its
 * trace stays the same. WSK_REPEATS=1000 asks for more repeats than the tests take time for.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { traceLine } from './sim/index.ts';
import { fileAt, finish, planOf, readyRun, scenarioText } from './testing.ts';

const REPEATS = Number(process.env.WSK_REPEATS ?? 20);

const driver = fileAt('test/bench/programs/echo.c');
const scenario = scenarioText(`
network: { seed: 3, lossPercent: 5, jitterUs: 2000, reorderPercent: 5 }
peers:
${['a', 'b', 'c'].map(peer).join('\n')}
`);

function peer(name: string): string {
  const echo = (text: string): string => `      - send: "${text}"\n      - expect: "${text}"`;
  return `  - name: ${name}\n    connect: 127.0.0.1:40007\n    steps:\n${echo(`one ${name}`)}\n${echo(`two ${name}`)}\n      - close: fin`;
}

function traceHash(seed: number | undefined): string {
  const run = readyRun(planOf([driver], { scenario, seed }));
  const result = finish(run);
  assert.deepEqual(
    result.findings.map(({ message }) => message),
    [],
  );
  assert.ok(result.completions > 6, 'every message was sent back');
  const names = { path: () => 'echo.c', status: (code: number) => run.statusName(code) };
  const hash = createHash('sha256');
  for (const event of run.trace(0)) hash.update(`${traceLine(event, names)}\n`);
  return hash.digest('hex');
}

for (const seed of [undefined, 11]) {
  test(`${REPEATS} runs ${seed === undefined ? 'without a seed' : `with seed ${seed}`} give one trace`, () => {
    const hashes = new Set<string>();
    for (let i = 0; i < REPEATS; i++) hashes.add(traceHash(seed));
    assert.equal(hashes.size, 1);
  });
}

test('another seed gives another trace', () => {
  assert.notEqual(traceHash(11), traceHash(12));
});
