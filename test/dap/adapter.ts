/**
 * A debug client for tests: starts the adapter as a process for each session, speaks DAP over its standard input and
 * output. Every wait has a time-out that says what was waited for.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { program } from '../support/program.ts';

export { root } from '../support/program.ts';

const waitMs = 120_000;

export type Message = DebugProtocol.Request | DebugProtocol.Response | DebugProtocol.Event;

export interface Adapter {
  /** The response, whether it succeeded or not. */
  send(command: string, args?: object): Promise<DebugProtocol.Response>;
  /** The body of a response that must succeed. */
  ask<Body>(command: string, args?: object): Promise<Body>;
  /** The next event of one of these kinds that has not been waited for. */
  next(...kinds: readonly string[]): Promise<DebugProtocol.Event>;
  readonly messages: readonly Message[];
  /** Exit code of the process. */
  readonly exited: Promise<number | null>;
  kill(): void;
  /** Closes the pipe, as a client that has crashed does. */
  hangUp(): void;
}

export function startAdapter(): Adapter {
  const process_ = spawn(process.execPath, [program('adapter')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const messages: Message[] = [];
  const listeners = new Set<() => void>();
  readMessages(process_, (message) => {
    messages.push(message);
    for (const listener of listeners) listener();
  });
  /** First message that fits, now or later. */
  const wait = <M extends Message>(what: string, find: () => M | undefined): Promise<M> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        listeners.delete(look);
        reject(new Error(`no ${what} within ${waitMs} ms; last: ${JSON.stringify(messages.slice(-3))}`));
      }, waitMs);
      const look = (): void => {
        const found = find();
        if (found === undefined) return;
        clearTimeout(timer);
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      look();
    });
  let sequence = 0;
  let seen = 0;
  const send: Adapter['send'] = (command, args) => {
    const request: DebugProtocol.Request = { seq: ++sequence, type: 'request', command, arguments: args };
    messages.push(request);
    const text = JSON.stringify(request);
    process_.stdin?.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    return wait(`response to ${command}`, () => messages.find(isResponseTo(request.seq)));
  };
  return {
    send,
    messages,
    exited: new Promise((resolve) => process_.on('exit', resolve)),
    kill: () => process_.kill(),
    hangUp: () => process_.stdin?.end(),
    async ask<Body>(command: string, args?: object) {
      const response = await send(command, args);
      if (!response.success) throw new Error(`${command} failed: ${response.message}`);
      // The test says what the protocol gives.
      return response.body as Body;
    },
    next: (...kinds) =>
      wait(`event ${kinds.join(' or ')}`, () => {
        for (; seen < messages.length; seen++) {
          const message = messages[seen];
          if (message !== undefined && isEvent(message) && kinds.includes(message.event)) {
            seen++;
            return message;
          }
        }
        return undefined;
      }),
  };
}

export function isEvent(message: Message): message is DebugProtocol.Event {
  return message.type === 'event';
}

function isResponseTo(sequence: number): (message: Message) => message is DebugProtocol.Response {
  return (message): message is DebugProtocol.Response =>
    message.type === 'response' && (message as DebugProtocol.Response).request_seq === sequence;
}

function readMessages(process_: ChildProcess, take: (message: Message) => void): void {
  let buffer = Buffer.alloc(0);
  process_.stdout?.on('data', (data: Buffer) => {
    buffer = Buffer.concat([buffer, data]);
    for (;;) {
      const headerEnd = buffer.indexOf('\r\n\r\n');
      if (headerEnd < 0) return;
      const length = Number(/Content-Length: (\d+)/.exec(buffer.toString('latin1', 0, headerEnd))?.[1]);
      const start = headerEnd + 4;
      if (buffer.length < start + length) return;
      take(JSON.parse(buffer.toString('utf8', start, start + length)) as Message);
      buffer = buffer.subarray(start + length);
    }
  });
}
