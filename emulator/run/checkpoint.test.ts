/**
 * A run that is put back to a checkpoint goes on exactly as it did the first time, whatever has happened since: for the
 * samples, and for the drivers that check the system, one for each area of it.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sourceFile } from '../../base/source.ts';
import { defaultScenario, type Scenario } from '../scenario/scenario.ts';
import { fileAt, parseOptions, planOf, readyStart, root, scenarioText } from '../testing.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Run, RunPlan } from './types.ts';

const checkpoints = 6;

function scenarioAt(path: string): Scenario {
  const file = join(root, path);
  return existsSync(file) ? scenarioText(readFileSync(file, 'utf8')) : defaultScenario;
}

const areas = 'test/drivers/areas';
const include: typeof parseOptions.include = (request) => {
  const beside = join(root, areas, request.name);
  if (request.form === 'angled' || !existsSync(beside)) return parseOptions.include(request);
  return { kind: 'found', file: sourceFile(request.name, readFileSync(beside, 'utf8')), isSystem: false };
};

function areaPlan(name: string): RunPlan {
  const scenario = scenarioAt(`${areas}/${name}.wsk.yaml`);
  return planOf([fileAt(`${areas}/${name}.c`)], { scenario, parse: { ...parseOptions, include } });
}

const echo = planOf([fileAt('samples/echo/echo.c')], { scenario: scenarioAt('samples/echo/clients.wsk.yaml') });
const listen = planOf([fileAt('samples/listen/listen.c')], { scenario: scenarioAt('samples/listen/accept.wsk.yaml') });
const pulled = scenarioText(`
devices:
  - name: \\Device\\Port0
    pnp: true
    changes:
      - { what: stop, afterMs: 2 }
      - { what: restart, afterMs: 4 }
      - { what: surprise-removal, afterMs: 8 }
    answers:
      - { to: read, output: first }
      - { to: read, pends: true }
callers:
  - steps:
      - open: \\Device\\Port0
      - read: { length: 8 }
      - read: { length: 8, status: STATUS_NO_SUCH_DEVICE }
      - waitMs: 5
`);
const plans: readonly (readonly [string, RunPlan])[] = [
  ['listen', listen],
  ['listen-buggy', planOf([fileAt('samples/listen-buggy/listen-buggy.c')])],
  ['echo', echo],
  ['echo, otherwise', { ...echo, seed: 3 }],
  ['a device that is pulled out', planOf([fileAt('emulator/fixtures/port-function.c')], { scenario: pulled })],
  ...readdirSync(join(root, areas))
    .filter((name) => name.endsWith('.c'))
    .map((name): [string, RunPlan] => [name, areaPlan(name.slice(0, -2))]),
];

/** Everything that can be told of a run, once it has ended. */
function told(run: Run): string {
  while (run.advance(100_000).kind !== 'ended');
  const events = run.trace(0).map(({ span, ...event }) => ({ ...event, at: span?.start }));
  const { findings, ...result } = run.result();
  const found = findings.map(({ rule, message, span, path }) => [
    rule,
    message,
    span.start,
    path.map((s) => s.message),
  ]);
  const irps = run
    .irps()
    .map(({ state, status, information, history }) => [
      state,
      status?.name,
      information,
      history.map(({ what, statements }) => [what, statements]),
    ]);
  return JSON.stringify([events, found, result, irps, run.output(0), run.statements], (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}

for (const [name, plan] of plans) {
  test(`${name}: from each checkpoint a run ends as it ended at first`, () => {
    const { run: first, again } = readyStart(plan);
    const expected = told(first);
    const run = again();
    const taken: Checkpoint[] = [run.checkpoint(undefined)];
    const piece = Math.max(1, Math.ceil(first.statements / checkpoints));
    while (run.advance(piece).kind !== 'ended')
      if (taken.length < checkpoints) taken.push(run.checkpoint(taken.at(-1)));
    assert.equal(told(run), expected, 'taking checkpoints changes nothing');
    // Backwards, then forwards, each second one left half-way.
    for (const [i, checkpoint] of [...taken.toReversed(), ...taken].entries()) {
      run.putBack(checkpoint);
      if (i % 2 === 1) run.advance(piece * 2);
      else assert.equal(told(run), expected, `checkpoint ${i}`);
    }
  });
}
