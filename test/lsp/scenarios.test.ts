/** Scenario files over LSP: what is wrong is shown at its place, and completion and hover are the scenario's. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { CompletionItem, DocumentLink, Hover } from 'vscode-languageserver/node';
import { type LspSession, messageOf, startSession } from './session.ts';

let session: LspSession;
before(async () => {
  session = await startSession();
});
after(() => session.stop());

const uri = 'file:///drivers/echo.wsk.yaml';

test('a scenario is checked as it is typed, and nothing of C is said of it', async () => {
  const wrong = 'files: ["*.c"]\nunloadAfterMs: soon\npears: []\n';
  const problems = await session.open(uri, wrong, 'yaml');
  assert.deepEqual(
    problems.map(
      (problem) =>
        `${problem.range.start.line}:${problem.range.start.character} ${problem.code}: ${messageOf(problem)}`,
    ),
    [
      '1:15 wrong-type: unloadAfterMs must be a number, but is the text "soon"',
      '2:0 unknown-key: "pears" is no setting of a scenario; did you mean "peers"?',
    ],
  );
  assert.deepEqual(await session.replace(uri, 2, 'files: ["*.c"]\nunloadAfterMs: 5\npeers: []\n'), []);
  const syntax = await session.replace(uri, 3, 'files: ["*.c"\n');
  assert.equal(syntax[0]?.code, 'yaml-syntax');
});

test('completion and hover', async () => {
  await session.replace(uri, 4, 'unloadAfterMs: 5\nnetwork:\n  \n');
  const where = (line: number, character: number): object => ({
    textDocument: { uri },
    position: { line, character },
  });
  const items: readonly CompletionItem[] = await session.connection.sendRequest('textDocument/completion', where(2, 2));
  assert.deepEqual(items.find(({ label }) => label === 'seed')?.textEdit, {
    range: { start: { line: 2, character: 2 }, end: { line: 2, character: 2 } },
    newText: 'seed: ',
  });
  const hover: Hover | null = await session.connection.sendRequest('textDocument/hover', where(0, 3));
  assert.match(JSON.stringify(hover?.contents), /unloadAfterMs/);
  const symbols = await session.connection.sendRequest('textDocument/documentSymbol', { textDocument: { uri } });
  assert.deepEqual(symbols, []);
});

test('what a scenario names leads there, as far as it is there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wsk-links-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ['my driver.c', 'stubs.c', 'hello.bin']) writeFileSync(join(folder, name), '');
  const own = pathToFileURL(join(folder, 'links.wsk.yaml')).href;
  const text =
    'files: ["my driver.c", gone.c, "*.c"]\nstubs:\n  - stubs.c\npeers:\n' +
    '  - connect: 127.0.0.1:4007\n    steps:\n      - send: { file: hello.bin }\n';
  await session.open(own, text, 'yaml');
  const links: readonly DocumentLink[] = await session.connection.sendRequest('textDocument/documentLink', {
    textDocument: { uri: own },
  });
  const lines = text.split('\n');
  assert.deepEqual(
    links.map(({ range: { start, end }, target }) => [
      lines[start.line]?.slice(start.character, end.character),
      target,
    ]),
    ['my driver.c', 'stubs.c', 'hello.bin'].map((name, i) => [
      i === 0 ? `"${name}"` : name,
      pathToFileURL(join(folder, name)).href,
    ]),
  );
});

test('a document that is no scenario is none of ours, whatever its language', async () => {
  const other = await session.open('file:///drivers/scenario.c', 'int unloadAfterMs = 1;\n');
  assert.deepEqual(other, []);
});
