/**
 * The user's docs as an editor sees them: hovers with the page's own text, search, the progress bar with its button, and
 * what is said of folders that are no docs. The pages are ours, in the form of today's reference pages.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import type { Hover, LogMessageParams } from 'vscode-languageserver/node';
import { root } from '../support/program.ts';
import { type LspSession, startSession } from './session.ts';

const referencePage = (letters: string, header: string, name: string, body: string): string =>
  `---\nUID: ${letters}:${header}.${name}\ntitle: ${name} (${header}.h)\ndescription: What ${name} is for.\nreq.header: ${header}.h\nreq.irql: PASSIVE_LEVEL\nreq.typenames: \napi_name:\n - ${name}\n---\n\n# ${name} function\n\n## -description\n\n${body}\n\n## -see-also\n\n<a href="/windows-hardware/drivers/ddi/wsk/nc-wsk-pfn_wsk_socket">WskSocket</a>\n`;

const gauge = referencePage(
  'NF',
  'gauge',
  'GaugeReadLevel',
  `The <b>GaugeReadLevel</b> function reads a level.

> [!NOTE]
> Levels are &lt; 10.

## -parameters

### -param Gauge [in]

The gauge, see <a href="..\\wsk\\nc-wsk-pfn_wsk_socket.md">WskSocket</a>.

## -returns

<table><tr><th>Return code</th><th>Description</th></tr><tr><td><dl><dt><b>STATUS_SUCCESS</b></dt></dl></td><td>It was read.</td></tr></table>

## -remarks

Read it <i>twice</i>.`,
);

interface Place {
  readonly folder: string;
  readonly docs: string;
  readonly storage: string;
}

function place(t: TestContext): Place {
  mkdirSync(path.join(root, 'build'), { recursive: true });
  const folder = mkdtempSync(path.join(root, 'build/lsp-docs-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const docs = path.join(folder, 'checkout');
  const content = path.join(docs, 'wdk-ddi-src/content');
  mkdirSync(path.join(content, 'gauge'), { recursive: true });
  mkdirSync(path.join(content, 'wsk'), { recursive: true });
  writeFileSync(path.join(content, 'gauge/nf-gauge-gaugereadlevel.md'), gauge);
  const close = referencePage(
    'NC',
    'wsk',
    'PFN_WSK_CLOSE_SOCKET',
    'The <b>WskCloseSocket</b> function is told of here.',
  );
  writeFileSync(path.join(content, 'wsk/nc-wsk-pfn_wsk_close_socket.md'), close);
  return { folder, docs, storage: path.join(folder, 'storage') };
}

const options = ({ docs, storage }: Place, folders: readonly string[] = [docs]): unknown => ({
  storage,
  docs: { folders },
});

async function hoverOf(session: LspSession, uri: string, line: number, character: number): Promise<string> {
  const answer: Hover | null = await session.connection.sendRequest('textDocument/hover', {
    textDocument: { uri },
    position: { line, character },
  });
  const contents = answer?.contents;
  return contents !== undefined && typeof contents === 'object' && 'value' in contents ? contents.value : '';
}

/** Asks until the answer fits: the index is made in the background. */
async function eventually<T>(ask: () => Promise<T>, fits: (answer: T) => boolean): Promise<T> {
  for (let answer = await ask(); ; answer = await ask()) {
    if (fits(answer)) return answer;
    await new Promise((resume) => setTimeout(resume, 50));
  }
}

interface Search {
  readonly items: readonly { readonly name: string; readonly path: string; readonly snippet: string }[];
  readonly isOn: boolean;
  readonly pages: number;
  readonly isIndexing: boolean;
  readonly problem?: string;
}
const search = (session: LspSession, query: string): Promise<Search> =>
  session.connection.sendRequest('wsk/searchDocs', { query });

function logOf(session: LspSession): string[] {
  const log: string[] = [];
  session.connection.onNotification('window/logMessage', ({ message }: LogMessageParams) => {
    log.push(message);
  });
  return log;
}

interface Shown {
  readonly token: string | number;
  readonly value: {
    readonly kind: string;
    readonly cancellable?: boolean;
    readonly message?: string;
    readonly percentage?: number;
  };
}

const driver = `#include <wsk.h>
void f(PWSK_PROVIDER_BASIC_DISPATCH d, PWSK_SOCKET s, PIRP i) { d->WskCloseSocket(s, i); }
void g(void) { GaugeReadLevel(0); int OwnLocal = 0; OwnLocal++; }
`;

test('a search where no page can be read says why, until the setting changes', { timeout: 30_000 }, async (t) => {
  const here = place(t);
  const missing = path.join(here.folder, 'missing');
  const session = await startSession(options(here, [missing]));
  t.after(() => session.stop());
  const none = await eventually(
    () => search(session, ''),
    ({ isIndexing }) => !isIndexing,
  );
  assert.deepEqual([none.isOn, none.pages], [true, 0]);
  assert.match(none.problem ?? '', /missing does not exist\..*wsk\.docs\.folders/);
});

test('hovers show the page below our facts, or alone', { timeout: 30_000 }, async (t) => {
  const here = place(t);
  const session = await startSession(options(here));
  t.after(() => session.stop());
  await session.open('file:///d/driver.c', driver);
  const alone = await eventually(
    () => hoverOf(session, 'file:///d/driver.c', 2, 18),
    (text) => text.includes('gauge.h'),
  );
  const drivers = 'https://learn.microsoft.com/windows-hardware/drivers/ddi';
  for (const expected of [
    `[**GaugeReadLevel (gauge.h)**](${drivers}/gauge/nf-gauge-gaugereadlevel)`,
    '> **Note** Levels are < 10.',
    `- \`Gauge\`: The gauge, see [WskSocket](${drivers}/wsk/nc-wsk-pfn_wsk_socket).`,
    '- **STATUS_SUCCESS**: It was read.',
    'Read it *twice*.',
  ])
    assert.ok(alone.includes(expected), `${alone}\n\nlacks ${expected}`);
  const both = await hoverOf(session, 'file:///d/driver.c', 1, 70);
  assert.match(both, /NTSTATUS WskCloseSocket\([\s\S]*\n\n---\n\n[\s\S]*is told of here/);
  assert.doesNotMatch(await hoverOf(session, 'file:///d/driver.c', 2, 40), /---/);
});

test('pages are found and shown, and changed ones are seen', { timeout: 30_000 }, async (t) => {
  const here = place(t);
  const session = await startSession(options(here));
  t.after(() => session.stop());
  const { items, isOn } = await eventually(
    () => search(session, 'gaugre'),
    (answer) => answer.items.length > 0,
  );
  assert.equal(isOn, true);
  assert.equal(items[0]?.name, 'GaugeReadLevel');
  const byWords = await search(session, 'read twice');
  assert.deepEqual(
    byWords.items.map(({ name, snippet }) => [name, snippet]),
    [['GaugeReadLevel', 'Read it twice.']],
  );
  const file = items[0]?.path ?? '';
  const text: string | null = await session.connection.sendRequest('wsk/docsPage', { path: file });
  assert.match(text ?? '', /^# GaugeReadLevel \(gauge\.h\)/);
  writeFileSync(file, gauge.replace('twice', 'thrice'));
  assert.match((await session.connection.sendRequest<string>('wsk/docsPage', { path: file })) ?? '', /thrice/);
  // What is no page of the index is no business of ours.
  const secret = path.join(here.folder, 'secret.md');
  writeFileSync(secret, gauge);
  assert.equal(await session.connection.sendRequest('wsk/docsPage', { path: secret }), null);
  assert.equal(await session.connection.sendRequest('wsk/docsPage', { path: `${here.docs}/../secret.md` }), null);
  rmSync(file);
  assert.equal(await session.connection.sendRequest('wsk/docsPage', { path: file }), null);
});

test('folders that are no docs are told, and a damaged index is made anew', { timeout: 30_000 }, async (t) => {
  const here = place(t);
  const other = path.join(here.folder, 'other');
  mkdirSync(other);
  writeFileSync(path.join(other, 'notes.md'), 'What to buy: bread.\n');
  const folders = [path.join(here.folder, 'missing'), 'their/docs', other, here.docs];
  const first = await startSession(options(here, folders));
  const said = logOf(first);
  await eventually(
    () => search(first, 'GaugeReadLevel'),
    ({ items }) => items.length === 1,
  );
  await eventually(
    async () => said.join('\n'),
    (log) => log.includes('are ready'),
  );
  assert.match(said.join('\n'), /missing does not exist\..*wsk\.docs\.folders/);
  assert.match(said.join('\n'), /their\/docs is no absolute path\..*wsk\.docs\.folders/);
  assert.match(said.join('\n'), /other has 1 \.md files, but none of them is a page of the driver docs/);
  await first.stop();
  for (const name of readdirSync(here.storage)) {
    const bytes = readFileSync(path.join(here.storage, name));
    bytes[200] = (bytes[200] ?? 0) ^ 1;
    writeFileSync(path.join(here.storage, name), bytes);
  }
  const second = await startSession(options(here, folders));
  const then = logOf(second);
  await eventually(
    () => search(second, 'GaugeReadLevel'),
    ({ items }) => items.length === 1,
  );
  assert.match(then.join('\n'), /is damaged: its checksum is wrong; .*checkout is read anew/);
  assert.equal((await second.open('file:///d/driver.c', 'int x;\n')).length, 0);
  await second.stop();
});

test('reading shows a bar that can be stopped', { timeout: 60_000 }, async (t) => {
  const here = place(t);
  const folder = path.join(here.docs, 'wdk-ddi-src/content/many');
  mkdirSync(folder);
  for (let i = 0; i < 4_000; i++) {
    const name = `GaugeOf${i}`;
    writeFileSync(path.join(folder, `nf-many-${name.toLowerCase()}.md`), referencePage('NF', 'many', name, 'Text.'));
  }
  const session = await startSession(options(here), { window: { workDoneProgress: true } });
  t.after(() => session.stop());
  const said = logOf(session);
  const created: unknown[] = [];
  session.connection.onRequest('window/workDoneProgress/create', ({ token }: { readonly token: unknown }) => {
    created.push(token);
    return null;
  });
  const shown: Shown['value'][] = [];
  session.connection.onNotification('$/progress', ({ token, value }: Shown) => {
    shown.push(value);
    if (value.kind === 'begin') void session.connection.sendNotification('window/workDoneProgress/cancel', { token });
  });
  await eventually(
    async () => shown.at(-1)?.kind,
    (kind) => kind === 'end',
  );
  assert.equal(created.length, 1);
  assert.equal(shown[0]?.kind, 'begin');
  assert.equal(shown[0]?.cancellable, true);
  // The log is told after the bar has gone.
  await eventually(
    async () => said.join('\n'),
    (log) => log !== '',
  );
  assert.match(said.join('\n'), /reading was stopped/);
  // What was read is kept, and the next start goes on from there, up to the end.
  assert.ok(readdirSync(here.storage).some((name) => name.endsWith('.index')));
  const next = await startSession(options(here), { window: { workDoneProgress: true } });
  t.after(() => next.stop());
  const log = logOf(next);
  next.connection.onRequest('window/workDoneProgress/create', () => null);
  const seen: Shown['value'][] = [];
  next.connection.onNotification('$/progress', ({ value }: Shown) => {
    seen.push(value);
  });
  await eventually(
    async () => log.join('\n'),
    (text) => text.includes('are ready'),
  );
  assert.match(log.join('\n'), /4002 pages are ready/);
  const percentages = seen.flatMap(({ percentage }) => (percentage === undefined ? [] : [percentage]));
  assert.deepEqual(
    percentages,
    percentages.toSorted((a, b) => a - b),
  );
  assert.ok(percentages.every((one) => one >= 0 && one <= 100));
  // A machine that reads all of it before the bar is due shows none.
  if (seen.length > 0) {
    assert.deepEqual([seen[0]?.kind, seen.at(-1)?.kind], ['begin', 'end']);
    for (const { kind, message } of seen) if (kind === 'report') assert.match(message ?? '', /^\d+ of \d+ pages$/);
  }
});
