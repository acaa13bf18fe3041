/** How the server's process ends: with its client, whether that says so or is just gone. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import test from 'node:test';
import { program } from '../support/program.ts';

interface Message {
  readonly id?: number;
  readonly method: string;
  readonly params?: unknown;
}

const initialize: Message = {
  id: 1,
  method: 'initialize',
  params: { processId: null, rootUri: null, capabilities: {} },
};
const initialized: Message = { method: 'initialized', params: {} };
const shutdown: Message = { id: 2, method: 'shutdown' };
const exit: Message = { method: 'exit' };

const endings: readonly (readonly [what: string, said: readonly Message[], status: number])[] = [
  ['nothing was said', [], 1],
  ['the client is gone', [initialize, initialized], 1],
  ['the client is gone once it has shut the server down', [initialize, initialized, shutdown], 0],
  ['exit after shutdown', [initialize, initialized, shutdown, exit], 0],
  ['exit without shutdown', [initialize, initialized, exit], 1],
];

for (const [what, said, status] of endings) {
  test(`${what}: status ${status}`, async () => {
    const server = spawn(process.execPath, [program('server'), '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = once(server, 'close');
    const answers = said.filter(({ id }) => id !== undefined).length;
    let output = '';
    server.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
      // What was asked for has been answered; only then the pipe breaks.
      if (output.split('Content-Length').length > answers) server.stdin.end();
    });
    for (const message of said) server.stdin.write(framed(message));
    if (answers === 0) server.stdin.end();
    assert.deepEqual(await ended, [status, null]);
  });
}

function framed(message: Message): string {
  const text = JSON.stringify({ jsonrpc: '2.0', ...message });
  return `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}
