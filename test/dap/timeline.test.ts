// The timeline for the client's picture, and going to a moment of it: back, forward again, and where nothing is.
import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ProtocolStep, TimelineResponse } from '../../debugger/protocol.ts';
import { root } from './adapter.ts';
import { lineOf, listen, type Session, stoppedAt } from './driver.ts';

const freed = 'IoFreeIrp(Irp);';
const timeline = (session: Session): Promise<TimelineResponse> => session.ask<TimelineResponse>('wsk/timeline');
const goTo = (session: Session, { statements, place }: ProtocolStep) =>
  session.until('wsk/goToMoment', { statements, place });

async function atSecond(t: TestContext) {
  const { session, standing } = await stoppedAt(t, { program: listen }, listen, freed);
  const second = await session.until('continue', { threadId: standing.threadId });
  const { steps } = await timeline(session);
  const step = (kind: string, irp: number): ProtocolStep => {
    const found = steps.find((one) => one.kind === kind && one.irp === irp);
    assert.ok(found !== undefined, `${kind} of IRP #${irp}`);
    return found;
  };
  return { session, second, steps, step };
}

test('each event has its IRP, its words, its line and where the run stands before it', async (t) => {
  const { steps, step } = await atSecond(t);
  const sent = step('irp-sent', 2);
  assert.equal(sent.text, `IRP #2 → WskSocket on WSK (listen.c:${sent.place?.line})`);
  assert.match(sent.line, /^0\.000 ms {2}DriverEntry {2}PASSIVE {2}IRP #2 → WskSocket/);
  assert.equal(sent.place?.line, lineOf(listen, 'Provider.Dispatch->WskSocket('));
  assert.equal(step('irp-completed', 2).status, 0);
  assert.ok(steps.every(({ sequence }, i) => i === 0 || sequence > (steps[i - 1]?.sequence ?? 0)));
});

test('back to an event is before the statement that causes it, and forward again it is the same run', async (t) => {
  const { session, second, steps, step } = await atSecond(t);
  const back = await goTo(session, step('irp-sent', 2));
  assert.equal(back.reason, 'goto');
  assert.equal(back.stack[0], `CreateListeningSocket:${lineOf(listen, 'Provider.Dispatch->WskSocket(')}`);
  const there = await timeline(session);
  assert.deepEqual([there.place, there.steps.at(-1)], [step('irp-sent', 2).place, step('irp-allocated', 2)]);
  const routine = await goTo(session, step('completion-routine', 3));
  assert.equal(routine.stack[0], `RequestComplete:${lineOf(listen, 'PREQUEST request = (PREQUEST)Context;')}`);
  const again = await session.until('continue', { threadId: routine.threadId });
  assert.deepEqual(again.stack, second.stack);
  assert.deepEqual((await timeline(session)).steps, steps);
});

test('where no statement is, the driver stands where it stood', async (t) => {
  const { session, second } = await atSecond(t);
  const stood = await session.until('wsk/goToMoment', { statements: 1_000_000 });
  assert.deepEqual(stood.stack, second.stack);
  assert.equal((await session.until('continue', { threadId: 1 })).reason, 'breakpoint');
});

test('a changed value counts as a change until the run is before it', async (t) => {
  const { session, second, step } = await atSecond(t);
  await session.evaluate('Irp->IoStatus.Information = 5', second.frameId, 'repl');
  assert.equal((await timeline(session)).changes, 1);
  await goTo(session, step('irp-sent', 2));
  assert.equal((await timeline(session)).changes, 0);
});

test('the statement that an event is part of may have called other functions first', async (t) => {
  const echo = join(root, 'samples/echo/echo.c');
  const scenario = join(root, 'samples/echo/clients.wsk.yaml');
  const { session } = await stoppedAt(t, { program: echo, scenario }, echo, {
    line: lineOf(echo, 'EchoUnload(PDRIVER_OBJECT') + 1,
  });
  const { steps } = await timeline(session);
  const sends = steps.filter(({ text }) => text.includes('→ WskSend '));
  assert.ok(sends.length > 2);
  for (const send of sends) {
    const there = await goTo(session, send);
    assert.match(there.stack[0] ?? '', new RegExp(`:${send.place?.line}$`));
    const { steps: before, place } = await timeline(session);
    assert.deepEqual([before, place], [steps.slice(0, steps.indexOf(send)), send.place]);
  }
});
