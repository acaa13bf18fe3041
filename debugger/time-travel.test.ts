// Going back needs a run that does not change when it is looked at: stopping at every statement gives the same trace. And
// wherever a journey arrives, by way of checkpoints or from the beginning, the run is the one that goes there straight.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Run } from '../emulator/index.ts';
import { fileAt, planOf, readyRun, root, scenarioText } from '../emulator/testing.ts';
import { createBreakpoints } from './breakpoints.ts';
import { createDebuggee, type Debuggee } from './debuggee.ts';
import type { Stop } from './standing.ts';

const listen = fileAt('samples/listen/listen.c');
const echo = fileAt('samples/echo/echo.c');
const clients = scenarioText(readFileSync(join(root, 'samples/echo/clients.wsk.yaml'), 'utf8'));

function atOnce(run: Run): void {
  while (run.advance(1_000_000).kind !== 'ended');
}

function inPieces(run: Run): void {
  while (run.advance(3).kind !== 'ended');
}

function stopping(run: Run): void {
  do run.requestPause();
  while (run.advance(50_000).kind !== 'ended');
}

const eventsOf = (run: Run): string =>
  JSON.stringify(run.trace(0).map(({ span, ...event }) => ({ ...event, at: span?.start })));

test('a run in pieces, and one that stops before every statement, give the same events', () => {
  for (const seed of [undefined, 1]) {
    const [whole, ...others] = [atOnce, inPieces, stopping].map((go) => {
      const run = readyRun(planOf([listen], { seed }));
      go(run);
      return eventsOf(run);
    });
    for (const other of others) assert.equal(other, whole, `seed ${seed}`);
  }
});

const late = 'DbgPrint("echo: unloaded';
const sends = '->WskSend(connection->Socket';

const plan = planOf([echo], { scenario: clients, hasDebugger: true });

interface Session {
  readonly debuggee: Debuggee;
  readonly breakAt: (...texts: readonly string[]) => void;
  /** Does something, and waits until the driver stands or has ended. */
  until(go: () => void): Promise<Stop | 'ended'>;
}

function session(): Session {
  let wake: (stop: Stop | 'ended') => void = () => {};
  const breakpoints = createBreakpoints();
  const place = (run: Run): void => breakpoints.place(run, () => echo);
  const debuggee = createDebuggee({
    run: readyRun(plan),
    again: () => readyRun(plan),
    place,
    breakpoints,
    stopsAt: () => false,
    later: setImmediate,
    listen: (event) => {
      if (event.kind === 'failed') throw event.error;
      if (event.kind === 'stopped') wake(event.stop);
      if (event.kind === 'ended') wake('ended');
    },
  });
  return {
    debuggee,
    breakAt(...texts) {
      const wanted = texts.map((text) => {
        const line = echo.text.split('\n').findIndex((one) => one.includes(text));
        assert.ok(line >= 0, text);
        return { at: { line }, condition: undefined, hitCondition: undefined, logMessage: undefined };
      });
      breakpoints.replace(echo.path, wanted);
      place(debuggee.run);
    },
    until: (go) =>
      new Promise((resolve) => {
        wake = resolve;
        go();
      }),
  };
}

/** What can be seen of a run that stands. */
function seen(run: Run): string {
  const threads = run.threads();
  const frames = threads.map(({ id }) => run.frames(id).map(({ name, span }) => [name, span?.start]));
  const values = threads.flatMap(({ id }) => {
    const top = run.frames(id)[0]?.id;
    return top === undefined
      ? []
      : run.scopes(top).map((scope) => scope.values().map(({ name, text }) => [name, text]));
  });
  const irps = run.irps().map(({ id, state, history }) => [id, state, history.length]);
  return JSON.stringify([run.statements, threads, frames, values, irps, eventsOf(run)]);
}

/** Another run, which has gone straight to where one stands. */
function straightTo(statements: number): Run {
  const run = readyRun(plan);
  while (run.statements < statements) run.advance(statements - run.statements);
  run.requestPause();
  while (run.advance(1000).kind !== 'paused');
  return run;
}

const threadOf = (stop: Stop | 'ended'): number => (stop === 'ended' ? 0 : stop.threadId);

test('each step back and each breakpoint before is where a run that goes there straight stands', async () => {
  const { debuggee, breakAt, until } = session();
  const reached: number[] = [];
  breakAt(sends, late);
  let stop = await until(() => debuggee.begin({ stopsOnEntry: false }));
  for (; debuggee.run.frames(threadOf(stop))[0]?.name !== 'EchoUnload'; stop = await until(() => debuggee.goOn()))
    reached.push(debuggee.run.statements);
  breakAt(sends);
  for (const kind of ['step', 'step', 'continue', 'step', 'continue', 'continue', 'step', 'step'] as const) {
    const before = debuggee.run.statements;
    stop = await until(() => debuggee.goBack(kind, threadOf(stop)));
    const after = debuggee.run.statements;
    assert.ok(after < before, `${kind} from ${before}`);
    if (kind === 'continue')
      assert.equal(
        after,
        reached.findLast((at) => at < before),
      );
    assert.equal(seen(debuggee.run), seen(straightTo(debuggee.run.statements)), `${kind} from ${before}`);
  }
  breakAt();
  assert.equal(await until(() => debuggee.goOn()), 'ended');
  const straight = readyRun(plan);
  atOnce(straight);
  assert.equal(eventsOf(debuggee.run), eventsOf(straight));
});

test('whoever gives up stands where he stood, and goes on from there', async () => {
  const { debuggee, breakAt, until } = session();
  breakAt(late);
  let stop = await until(() => debuggee.begin({ stopsOnEntry: false }));
  stop = await until(() => debuggee.goBack('step', threadOf(stop)));
  const stood = seen(debuggee.run);
  const given = await until(() => {
    debuggee.goBack('continue', threadOf(stop));
    // It is on its way through an earlier part of the same run.
    setImmediate(() => debuggee.pause());
  });
  assert.equal(given === 'ended' ? given : given.why.kind, 'pause');
  assert.equal(seen(debuggee.run), stood);
  breakAt();
  assert.equal(await until(() => debuggee.goOn()), 'ended');
  const straight = readyRun(plan);
  atOnce(straight);
  assert.equal(eventsOf(debuggee.run), eventsOf(straight));
});

test('a value that was changed before a checkpoint is changed once', async () => {
  const { debuggee, breakAt, until } = session();
  breakAt(sends);
  let stop = await until(() => debuggee.begin({ stopsOnEntry: false }));
  const frame = (): number | undefined => debuggee.run.frames(threadOf(stop))[0]?.id;
  assert.ok(
    'value' in debuggee.assign('Server.BytesEchoed', 'Server.BytesEchoed + 1', frame()),
    'a global of the sample',
  );
  const changed = seen(debuggee.run);
  stop = await until(() => debuggee.step('over', threadOf(stop)));
  const after = seen(debuggee.run);
  for (let times = 0; times < 3; times++) {
    stop = await until(() => debuggee.goBack('step', threadOf(stop)));
    assert.equal(seen(debuggee.run), changed);
    stop = await until(() => debuggee.step('over', threadOf(stop)));
    assert.equal(seen(debuggee.run), after);
  }
});
