/** A language client for tests: starts the server and speaks LSP over stdio. */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  type ClientCapabilities,
  createProtocolConnection,
  type Diagnostic,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { serverEnvironment, serverOptions } from '../../client/server-options.ts';
import { program } from '../support/program.ts';

export interface LspSession {
  readonly connection: ProtocolConnection;
  /** Of the server. */
  readonly pid: number;
  /** Opens a document and gives its first diagnostics. */
  open(uri: string, text: string, languageId?: string): Promise<readonly Diagnostic[]>;
  /** Replaces a document's text and gives the diagnostics of that version. */
  replace(uri: string, version: number, text: string): Promise<readonly Diagnostic[]>;
  /** The diagnostics of a version that is yet to be shown. */
  diagnosed(uri: string, version: number): Promise<readonly Diagnostic[]>;
  /** The next diagnostics of a document, whatever they are for. */
  next(uri: string): Promise<PublishDiagnosticsParams>;
  stop(): Promise<void>;
}

export async function startSession(
  initializationOptions: unknown = {},
  capabilities: ClientCapabilities = {},
  folders: readonly string[] = [],
): Promise<LspSession> {
  const server: ChildProcess = spawn(
    process.execPath,
    [...serverOptions(process.versions.v8), program('server'), '--stdio'],
    { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...serverEnvironment } },
  );
  if (server.stdout === null || server.stdin === null) throw new Error('the server has no pipes');
  const connection = createProtocolConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  const waiting: { uri: string; version: number; done: (diagnostics: readonly Diagnostic[]) => void }[] = [];
  const listeners: { uri: string; done: (params: PublishDiagnosticsParams) => void }[] = [];
  connection.onNotification(
    'textDocument/publishDiagnostics',
    ({ uri, version, diagnostics }: PublishDiagnosticsParams) => {
      const next = listeners.findIndex((listener) => listener.uri === uri);
      if (next >= 0) listeners.splice(next, 1)[0]?.done({ uri, diagnostics });
      const at = waiting.findIndex((w) => w.uri === uri && w.version === version);
      if (at >= 0) waiting.splice(at, 1)[0]?.done(diagnostics);
    },
  );
  connection.onRequest('workspace/configuration', () => [initializationOptions]);
  connection.listen();
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: null,
    workspaceFolders: folders.map((uri) => ({ uri, name: uri })),
    capabilities,
    initializationOptions,
  });
  await connection.sendNotification('initialized', {});
  const diagnosticsOf = (uri: string, version: number): Promise<readonly Diagnostic[]> =>
    new Promise((done) => waiting.push({ uri, version, done }));
  return {
    connection,
    pid: server.pid ?? 0,
    diagnosed: diagnosticsOf,
    async open(uri, text, languageId = 'c') {
      const answer = diagnosticsOf(uri, 1);
      await connection.sendNotification('textDocument/didOpen', {
        textDocument: { uri, languageId, version: 1, text },
      });
      return answer;
    },
    async replace(uri, version, text) {
      const answer = diagnosticsOf(uri, version);
      await connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [{ text }],
      });
      return answer;
    },
    next: (uri) => new Promise((done) => listeners.push({ uri, done })),
    async stop() {
      await connection.sendRequest('shutdown');
      await connection.sendNotification('exit');
      connection.dispose();
    },
  };
}

/** A diagnostic's words: ours are plain text always. */
export function messageOf({ message }: Diagnostic): string {
  return typeof message === 'string' ? message : message.value;
}
