/** `.wsklint.yaml` in the editor: it counts as it is typed and when it changes on the disk, trusted or not. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { pathToFileURL } from 'node:url';
import type { CodeAction, CompletionItem, TextDocumentEdit } from 'vscode-languageserver/node';
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

test('a deleted file gives its levels back, also while the editor holds its document', {
  timeout: 30_000,
}, async (t) => {
  const folder = mkdtempSync(path.join(root, 'build/lsp-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const session = await startSession();
  t.after(() => session.stop());
  const uri = pathToFileURL(path.join(folder, 'main.c')).href;
  const file = path.join(folder, '.wsklint.yaml');
  const levels = pathToFileURL(file).href;
  const said = 'root: true\nrules:\n  irp-stack-size: hint\n';
  const severities = async (change: () => unknown): Promise<readonly (number | undefined)[]> => {
    const next = session.next(uri);
    await change();
    return (await next).diagnostics.map(({ severity }) => severity);
  };
  const watched = (type: number): Promise<void> =>
    session.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: levels, type }] });

  writeFileSync(file, said);
  assert.deepEqual(
    (await session.open(uri, text)).map(({ severity }) => severity),
    [4],
  );
  const typed = said.replace('hint', 'info');
  const open = { uri: levels, languageId: 'yaml', version: 1, text: typed };
  assert.deepEqual(
    await severities(() => session.connection.sendNotification('textDocument/didOpen', { textDocument: open })),
    [3],
  );
  unlinkSync(file);
  assert.deepEqual(await severities(() => watched(3)), [1]);
  writeFileSync(file, typed);
  assert.deepEqual(await severities(() => watched(1)), [3]);
});

test('levels by quick fix: a new file, then an edit of it', { timeout: 30_000 }, async (t) => {
  const folder = mkdtempSync(path.join(root, 'build/lsp-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const workspaceEdit = { documentChanges: true, resourceOperations: ['create' as const], snippetEditSupport: true };
  const session = await startSession({}, { workspace: { workspaceEdit } });
  t.after(() => session.stop());
  const uri = pathToFileURL(path.join(folder, 'main.c')).href;
  const levels = pathToFileURL(path.join(folder, '.wsklint.yaml')).href;
  // Levels of the folders above would be found otherwise.
  writeFileSync(path.join(folder, '.git'), '');
  const diagnostics = await session.open(uri, text);
  const offered = (): Promise<readonly CodeAction[]> =>
    session.connection.sendRequest('textDocument/codeAction', {
      textDocument: { uri },
      range: diagnostics[0]?.range,
      context: { diagnostics },
    });
  const changesOf = (actions: readonly CodeAction[], title: string): readonly unknown[] =>
    actions.find((action) => action.title === title)?.edit?.documentChanges ?? actions.map((action) => action.title);

  const start = { line: 3, character: 0 };
  const mark = '  // wsk-lint: allow irp-stack-size $0\n';
  assert.deepEqual(changesOf(await offered(), 'Allow irp-stack-size here'), [
    {
      textDocument: { uri, version: 1 },
      edits: [{ range: { start, end: start }, snippet: { kind: 'snippet', value: mark } }],
    },
  ]);
  const top = { line: 0, character: 0 };
  const change = (newText: string, at: object) => ({
    textDocument: { uri: levels, version: null },
    edits: [{ range: { start: at, end: at }, newText }],
  });
  assert.deepEqual(changesOf(await offered(), 'Turn irp-stack-size off in this folder'), [
    { kind: 'create', uri: levels, options: { ignoreIfExists: true } },
    change('rules:\n  irp-stack-size: off\n', top),
  ]);
  writeFileSync(path.join(folder, '.wsklint.yaml'), 'root: true # ours\n');
  await session.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: levels, type: 1 }] });
  assert.deepEqual(changesOf(await offered(), 'Show irp-stack-size as a hint in this folder') as TextDocumentEdit[], [
    change('rules:\n  irp-stack-size: hint\n', { line: 1, character: 0 }),
  ]);
});

test('a deleted folder gives the levels and headers of its files back, and any other deletion changes nothing', {
  timeout: 30_000,
}, async (t) => {
  const folder = mkdtempSync(path.join(root, 'build/lsp-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const project = path.join(folder, 'Project');
  mkdirSync(path.join(project, 'sub'), { recursive: true });
  writeFileSync(path.join(folder, '.wsklint.yaml'), 'root: true\n');
  writeFileSync(path.join(project, '.wsklint.yaml'), 'rules:\n  irp-stack-size: hint\n');
  const session = await startSession();
  t.after(() => session.stop());
  const uri = pathToFileURL(path.join(project, 'sub/main.c')).href;
  const severities = async (gone: string): Promise<readonly (number | undefined)[]> => {
    const next = session.next(uri);
    const changes = [{ uri: pathToFileURL(gone).href, type: 3 }];
    await session.connection.sendNotification('workspace/didChangeWatchedFiles', { changes });
    return (await next).diagnostics.map(({ severity }) => severity);
  };
  const first = await session.open(uri, text);
  assert.deepEqual(
    first.map(({ severity }) => severity),
    [4],
  );
  // Nothing was read from there, so that nothing is published: the next answer is that of the folder.
  const elsewhere = pathToFileURL(path.join(folder, 'Proj')).href;
  await session.connection.sendNotification('workspace/didChangeWatchedFiles', {
    changes: [{ uri: elsewhere, type: 3 }],
  });
  rmSync(project, { recursive: true });
  assert.deepEqual(await severities(project), [1]);
});
