// Memory in the debugger: breakpoints at data, forwards and back, and bytes that are read and written.
import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { DebugProtocol as Dap } from '@vscode/debugprotocol';
import { isEvent, startAdapter } from './adapter.ts';
import { initializeArguments, listen, localsOf, type Session, type Standing, sessionOf, stoppedAt } from './driver.ts';

type Info = Dap.DataBreakpointInfoResponse['body'];
type Memory = NonNullable<Dap.ReadMemoryResponse['body']>;

function write(t: TestContext, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'wsk-memory-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'main.c'), text);
  return join(folder, 'main.c');
}

const program = [
  'struct pair { int low; int high; } pair;',
  'int *second = &pair.high;',
  'static void touch(int *where) { *where += 1; }',
  'int local(void)',
  '{',
  '    int n = 0;',
  '    touch(&n);',
  '    return n;',
  '}',
  'static int other(void) { int m = 5; touch(&m); return m; }',
  'int main(void)',
  '{',
  '    int kept = 7;',
  '    pair.low = 1;',
  '    *second = 2;',
  '    pair.low = 1;',
  '    for (int i = 0; i < 5; i++)',
  '        touch(second);',
  '    return local() + other() + kept;',
  '}',
  '',
].join('\n');

/** Where it stands: reason, top of the stack and what is said. */
const seen = ({ reason, stack, event }: Standing): readonly unknown[] => [reason, stack[0], event.description];

async function watching(session: Session, ids: readonly object[]): Promise<readonly Dap.Breakpoint[]> {
  const body = await session.ask<Dap.SetDataBreakpointsResponse['body']>('setDataBreakpoints', { breakpoints: ids });
  return body.breakpoints;
}

const info = (session: Session, args: object): Promise<Info> => session.ask('dataBreakpointInfo', args);

async function started(t: TestContext, ...places: readonly string[]) {
  const file = write(t, program);
  const { session, standing } = await stoppedAt(t, { program: file, entry: 'main' }, file, ...places);
  await session.breakAt(file);
  const go = (command: string): Promise<Standing> => session.until(command, { threadId: standing.threadId });
  return { session, standing, go };
}

test('a breakpoint at data stops behind what changes it, and only then', async (t) => {
  const { session, standing, go } = await started(t, 'int kept = 7;');
  const { dataId, description, accessTypes } = await info(session, { name: 'pair', frameId: standing.frameId });
  assert.deepEqual([description, accessTypes], ['pair', ['write']]);
  const [shown] = await watching(session, [{ dataId }]);
  assert.equal(shown?.verified, true);
  const low = await go('continue');
  assert.deepEqual(seen(low).slice(0, 2), ['data breakpoint', 'main:15']);
  assert.match(low.event.description ?? '', /^pair is now /);
  assert.deepEqual(low.event.hitBreakpointIds, [shown?.id]);
  assert.equal((await go('continue')).stack[0], 'main:16');
  // The same value again is no change: the next is in the call.
  const [high] = [await info(session, { name: 'pair.high', frameId: standing.frameId })];
  await watching(session, [{ dataId: high.dataId, condition: 'pair.high == 5' }]);
  const fifth = await go('continue');
  assert.deepEqual([fifth.reason, fifth.event.description], ['data breakpoint', 'pair.high is now 5']);
  await watching(session, []);
  assert.equal((await go('continue')).reason, 'terminated');
});

test('a bit-field is watched without its neighbours, and told with its own value', async (t) => {
  const file = write(
    t,
    'struct flags { int low : 3; unsigned high : 29; } flags;\nint main(void)\n{\n    flags.low = 1;\n    flags.high = 5;\n    flags.low = -2;\n    flags.high = 6;\n    return 0;\n}\n',
  );
  const { session, standing } = await stoppedAt(t, { program: file, entry: 'main' }, file, 'flags.low = 1;');
  await session.breakAt(file);
  const go = (): Promise<Standing> => session.until('continue', { threadId: standing.threadId });
  const [low, high] = [
    await info(session, { name: 'flags.low', frameId: standing.frameId }),
    await info(session, { name: 'flags.high', frameId: standing.frameId }),
  ];
  await watching(session, [{ dataId: high.dataId }]);
  assert.deepEqual(seen(await go()), ['data breakpoint', 'main:6', 'flags.high is now 5']);
  await watching(session, [{ dataId: low.dataId }]);
  assert.deepEqual(seen(await go()), ['data breakpoint', 'main:7', 'flags.low is now -2']);
  assert.equal((await go()).reason, 'terminated');
});

test('back in time it is where it was changed last', async (t) => {
  const { session, standing, go } = await started(t, 'return local()');
  const { dataId } = await info(session, { name: 'pair.low', frameId: standing.frameId });
  await watching(session, [{ dataId }]);
  const changed = await go('reverseContinue');
  assert.deepEqual(seen(changed), ['data breakpoint', 'main:15', 'pair.low is now 1']);
  assert.deepEqual(seen(await go('reverseContinue')).slice(0, 2), ['entry', 'main:13']);
  assert.deepEqual(seen(await go('continue')), ['data breakpoint', 'main:15', 'pair.low is now 1']);
});

test('steps go on over changes that do not stop, and a variable is watched until its function returns', async (t) => {
  const { session, standing, go } = await started(t, 'touch(&n);');
  const locals = await localsOf(session, standing.frameId);
  assert.deepEqual(
    locals.map(({ name }) => name),
    ['n'],
  );
  const { scopes } = await session.ask<Dap.ScopesResponse['body']>('scopes', { frameId: standing.frameId });
  const { dataId } = await info(session, { name: 'n', variablesReference: scopes[0]?.variablesReference });
  await watching(session, [{ dataId, condition: 'n == 9' }]);
  assert.deepEqual(seen(await go('next')).slice(0, 2), ['step', 'local:8']);
  await watching(session, [{ dataId }]);
  assert.equal((await go('continue')).reason, 'terminated');
});

test('what can not be watched is said', async (t) => {
  const { session, standing, go } = await started(t, 'pair.low = 1;');
  const kept = await info(session, { name: 'kept', frameId: standing.frameId });
  assert.equal(kept.dataId, null);
  assert.match(kept.description, /kept is kept in a register/);
  assert.equal((await info(session, { name: 'nobody', frameId: standing.frameId })).dataId, null);
  assert.match((await info(session, { name: 'x', asAddress: true })).description, /x is no address/);
  const [unknown] = await watching(session, [{ dataId: 'of another adapter' }]);
  assert.deepEqual([unknown?.verified, unknown?.message?.includes('set the breakpoint again')], [false, true]);
  assert.equal((await go('continue')).reason, 'terminated');
});

test('bytes are read and written by the address that a value names, and written again on the way back', async (t) => {
  const { session, standing, go } = await started(t, 'for (int i');
  const evaluated = await session.ask<Dap.EvaluateResponse['body']>('evaluate', {
    expression: 'second',
    frameId: standing.frameId,
  });
  const memoryReference = evaluated.memoryReference ?? '';
  const read = (more: object): Promise<Memory> => session.ask('readMemory', { memoryReference, ...more });
  const bytes = async (more: object): Promise<readonly number[]> => [
    ...Buffer.from((await read(more)).data ?? '', 'base64'),
  ];
  assert.deepEqual(await bytes({ offset: -4, count: 8 }), [1, 0, 0, 0, 2, 0, 0, 0]);
  const data = Buffer.from([40, 1]).toString('base64');
  assert.deepEqual(await session.ask('writeMemory', { memoryReference, data }), { bytesWritten: 2 });
  assert.equal(await session.evaluate('pair.high', standing.frameId), '296 (0x128)');
  await go('next');
  const before = await go('stepBack');
  assert.equal(await session.evaluate('pair.high', before.frameId), '296 (0x128)');
  const nothing = await session.ask<Memory>('readMemory', { memoryReference: '0x10', count: 16 });
  assert.deepEqual([nothing.data, nothing.unreadableBytes], ['', 16]);
  const refused = await session.send('readMemory', { memoryReference: 'here', count: 1 });
  assert.deepEqual([refused.success, refused.message], [false, 'here is no address.']);
});

test('what a completion writes into a structure of the driver stops the driver too', async (t) => {
  const { session, standing } = await stoppedAt(t, { program: listen }, listen, 'status = WaitFor(&Target->Step);');
  const found = await info(session, { name: 'Target->Step.Information', frameId: standing.frameId });
  await watching(session, [{ dataId: found.dataId }]);
  await session.breakAt(listen);
  const changed = await session.until('continue', { threadId: standing.threadId });
  assert.equal(changed.reason, 'data breakpoint');
  assert.match(changed.stack[0] ?? '', /^RequestComplete:/);
});

test('a window of bytes hears of what has changed in it, and of nothing else', async (t) => {
  const file = write(t, program);
  const session = sessionOf(startAdapter());
  t.after(() => session.kill());
  await session.ask('initialize', { ...initializeArguments, supportsMemoryEvent: true });
  await session.ask('launch', { program: file, entry: 'main' });
  await session.next('initialized');
  await session.breakAt(file, 'pair.low = 1;');
  const { threadId, frameId } = await session.until('configurationDone');
  const { memoryReference } = await session.ask<Dap.EvaluateResponse['body']>('evaluate', {
    expression: '&pair',
    frameId,
  });
  const low = { memoryReference, offset: 0, count: 4 };
  const high = { memoryReference, offset: 4, count: 4 };
  for (const range of [low, high]) await session.ask('readMemory', range);
  const told = (): readonly unknown[] =>
    session.messages.flatMap((message) => (isEvent(message) && message.event === 'memory' ? [message.body] : []));
  await session.until('next', { threadId });
  await session.ask('threads');
  assert.deepEqual(told(), [low]);
  const stands = await session.until('next', { threadId });
  await session.ask('threads');
  assert.deepEqual(told(), [low, high]);
  // The same number again is no change; a number that is set by hand is one.
  await session.until('next', { threadId });
  await session.ask('setExpression', { expression: 'pair.low', value: '9', frameId: stands.frameId });
  await session.ask('threads');
  assert.deepEqual(told(), [low, high, low]);
  await session.until('stepBack', { threadId });
  await session.until('stepBack', { threadId });
  await session.ask('threads');
  assert.deepEqual(told().slice(3), [low, high]);
});
