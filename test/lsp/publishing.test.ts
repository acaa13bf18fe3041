/** Diagnostics are told once for each version of a document, and again only when they have changed. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { PublishDiagnosticsParams } from 'vscode-languageserver/node';
import { startSession } from './session.ts';

test('what is known is not told again', { timeout: 30_000 }, async (t) => {
  const session = await startSession();
  t.after(() => session.stop());
  const told: string[] = [];
  session.connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
    told.push(`${params.uri.slice(-3)} ${params.version ?? 'closed'}: ${params.diagnostics.length}`);
  });
  const uri = 'file:///drivers/a.c';
  const other = 'file:///drivers/b.c';
  const rest = (): Promise<void> => new Promise((done) => setTimeout(done, 50));
  /** What is told, however long it takes, and no more of it in the time in which more would come. */
  const tells = async (...expected: readonly string[]): Promise<void> => {
    while (told.length < expected.length) await rest();
    await rest();
    await session.connection.sendRequest('textDocument/documentSymbol', { textDocument: { uri } });
    assert.deepEqual(told.splice(0), expected);
  };
  const open = (which: string, text: string): Promise<void> =>
    session.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri: which, languageId: 'c', version: 1, text },
    });
  const change = (version: number, text: string): Promise<void> =>
    session.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ text }],
    });
  const save = (): Promise<void> =>
    session.connection.sendNotification('textDocument/didSave', { textDocument: { uri } });
  const close = (): Promise<void> =>
    session.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });

  await open(uri, 'int a\n');
  await tells('a.c 1: 1');
  await save();
  await open(other, 'int b;\n');
  await tells('b.c 1: 0');
  await change(2, 'int a \n');
  await tells('a.c 2: 1');
  await change(3, 'int a;\n');
  await tells('a.c 3: 0');
  await save();
  await tells();
  await close();
  await tells('a.c closed: 0');
  await open(uri, 'int a;\n');
  await tells('a.c 1: 0');
});
