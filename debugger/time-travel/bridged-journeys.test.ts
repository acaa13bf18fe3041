// Back in time in a run that somebody outside takes part in: what came from there comes again from the record, from
// whatever checkpoint the journey begins at; nobody outside is asked for it a second time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Advance, type Run, type RunEvent, recordOf } from '../../emulator/index.ts';
import { fileAt, planOf, readyRun, scenarioText } from '../../emulator/testing.ts';
import { type DebuggeeSession, debuggeeSession, seen, straightTo, threadOf } from '../testing.ts';

const keeper = fileAt('test/cli/drivers/keeper.c');
const scenario = scenarioText('network: { bridge: true }');
const plan = planOf([keeper], { scenario, outside: { recorded: [], isLive: true }, hasDebugger: true });
const looked = 'NTSTATUS status = Connection->Irp->IoStatus.Status;';

const bytes = (text: string): RunEvent => ({ kind: 'bytes', channel: 1, bytes: new TextEncoder().encode(text) });
const conversation: readonly RunEvent[] = [
  { kind: 'open', channel: 1, from: { host: '127.0.0.1', port: 50_001 }, to: { host: '127.0.0.1', port: 40_007 } },
  bytes('a'),
  bytes('b'),
  bytes('cd'),
  { kind: 'end', channel: 1 },
  { kind: 'unload' },
];

interface Talk extends DebuggeeSession {
  /** Orders that the run gave for the first time. */
  readonly performed: () => number;
}

/** A client that says the next thing whenever the driver waits for one. */
function talk(): Talk {
  let coming = [...conversation];
  let performed = 0;
  const after = (run: Run, advance: Advance): number | undefined => {
    const { first, orders } = run.outside?.takeOrders() ?? { first: 0, orders: [] };
    performed = Math.max(performed, first + orders.length);
    if (advance.kind !== 'waiting') return undefined;
    run.outside?.pass(advance.nowNs + 1_000_000, coming.splice(0, 1));
    return 0;
  };
  const giveBack = (events: readonly RunEvent[]): void => {
    coming = [...events, ...coming];
  };
  return { ...debuggeeSession(plan, keeper, { after, giveBack }), performed: () => performed };
}

/** Where the run of a talk stands, reached by a run that repeats its record from the beginning. */
function repeated({ outside, statements }: Run): Run {
  const run = readyRun({ ...plan, outside: { recorded: outside?.record() ?? [], isLive: true } });
  run.outside?.pass(outside?.limitNs ?? 0, []);
  return straightTo(run, statements);
}

const spoken = (run: Run): string =>
  recordOf(run.trace(0))
    .map(({ event }) => event.kind)
    .join(' ');

test('each moment before is where a run stands that repeats the record, and none begins anew after the first', async () => {
  const { debuggee, breakAt, until, begun } = talk();
  breakAt(looked);
  let stop = await until(() => debuggee.begin({ stopsOnEntry: false }));
  for (let more = 0; more < 3; more++) stop = await until(() => debuggee.goOn());
  assert.equal(spoken(debuggee.run), 'open bytes bytes');
  for (const kind of ['step', 'continue', 'step', 'step', 'continue', 'step'] as const) {
    const before = debuggee.run.statements;
    stop = await until(() => debuggee.goBack(kind, threadOf(stop)));
    assert.ok(debuggee.run.statements < before, `${kind} from ${before}`);
    assert.equal(seen(debuggee.run), seen(repeated(debuggee.run)), `${kind} from ${before}`);
  }
  assert.ok(begun() <= 1);
});

test('forwards again the run hears what it has heard, then what is new, and orders nothing twice', async () => {
  const straight = talk();
  assert.equal(await straight.until(() => straight.debuggee.begin({ stopsOnEntry: false })), 'ended');
  const { debuggee, breakAt, until, performed } = talk();
  breakAt(looked);
  let stop = await until(() => debuggee.begin({ stopsOnEntry: false }));
  stop = await until(() => debuggee.goOn());
  for (let times = 0; times < 2; times++) {
    stop = await until(() => debuggee.goBack('step', threadOf(stop)));
    stop = await until(() => debuggee.goBack('continue', threadOf(stop)));
    stop = await until(() => debuggee.goOn());
  }
  breakAt();
  assert.equal(await until(() => debuggee.goOn()), 'ended');
  assert.equal(spoken(debuggee.run), spoken(straight.debuggee.run));
  assert.equal(performed(), straight.performed());
});

test('whoever gives up a journey goes on with whoever is outside', async () => {
  const { debuggee, breakAt, until } = talk();
  breakAt(looked);
  let stop = await until(() => debuggee.begin({ stopsOnEntry: false }));
  stop = await until(() => debuggee.goOn());
  stop = await until(() => debuggee.goBack('step', threadOf(stop)));
  const stood = seen(debuggee.run);
  const given = await until(() => {
    debuggee.goBack('continue', threadOf(stop));
    setImmediate(() => debuggee.pause());
  });
  assert.equal(given === 'ended' ? given : given.why.kind, 'pause');
  assert.equal(seen(debuggee.run), stood);
  breakAt();
  assert.equal(await until(() => debuggee.goOn()), 'ended');
  assert.match(spoken(debuggee.run), /unload$/);
});
