// TCP between two scripted ends: the whole conversation as the notes of the wire, and what each end has been told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bind } from './binding.ts';
import { deliver } from './deliver.ts';
import {
  createNetwork,
  defaultNetwork,
  type Network,
  type NetworkOptions,
  type NetworkTimer,
  type PeerScript,
  type PeerStep,
} from './network.ts';
import { finishPeers, startPeers } from './peer.ts';
import { abort, canSend, receive, send, shutdown } from './tcp.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const text = (data: Uint8Array): string => String.fromCharCode(...data);

/** A network whose events arrive in order of time; `step` lets the next one arrive. */
class Wire {
  readonly network: Network;
  readonly queue: { atNs: number; event: NetworkTimer }[] = [];
  readonly notes: string[] = [];
  readonly told: string[] = [];

  constructor(options: Partial<NetworkOptions> = {}) {
    this.network = createNetwork({ ...defaultNetwork, ...options });
  }

  do<T>(operation: (network: Network) => T): T {
    const result = operation(this.network);
    for (const { afterNs, event } of this.network.timers.splice(0))
      this.queue.push({ atNs: this.network.nowNs + afterNs, event });
    this.queue.sort((a, b) => a.atNs - b.atNs);
    this.notes.push(...this.network.notes.splice(0));
    for (const { kind, socket } of this.network.indications.splice(0)) this.told.push(`${kind} ${socket}`);
    return result;
  }

  run(): void {
    for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {
      this.network.nowNs = next.atNs;
      const { event } = next;
      this.do((network) => deliver(network, event));
    }
  }
}

function listener(wire: Wire, port = 80): void {
  wire.do((network) => {
    const result = bind(network, {
      protocol: 'tcp',
      address: { host: '0.0.0.0', port },
      owner: { kind: 'socket', id: 1 },
      isDual: false,
      sharing: 'none',
    });
    assert.ok(result.kind === 'bound');
    result.binding.isListening = true;
  });
}

function client(steps: readonly PeerStep[], port = 80): PeerScript {
  return { name: 'client', role: { kind: 'connect', to: { host: '127.0.0.1', port } }, afterMs: 0, steps };
}

/** The side that has arrived at the listener. */
function accepted(wire: Wire) {
  const [binding] = wire.network.bindings.values();
  const side = wire.network.sides.get(binding?.backlog.shift() ?? -1);
  assert.ok(side !== undefined);
  side.owner = { kind: 'socket', id: 2 };
  return side;
}

test('handshake, data, and a graceful end from both sides', () => {
  const wire = new Wire();
  listener(wire);
  wire.do((network) =>
    startPeers(network, [
      client([
        { kind: 'send', bytes: bytes('ping') },
        { kind: 'expect', bytes: bytes('pong') },
        { kind: 'close', how: 'fin' },
        { kind: 'expect-close', how: 'fin' },
      ]),
    ]),
  );
  wire.run();
  const side = accepted(wire);
  assert.equal(text(wire.do((network) => receive(network, side, 100))), 'ping');
  wire.do((network) => send(network, side, 7, bytes('pong')));
  wire.run();
  wire.do((network) => shutdown(network, side));
  wire.run();
  assert.deepEqual(wire.notes, [
    '127.0.0.1:50000 -> 127.0.0.1:80 SYN',
    '127.0.0.1:80 -> 127.0.0.1:50000 SYN ACK',
    '127.0.0.1:50000 -> 127.0.0.1:80 4 bytes',
    '127.0.0.1:80 -> 127.0.0.1:50000 4 bytes',
    '127.0.0.1:50000 -> 127.0.0.1:80 FIN',
    '127.0.0.1:80 -> 127.0.0.1:50000 FIN',
  ]);
  assert.deepEqual(
    wire.told,
    ['arrival 1', 'fin 2', 'sent 2', 'fin-acknowledged 2'].sort((a, b) => wire.told.indexOf(a) - wire.told.indexOf(b)),
  );
  assert.equal(side.state, 'closed');
  finishPeers(wire.network);
  assert.deepEqual(wire.network.failures, []);
});

test('nobody listens: refused; nobody there: given up after 21 s', () => {
  const refused = new Wire();
  refused.do((network) => startPeers(network, [client([], 9)]));
  refused.run();
  assert.deepEqual(refused.notes, ['127.0.0.1:50000 -> 127.0.0.1:9 SYN', '127.0.0.1:9 -> 127.0.0.1:50000 RST']);
  assert.equal(refused.network.failures[0]?.got, 'refused');
  const lost = new Wire();
  lost.do((network) =>
    startPeers(network, [{ ...client([]), role: { kind: 'connect', to: { host: '10.0.0.9', port: 80 } } }]),
  );
  lost.run();
  assert.equal(lost.network.failures[0]?.got, 'timeout');
  assert.ok(lost.network.nowNs >= 21e9);
});

test('a receiver that does not read stops the sender at its window', () => {
  const wire = new Wire({ receiveWindow: 10, segmentSize: 4 });
  listener(wire);
  wire.do((network) => startPeers(network, [client([{ kind: 'send', bytes: bytes('abcdefghijklmnop') }])]));
  wire.run();
  const side = accepted(wire);
  assert.equal(side.receivedLength, 10);
  assert.equal(text(wire.do((network) => receive(network, side, 10))), 'abcdefghij');
  wire.run();
  assert.equal(text(wire.do((network) => receive(network, side, 100))), 'klmnop');
});

test('a reset drops what is queued and tells the other end', () => {
  const wire = new Wire();
  listener(wire);
  wire.do((network) =>
    startPeers(network, [
      client([
        { kind: 'wait', ms: 1 },
        { kind: 'close', how: 'rst' },
      ]),
    ]),
  );
  wire.run();
  const side = accepted(wire);
  assert.equal(side.wasReset, true);
  assert.equal(canSend(side), false);
  wire.do((network) => abort(network, side));
  assert.equal(wire.queue.length, 0);
});

test('jitter keeps the order of a connection and repeats with the seed', () => {
  const run = (seed: number): string => {
    const wire = new Wire({ seed, jitterNs: 500_000, segmentSize: 1 });
    listener(wire);
    wire.do((network) => startPeers(network, [client([{ kind: 'send', bytes: bytes('0123456789') }])]));
    wire.run();
    return `${text(receive(wire.network, accepted(wire), 100))} ${wire.network.nowNs}`;
  };
  assert.match(run(1), /^0123456789 /);
  assert.equal(run(1), run(1));
  assert.notEqual(run(1), run(2));
});

test('a peer whose expectation fails says what came, and resets the connection', () => {
  const wire = new Wire();
  listener(wire);
  wire.do((network) => startPeers(network, [client([{ kind: 'expect', bytes: bytes('good') }])]));
  wire.run();
  const side = accepted(wire);
  wire.do((network) => send(network, side, 1, bytes('bad!')));
  wire.run();
  assert.deepEqual(wire.network.failures, [{ peer: 'client', step: 1, expected: '"good"', got: '"bad!"' }]);
  assert.equal(side.wasReset, true);
});
