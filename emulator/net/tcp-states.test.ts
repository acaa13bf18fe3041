// Figure 5 of RFC 9293 and what surrounds it, as a table: a state, what happens, the next state, and what is sent.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deliverDue } from './deliver.ts';
import { fifoClear, fifoItems } from './fifo.ts';
import type { Network, Segment } from './network.ts';
import { queuePacket } from './queue.ts';
import { abort, adopt, connect, inspected, send, shutdown, takeConnection } from './tcp.ts';
import { connectionKey, type Side } from './tcp-side.ts';
import { act, createWorld, listenAt, run, type World } from './testing.ts';
import { segmentText } from './wire.ts';

const here = { host: '192.0.2.10', port: 80 };
const there = { host: '192.0.2.20', port: 2000 };
/** The other end's numbers begin here. */
const IRS = 5_000_000_000;

interface Lab {
  readonly world: World;
  /** What the other end sends next. */
  theirSeq: number;
  side: Side | undefined;
}

/** How each state is reached from CLOSED. */
const paths: Readonly<Record<string, readonly string[]>> = {
  closed: [],
  listen: ['listen'],
  'syn-sent': ['open'],
  'syn-received': ['listen', 'SYN'],
  held: ['listen conditionally', 'SYN'],
  crossed: ['open', 'SYN'],
  established: ['open', 'SYN ACK'],
  'one segment': ['open', 'SYN ACK', 'data'],
  'two segments': ['open', 'SYN ACK', 'data', 'data'],
  'taken along': ['open', 'SYN ACK', 'data', 'send'],
  accepted: ['listen', 'SYN', 'ACK', 'accept'],
  'fin-wait-1': ['open', 'SYN ACK', 'close'],
  'fin-wait-2': ['open', 'SYN ACK', 'close', 'ACK'],
  closing: ['open', 'SYN ACK', 'close', 'FIN'],
  'time-wait': ['open', 'SYN ACK', 'close', 'ACK', 'FIN'],
  'close-wait': ['open', 'SYN ACK', 'FIN'],
  'last-ack': ['open', 'SYN ACK', 'FIN', 'close'],
};

// "ACK" acknowledges all that was sent, "FIN" nothing new, "FIN ACK" both; "old" and "far" are outside of the window.
const table = `
closed       | open          | syn-sent     | SYN
closed       | SYN           | closed       | RST
closed       | data          | closed       | RST
closed       | RST           | closed       |
listen       | SYN           | syn-received | SYN ACK
listen       | data          | closed       | RST
listen       | RST           | closed       |
syn-sent     | SYN ACK       | established  | ACK
syn-sent     | SYN           | syn-received | SYN ACK
syn-sent     | RST ACK       | closed       |
syn-sent     | RST           | syn-sent     |
syn-sent     | wrong SYN ACK | syn-sent     | RST
syn-sent     | close         | closed       |
syn-sent     | abort         | closed       |
syn-sent     | silence       | closed       | SYN SYN
syn-received | ACK           | established  |
syn-received | SYN           | syn-received | SYN ACK
syn-received | wrong ACK     | syn-received | RST
syn-received | RST           | closed       |
syn-received | close         | syn-received |
syn-received | silence       | closed       | SYN ACK SYN ACK
held         | accept it     | syn-received | SYN ACK
held         | reject it     | closed       | RST
held         | SYN           | syn-received |
held         | RST           | closed       |
crossed      | SYN ACK       | established  | ACK
crossed      | ACK           | established  | ACK
established  | close         | fin-wait-1   | FIN
established  | FIN           | close-wait   | ACK
established  | data          | established  |
one segment  | data          | established  | ACK
one segment  | send          | established  | 1 byte
one segment  | old data      | established  | ACK
one segment  | later data    | established  | ACK
one segment  | FIN           | close-wait   | ACK
one segment  | 40 ms         | established  | ACK
one segment  | close         | fin-wait-1   | FIN
one segment  | abort         | closed       | RST
taken along  | 40 ms         | established  |
taken along  | data          | established  |
two segments | data          | established  |
established  | old data      | established  | ACK
established  | far data      | established  | ACK
established  | RST           | closed       |
established  | far RST       | established  |
established  | odd RST       | established  | ACK
established  | late SYN      | established  | ACK
established  | send          | established  | 1 byte
established  | abort         | closed       | RST
accepted     | FIN           | close-wait   | ACK
accepted     | close         | fin-wait-1   | FIN
fin-wait-1   | ACK           | fin-wait-2   |
fin-wait-1   | FIN           | closing      | ACK
fin-wait-1   | FIN ACK       | time-wait    | ACK
fin-wait-1   | data          | fin-wait-2   |
fin-wait-1   | RST           | closed       |
fin-wait-1   | abort         | closed       | RST
fin-wait-1   | silence       | closed       | FIN FIN FIN FIN FIN
fin-wait-2   | FIN           | time-wait    | ACK
fin-wait-2   | data          | fin-wait-2   |
fin-wait-2   | abort         | closed       | RST
closing      | ACK           | time-wait    |
closing      | abort         | closed       |
closing      | RST           | closed       |
time-wait    | repeated FIN  | time-wait    | ACK
time-wait    | 2 MSL         | closed       |
time-wait    | RST           | closed       |
close-wait   | close         | last-ack     | FIN
close-wait   | send          | close-wait   | 1 byte
close-wait   | repeated FIN  | close-wait   | ACK
close-wait   | abort         | closed       | RST
last-ack     | ACK           | closed       |
last-ack     | repeated FIN  | last-ack     | ACK
last-ack     | abort         | closed       |
last-ack     | RST           | closed       |
`;

for (const row of table.trim().split('\n')) {
  const [from = '', event = '', to = '', sent = ''] = row.split('|').map((cell) => cell.trim());
  test(`${from}: ${event} leads to ${to}`, () => {
    const lab: Lab = { world: createWorld(), theirSeq: IRS, side: undefined };
    for (const step of paths[from] ?? []) happen(lab, step);
    takeSent(lab.world);
    happen(lab, event);
    const actual = takeSent(lab.world);
    assert.equal(stateOf(lab), to, 'the next state');
    assert.equal(actual.join(' '), sent, 'what is sent');
  });
}

function happen(lab: Lab, event: string): void {
  const { world } = lab;
  const side = lab.side ?? world.network.connections.get(connectionKey(here, there));
  lab.side = side;
  const own = (operation: (network: Network, side: Side) => void): void =>
    act(world, (network) => {
      assert.ok(side !== undefined, `a side for ${event}`);
      operation(network, side);
    });
  switch (event) {
    case 'open':
      lab.side = act(world, (network) => connect(network, { kind: 'socket', id: 1 }, here, there, 1000));
      return;
    case 'listen':
      listenAt(world);
      return;
    case 'listen conditionally':
      listenAt(world).isConditional = true;
      return;
    case 'accept': {
      const [listener] = world.network.bindings.values();
      const taken = takeConnection(world.network, listener?.id ?? 0);
      assert.ok(taken !== undefined);
      act(world, (network) => adopt(network, taken, { kind: 'socket', id: 2 }, 1000));
      return;
    }
    case 'accept it':
    case 'reject it':
      own((network, one) => inspected(network, one, event === 'accept it'));
      return;
    case 'close':
      own(shutdown);
      return;
    case 'abort':
      own(abort);
      return;
    case 'send':
      own((network, one) => send(network, one, 1, Uint8Array.of(1)));
      return;
    case '40 ms':
      run(world, world.network.nowNs + 40_000_000);
      return;
    case 'silence':
    case '2 MSL':
      run(world);
      return;
    default:
      arrive(lab, event);
  }
}

/** A segment from the other end. */
function arrive(lab: Lab, what: string): void {
  const { network } = lab.world;
  const side = lab.side;
  const isWrong = what.startsWith('wrong');
  const sndNxt = isWrong ? 77_777_777_777 : (side?.sndNxt ?? 1);
  const hasAck = /ACK|data/.test(what);
  const isFirst = side === undefined || side.rcvNxt === 0;
  const syn = what.includes('SYN');
  const fin = what.includes('FIN');
  const shift: Readonly<Record<string, number>> = { old: -1, far: 5000, odd: 10, repeated: -1, late: 1, later: 1 };
  const base = syn && !what.startsWith('late ') ? IRS : lab.theirSeq;
  const seq = base + (shift[what.split(' ')[0] ?? ''] ?? 0);
  const bytes = what.includes('data') ? Uint8Array.of(1) : new Uint8Array(0);
  const ack = hasAck ? sndNxt : isFirst || syn || what.includes('RST') ? undefined : (side?.sndUna ?? 0);
  const segment: Segment = {
    kind: 'segment',
    key: connectionKey(here, there),
    from: there,
    to: here,
    seq,
    ack,
    window: 1000,
    syn,
    fin,
    rst: what.includes('RST'),
    bytes,
  };
  const isNew = base === lab.theirSeq || (syn && lab.theirSeq === IRS);
  if (isNew && !isWrong && shift[what.split(' ')[0] ?? ''] === undefined) {
    lab.theirSeq = seq + bytes.length + (syn || fin ? 1 : 0);
  }
  queuePacket(network.queue, network.nowNs, segment);
  act(lab.world, deliverDue);
  lab.side ??= network.connections.get(connectionKey(here, there));
}

function stateOf({ world, side }: Lab): string {
  return (side ?? world.network.connections.get(connectionKey(here, there)))?.state ?? 'closed';
}

/** Takes the segments that our end has put on the wire since last time: those under way, or those noted. */
function takeSent({ network, notes }: World): string[] {
  const noted = notes.splice(0).flatMap((note) => /> \S+ (.*?)(?: again)?$/.exec(note)?.[1] ?? []);
  const underWay = fifoItems(network.queue.inOrder).flatMap(({ event }) =>
    event.kind === 'segment' ? [segmentText(event)] : [],
  );
  fifoClear(network.queue.inOrder);
  return underWay.length > 0 ? underWay : noted;
}
