// Going back needs a run that does not change when it is looked at: stopping at every statement gives the same trace. And
// wherever a journey arrives, by way of checkpoints or from the beginning, the run is the one that goes there straight.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Run } from '../../emulator/index.ts';
import { fileAt, planOf, readyRun, root, scenarioText } from '../../emulator/testing.ts';
import { debuggeeSession, eventsOf, seen, straightTo, threadOf } from '../testing.ts';

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

test('each step back and each breakpoint before is where a run that goes there straight stands', async () => {
  const { debuggee, breakAt, until } = debuggeeSession(plan, echo);
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
    assert.equal(
      seen(debuggee.run),
      seen(straightTo(readyRun(plan), debuggee.run.statements)),
      `${kind} from ${before}`,
    );
  }
  breakAt();
  assert.equal(await until(() => debuggee.goOn()), 'ended');
  const straight = readyRun(plan);
  atOnce(straight);
  assert.equal(eventsOf(debuggee.run), eventsOf(straight));
});

test('whoever gives up stands where he stood, and goes on from there', async () => {
  const { debuggee, breakAt, until } = debuggeeSession(plan, echo);
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
  const { debuggee, breakAt, until } = debuggeeSession(plan, echo);
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

test('what was changed by hand later than where a journey ends is told of, and is as it was', async () => {
  const { debuggee, breakAt, until, messages } = debuggeeSession(plan, echo);
  breakAt(sends);
  let stop = await until(() => debuggee.begin({ stopsOnEntry: false }));
  const frame = (): number | undefined => debuggee.run.frames(threadOf(stop))[0]?.id;
  const bytes = (): unknown => {
    const found = debuggee.run.evaluate('Server.BytesEchoed', frame());
    return 'value' in found ? found.value.text : found;
  };
  const [before, statements] = [bytes(), debuggee.run.statements];
  for (const value of ['77', '78']) assert.ok('value' in debuggee.assign('Server.BytesEchoed', value, frame()));
  stop = await until(() => debuggee.step('over', threadOf(stop)));
  stop = await until(() => debuggee.goBack('step', threadOf(stop)));
  assert.deepEqual([bytes(), debuggee.run.statements, messages], ['78 (0x4E)', statements, []], 'it is changed there');
  stop = await until(() => debuggee.goBack('step', threadOf(stop)));
  assert.deepEqual(messages, [
    'Changed by hand later than here, and no longer: Server.BytesEchoed = 78. Change it again when the run is there.',
  ]);
  stop = await until(() => debuggee.step('over', threadOf(stop)));
  assert.deepEqual([bytes(), debuggee.run.statements], [before, statements]);
  stop = await until(() => debuggee.goBack('step', threadOf(stop)));
  assert.equal(messages.length, 1, 'it is told once');
});
