import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { sourceFile } from '../../base/source.ts';
import { startRun } from '../run-start.ts';
import { finish, planOf, scenarioText } from '../testing.ts';

test('seeds', () => {
  const text = readFileSync('/tmp/wsksmple.c', 'utf8');
  const scenario = scenarioText(`
unloadAfterMs: 200
peers:
  - name: a
    connect: 127.0.0.1:40007
    afterMs: 10
    steps: [ { send: x }, { expect: x }, { send: {text: hello, repeat: 1000} }, { expect: {text: hello, repeat: 1000} }, { close: fin }, { expectClose: fin } ]
  - name: b
    connect: 127.0.0.1:40007
    afterMs: 10
    steps: [ { send: yy }, { expect: yy }, { close: fin }, { expectClose: fin } ]
`);
  for (let seed = 1; seed <= 40; seed++) {
    const start = startRun(planOf([sourceFile('wsksmple.c', text)], { scenario, seed, statementsMax: 2_000_000 }));
    if (start.kind !== 'ready') throw new Error('no');
    try {
      const r = finish(start.run);
      console.log(
        seed,
        r.outcome,
        r.statements,
        r.findings.map((f) => `${f.rule}: ${f.message.slice(0, 150)}`).join(' | '),
      );
    } catch (e) {
      console.log(seed, 'THROW', (e as Error).stack?.split('\n').slice(0, 4).join(' / '));
    }
  }
});
