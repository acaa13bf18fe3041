// Back in time: step back, reverse continue, with what was changed by hand, printed and counted on the way.
import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { launched, lineOf, listen, type Session, type Standing, stoppedAt } from './driver.ts';

const firstLine = 'PREQUEST request = (PREQUEST)Context;';
const line = (text: string): number => lineOf(listen, text);

function write(t: TestContext, name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'wsk-back-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const back = (session: Session, from: Standing): Promise<Standing> =>
  session.until('stepBack', { threadId: from.threadId });

test('step back undoes steps, one by one, and then leads to the thread that ran before', async (t) => {
  const { session, standing } = await stoppedAt(t, { program: listen }, listen, firstLine);
  const second = await session.until('next', { threadId: standing.threadId });
  const third = await session.until('next', { threadId: second.threadId });
  const wasSecond = await back(session, third);
  assert.deepEqual([wasSecond.reason, wasSecond.stack], ['step', second.stack]);
  const wasFirst = await back(session, wasSecond);
  assert.deepEqual(wasFirst.stack, standing.stack);
  assert.equal(await session.evaluate('request', wasFirst.frameId), 'not set');
  const before = await back(session, wasFirst);
  assert.equal(before.stack[0], `WaitFor:${line('KeWaitForSingleObject(&Request->Done')}`);
  // The call that waits is one step, forwards and backwards.
  const called = await back(session, before);
  assert.equal(called.stack[0], `CreateListeningSocket:${line('status = WaitFor(&Target->Step);')}`);
  const sent = await back(session, called);
  assert.equal(sent.stack[0], `CreateListeningSocket:${line('Provider.Dispatch->WskSocket(')}`);
});

test('forwards again it is the same run, and no line is printed twice', async (t) => {
  const { session, standing } = await stoppedAt(
    t,
    { program: listen },
    listen,
    'DriverObject->DriverUnload = ListenUnload;',
  );
  const before = await back(session, standing);
  const first = await session.until('reverseContinue', { threadId: before.threadId });
  assert.deepEqual([first.reason, first.stack.length], ['entry', 1]);
  const again = await session.until('continue', { threadId: first.threadId });
  assert.deepEqual([again.reason, again.stack], ['breakpoint', standing.stack]);
  assert.equal((await session.until('continue', { threadId: 1 })).reason, 'terminated');
  const printed = session.output('stdout').trim().split('\n');
  assert.deepEqual([printed.length, new Set(printed).size], [5, 5]);
});

test('reverse continue finds the last breakpoint before, with conditions and hit counts', async (t) => {
  const program = write(
    t,
    'loop.c',
    'int main(void)\n{\n    int sum = 0;\n    for (int i = 0; i < 20; i++)\n        sum += i;\n    return sum;\n}\n',
  );
  const { session, standing } = await stoppedAt(t, { program, entry: 'main' }, program, { line: 6 });
  await session.breakAt(program, { line: 5, condition: 'i % 5 == 0' });
  const reverse = (from: Standing): Promise<Standing> => session.until('reverseContinue', { threadId: from.threadId });
  const last = await reverse(standing);
  assert.deepEqual([last.reason, await session.evaluate('i', last.frameId)], ['breakpoint', '15 (0xF)']);
  const earlier = await reverse(last);
  assert.equal(await session.evaluate('i', earlier.frameId), '10 (0xA)');
  await session.breakAt(program, { line: 5, hitCondition: '3' });
  const third = await reverse(earlier);
  assert.equal(await session.evaluate('i', third.frameId), '2');
  const entry = await reverse(third);
  assert.deepEqual([entry.reason, entry.stack], ['entry', ['main:3']]);
  const start = await back(session, entry);
  assert.deepEqual([start.reason, start.stack], ['entry', ['main:3']]);
  const forward = await session.until('continue', { threadId: start.threadId });
  assert.equal(await session.evaluate('i', forward.frameId), '2');
});

test('what was changed by hand stays changed', async (t) => {
  const program = write(
    t,
    'edit.c',
    'int main(void)\n{\n    int a = 1;\n    a += 1;\n    a += 1;\n    a += 1;\n    return a;\n}\n',
  );
  const { session, standing } = await stoppedAt(t, { program, entry: 'main' }, program, { line: 5 });
  assert.equal(await session.evaluate('a = 50', standing.frameId, 'repl'), '50 (0x32)');
  const step = await session.until('next', { threadId: 1 });
  const last = await session.until('next', { threadId: 1 });
  assert.equal(await session.evaluate('a', last.frameId), '52 (0x34)');
  const wasStep = await back(session, last);
  assert.deepEqual(wasStep.stack, step.stack);
  assert.equal(await session.evaluate('a', wasStep.frameId), '51 (0x33)');
  const wasStart = await back(session, wasStep);
  assert.equal(await session.evaluate('a', wasStart.frameId), '50 (0x32)');
  const earlier = await back(session, wasStart);
  assert.equal(await session.evaluate('a', earlier.frameId), '1');
});

test('step back from a crash stands before the statement that crashed', async (t) => {
  const program = write(
    t,
    'null.c',
    'int main(void)\n{\n    char *p = (char *)0;\n    int n = 3;\n    return *p + n;\n}\n',
  );
  const session = await launched(t, { program, entry: 'main' });
  const crash = await session.until('configurationDone');
  assert.equal(crash.reason, 'exception');
  const before = await back(session, crash);
  assert.ok(['main:5', 'main:4'].includes(before.stack[0] ?? ''), before.stack[0]);
  const again = await session.until('continue', { threadId: before.threadId });
  assert.equal(again.reason, 'exception');
});

test('a long way back can be given up with pause', async (t) => {
  const program = write(
    t,
    'long.c',
    'int main(void)\n{\n    unsigned n = 0;\n    while (n < 30000000) n++;\n    return 0;\n}\n',
  );
  const { session, standing } = await stoppedAt(t, { program, entry: 'main' }, program, { line: 5 });
  await session.ask('reverseContinue', { threadId: standing.threadId });
  const paused = await session.until('pause', { threadId: standing.threadId });
  assert.equal(paused.reason, 'pause');
  assert.deepEqual(paused.stack, standing.stack);
  const before = await back(session, paused);
  assert.equal(before.stack[0], 'main:4');
});

test('who goes back when the driver has ended is told how to look at its end', async (t) => {
  const { session, standing } = await stoppedAt(t, { program: listen }, listen, firstLine);
  await session.breakAt(listen);
  const ended = await session.until('continue', { threadId: standing.threadId });
  assert.equal(ended.reason, 'terminated');
  for (const command of ['stepBack', 'reverseContinue']) {
    const { success, body } = await session.send(command, { threadId: standing.threadId });
    assert.equal(success, false);
    const { error } = body as {
      readonly error: { readonly format: string; readonly variables?: object; readonly showUser?: boolean };
    };
    assert.match(
      `${error.format} ${JSON.stringify(error.variables)}`,
      /has ended\. To look back from its end, start it again with a breakpoint/,
    );
    assert.equal(error.showUser, true);
  }
});
