/**
 * Bridged runs: ordinary clients on loopback talk to drivers on the emulated kernel. What they get, how the run ends,
 * and that the trace repeats it without a socket.
 */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../support/program.ts';
import { type BridgedRun, echo, startBridged, startClient } from './bridged.ts';
import { type CommandLine, startCommandLine } from './command-line.ts';

let cli: CommandLine;
before(() => {
  cli = startCommandLine();
});
const started: BridgedRun[] = [];
after(() => {
  for (const run of started) run.kill();
  cli.remove();
});

const echoDriver = path.join(root, 'test/bench/programs/echo.c');
const drivers = path.join(root, 'test/cli/drivers');
let number = 0;

/** Runs a driver under a scenario with a bridge; its trace is left in the file that is returned. */
function bridged(
  driver: string,
  extra = '',
  args: readonly string[] = [],
  { isTraced } = { isTraced: true },
): { readonly run: BridgedRun; readonly again: () => string[] } {
  number++;
  const scenario = cli.file(`bridge${number}.wsk.yaml`, `network: { bridge: true }\n${extra}`);
  const trace = `bridge${number}.jsonl`;
  const common = [driver, '--scenario', scenario, '--format', 'json', ...args];
  const run = startBridged(cli.program, cli.folder, [...common, ...(isTraced ? ['--trace', trace] : [])]);
  started.push(run);
  return {
    run,
    again: () => {
      const other = `again${number}.jsonl`;
      const answer = cli.wsk('run', ...common, '--replay', trace, '--trace', other);
      assert.equal(answer.err, '');
      return [trace, other].map((name) => readFileSync(path.join(cli.folder, name), 'utf8'));
    },
  };
}

interface JsonResult {
  readonly outcome: string;
  readonly findings: readonly { readonly rule: string }[];
  readonly log: readonly string[];
  readonly completions: number;
}

async function resultOf(run: BridgedRun): Promise<JsonResult> {
  const { out } = await run.ended();
  return JSON.parse(out) as JsonResult;
}

async function clean(run: BridgedRun): Promise<JsonResult> {
  const result = await resultOf(run);
  assert.deepEqual([result.outcome, result.findings], ['clean', []]);
  return result;
}

test('a client gets its bytes back; Ctrl+C unloads the driver; the trace repeats the run', async () => {
  const { run, again } = bridged(echoDriver);
  const port = await run.port('127.0.0.1', 40_007);
  await echo('127.0.0.1', port, ['hello\n', 'x', 'y'.repeat(100_000)]);
  run.interrupt();
  await clean(run);
  const [first, second] = again();
  assert.ok(first?.includes('"kind":"outside"'));
  assert.equal(second, first);
});

test('a replay with another driver says that the record does not fit', async () => {
  const { run } = bridged(echoDriver);
  await echo('127.0.0.1', await run.port('127.0.0.1', 40_007), ['a']);
  run.interrupt();
  await clean(run);
  cli.file('other.wsk.yaml', 'network: { bridge: true }\n');
  const keeper = path.join(drivers, 'keeper.c');
  const other = cli.wsk('run', keeper, '--scenario', 'other.wsk.yaml', '--replay', `bridge${number}.jsonl`);
  assert.equal(other.status, 1);
  assert.match(other.out, /replay-mismatch/);
  const alone = cli.wsk('run', echoDriver, '--replay', `bridge${number}.jsonl`);
  assert.match(alone.err, /whose scenario has a bridge/);
  cli.file('broken.jsonl', '{"kind":"outside","what":"bytes"}\n');
  const broken = cli.wsk('run', echoDriver, '--scenario', 'other.wsk.yaml', '--replay', 'broken.jsonl');
  assert.match(broken.err, /broken\.jsonl:1: /);
});

test('a hundred clients with a thousand messages each lose nothing', { timeout: 240_000 }, async () => {
  const { run } = bridged(echoDriver, '', ['--limit', '5000'], { isTraced: false });
  const port = await run.port('127.0.0.1', 40_007);
  const messages = (client: number): string[] => Array.from({ length: 1000 }, (_, i) => `message ${i} of ${client}\n`);
  await Promise.all(Array.from({ length: 100 }, (_, i) => echo('127.0.0.1', port, messages(i))));
  run.interrupt();
  const { completions } = await clean(run);
  assert.ok(completions >= 100_000, String(completions));
});

test('the port of a program that is there already is not taken: another one is named', async () => {
  const taken = await listening(createServer(), 40_007);
  try {
    const { run } = bridged(echoDriver);
    const port = await run.port('127.0.0.1', 40_007);
    assert.notEqual(port, 40_007);
    await echo('127.0.0.1', port, ['x']);
    run.interrupt();
    await clean(run);
  } finally {
    taken?.close();
  }
});

test('unloadAfterMs ends a bridged run by real time', async () => {
  const begun = performance.now();
  const { run } = bridged(echoDriver, 'unloadAfterMs: 700\n');
  await run.port('127.0.0.1', 40_007);
  await clean(run);
  // Never sooner; how much later, is the machine's affair.
  assert.ok(performance.now() - begun >= 700);
});

test('a client that stays keeps the unload; a second Ctrl+C ends the wait with the finding', async () => {
  const { run, again } = bridged(path.join(drivers, 'keeper.c'));
  const client = await startClient('127.0.0.1', await run.port('127.0.0.1', 40_007));
  client.socket.write('x');
  assert.equal(await client.has(1), 'x');
  run.interrupt();
  await run.said(/the driver is unloaded/);
  await new Promise((resolve) => setTimeout(resolve, 300));
  run.interrupt();
  const result = await resultOf(run);
  assert.deepEqual(
    result.findings.map(({ rule }) => rule),
    ['unload-blocked'],
  );
  client.socket.destroy();
  const [first, second] = again();
  assert.equal(second, first);
});

test('a client that is cut off resets the driver’s connection, and the other way round', async () => {
  const { run, again } = bridged(path.join(drivers, 'keeper.c'));
  const port = await run.port('127.0.0.1', 40_007);
  const gone = await startClient('127.0.0.1', port);
  gone.socket.write('x');
  await gone.has(1);
  gone.socket.resetAndDestroy();
  const refused = await startClient('127.0.0.1', port);
  refused.socket.write('R');
  assert.equal(await refused.over(), 'ECONNRESET');
  run.interrupt();
  const { log } = await clean(run);
  assert.ok(log.includes('keeper: reset'), log.join('\n'));
  const [first, second] = again();
  assert.equal(second, first);
});

test('a client that does not read for a while gets everything once it reads', async () => {
  const { run } = bridged(echoDriver);
  const client = await startClient('127.0.0.1', await run.port('127.0.0.1', 40_007));
  const megabytes = 'z'.repeat(8 * 1024 * 1024);
  client.socket.pause();
  client.socket.write(megabytes);
  await new Promise((resolve) => setTimeout(resolve, 500));
  client.socket.resume();
  client.socket.end();
  assert.equal(await client.has(megabytes.length), megabytes);
  await client.over();
  run.interrupt();
  await clean(run);
});

for (const [host, type] of [
  ['127.0.0.1', 'udp4'],
  ['::1', 'udp6'],
] as const) {
  test(`datagrams of a client on ${host} come back`, async () => {
    const { run, again } = bridged(path.join(drivers, 'datagrams.c'));
    const port = await run.port(host, 40_008, 'udp');
    const socket = createSocket(type);
    const answer = new Promise<string>((resolve) => socket.once('message', (bytes) => resolve(bytes.toString())));
    socket.send('ping', port, host);
    assert.equal(await answer, 'ping');
    socket.close();
    run.interrupt();
    await clean(run);
    const [first, second] = again();
    assert.equal(second, first);
  });
}

test('a driver calls a program on this machine', async () => {
  const heard: string[] = [];
  const server = createServer((socket) => {
    socket.on('data', (bytes) => {
      heard.push(bytes.toString());
      socket.end('hello from outside');
    });
  });
  await listening(server, 0);
  const { port } = server.address() as AddressInfo;
  const { run, again } = bridged(path.join(drivers, 'caller.c'), 'unloadAfterMs: 100\n', ['-D', `PORT=${port}`]);
  const { log } = await clean(run);
  server.close();
  assert.deepEqual(heard, ['hello from the driver\n']);
  assert.deepEqual(log, [
    'caller: connect 0x00000000',
    'caller: send 0x00000000',
    'caller: received 0x00000000 "hello from outside"',
    'caller: disconnect 0x00000000',
  ]);
  const [first, second] = again();
  assert.equal(second, first);
});

test('a driver calls a port where nobody listens', async () => {
  const { run } = bridged(path.join(drivers, 'caller.c'), 'unloadAfterMs: 100\n', ['-D', 'PORT=1']);
  const { log } = await clean(run);
  assert.deepEqual(log, ['caller: connect 0xC0000236']);
});

test('without a bridge in the scenario no socket is opened', () => {
  const scenario = cli.file('none.wsk.yaml', 'unloadAfterMs: 10\n');
  const { err, status } = cli.wsk('run', echoDriver, '--scenario', scenario);
  assert.deepEqual([err, status], ['', 0]);
});

const sample = process.env.WSK_ECHO_SAMPLE;

test('Microsoft’s echo sample: 100 clients, 1,000 messages each, by IPv4 and IPv6', { timeout: 240_000 }, async (t) => {
  if (sample === undefined) {
    t.skip('WSK_ECHO_SAMPLE names no copy of wsksmple.c');
    return;
  }
  const { run } = bridged(path.resolve(root, sample), '', ['--limit', '5000'], { isTraced: false });
  const v4 = await run.port('127.0.0.1', 40_007);
  const v6 = await run.port('::1', 40_007);
  const messages = (client: number): string[] => Array.from({ length: 1000 }, (_, i) => `message ${i} of ${client}\n`);
  const endings = await Promise.all(
    Array.from({ length: 100 }, (_, i) => echo(i % 2 === 0 ? '127.0.0.1' : '::1', i % 2 === 0 ? v4 : v6, messages(i))),
  );
  run.interrupt();
  const { completions } = await clean(run);
  assert.ok(endings.every((how) => how === 'end'));
  assert.ok(completions >= 200_000, String(completions));
});

test('Microsoft’s echo sample: a bridged run repeats', async (t) => {
  if (sample === undefined) {
    t.skip('WSK_ECHO_SAMPLE names no copy of wsksmple.c');
    return;
  }
  const { run, again } = bridged(path.resolve(root, sample));
  const port = await run.port('127.0.0.1', 40_007);
  await Promise.all(['one', 'two', 'three'].map((text) => echo('127.0.0.1', port, [text, 'x'.repeat(5000)])));
  run.interrupt();
  await clean(run);
  const [first, second] = again();
  assert.equal(second, first);
});

/** Undefined where the port is taken already, which serves as well. */
function listening(server: Server, port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1' }, () => resolve(server));
  });
}
