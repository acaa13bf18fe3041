/**
 * How many IRPs a second an echo driver completes on the simulated network: each peer sends a message and waits until it
 * is back, and so on. The driver prints nothing, and the run keeps no trace, as under `wsk run --quiet`, so that the
 * kernel, WSK and the wire are what is measured.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { sourceFile } from '../../base/source.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { ParseOptions } from '../../cfront/unit.ts';
import { defaultScenario, type Scenario, startRun } from '../../emulator/index.ts';

const PEERS = 20;
const MESSAGES = 1000;
const CONNECTIONS = 1000;
const PORT = 40_007;

/**
 * How the driver takes what comes: `events` by WskReceiveEvent, so that a message is one IRP, that of the send, and is
 * allocated, lent and released; `irps` by WskReceive, so that it is two IRPs, which are used again and again.
 */
export type EchoDriver = 'events' | 'irps';

const programs: Readonly<Record<EchoDriver, string>> = { events: 'echo.c', irps: 'echo-irps.c' };

/** Completions per second of one run, from its first statement to its end. */
export function echoRate(root: string, catalog: Catalog, parse: ParseOptions, driver: EchoDriver): number {
  return echoed(root, catalog, parse, { driver, peers: PEERS, messages: MESSAGES });
}

/** As many connections at once as a server may have, one message each: for the memory that it takes. */
export function manyConnections(root: string, catalog: Catalog, parse: ParseOptions): void {
  echoed(root, catalog, parse, { driver: 'events', peers: CONNECTIONS, messages: 1 });
}

function echoed(
  root: string,
  catalog: Catalog,
  parse: ParseOptions,
  load: { readonly driver: EchoDriver; readonly peers: number; readonly messages: number },
): number {
  const file = path.join(root, 'test/bench/programs', programs[load.driver]);
  const started = startRun({
    files: [sourceFile(file, readFileSync(file, 'utf8'))],
    parse,
    catalog,
    scenario: {
      ...defaultScenario,
      unloadAfterMs: 1_000_000,
      peers: Array.from({ length: load.peers }, (_, i) => peer(i, load.messages)),
    },
    seed: undefined,
    trace: 'counted',
    entry: 'DriverEntry',
    statementsMax: 1e12,
  });
  if (started.kind !== 'ready') throw new Error(started.problems.map(({ message }) => message).join('\n'));
  const { run } = started;
  const begun = performance.now();
  for (;;) {
    const advance = run.advance(1_000_000);
    if (advance.kind !== 'ended') continue;
    const { outcome, completions, findings } = advance.result;
    if (outcome !== 'clean') throw new Error(`${file}: ${findings[0]?.message ?? outcome}`);
    return (completions / (performance.now() - begun)) * 1000;
  }
}

type Peer = Scenario['peers'][number];
type Step = Peer['steps'][number];

function peer(i: number, messages: number): Peer {
  const encoder = new TextEncoder();
  const echo = (j: number): Step[] => {
    const bytes = { kind: 'bytes', bytes: encoder.encode(`message ${j} of ${i}`) } as const;
    return [
      { span: undefined, kind: 'send', bytes },
      { span: undefined, kind: 'expect', what: bytes },
    ];
  };
  return {
    name: `peer ${i}`,
    span: undefined,
    role: { kind: 'connect', to: { host: '127.0.0.1', port: PORT }, from: undefined },
    afterMs: 10 + i,
    steps: [
      ...Array.from({ length: messages }, (_, j) => echo(j)).flat(),
      { span: undefined, kind: 'close', how: 'fin' },
    ],
  };
}
