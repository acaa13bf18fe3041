// A bridged driver under the debugger: clients wait while it stands, time travel touches no socket, terminate unloads.
import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { root } from './adapter.ts';
import { launched, type Session, type Standing } from './driver.ts';

const keeper = path.join(root, 'test/cli/drivers/keeper.c');
const looked = 'NTSTATUS status = Connection->Irp->IoStatus.Status;';
const waitMs = 20_000;

async function until<T>(look: () => T | undefined, what: string): Promise<T> {
  for (const begun = performance.now(); performance.now() - begun < waitMs; ) {
    const found = look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`no ${what}`);
}

/** A session whose driver listens, and the real port that stands for its own. */
async function bridged(t: TestContext): Promise<{ readonly session: Session; readonly port: number }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'wsk-bridge-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const scenario = path.join(folder, 'bridge.wsk.yaml');
  writeFileSync(scenario, 'network: { bridge: true }\n');
  const session = await launched(t, { program: keeper, scenario });
  await session.ask('configurationDone');
  const port = await until(
    () => /port 40007 of the driver is 127\.0\.0\.1:(\d+)/.exec(session.output('console'))?.[1],
    'port',
  );
  return { session, port: Number(port) };
}

async function client(t: TestContext, port: number): Promise<{ readonly socket: Socket; readonly got: () => string }> {
  let got = '';
  const socket = connect({ host: '127.0.0.1', port });
  t.after(() => socket.destroy());
  socket.on('data', (bytes) => {
    got += bytes.toString();
  });
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('connect', resolve));
  return { socket, got: () => got };
}

const stopped = async (session: Session): Promise<number> => {
  const event = await session.next('stopped', 'terminated');
  assert.equal(event.event, 'stopped');
  return event.body.threadId as number;
};

test('clients wait at a breakpoint; a journey back in time sends nothing twice; terminate unloads', async (t) => {
  const { session, port } = await bridged(t);
  const { socket, got } = await client(t, port);
  socket.write('a');
  await until(() => (got() === 'a' ? true : undefined), 'answer');
  await session.breakAt(keeper, looked);
  socket.write('b');
  const threadId = await stopped(session);
  assert.equal(got(), 'a', 'the driver stands');
  const back: Standing = await session.until('stepBack', { threadId });
  assert.equal(back.reason, 'step');
  const again = await session.until('continue', { threadId: back.threadId });
  assert.equal(again.reason, 'breakpoint');
  assert.equal(await session.evaluate('Connection->Byte', again.frameId), "98 'b'");
  const first = await session.until('reverseContinue', { threadId: again.threadId });
  assert.equal(first.reason, 'breakpoint');
  await session.ask('setBreakpoints', { source: { path: keeper }, breakpoints: [] });
  await session.ask('continue', { threadId: first.threadId });
  await until(() => (got() === 'ab' ? true : undefined), 'second answer');
  socket.write('c');
  await until(() => (got() === 'abc' ? true : undefined), 'third answer');
  socket.end();
  await session.ask('terminate');
  assert.equal((await session.next('terminated')).event, 'terminated');
  assert.match(session.output('console'), /Clean: /);
});

test('a driver that waits for clients can be paused; its port goes with the session', async (t) => {
  const { session, port } = await bridged(t);
  await session.ask('pause', { threadId: 1 });
  const threadId = await stopped(session);
  const { socket, got } = await client(t, port);
  socket.write('x');
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(got(), '');
  await session.ask('continue', { threadId });
  await until(() => (got() === 'x' ? true : undefined), 'answer');
  await session.ask('terminate');
  // The client stays, so that the unload waits: the second time the run just ends.
  await session.ask('terminate');
  await session.next('terminated');
  await session.ask('disconnect');
  await session.exited;
});
