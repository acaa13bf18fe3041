/**
 * The language server as an editor drives it: `dist/server.js` over stdio, ten documents open, edits in each.
 *
 * Arguments: the server's file, a C file of about 1,400 lines or nothing for generated drivers. Prints one JSON line:
 * resident memory in MB when all is answered and at its highest, and milliseconds from a change to the answer of a
 * hover in the changed text, which is one reading of the file with its headers known.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { serverEnvironment, serverOptions } from '../../client/server-options.ts';
import { generatedDriver } from './generated-driver.ts';
import { memoryMb } from './process-memory.ts';
import { median } from './timing.ts';

const DOCUMENTS = 10;
const EDITS = 20;
const LINES = 1400;

const [program = '', sample = ''] = process.argv.slice(2);
const server = spawn(process.execPath, [...serverOptions(process.versions.v8), program, '--stdio'], {
  stdio: ['pipe', 'pipe', 'inherit'],
  env: { ...process.env, ...serverEnvironment },
});
const connection = createProtocolConnection(
  new StreamMessageReader(server.stdout),
  new StreamMessageWriter(server.stdin),
);
const waiting = new Map<string, () => void>();
connection.onNotification('textDocument/publishDiagnostics', ({ uri, version }: { uri: string; version?: number }) => {
  waiting.get(`${uri} ${version}`)?.();
});
connection.onRequest('workspace/configuration', () => [{}]);
connection.listen();
await connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
await connection.sendNotification('initialized', {});

const documents = Array.from({ length: DOCUMENTS }, (_, i) => ({
  uri: `file:///bench/driver${i}.c`,
  // Each text is different, as ten files of one driver are.
  text: sample === '' ? generatedDriver(LINES, i) : `/* Copy ${i}. */\n${readFileSync(sample, 'utf8')}`,
}));
for (const { uri, text } of documents) {
  const shown = diagnosed(uri, 1);
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'c', version: 1, text },
  });
  await shown;
}
const afterOpening = memoryMb(server.pid, 'VmRSS');
const times: number[] = [];
let version = 1;
for (let edit = 0; edit < EDITS; edit++) {
  for (const { uri, text } of documents.slice(0, edit < EDITS / 2 ? 1 : DOCUMENTS)) {
    version++;
    const shown = diagnosed(uri, version);
    const started = performance.now();
    await connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ text: `${text}\nstatic int Edited${version};\n` }],
    });
    await connection.sendRequest('textDocument/hover', {
      textDocument: { uri },
      position: { line: text.split('\n').length, character: 12 },
    });
    times.push(performance.now() - started);
    await shown;
  }
}
console.log(
  JSON.stringify({
    rereadMs: median(times),
    afterOpening,
    atEnd: memoryMb(server.pid, 'VmRSS'),
    highest: memoryMb(server.pid, 'VmHWM'),
  }),
);
await connection.sendRequest('shutdown');
await connection.sendNotification('exit');
connection.dispose();

function diagnosed(uri: string, ofVersion: number): Promise<void> {
  return new Promise((done) => waiting.set(`${uri} ${ofVersion}`, done));
}
