/**
 * Ports of the driver as real ports of loopback: the same number where it is free, any other where it is not. Only
 * 127.0.0.1 and ::1 are ever bound, so that nobody from another machine reaches the driver.
 */
import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import type { Door, RunEvent } from '../emulator/index.ts';

/** Something real that stands for a port of the driver. */
export interface OpenDoor {
  readonly host: Door['host'];
  /** Sends a datagram from there. */
  send(bytes: Uint8Array, port: number, host: string): void;
  close(): void;
}

export interface DoorOptions {
  readonly door: Door;
  /** The driver's. */
  readonly port: number;
  /** For people. */
  readonly say: (line: string) => void;
}

export function openTcpDoor(options: DoorOptions, connected: (socket: Socket) => void): OpenDoor {
  const { host } = options.door;
  const server: Server = createServer({ allowHalfOpen: true, noDelay: true }, connected);
  let isClosed = false;
  const listen = (port: number): void => {
    server.listen({ host, port, exclusive: true });
  };
  server.on('listening', () => {
    const address = server.address();
    if (address !== null && typeof address === 'object') tellOpen(options, 'tcp', address.port);
  });
  server.on('error', (error: NodeJS.ErrnoException) => {
    if (isClosed || server.listening) return;
    if (isTaken(error)) listen(0);
    else tellFailed(options, error);
  });
  listen(options.port);
  return {
    host,
    send: () => {},
    close: () => {
      isClosed = true;
      server.close();
    },
  };
}

/** Datagrams that came and were not taken yet; more are lost, as they may be. */
const DATAGRAMS_MAX = 1000;

export function openUdpDoor(
  options: DoorOptions,
  events: { push(event: RunEvent): void; readonly length: number },
): OpenDoor {
  const { host, to } = options.door;
  const type = host === '::1' ? 'udp6' : 'udp4';
  let socket: DatagramSocket;
  let isClosed = false;
  let isBound = false;
  const open = (port: number): DatagramSocket => {
    const made = createSocket({ type, reuseAddr: false });
    made.on('message', (bytes, from) => {
      if (events.length >= DATAGRAMS_MAX) return;
      const sender = { host: from.address, port: from.port };
      events.push({ kind: 'datagram', from: sender, to, bytes: Uint8Array.from(bytes) });
    });
    made.on('listening', () => {
      isBound = true;
      tellOpen(options, 'udp', made.address().port);
    });
    made.on('error', (error: NodeJS.ErrnoException) => {
      // Later errors are of single datagrams, which nobody is told of.
      if (isClosed || isBound) return;
      made.close();
      if (isTaken(error) && port !== 0) socket = open(0);
      else tellFailed(options, error);
    });
    made.bind({ address: host, port, exclusive: true });
    return made;
  };
  socket = open(options.port);
  return {
    host,
    send(bytes, port, to) {
      if (isClosed) return;
      try {
        socket.send(bytes, port, to, () => {});
      } catch {
        // A socket that could not be bound sends nothing.
      }
    },
    close() {
      isClosed = true;
      try {
        socket.close();
      } catch {
        // It was never open.
      }
    },
  };
}

/** The port is somebody else's, or reserved for the administrator. */
function isTaken({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EADDRINUSE' || code === 'EACCES' || code === 'EPERM';
}

function tellOpen({ door, port, say }: DoorOptions, protocol: 'tcp' | 'udp', real: number): void {
  say(`${protocol === 'udp' ? 'UDP port' : 'port'} ${port} of the driver is ${doorText(door.host, real)}`);
}

function tellFailed({ door, port, say }: DoorOptions, { code, message }: NodeJS.ErrnoException): void {
  say(`port ${port} of the driver can't be reached at ${doorText(door.host, port)} (${code ?? message})`);
}

function doorText(host: Door['host'], port: number): string {
  return host === '::1' ? `[::1]:${port}` : `${host}:${port}`;
}
