// A function begun again by going back in the recorded run, and a thread that goes on at another statement.
import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { DebugProtocol as Dap } from '@vscode/debugprotocol';
import { lineOf, listen, type Session, type Standing, stoppedAt } from './driver.ts';

const text = `int total;

int add(int n)
{
    do {
        total += n;
        n--;
    } while (n > 0);
    return total;
}

int main(void)
{
    int a = add(3) + add(2);
    a += add(1);
    total = 0;
    return a;
}
`;

function program(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'wsk-restart-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'main.c');
  writeFileSync(path, text);
  return path;
}

const restart = (session: Session, frame: Dap.StackFrame | undefined): Promise<Standing> =>
  session.until('restartFrame', { frameId: frame?.id });

test('a frame begins again where its own call began, not an earlier one, with everything as it was', async (t) => {
  const path = program(t);
  const { session, standing } = await stoppedAt(t, { program: path, entry: 'main' }, path, { line: 9 });
  const second = await session.until('continue', { threadId: standing.threadId });
  assert.equal(await session.evaluate('total', second.frameId), '9');
  await session.breakAt(path);
  const begun = await restart(session, second.frames[0]);
  assert.deepEqual([begun.reason, begun.stack], ['restart', ['add:6', 'main:14']]);
  assert.equal(await session.evaluate('total', begun.frameId), '6');
  assert.equal(await session.evaluate('n', begun.frameId), '2');
  const again = await restart(session, begun.frames[0]);
  assert.deepEqual([again.reason, again.stack], ['restart', ['add:6', 'main:14']]);
  assert.equal(await session.evaluate('total', again.frameId), '6');
  const caller = await restart(session, again.frames[1]);
  assert.deepEqual([caller.reason, caller.stack], ['restart', ['main:14']]);
  assert.equal(await session.evaluate('total', caller.frameId), '0');
  const end = await session.until('continue', { threadId: caller.threadId });
  assert.equal(end.reason, 'terminated');
  assert.match(session.output('console'), /25/);
});

test('a completion routine begins again; what has returned, or is the kernel’s, can not', async (t) => {
  const { session, standing } = await stoppedAt(t, { program: listen }, listen, 'KeSetEvent(&request->Done');
  const begun = await restart(session, standing.frames[0]);
  assert.equal(
    begun.stack[0],
    `${standing.frames[0]?.name}:${lineOf(listen, 'PREQUEST request = (PREQUEST)Context;')}`,
  );
  assert.deepEqual(
    begun.frames.map(({ canRestart }) => canRestart ?? false),
    begun.frames.map(({ name }) => name === begun.frames[0]?.name),
  );
  const past = begun.frames.find(({ canRestart, line }) => canRestart !== true && line > 0);
  const refused = await session.send('restartFrame', { frameId: past?.id });
  assert.equal(refused.success, false);
  assert.match(refused.message ?? '', /has not returned/);
});

const targets = async (session: Session, path: string, line: number): Promise<readonly Dap.GotoTarget[]> =>
  (await session.ask<Dap.GotoTargetsResponse['body']>('gotoTargets', { source: { path }, line })).targets;

test('a thread goes on at another statement; going back and forth in time keeps that', async (t) => {
  const path = program(t);
  const { session, standing } = await stoppedAt(t, { program: path, entry: 'main' }, path, { line: 15 });
  const [target] = await targets(session, path, 17);
  assert.deepEqual([target?.label, target?.line], ['return a;', 17]);
  const there = await session.until('goto', { threadId: standing.threadId, targetId: target?.id });
  assert.deepEqual([there.reason, there.stack], ['goto', ['main:17']]);
  const before = await session.until('stepBack', { threadId: there.threadId });
  assert.equal(before.stack[0], 'main:14');
  const forth = await session.until('next', { threadId: before.threadId });
  assert.equal(forth.stack[0], 'main:15', 'what was done by hand at a later moment is undone');
  const again = await session.until('goto', { threadId: forth.threadId, targetId: target?.id });
  const end = await session.until('next', { threadId: again.threadId });
  assert.equal(end.reason, 'terminated');
});

test('a frame that was left for another line by its first statement begins at that statement again', async (t) => {
  const path = program(t);
  const { session, standing } = await stoppedAt(t, { program: path, entry: 'main' }, path, { line: 14 });
  const [target] = await targets(session, path, 17);
  const there = await session.until('goto', { threadId: standing.threadId, targetId: target?.id });
  assert.deepEqual(there.stack, ['main:17']);
  const begun = await restart(session, there.frames[0]);
  assert.deepEqual([begun.reason, begun.stack], ['restart', ['main:14']]);
  const next = await session.until('next', { threadId: begun.threadId });
  assert.equal(next.stack[0], 'main:15');
});

test('a step back from behind a jump passes it again', async (t) => {
  const path = program(t);
  const { session, standing } = await stoppedAt(t, { program: path, entry: 'main' }, path, { line: 15 });
  const [target] = await targets(session, path, 16);
  await session.until('goto', { threadId: standing.threadId, targetId: target?.id });
  const last = await session.until('next', { threadId: standing.threadId });
  assert.equal(last.stack[0], 'main:17');
  const back = await session.until('stepBack', { threadId: standing.threadId });
  assert.equal(back.stack[0], 'main:16');
});

test('what is no place to go on at is said', async (t) => {
  const path = program(t);
  const { session, standing } = await stoppedAt(t, { program: path, entry: 'main' }, path, { line: 15 });
  assert.deepEqual(await targets(session, join(path, '..', 'other.c'), 3), []);
  const [other] = await targets(session, path, 9);
  const refused = await session.send('goto', { threadId: standing.threadId, targetId: other?.id });
  assert.equal(refused.message, "It can't go on there: it is in another function than the thread.");
  const unknown = await session.send('goto', { threadId: standing.threadId, targetId: 99 });
  assert.match(unknown.message ?? '', /not known/);
});
