/**
 * Carries out what a run orders and collects what happens outside. Nothing but loopback is ever reached: the run asks
 * for nothing else, and what it asks for is looked at again here.
 */
import { connect, type Socket } from 'node:net';
import { unreachable } from '../base/assert.ts';
import type { OutsideOrder, RunEvent } from '../emulator/index.ts';
import { type Connection, createConnection } from './connection.ts';
import { type OpenDoor, openTcpDoor, openUdpDoor } from './doors.ts';
import { createEvents, type Events } from './events.ts';

export interface Bridge {
  readonly events: Pick<Events, 'length' | 'take' | 'giveBack' | 'wait' | 'stop'>;
  /**
   * Carries out orders. `first` counts the orders of the run before them: a run that repeats another one gives the same
   * orders again, and those that were carried out already are left alone.
   */
  perform(batch: { readonly first: number; readonly orders: readonly OutsideOrder[] }): void;
  /** Something that comes from the user. */
  push(event: RunEvent): void;
  /** Closes every socket. */
  close(): void;
}

/** Connections at one time; more are refused. */
const CONNECTIONS_MAX = 4096;

/** `say` tells people how the driver's ports are reached. */
export function createBridge(say: (line: string) => void): Bridge {
  const events = createEvents();
  const connections = new Map<number, Connection>();
  const doors = new Map<number, readonly OpenDoor[]>();
  let performed = 0;
  /** Channels of clients have odd numbers. */
  let nextChannel = 1;

  const join = (socket: Socket, channel: number): void => {
    connections.set(
      channel,
      createConnection(socket, channel, events, () => connections.delete(channel)),
    );
  };

  const listen = ({ protocol, port, doors: wanted, binding }: Extract<OutsideOrder, { kind: 'listen' }>): void => {
    const opened = wanted.map((door) => {
      const options = { door, port, say };
      if (protocol === 'udp') return openUdpDoor(options, events);
      return openTcpDoor(options, (socket) => {
        if (connections.size >= CONNECTIONS_MAX || socket.remotePort === undefined) {
          socket.destroy();
          return;
        }
        const channel = nextChannel;
        nextChannel += 2;
        events.push({ kind: 'open', channel, from: { host: door.host, port: socket.remotePort }, to: door.to });
        join(socket, channel);
      });
    });
    doors.set(binding, opened);
  };

  const open = ({ channel, to }: Extract<OutsideOrder, { kind: 'connect' }>): void => {
    if (!isLoopback(to.host)) {
      events.push({ kind: 'refused', channel });
      return;
    }
    const socket = connect({ host: to.host, port: to.port, allowHalfOpen: true });
    const refused = (): void => events.push({ kind: 'refused', channel });
    socket.once('error', refused);
    socket.once('connect', () => {
      socket.off('error', refused);
      events.push({ kind: 'opened', channel });
      join(socket, channel);
    });
  };

  const perform = (order: OutsideOrder): void => {
    switch (order.kind) {
      case 'listen':
        listen(order);
        return;
      case 'unlisten':
        for (const door of doors.get(order.binding) ?? []) door.close();
        doors.delete(order.binding);
        return;
      case 'connect':
        open(order);
        return;
      case 'bytes':
        connections.get(order.channel)?.write(order.bytes);
        return;
      case 'taken':
        connections.get(order.channel)?.taken(order.length);
        return;
      case 'end':
        connections.get(order.channel)?.end();
        return;
      case 'reset':
        connections.get(order.channel)?.reset();
        return;
      case 'datagram': {
        const { binding, to, bytes } = order;
        if (!isLoopback(to.host)) return;
        const host = to.host === '::1' ? '::1' : '127.0.0.1';
        const door = doors.get(binding)?.find((one) => one.host === host);
        door?.send(bytes, to.port, to.host);
        return;
      }
      default:
        unreachable(order);
    }
  };

  return {
    events,
    perform({ first, orders }) {
      for (const [i, order] of orders.entries()) if (first + i >= performed) perform(order);
      performed = Math.max(performed, first + orders.length);
    },
    push: (event) => events.push(event),
    close() {
      events.stop();
      for (const opened of doors.values()) for (const door of opened) door.close();
      for (const connection of connections.values()) connection.destroy();
      doors.clear();
      connections.clear();
    },
  };
}

function isLoopback(host: string): boolean {
  return host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
