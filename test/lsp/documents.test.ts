/** Documents as editors really send them: every kind of text, URI and timing. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  CancellationToken,
  CancellationTokenSource,
  type CompletionItem,
  type CompletionList,
  type Diagnostic,
  type Hover,
  type Location,
  LSPErrorCodes,
  type ResponseError,
} from 'vscode-languageserver/node';
import { generatedDriver } from '../bench/generated-driver.ts';
import { root } from '../support/program.ts';
import { type LspSession, startSession } from './session.ts';

let session: LspSession;
before(async () => {
  session = await startSession();
});
after(() => session.stop());

const prelude = '#include <ntddk.h>\n#include <wsk.h>\n';
const leaky = `${prelude}void f(void) {\n  PIRP Irp = IoAllocateIrp(0, FALSE);\n  if (Irp != NULL) IoFreeIrp(Irp);\n}\n`;

async function hoverAt(uri: string, line: number, character: number): Promise<Hover | null> {
  return session.connection.sendRequest('textDocument/hover', {
    textDocument: { uri },
    position: { line, character },
  });
}

function close(uri: string): Promise<void> {
  return session.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
}

/** Waits until a document shows so many diagnostics: a header is shown again whenever one of its readers is. */
async function shows(uri: string, count: number): Promise<void> {
  while ((await session.next(uri)).diagnostics.length !== count);
}

/** Sends a change and waits for nothing. */
function edit(uri: string, version: number, text: string): Promise<void> {
  return session.connection.sendNotification('textDocument/didChange', {
    textDocument: { uri, version },
    contentChanges: [{ text }],
  });
}

test('columns count UTF-16 units, whatever characters stand before', async () => {
  const uri = 'file:///drivers/utf16.c';
  const line = 'void f(PIRP i) { /* 𝕬😀é */ IoFreeIrp(i); }';
  await session.open(uri, `${prelude}${line}\n`);
  const character = line.indexOf('IoFreeIrp');
  const found = await hoverAt(uri, 2, character + 2);
  assert.deepEqual(found?.range, {
    start: { line: 2, character },
    end: { line: 2, character: character + 'IoFreeIrp'.length },
  });
});

for (const [name, end] of [
  ['CRLF', '\r\n'],
  ['CR', '\r'],
] as const) {
  test(`lines may end in ${name}`, async () => {
    const uri = `file:///drivers/${name}.c`;
    const diagnostics = await session.open(uri, leaky.replaceAll('\n', end));
    assert.deepEqual(
      diagnostics.map((d) => [d.code, d.range.start.line]),
      [['irp-stack-size', 3]],
    );
    assert.notEqual(await hoverAt(uri, 4, 24), null);
    const list: CompletionList = await session.connection.sendRequest('textDocument/completion', {
      textDocument: { uri },
      position: { line: 4, character: 24 },
    });
    assert.ok(list.items.some(({ label }) => label === 'IoFreeIrp'));
  });
}

test('URIs: drive letters, network shares, unsaved and odd ones', async () => {
  for (const uri of [
    'file:///c%3A/drivers/x.c',
    'file:///C:/drivers/x.c',
    'untitled:Untitled-1',
    'vscode-vfs://github/x.c',
    'file://%zz/x.c',
  ]) {
    const diagnostics = await session.open(uri, leaky);
    assert.deepEqual(
      diagnostics.map((d) => d.code),
      ['irp-stack-size'],
      uri,
    );
    const found: Location | null = await session.connection.sendRequest('textDocument/definition', {
      textDocument: { uri },
      position: { line: 4, character: 7 },
    });
    assert.equal(found?.uri, uri);
    await close(uri);
  }
});

test('a closed document loses its diagnostics, and requests for it get empty answers', async () => {
  const uri = 'file:///drivers/closed.c';
  assert.equal((await session.open(uri, leaky)).length, 1);
  const cleared = session.next(uri);
  const [answer] = await Promise.all([hoverAt(uri, 3, 16), close(uri)]);
  assert.ok(answer === null || answer.contents !== undefined);
  assert.deepEqual((await cleared).diagnostics, []);
  assert.equal(await hoverAt(uri, 3, 16), null);
});

test('of a thousand changes in a row the last one counts', async () => {
  const uri = 'file:///drivers/rapid.c';
  await session.open(uri, leaky);
  for (let version = 2; version < 1000; version++) {
    await edit(uri, version, version % 2 === 0 ? leaky : `${prelude}void broken( {\n`);
  }
  const last = await session.replace(uri, 1000, `${leaky}void g(void) {}\n`);
  assert.deepEqual(
    last.map((d) => d.code),
    ['irp-stack-size'],
  );
});

test('settings count at once', async () => {
  const uri = 'file:///drivers/settings.c';
  await session.open(uri, `#ifdef MINE\nint a = ;\n#endif\n`);
  const change = (wsk: unknown, shown = uri): Promise<{ diagnostics: readonly Diagnostic[] }> => {
    const answer = session.next(shown);
    void session.connection.sendNotification('workspace/didChangeConfiguration', { settings: { wsk } });
    return answer;
  };
  assert.equal((await change({ defines: ['MINE'] })).diagnostics.length, 1);
  assert.equal((await change({ defines: 3, lint: null })).diagnostics.length, 0);
  const linted = 'file:///drivers/settings2.c';
  await session.open(linted, leaky);
  assert.equal((await change({ lint: { enabled: false } }, linted)).diagnostics.length, 0);
  assert.equal((await change({}, linted)).diagnostics.length, 1);
});

test('what is wrong in a header of the user’s is shown there, as long as it is included', {
  timeout: 20_000,
}, async (t) => {
  const folder = mkdtempSync(path.join(root, 'build/lsp-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(path.join(folder, 'inc'));
  const header = path.join(folder, 'inc/mine.h');
  writeFileSync(header, 'MYTYPE a;\nint b = ;\n');
  const uri = pathToFileURL(path.join(folder, 'main.c')).href;
  const headerUri = pathToFileURL(header).href;

  const shown = session.next(headerUri);
  const main = await session.open(uri, 'typedef int MYTYPE;\n#include "inc/mine.h"\nint c;\n');
  assert.equal(main.length, 0);
  assert.deepEqual(
    (await shown).diagnostics.map((d) => d.range.start.line),
    [1],
  );

  // Open, the header is still read as part of the file that includes it, where MYTYPE is known.
  const alone = await session.open(headerUri, 'MYTYPE a;\nint b = ;\n');
  assert.deepEqual(
    alone.map((d) => d.range.start.line),
    [1],
  );
  assert.deepEqual(await session.replace(headerUri, 2, 'MYTYPE a;\nint b = 1;\n'), []);

  // Closed, it is what the disk has; and nothing any more when nobody includes it.
  const again = shows(headerUri, 1);
  await close(headerUri);
  await again;
  const cleared = shows(headerUri, 0);
  await close(uri);
  await cleared;
});

test('C++ is read for its calls: its syntax is not judged', async () => {
  const uri = 'file:///drivers/x.cpp';
  const text = `${prelude}class C : public B { public: template <class T> void g() { IoFreeIrp(0); } };\nauto x = [](int a) { return a; };\n`;
  assert.deepEqual(await session.open(uri, text, 'cpp'), []);
  assert.notEqual(await hoverAt(uri, 2, text.split('\n')[2]?.indexOf('IoFree') ?? 0), null);
  // What is known of one call's arguments holds there too; what a function does with an IRP may go on in a destructor.
  const wrong = `${prelude}class S { PWSK_SOCKET s_; public: void close() { PIRP irp = IoAllocateIrp(1, FALSE);\n  ((PWSK_PROVIDER_BASIC_DISPATCH)s_->Dispatch)->WskCloseSocket(s_, nullptr); } };\n`;
  const found = await session.open('file:///drivers/wrong.cpp', wrong, 'cpp');
  assert.deepEqual(
    found.map(({ code }) => code),
    ['irp-missing'],
  );
});

test('completion is small, and tells the rest of an item when asked', async () => {
  const uri = 'file:///drivers/resolve.c';
  await session.open(uri, `${prelude}void f(PWSK_PROVIDER_NPI n) {\n  n->Dispatch->\n}\n`);
  const list: CompletionList = await session.connection.sendRequest('textDocument/completion', {
    textDocument: { uri },
    position: { line: 3, character: 15 },
  });
  assert.ok(JSON.stringify(list).length < 100_000);
  const item = list.items.find(({ label }) => label === 'WskSocket');
  assert.ok(item !== undefined);
  const resolved: CompletionItem = await session.connection.sendRequest('completionItem/resolve', item);
  assert.match(JSON.stringify(resolved.documentation), /DISPATCH_LEVEL/);
});

test('a name of a header brings its declaration when somebody looks at it', async () => {
  const uri = 'file:///drivers/declared.c';
  await session.open(uri, `${prelude}void f(void) {\n  ExIsResourceAcq\n}\n`);
  const list: CompletionList = await session.connection.sendRequest('textDocument/completion', {
    textDocument: { uri },
    position: { line: 3, character: 17 },
  });
  const item = list.items.find(({ label }) => label === 'ExIsResourceAcquiredSharedLite');
  assert.ok(item !== undefined);
  const resolved: CompletionItem = await session.connection.sendRequest('completionItem/resolve', item);
  assert.equal(resolved.detail, 'ULONG');
  assert.match(JSON.stringify(resolved.documentation), /ULONG ExIsResourceAcquiredSharedLite\([^)]*PERESOURCE/);
});

test('a function of the driver stands in a list with its type, and its prototype beside it', async () => {
  const uri = 'file:///drivers/own.c';
  await session.open(uri, `${prelude}NTSTATUS Own(_In_ PIRP Irp);\nvoid f(void) {\n  Ow\n}\n`);
  const list: CompletionList = await session.connection.sendRequest('textDocument/completion', {
    textDocument: { uri },
    position: { line: 4, character: 4 },
  });
  const item = list.items.find(({ label }) => label === 'Own');
  assert.equal(item?.detail, 'NTSTATUS');
  const resolved: CompletionItem = await session.connection.sendRequest('completionItem/resolve', item);
  assert.deepEqual(resolved.documentation, { kind: 'markdown', value: '```c\nNTSTATUS Own(_In_ PIRP Irp);\n```' });
});

test('a client that knows defaults of a list gets what is looked up by its label without data of its own', async () => {
  const capable = await startSession(
    {},
    { textDocument: { completion: { completionList: { itemDefaults: ['data'] } } } },
  );
  try {
    const uri = 'file:///drivers/defaults.c';
    await capable.open(uri, `${prelude}void f(int IoFree) {\n  IoF\n}\n`);
    const list: CompletionList = await capable.connection.sendRequest('textDocument/completion', {
      textDocument: { uri },
      position: { line: 3, character: 5 },
    });
    // As a client does before it asks for an item's text.
    const resolve = async (label: string): Promise<CompletionItem> => {
      const item = list.items.find((one) => one.label === label);
      assert.ok(item !== undefined, label);
      const data: unknown = item.data ?? list.itemDefaults?.data;
      return capable.connection.sendRequest('completionItem/resolve', { ...item, data });
    };
    assert.equal(list.items.find(({ label }) => label === 'IoFreeMdl')?.data, undefined);
    const found = await resolve('IoFreeMdl');
    assert.match(JSON.stringify(found.documentation), /DISPATCH_LEVEL/);
    assert.match(JSON.stringify(found.documentation), /PMDL Mdl/);
    assert.equal((await resolve('IoFree')).documentation, undefined);
  } finally {
    await capable.stop();
  }
});

for (const [name, bytes] of [
  ['UTF-16', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ['UTF-16 with the high byte first', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
  ['UTF-8 with a mark', (text: string) => Buffer.from(`\uFEFF${text}`)],
] as const) {
  test(`files that are not open are read as ${name}`, async (t) => {
    const folder = mkdtempSync(path.join(root, 'build/lsp-encoding-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(path.join(folder, 'own.h'), bytes('/* é */\r\n#pragma once\r\nint Twice(int Number);\r\n'));
    writeFileSync(
      path.join(folder, 'own.c'),
      bytes('#include "own.h"\r\n\r\nint Twice(int Number) { return 2 * Number; }\r\n'),
    );
    const uri = pathToFileURL(path.join(folder, 'main.c')).href;
    const shown = await session.open(uri, '\uFEFF#include "own.h"\r\nint f(void) { return Twice(2); }\r\n');
    assert.deepEqual(shown, []);
    const at = { textDocument: { uri }, position: { line: 1, character: 23 } };
    for (const [method, file] of [
      ['definition', 'own.c'],
      ['declaration', 'own.h'],
    ] as const) {
      const found: Location = await session.connection.sendRequest(`textDocument/${method}`, at);
      assert.deepEqual([path.posix.basename(found.uri), found.range.start], [file, { line: 2, character: 4 }]);
    }
    await close(uri);
  });
}

test('50,000 lines: found, hovered and typed in to their end', async () => {
  const uri = 'file:///drivers/huge.c';
  const text = generatedDriver(50_000);
  const lines = text.split('\n').length;
  const leak = leaky.slice(prelude.length);
  assert.deepEqual(await session.open(uri, text), []);
  const typed = await session.replace(uri, 2, `${text}\n${leak}`);
  assert.deepEqual(
    typed.map(({ code, range }) => [code, range.start.line]),
    [['irp-stack-size', lines + 1]],
  );
  const found = await hoverAt(uri, lines + 1, leak.split('\n')[1]?.indexOf('IoAllocateIrp') ?? 0);
  assert.match(JSON.stringify(found?.contents), /IoAllocateIrp/);
  await close(uri);
});

test('while 50,000 lines are read, other documents are answered, and what is taken back is not waited for', async () => {
  const [long, short] = ['file:///drivers/long.c', 'file:///drivers/short.c'];
  await session.open(short, leaky);
  const shown = session.open(long, generatedDriver(50_000));
  const log: string[] = [];
  const answered = (name: string, answer: Promise<unknown>): Promise<unknown> => answer.finally(() => log.push(name));
  const hover = (uri: string, line: number, token = CancellationToken.None): Promise<Hover | null> =>
    session.connection.sendRequest(
      'textDocument/hover',
      { textDocument: { uri }, position: { line, character: 14 } },
      token,
    );
  const source = new CancellationTokenSource();
  const answers = [
    answered('taken back', hover(long, 10, source.token)),
    answered('long', hover(long, 10)),
    answered('short', hover(short, 3)),
  ];
  const ofShort = await answers[2];
  source.cancel();
  const [, ofLong] = await Promise.all(answers);
  assert.deepEqual(log, ['short', 'taken back', 'long']);
  assert.match(JSON.stringify(ofShort), /IoAllocateIrp/);
  assert.notEqual(ofLong, null);
  assert.deepEqual(await shown, []);
  // A text that is typed in before it has been read: places in the older one say nothing any more.
  await close(long);
  const again = session.open(long, generatedDriver(50_000, 1));
  const outdated = hover(long, 10).then(
    () => 'answered',
    ({ code }: ResponseError) => code,
  );
  const typed = session.replace(long, 2, `${generatedDriver(50_000, 1)}\n${leaky.slice(prelude.length)}`);
  assert.equal(await outdated, LSPErrorCodes.ContentModified);
  assert.deepEqual(
    (await typed).map(({ code }) => code),
    ['irp-stack-size'],
  );
  void again;
  for (const uri of [long, short]) await close(uri);
});

test('binary, huge lines and deep nesting are answered', async () => {
  const texts = [
    '\u0000\u0001\ufffe\ud800',
    'x'.repeat(200_000),
    '{'.repeat(20_000),
    '#define A A A\nA'.repeat(500),
    '"'.repeat(9999),
  ];
  for (const [i, text] of texts.entries()) {
    const uri = `file:///drivers/odd${i}.c`;
    await session.open(uri, text);
    for (const method of ['hover', 'completion', 'signatureHelp', 'definition', 'documentSymbol']) {
      const position = { line: 0, character: Math.floor(text.length / 2) };
      await session.connection.sendRequest(`textDocument/${method}`, { textDocument: { uri }, position });
    }
    await close(uri);
  }
});
