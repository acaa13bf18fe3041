/** A bridged `wsk run` as a process, and clients that talk to its driver over loopback: for tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';

export interface BridgedRun {
  /** The real port that stands for a port of the driver: "127.0.0.1" or "::1". */
  port(host: string, driverPort: number, protocol?: 'tcp' | 'udp'): Promise<number>;
  /** Waits for a line on standard error. */
  said(text: RegExp): Promise<RegExpExecArray>;
  /** As Ctrl+C. */
  interrupt(): void;
  /** Waits for the end. */
  ended(): Promise<{ readonly status: number | null; readonly out: string; readonly err: string }>;
  kill(): void;
}

const waitMs = 60_000;

export function startBridged(program: string, folder: string, args: readonly string[]): BridgedRun {
  const child: ChildProcess = spawn(process.execPath, [program, 'run', ...args], { cwd: folder });
  let out = '';
  let err = '';
  let isOver = false;
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of [...listeners]) listener();
  };
  child.stdout?.on('data', (data: Buffer) => {
    out += data.toString();
  });
  child.stderr?.on('data', (data: Buffer) => {
    err += data.toString();
    changed();
  });
  child.on('close', () => {
    isOver = true;
    changed();
  });
  const until = <T>(look: () => T | undefined, what: string): Promise<T> =>
    new Promise((resolve, reject) => {
      const failed = (why: string): void => {
        listeners.delete(check);
        clearTimeout(timer);
        reject(new Error(`${why} while waiting for ${what}\n${err}\n${out.slice(-4000)}`));
      };
      const check = (): void => {
        const found = look();
        if (found === undefined) {
          if (isOver) failed('wsk has ended');
          return;
        }
        listeners.delete(check);
        clearTimeout(timer);
        resolve(found);
      };
      const timer = setTimeout(() => failed('time is up'), waitMs);
      listeners.add(check);
      check();
    });
  const said = (text: RegExp): Promise<RegExpExecArray> => until(() => text.exec(err) ?? undefined, String(text));
  return {
    said,
    async port(host, driverPort, protocol = 'tcp') {
      const shown = host.includes(':') ? `\\[${host}\\]` : host.replaceAll('.', '\\.');
      const name = protocol === 'udp' ? 'UDP port' : 'wsk: port';
      const found = await said(new RegExp(`${name} ${driverPort} of the driver is ${shown}:(\\d+)`));
      return Number(found[1]);
    },
    interrupt: () => child.kill('SIGINT'),
    ended: () => until(() => (isOver ? { status: child.exitCode, out, err } : undefined), 'the end'),
    kill: () => child.kill('SIGKILL'),
  };
}

export interface Client {
  readonly socket: Socket;
  /** Everything that has come so far. */
  received(): string;
  /** Waits until so many bytes have come; gives them all. */
  has(length: number): Promise<string>;
  /** Waits for the other end: 'end' in good order, the code of the error otherwise. */
  over(): Promise<string>;
}

/** A client as `nc` is one. */
export function startClient(host: string, port: number): Promise<Client> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, allowHalfOpen: true });
    let received = '';
    let end: string | undefined;
    const listeners = new Set<() => void>();
    const changed = (): void => {
      for (const listener of [...listeners]) listener();
    };
    const until = <T>(look: () => T | undefined, what: string): Promise<T> =>
      new Promise((found, failed) => {
        const timer = setTimeout(() => failed(new Error(`no ${what}; received "${received.slice(-200)}"`)), waitMs);
        const check = (): void => {
          const value = look();
          if (value === undefined) return;
          listeners.delete(check);
          clearTimeout(timer);
          found(value);
        };
        listeners.add(check);
        check();
      });
    socket.on('data', (data) => {
      received += data.toString('latin1');
      changed();
    });
    socket.on('end', () => {
      end ??= 'end';
      changed();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      end ??= error.code ?? error.message;
      changed();
      // It matters until the connection is there.
      reject(error);
    });
    socket.on('connect', () =>
      resolve({
        socket,
        received: () => received,
        has: (length) => until(() => (received.length >= length ? received : undefined), `${length} bytes`),
        over: () => until(() => end, 'end of the connection'),
      }),
    );
  });
}

/**
 * Sends messages one after the other, each when the one before is back, and ends; gives how the driver ended the
 * connection then.
 */
export async function echo(host: string, port: number, messages: readonly string[]): Promise<string> {
  const client = await startClient(host, port);
  let expected = '';
  for (const message of messages) {
    client.socket.write(message);
    expected += message;
    await client.has(expected.length);
  }
  client.socket.end();
  const how = await client.over();
  if (client.received() !== expected) throw new Error(`other bytes came back, then ${how}`);
  return how;
}
