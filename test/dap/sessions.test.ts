// Whole sessions on the listen sample: breakpoints, steps, stacks, values, IRPs, findings, the end.
import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { DebugProtocol as Dap } from '@vscode/debugprotocol';
import { findingEvent, type IrpsResponse, type ProtocolFinding } from '../../debugger/protocol.ts';
import { root, startAdapter } from './adapter.ts';
import { initializeArguments, launched, lineOf, listen, localsOf, sessionOf, stoppedAt, valuesOf } from './driver.ts';

/** A file of its own for a test. */
function write(t: TestContext, name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'wsk-dap-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const firstLine = 'PREQUEST request = (PREQUEST)Context;';
const loop = 'int counter;\nint main(void)\n{\n    for (;;)\n        counter++;\n    return 0;\n}\n';

test('a breakpoint in a completion routine: stack with the call that issued the IRP, locals, IoStatus', async (t) => {
  const { session, standing } = await stoppedAt(t, { program: listen }, listen, firstLine);
  assert.equal(standing.reason, 'breakpoint');
  const issued = lineOf(listen, 'Provider.Dispatch->WskSocket(');
  assert.deepEqual(standing.stack.slice(0, 4), [
    `RequestComplete:${lineOf(listen, firstLine)}`,
    'IoCompleteRequest',
    `issued at listen.c:${issued} by WskSocket (IRP #2)`,
    `CreateListeningSocket:${issued}`,
  ]);
  assert.deepEqual(
    standing.frames.map((frame) => frame.presentationHint),
    ['normal', 'label', 'label', 'subtle', 'subtle', 'subtle'],
  );
  const locals = await localsOf(session, standing.frameId);
  assert.deepEqual(
    locals.map(({ name }) => name),
    ['request', 'DeviceObject', 'Irp', 'Context'],
  );
  const members = await valuesOf(session, locals.find(({ name }) => name === 'Irp')?.variablesReference ?? 0);
  const ioStatus = members.find(({ name }) => name === 'IoStatus');
  assert.equal(ioStatus?.evaluateName, 'Irp->IoStatus');
  const parts = await valuesOf(session, ioStatus?.variablesReference ?? 0);
  assert.equal(parts.find(({ name }) => name === 'Status')?.value, '0x0 STATUS_SUCCESS');
  const page = await session.ask<Dap.StackTraceResponse['body']>('stackTrace', {
    threadId: standing.threadId,
    startFrame: 2,
    levels: 1,
  });
  assert.deepEqual(
    [page.stackFrames.length, page.stackFrames[0]?.id, page.totalFrames],
    [1, standing.frames[2]?.id, 6],
  );
});

test('step over, in and out; a step past the end of a completion routine arrives where the wait ends', async (t) => {
  const { session, standing } = await stoppedAt(t, { program: listen }, listen, 'IoFreeIrp(Irp);');
  const over = (threadId: number) => session.until('next', { threadId });
  const event = await over(standing.threadId);
  assert.equal(event.stack[0], `RequestComplete:${lineOf(listen, 'KeSetEvent(&request->Done')}`);
  const last = await over(event.threadId);
  const woken = await over(last.threadId);
  assert.equal(woken.stack[0], `WaitFor:${lineOf(listen, 'return Request->Status;')}`);
  const out = await session.until('stepOut', { threadId: woken.threadId });
  assert.equal(out.reason, 'step');
  assert.match(out.stack[0] ?? '', /^CreateListeningSocket:/);
  await session.breakAt(listen, 'status = SetExclusiveAddress(Target);');
  const call = await session.until('continue', { threadId: out.threadId });
  const inside = await session.until('stepIn', { threadId: call.threadId });
  assert.match(inside.stack[0] ?? '', /^SetExclusiveAddress:/);
});

test('a step over a call goes past breakpoints whose condition does not hold', async (t) => {
  const condition = { line: lineOf(listen, firstLine), condition: 'Irp == 0' };
  const call = 'status = CreateListeningSocket(Target);';
  const { session, standing } = await stoppedAt(t, { program: listen }, listen, call, condition);
  const next = await session.until('next', { threadId: standing.threadId });
  assert.equal(next.stack[0], `StartListening:${lineOf(listen, call) + 1}`);
});

test('conditions, hit counts and log points', async (t) => {
  const program = write(
    t,
    'loop.c',
    'int main(void)\n{\n    int sum = 0;\n    for (int i = 0; i < 20; i++)\n        sum += i;\n    return sum;\n}\n',
  );
  const { session, standing } = await stoppedAt(t, { program, entry: 'main' }, program, {
    line: 5,
    condition: 'i == 7',
  });
  assert.equal(await session.evaluate('i', standing.frameId), '7');
  await session.breakAt(program, { line: 5, hitCondition: '3' }, { line: 5, logMessage: 'i is {i}, {{x}} {nothing}' });
  const third = await session.until('continue', { threadId: standing.threadId });
  assert.equal(await session.evaluate('i', third.frameId), '10 (0xA)');
  assert.equal(session.output('console').split('\n')[0], 'i is 8, {x} {nothing: there is no "nothing" here}');
  await session.breakAt(program, { line: 5, condition: 'i ==' });
  const broken = await session.until('continue', { threadId: third.threadId });
  assert.equal(broken.reason, 'breakpoint');
  assert.match(session.output('stderr'), /The condition "i ==" has no value/);
  const [wrong] = await session.breakAt(program, { line: 5, hitCondition: 'often' });
  assert.equal(wrong?.verified, false);
  assert.match(wrong?.message ?? '', /no hit count/);
  assert.equal((await session.until('continue', { threadId: 1 })).reason, 'terminated');
});

test('breakpoints land on statements, before and after the launch, and say where there is none', async (t) => {
  const session = sessionOf(startAdapter());
  t.after(() => session.kill());
  await session.ask('initialize', initializeArguments);
  const [early] = await session.breakAt(listen, firstLine);
  assert.deepEqual([early?.verified, early?.reason], [false, 'pending']);
  await session.ask('launch', { program: 'listen*.c', cwd: join(root, 'samples/listen') });
  const changed = await session.next('breakpoint');
  assert.deepEqual([changed.body.breakpoint.id, changed.body.breakpoint.verified], [early?.id, true]);
  await session.next('initialized');
  const [kept, comment, below, foreign] = [
    ...(await session.breakAt(listen, firstLine, '/* No event callbacks are wanted', { line: 99_999 })),
    ...(await session.breakAt(join(root, 'samples/other.c'), { line: 3 })),
  ];
  assert.equal(kept?.id, early?.id);
  assert.equal(comment?.line, lineOf(listen, 'Provider.Dispatch->WskSocket('));
  assert.deepEqual([below?.verified, foreign?.verified], [false, false]);
  assert.match(foreign?.message ?? '', /no part of the driver/);
  const line = lineOf(listen, 'KeClearEvent(&Request->Done);');
  const places = await session.ask<Dap.BreakpointLocationsResponse['body']>('breakpointLocations', {
    source: { path: listen },
    line: line - 3,
    endLine: line + 1,
  });
  assert.deepEqual(places.breakpoints, [
    { line: line - 3, column: 9 },
    { line, column: 5 },
    { line: line + 1, column: 5 },
  ]);
  assert.equal((await session.until('configurationDone')).reason, 'breakpoint');
});

test('breakpoints at functions', async (t) => {
  const session = await launched(t, { program: listen });
  const set = (...breakpoints: Dap.FunctionBreakpoint[]) =>
    session.ask<Dap.SetFunctionBreakpointsResponse['body']>('setFunctionBreakpoints', { breakpoints });
  const { breakpoints } = await set({ name: 'AcceptComplete' }, { name: 'Nothing' });
  const [accept, nothing] = breakpoints;
  const first = lineOf(listen, 'PLISTENER listener = (PLISTENER)Context;');
  assert.deepEqual([accept?.verified, accept?.line, nothing?.verified], [true, first, false]);
  assert.match(nothing?.message ?? '', /no function Nothing/);
  const standing = await session.until('configurationDone');
  assert.deepEqual([standing.reason, standing.stack[0]], ['breakpoint', `AcceptComplete:${first}`]);
  assert.deepEqual(standing.event.hitBreakpointIds, [accept?.id]);
  await set({ name: 'ListenUnload' });
  assert.equal((await session.until('continue', { threadId: standing.threadId })).reason, 'terminated');
});

test('a breakpoint in an inline function of a header stops in every file that includes it', async (t) => {
  const main = write(
    t,
    'main.c',
    '#include "both.h"\nint other(void);\nint main(void) { return twice(1) + other(); }\n',
  );
  const folder = join(main, '..');
  writeFileSync(join(folder, 'both.h'), 'static inline int twice(int n)\n{\n    return n + n;\n}\n');
  writeFileSync(join(folder, 'other.c'), '#include "both.h"\nint other(void) { return twice(2); }\n');
  const header = join(folder, 'both.h');
  const { session, standing } = await stoppedAt(t, { program: '*.c', cwd: folder, entry: 'main' }, header, { line: 3 });
  assert.deepEqual(standing.stack, ['twice:3', 'main:3']);
  const second = await session.until('continue', { threadId: standing.threadId });
  assert.deepEqual(second.stack, ['twice:3', 'other:2', 'main:3']);
});

test('lines from 0 and file URIs, for clients that want them', async (t) => {
  const session = sessionOf(startAdapter());
  t.after(() => session.kill());
  await session.ask('initialize', {
    adapterID: 'wsk',
    linesStartAt1: false,
    columnsStartAt1: false,
    pathFormat: 'uri',
  });
  await session.ask('launch', { program: listen });
  const uri = pathToFileURL(listen).href;
  const body = await session.ask<Dap.SetBreakpointsResponse['body']>('setBreakpoints', {
    source: { path: uri },
    breakpoints: [{ line: lineOf(listen, firstLine) - 1 }],
  });
  const [placed] = body.breakpoints;
  assert.deepEqual(
    [placed?.verified, placed?.line, placed?.column, placed?.source?.path],
    [true, lineOf(listen, firstLine) - 1, 4, uri],
  );
});

test('an endless loop can be paused, looked at, changed and stopped', async (t) => {
  const program = write(t, 'endless.c', loop);
  const session = await launched(t, { program, entry: 'main' });
  await session.ask('configurationDone');
  assert.equal((await session.send('stackTrace', { threadId: 1 })).success, false);
  let standing = await session.until('pause', { threadId: 1 });
  // It goes on between pauses, however slowly.
  while (Number((await session.evaluate('counter', standing.frameId)).split(' ')[0]) <= 1000) {
    await session.ask('continue', { threadId: 1 });
    standing = await session.until('pause', { threadId: 1 });
  }
  assert.equal(standing.reason, 'pause');
  assert.match(standing.stack[0] ?? '', /^main:[45]$/);
  assert.equal(await session.evaluate('counter = 5', standing.frameId, 'repl'), '5');
  assert.equal(await session.evaluate('counter', standing.frameId), '5');
  await session.ask('continue', { threadId: 1 });
  await session.ask('terminate');
  await session.next('terminated');
  await session.ask('disconnect');
  assert.equal(await session.exited, 0);
});

test('k in the console is a variable where there is one', async (t) => {
  const program = write(t, 'k.c', 'int main(void)\n{\n    int k = 4;\n    return k;\n}\n');
  const { session, standing } = await stoppedAt(t, { program, entry: 'main' }, program, { line: 4 });
  assert.equal(await session.evaluate('k', standing.frameId, 'repl'), '4');
  assert.equal(await session.evaluate('k + 1', standing.frameId, 'repl'), '5');
});

test('a client that goes away takes the adapter with it, loop or not', async (t) => {
  const session = await launched(t, { program: write(t, 'endless.c', loop), entry: 'main' });
  await session.ask('configurationDone');
  await session.ask('disconnect', { terminateDebuggee: true });
  assert.equal(await session.exited, 0);
  const other = await launched(t, { program: write(t, 'endless.c', loop), entry: 'main' });
  await other.ask('configurationDone');
  other.hangUp();
  assert.equal(await other.exited, 0);
});

test('stop on entry, and a run without debugging', async (t) => {
  const session = await launched(t, { program: listen, stopOnEntry: true });
  const entry = await session.until('configurationDone');
  assert.equal(entry.reason, 'entry');
  assert.match(entry.stack[0] ?? '', /^DriverEntry:/);
  const plain = await launched(t, { program: listen, stopOnEntry: true, noDebug: true });
  await plain.breakAt(listen, firstLine);
  assert.equal((await plain.until('configurationDone')).reason, 'terminated');
  assert.match(plain.output('stdout'), /listen: unloaded\n$/);
  assert.match(plain.output('console'), /^Clean: 5 IRP completions/);
});

test('setting values: a variable, an expression; what can not be set says why', async (t) => {
  const { session, standing } = await stoppedAt(
    t,
    { program: listen },
    listen,
    'request->Information = Irp->IoStatus.Information;',
  );
  const { frameId } = standing;
  const locals = await localsOf(session, frameId);
  const request = locals.find(({ name }) => name === 'request');
  const set = await session.ask<Dap.SetVariableResponse['body']>('setVariable', {
    variablesReference: request?.variablesReference,
    name: 'Status',
    value: 'STATUS_CANCELLED',
  });
  assert.equal(set.value, '0xC0000120 STATUS_CANCELLED');
  assert.equal(await session.evaluate('request->Status', frameId), '0xC0000120 STATUS_CANCELLED');
  const expression = await session.ask<Dap.SetExpressionResponse['body']>('setExpression', {
    expression: 'request->Information',
    value: '0x10 + 1',
    frameId,
    format: { hex: true },
  });
  assert.equal(expression.value, '0x11');
  const wrong = await session.send('setExpression', { expression: 'request->Done', value: '1', frameId });
  assert.equal(wrong.success, false);
  assert.match(wrong.message ?? '', /members/);
});

test('the console: IRPs, stack, help, completions', async (t) => {
  const { session, standing } = await stoppedAt(t, { program: listen }, listen, firstLine);
  const say = (text: string) => session.evaluate(text, standing.frameId, 'repl');
  assert.match(await say('!irp'), /^#1 .* idle .*\n#2 .* completing with STATUS_SUCCESS +WskSocket \(listen\.c:\d+\)$/);
  assert.match(await say('!irp 2'), /\[1\] WskSocket {2}RequestComplete \(listen\.c:\d+\) {2}Success Error Cancel/);
  assert.equal(await say('!irp Irp'), await say('!irp 2'));
  assert.match(await say('!irp 77'), /There is no IRP 77/);
  assert.match(await say('k'), /^00 RequestComplete {2}listen\.c:\d+:5\n01 IoCompleteRequest {2}kernel\n-- issued at/);
  assert.match(await say('!threads'), /DriverEntry {2}IRQL 0 {2}waits for/);
  assert.match(await say('!timeline 1'), /completion routine RequestComplete$/);
  assert.match(await say('!help'), /^!irp/);
  assert.match(await say('!pool 3'), /!help lists the commands/);
  const complete = async (text: string): Promise<string[]> => {
    const column = text.length + 1;
    const body = await session.ask<Dap.CompletionsResponse['body']>('completions', {
      text,
      column,
      frameId: standing.frameId,
    });
    return body.targets.map(({ label, start, length }) => `${label} ${start}+${length}`);
  };
  assert.deepEqual(await complete('!t'), ['!threads 1+2', '!timeline 1+2']);
  assert.deepEqual(await complete('1 + Ir'), ['Irp 5+2']);
  assert.deepEqual(await complete('Irp->IoStatus.S'), ['Status 15+1']);
});

test('the IRP tree: the accept request is pending; the next completion is that of closing', async (t) => {
  const { session, standing } = await stoppedAt(
    t,
    { program: listen },
    listen,
    'DriverObject->DriverUnload = ListenUnload;',
  );
  const { irps } = await session.ask<IrpsResponse>('wsk/irps');
  const accept = irps.find(({ call }) => call === 'WskAccept');
  assert.equal(accept?.state, 'pending');
  assert.deepEqual(accept?.issuedAt, { path: listen, line: lineOf(listen, 'return dispatch->WskAccept('), column: 12 });
  assert.equal(accept?.stackLocations[0]?.completionRoutine?.name, 'AcceptComplete');
  const next = await session.until('wsk/runToNextCompletion', { threadId: standing.threadId });
  assert.deepEqual([next.reason, next.event.description], ['step', 'IRP completion']);
  assert.equal(next.stack[0], `AcceptComplete:${lineOf(listen, 'PLISTENER listener = (PLISTENER)Context;')}`);
  const later = await session.ask<IrpsResponse>('wsk/irps');
  assert.deepEqual(
    later.irps.map(({ id }) => id),
    irps.map(({ id }) => id),
  );
  assert.equal(later.irps.find(({ id }) => id === accept?.id)?.status?.name, 'STATUS_CANCELLED');
  const last = await session.until('wsk/runToNextCompletion', { threadId: next.threadId });
  assert.match(last.stack[0] ?? '', /^CloseComplete:/);
  assert.equal((await session.until('wsk/runToNextCompletion', { threadId: last.threadId })).reason, 'terminated');
});

test('run to the completion of one IRP passes those of others', async (t) => {
  const { session, standing } = await stoppedAt(
    t,
    { program: listen },
    listen,
    'DriverObject->DriverUnload = ListenUnload;',
  );
  const { irps } = await session.ask<IrpsResponse>('wsk/irps');
  // The one for closing was allocated first, and not sent yet.
  const close = irps.find(({ state }) => state === 'idle');
  const next = await session.until('wsk/runToNextCompletion', { threadId: standing.threadId, irp: close?.id });
  assert.match(next.stack[0] ?? '', /^CloseComplete:/);
});

test('run to the next completion works while the driver runs, too', async (t) => {
  const session = await launched(t, { program: listen, stopOnEntry: true });
  const entry = await session.until('configurationDone');
  const next = await session.until('wsk/runToNextCompletion', { threadId: entry.threadId });
  assert.match(next.stack[0] ?? '', /^RequestComplete:/);
  const continued = session.messages.filter((message) => 'event' in message && message.event === 'continued');
  assert.equal(continued.length, 1);
  const endless = await launched(t, { program: write(t, 'endless.c', loop), entry: 'main' });
  await endless.ask('configurationDone');
  await endless.ask('wsk/runToNextCompletion', { threadId: 1 });
  assert.equal((await endless.until('pause', { threadId: 1 })).reason, 'pause');
});

test('a finding stops the run, explains itself, and ends it when it goes on', async (t) => {
  const program = write(
    t,
    'null.c',
    'int main(void)\n{\n    int n = 3;\n    char *p = (char *)0;\n    return *p + n;\n}\n',
  );
  const session = await launched(t, { program, entry: 'main' });
  await session.ask('setExceptionBreakpoints', { filters: ['findings'] });
  const standing = await session.until('configurationDone');
  assert.deepEqual([standing.reason, standing.stack[0]], ['exception', 'main:5']);
  const { threadId } = standing;
  const info = await session.ask<Dap.ExceptionInfoResponse['body']>('exceptionInfo', { threadId });
  assert.equal(info.exceptionId, 'null-dereference');
  assert.match(info.details?.stackTrace ?? '', /at main \(null\.c:5\)/);
  assert.equal(await session.evaluate('n', standing.frameId), '3');
  assert.match(session.output('stderr'), /^error: .*\[null-dereference\]/);
  const told = session.messages.flatMap((message) =>
    'event' in message && message.event === findingEvent && 'body' in message ? [message.body] : [],
  );
  const { rule, severity, path, line, column } = told[0] as ProtocolFinding;
  assert.deepEqual([told.length, rule, severity, path, line, column], [1, info.exceptionId, 'error', program, 5, 12]);
  assert.equal((await session.until('continue', { threadId })).reason, 'terminated');
  const exited = session.messages.find(
    (message) => message.type === 'event' && (message as Dap.Event).event === 'exited',
  );
  assert.deepEqual((exited as Dap.Event).body, { exitCode: 1 });
});

test('findings do not stop when the filter is off, or asks for other rules', async (t) => {
  const program = write(t, 'null.c', 'int main(void) { return *(char *)0; }');
  for (const filter of [
    { filters: [] },
    { filters: [], filterOptions: [{ filterId: 'findings', condition: 'use-after-free' }] },
  ]) {
    const session = await launched(t, { program, entry: 'main' });
    await session.ask('setExceptionBreakpoints', filter);
    assert.equal((await session.until('configurationDone')).reason, 'terminated');
    assert.match(session.output('stderr'), /\[null-dereference\]/);
  }
});

test('a leak is found when no thread is left: the stop has places all the same', async (t) => {
  const program = write(
    t,
    'leak.c',
    '#include <ntddk.h>\nDRIVER_UNLOAD Unload;\nVOID Unload(PDRIVER_OBJECT DriverObject) { (void)DriverObject; }\n' +
      'NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)\n{\n    (void)RegistryPath;\n' +
      "    ExAllocatePool2(POOL_FLAG_NON_PAGED, 16, 'kaeL');\n    DriverObject->DriverUnload = Unload;\n    return STATUS_SUCCESS;\n}\n",
  );
  const session = await launched(t, { program });
  const standing = await session.until('configurationDone');
  assert.equal(standing.reason, 'exception');
  assert.ok(
    standing.frames.some(({ source, line }) => source?.path === program && line > 0),
    standing.stack.join(),
  );
  const { threads } = await session.ask<Dap.ThreadsResponse['body']>('threads');
  assert.ok(threads.some(({ id }) => id === standing.threadId));
  await session.ask('exceptionInfo', { threadId: standing.threadId });
  const { scopes } = await session.ask<Dap.ScopesResponse['body']>('scopes', { frameId: standing.frameId });
  assert.ok(Array.isArray(scopes));
  assert.equal((await session.until('next', { threadId: standing.threadId })).reason, 'terminated');
});

test('bundled headers have a text', async (t) => {
  const { session } = await stoppedAt(t, { program: listen }, listen, firstLine);
  const { sources } = await session.ask<Dap.LoadedSourcesResponse['body']>('loadedSources');
  assert.equal(sources[0]?.path, listen);
  const header = sources.find(({ name }) => name === 'wsk.h');
  assert.ok((header?.sourceReference ?? 0) > 0);
  const { content } = await session.ask<Dap.SourceResponse['body']>('source', {
    source: header,
    sourceReference: header?.sourceReference,
  });
  assert.match(content, /WSK_PROVIDER_LISTEN_DISPATCH/);
});

test('a hang stands in the thread that waits', async (t) => {
  const program = write(
    t,
    'hang.c',
    '#include <ntddk.h>\nKEVENT Event;\nNTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)\n{\n' +
      '    UNREFERENCED_PARAMETER(DriverObject);\n    UNREFERENCED_PARAMETER(RegistryPath);\n' +
      '    KeInitializeEvent(&Event, NotificationEvent, FALSE);\n' +
      '    KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);\n    return STATUS_SUCCESS;\n}\n',
  );
  const session = await launched(t, { program });
  const standing = await session.until('configurationDone');
  assert.deepEqual([standing.reason, standing.stack], ['exception', ['KeWaitForSingleObject', 'DriverEntry:8']]);
  const { threads } = await session.ask<Dap.ThreadsResponse['body']>('threads');
  assert.deepEqual(
    threads.map(({ id }) => id),
    [standing.threadId],
  );
});

test('what the adapter can not do is an error, and the session lives on', async (t) => {
  const { session, standing } = await stoppedAt(t, { program: listen }, listen, firstLine);
  for (const [command, args, message] of [
    ['disassemble', {}, /has no request "disassemble"/],
    ['toString', {}, /has no request "toString"/],
    ['attach', {}, /"request": "launch"/],
    ['exceptionInfo', { threadId: standing.threadId }, /not stopped at a finding/],
    ['launch', { program: listen }, /launched already/],
  ] as const) {
    const response = await session.send(command, args);
    assert.equal(response.success, false, command);
    assert.match(response.message ?? '', message);
  }
  assert.deepEqual(await valuesOf(session, 12_345), []);
  assert.equal((await session.until('next', { threadId: standing.threadId })).reason, 'step');
});

test('of several calls in a statement, the one that is meant is stepped into', async (t) => {
  const text = [
    'static int deeper(int n) { return n; }',
    'static int one(int n) { n++; return deeper(n); }',
    'static int two(int n) { return one(n) + 1; }',
    'static int three(void) { return 3; }',
    'int main(void)',
    '{',
    '    int n = two(one(1)) + three(); /* four() */',
    '    return n > 100;',
    '}',
    '',
  ];
  const program = write(t, 'calls.c', text.join('\n'));
  const { session, standing } = await stoppedAt(t, { program, entry: 'main' }, program, { line: 7 });
  const { targets } = await session.ask<Dap.StepInTargetsResponse['body']>('stepInTargets', {
    frameId: standing.frameId,
  });
  assert.deepEqual(
    targets.map(({ label }) => label),
    ['two', 'one', 'three'],
  );
  const { threadId } = standing;
  const three = await session.until('stepIn', { threadId, targetId: targets[2]?.id });
  assert.deepEqual(three.stack, ['three:4', 'main:7']);
  const caller = await session.until('reverseContinue', { threadId });
  assert.deepEqual([caller.reason, caller.stack], ['breakpoint', ['main:7']]);
  const two = await session.until('stepIn', { threadId, targetId: targets[0]?.id });
  assert.deepEqual(two.stack, ['two:3', 'main:7']);
  // A number that names nothing is a step into whatever comes first.
  assert.deepEqual((await session.until('stepIn', { threadId, targetId: 99 })).stack.slice(0, 2), ['one:2', 'two:3']);
  assert.equal((await session.until('continue', { threadId })).reason, 'terminated');
});
