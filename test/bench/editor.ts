/**
 * One language server on one C file, as an editor drives it: ours and clangd are measured by the same code.
 *
 * Arguments: a JSON record of `command` (program and arguments) or `server` (the file of ours, which is started as the
 * extension starts it), `file` (or the number of lines of a generated one), `folder` (an empty one, where the text is put
 * beside `flags`, clangd's compile_flags.txt), `samples` of each kind and `edits` for the memory. Prints one JSON line:
 * milliseconds at the 95th percentile, and megabytes.
 *
 * Hovers and completions are asked for at identifiers spread evenly over the whole file, so that no cache of one place
 * answers. Keystrokes type a call into a function's body, which changes what is called there, and take it out again; the
 * time of each ends when the diagnostics of that version arrive. The edits for the memory put a statement there and take it
 * out; every 25th is waited for (an odd number: a server need not answer for a text that is as it was).
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { serverEnvironment, serverOptions } from '../../client/server-options.ts';
import { generatedDriver } from './generated-driver.ts';
import { memoryMb } from './process-memory.ts';

interface Work {
  readonly command?: readonly string[];
  readonly server?: string;
  readonly file: string;
  readonly folder: string;
  readonly flags: string;
  readonly samples: number;
  readonly edits: number;
}

/** What is typed into a body, and what an edit for the memory puts there. */
const call = 'KeQueryTickCount(&Typed);';
const statement = '0;';
/** Longer than any answer that is worth a figure. */
const PATIENCE_MS = 20_000;
const EDITS_TO_WAIT_FOR = 25;

const work = JSON.parse(process.argv[2] ?? '{}') as Work;
const text = /^\d+$/.test(work.file)
  ? generatedDriver(Number(work.file))
  : readFileSync(work.file, 'utf8').replaceAll('\r\n', '\n');
const path = join(work.folder, 'driver.c');
writeFileSync(path, text);
writeFileSync(join(work.folder, 'compile_flags.txt'), work.flags);
const uri = pathToFileURL(path).href;
const rootUri = pathToFileURL(work.folder).href;

const [program = '', ...args] = work.command ?? [
  process.execPath,
  ...serverOptions(process.versions.v8),
  work.server ?? '',
  '--stdio',
];
const spawned = performance.now();
const server = spawn(program, args, {
  stdio: ['pipe', 'pipe', 'ignore'],
  env: work.command === undefined ? { ...process.env, ...serverEnvironment } : process.env,
});
const connection = createProtocolConnection(
  new StreamMessageReader(server.stdout),
  new StreamMessageWriter(server.stdin),
);
let onDiagnostics: (version: number | undefined) => void = () => {};
connection.onNotification('textDocument/publishDiagnostics', (shown: { uri: string; version?: number }) => {
  if (shown.uri === uri) onDiagnostics(shown.version);
});
connection.onRequest('workspace/configuration', () => [{}]);
connection.onRequest('window/workDoneProgress/create', () => null);
connection.onRequest('client/registerCapability', () => null);
connection.listen();
await connection.sendRequest('initialize', {
  processId: process.pid,
  rootUri,
  workspaceFolders: [{ uri: rootUri, name: 'bench' }],
  capabilities: {
    textDocument: {
      publishDiagnostics: { relatedInformation: true, versionSupport: true },
      hover: { contentFormat: ['markdown'] },
      completion: { completionItem: { snippetSupport: true } },
    },
  },
});
await connection.sendNotification('initialized', {});

let version = 1;
const first = diagnosed(1);
const opened = performance.now();
await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'c', version, text } });
await first;
const firstDiagnosticsMs = performance.now() - opened;
const fromSpawnMs = performance.now() - spawned;

const places = identifiers(text, work.samples);
const hovers = await asked('textDocument/hover');
const completions = await asked('textDocument/completion');
const oneDriverMb = memoryMb(server.pid, 'VmRSS');

const body = bodyPlace(text);
const keystrokes: number[] = [];
for (let i = 0; i < Math.min(work.samples, 60); i++) {
  const started = performance.now();
  await keystroke(i);
  keystrokes.push(performance.now() - started);
  // A burst of work that the last keystroke left (an index, a cache) is not the next one's.
  await new Promise((done) => setTimeout(done, 60));
}
await change(body, keystrokes.length % (call.length + 1), '', false);
for (let i = 0; i < work.edits; i++) {
  const isWaitedFor = i % EDITS_TO_WAIT_FOR === EDITS_TO_WAIT_FOR - 1;
  if (i % 2 === 0) await change(body, 0, statement, isWaitedFor);
  else await change(body, statement.length, '', isWaitedFor);
}

console.log(
  JSON.stringify({
    firstDiagnosticsMs,
    fromSpawnMs,
    hoverMs: percentile95(hovers),
    completionMs: percentile95(completions),
    keystrokeMs: percentile95(keystrokes),
    oneDriverMb,
    afterEditsMb: memoryMb(server.pid, 'VmRSS'),
  }),
);
server.kill();
process.exit(0);

async function asked(method: string): Promise<number[]> {
  const times: number[] = [];
  for (const position of places) {
    const started = performance.now();
    await connection.sendRequest(method, { textDocument: { uri }, position });
    times.push(performance.now() - started);
  }
  return times;
}

/** The next character of the call; behind its last one, the whole call is taken out. */
async function keystroke(i: number): Promise<void> {
  const done = i % (call.length + 1);
  if (done === call.length) await change(body, call.length, '', true);
  else await change({ ...body, character: body.character + done }, 0, call.charAt(done), true);
}

/** Puts a text into the place of so many characters. */
async function change(start: typeof body, length: number, text: string, isWaitedFor: boolean): Promise<void> {
  version++;
  const shown = isWaitedFor ? diagnosed(version) : undefined;
  await connection.sendNotification('textDocument/didChange', {
    textDocument: { uri, version },
    contentChanges: [{ range: { start, end: { ...start, character: start.character + length } }, text }],
  });
  await shown;
}

/** A server that gives no versions is taken by its word: its next diagnostics. */
function diagnosed(wanted: number): Promise<void> {
  return new Promise((done, fail) => {
    const late = setTimeout(() => fail(new Error(`no diagnostics of version ${wanted}`)), PATIENCE_MS);
    onDiagnostics = (shown) => {
      if (shown !== undefined && shown < wanted) return;
      clearTimeout(late);
      done();
    };
  });
}

/** `count` places within identifiers, evenly over the text. */
function identifiers(of: string, count: number): { line: number; character: number }[] {
  const all = of
    .split('\n')
    .flatMap((content, line) =>
      [...content.matchAll(/\b[A-Z]\w{4,}\b/gi)].map(({ index }) => ({ line, character: index + 3 })),
    );
  return Array.from(
    { length: count },
    (_, i) => all[Math.floor((i * all.length) / count)] ?? { line: 0, character: 0 },
  );
}

/** Behind the first statement of the function that stands in the middle of the file. */
function bodyPlace(of: string): { line: number; character: number } {
  const lines = of.split('\n');
  const middle = Math.floor(lines.length / 2);
  const line = lines.findIndex((content, i) => i >= middle && /^\s+\w[^#/]*\);$/.test(content));
  return { line, character: lines[line]?.length ?? 0 };
}

function percentile95(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? Number.NaN;
}
