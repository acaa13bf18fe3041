/** `.wsklint.yaml` in the editor: it counts as it is typed and when it changes on the disk, trusted or not. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { pathToFileURL } from 'node:url';
import type { CompletionItem } from 'vscode-languageserver/node';
import { root } from '../support/program.ts';
import { messageOf, startSession } from './session.ts';

const text = '#include <ntddk.h>\nPIRP Make(VOID)\n{\n  return IoAllocateIrp(0, FALSE);\n}\n';

test('levels hold at once, and what is wrong in them is shown', { timeout: 30_000 }, async (t) => {
  const folder = mkdtempSync(path.join(root, 'build/lsp-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const session = await startSession({ isTrusted: false });
  t.after(() => session.stop());
  const uriOf = (name: string): string => pathToFileURL(path.join(folder, name)).href;
  const uri = uriOf('main.c');
  const levels = uriOf('.wsklint.yaml');
  const severities = async (change: () => unknown): Promise<readonly (number | undefined)[]> => {
    const next = session.next(uri);
    await change();
    return (await next).diagnostics.map(({ severity }) => severity);
  };

  const said = 'root: true\nrules:\n  irp-stack-size: info\n';
  writeFileSync(path.join(folder, '.wsklint.yaml'), said);
  assert.deepEqual(
    (await session.open(uri, text)).map(({ severity }) => severity),
    [3],
  );

  const onDisk = async (): Promise<void> => {
    writeFileSync(path.join(folder, '.wsklint.yaml'), said.replace('info', 'warning'));
    await session.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: levels, type: 2 }],
    });
  };
  assert.deepEqual(await severities(onDisk), [2]);

  const open = { uri: levels, languageId: 'yaml', version: 1, text: said.replace('info', 'hint') };
  assert.deepEqual(
    await severities(() => session.connection.sendNotification('textDocument/didOpen', { textDocument: open })),
    [4],
  );
  const type = (version: number, typed: string): Promise<void> =>
    session.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: levels, version },
      contentChanges: [{ text: typed }],
    });
  assert.deepEqual(await severities(() => type(2, said.replace('info', 'off'))), []);
  const problems = session.next(levels);
  assert.deepEqual(await severities(() => type(3, said.replace('irp-stack-size', 'irp-stak-size'))), [1]);
  assert.deepEqual((await problems).diagnostics.map(messageOf), [
    'There is no rule irp-stak-size: is irp-stack-size meant?',
  ]);

  const where = { textDocument: { uri: levels }, position: { line: 2, character: 2 } };
  const items: readonly CompletionItem[] = await session.connection.sendRequest('textDocument/completion', where);
  assert.ok(items.some(({ label }) => label === 'irp-stack-size'));

  assert.deepEqual(
    await severities(() =>
      session.connection.sendNotification('textDocument/didClose', { textDocument: { uri: levels } }),
    ),
    [2],
  );
});

test('a mark that hides nothing has a quick fix', { timeout: 30_000 }, async (t) => {
  const session = await startSession();
  t.after(() => session.stop());
  const uri = 'file:///drivers/mark.c';
  const diagnostics = await session.open(uri, '#include <ntddk.h>\nint x; // wsk-lint: allow irp-lek\n');
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ['unused-silence'],
  );
  const actions: readonly { readonly title: string }[] = await session.connection.sendRequest(
    'textDocument/codeAction',
    {
      textDocument: { uri },
      range: diagnostics[0]?.range,
      context: { diagnostics },
    },
  );
  const titles = actions.map(({ title }) => title);
  assert.deepEqual(titles.slice(0, 2), ["Replace 'irp-lek' by 'irp-leak'", 'Remove the mark']);
});
