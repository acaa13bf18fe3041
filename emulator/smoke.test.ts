import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { sourceFile } from '../base/source.ts';
import { finish, planOf, readyRun, scenarioText } from './testing.ts';

const file = sourceFile('wsksmple.c', readFileSync('/tmp/wsksmple.c', 'utf8'));
test('perf', () => {
  const steps = Array.from({ length: 3000 }, (_, i) => `{ send: m${i} }, { expect: m${i} }`).join(', ');
  const scenario = scenarioText(`unloadAfterMs: 100000\npeers: [{ connect: "127.0.0.1:40007", afterMs: 5, steps: [${steps}, { close: fin }, { expectClose: fin }] }]`);
  const run = readyRun(planOf([file], { scenario, statementsMax: 1e9 }));
  const t = Date.now();
  const r = finish(run);
  const ms = Date.now() - t;
  console.log(r.outcome, r.completions, ms, 'ms', Math.round(r.completions / ms * 1000), 'per s', r.statements, r.log.length);
  const leaks: string[] = [];
  const sc2 = scenarioText('unloadAfterMs: 100\npeers: [{ connect: "127.0.0.1:40007", afterMs: 5, steps: [{ send: hello }, { expect: hello }, { close: fin }, { expectClose: fin }] }]');
  for (let seed = 1; seed <= 200; seed++) {
    const { findings } = finish(readyRun(planOf([file], { scenario: sc2, seed })));
    if (findings.length) leaks.push(`${seed}:${findings.map((f) => f.rule)}`);
  }
  console.log(leaks.length, leaks.slice(0, 5));
});
