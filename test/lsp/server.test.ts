/** The language server over LSP, as an editor speaks with it. `|` in a text is the cursor. */
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import {
  type CompletionList,
  type Hover,
  type Location,
  MarkupContent,
  type SignatureHelp,
} from 'vscode-languageserver/node';
import { type LspSession, startSession } from './session.ts';

let session: LspSession;
before(async () => {
  session = await startSession();
});
after(() => session.stop());

let count = 0;
/** Opens a new document; gives its URI and the cursor's position. */
async function opened(marked: string) {
  const offset = marked.indexOf('|');
  const text = offset < 0 ? marked : marked.slice(0, offset) + marked.slice(offset + 1);
  const before = text.slice(0, Math.max(0, offset)).split('\n');
  const uri = `file:///drivers/test%20${count++}.c`;
  const diagnostics = await session.open(uri, text);
  return {
    textDocument: { uri },
    position: { line: before.length - 1, character: before.at(-1)?.length ?? 0 },
    diagnostics,
  };
}

const prelude = '#include <ntddk.h>\n#include <wsk.h>\n';
const call = (args: string): string =>
  `${prelude}NTSTATUS f(PWSK_PROVIDER_NPI Npi, PIRP Irp) {\n  return Npi->Dispatch->WskSocket(${args});\n}\n`;

async function hoverText(marked: string): Promise<string> {
  const found: Hover | null = await session.connection.sendRequest('textDocument/hover', await opened(marked));
  return found !== null && MarkupContent.is(found.contents) ? found.contents.value : '';
}

async function labels(marked: string): Promise<readonly string[]> {
  const { items }: CompletionList = await session.connection.sendRequest(
    'textDocument/completion',
    await opened(marked),
  );
  return items.toSorted((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1)).map((item) => item.label);
}

test('hover tells what a WSK call is, however it is reached', async () => {
  const ways = [
    call('Npi->Client, AF_INET, SOCK_STREAM, IPPROTO_TCP, 0, NULL, NULL, NULL, NULL, NULL, Irp').replace(
      'WskSocket',
      'Wsk|Socket',
    ),
    `${prelude}void f(PFN_WSK_SOCKET Make) { M|ake(0, 2, 1, 6, 0, 0, 0, 0, 0, 0, 0); }`,
    `${prelude}PFN_WSK_S|OCKET Make;`,
  ];
  for (const way of ways) {
    const text = await hoverText(way);
    for (const expected of ['WskSocket', 'DISPATCH_LEVEL', 'SocketContext', 'STATUS_PENDING', 'learn.microsoft.com']) {
      assert.ok(text.includes(expected), `${way.slice(-60)} lacks ${expected}: ${text.slice(0, 200)}`);
    }
  }
});

test('hover: what else is under a cursor', async () => {
  const cases: [string, string][] = [
    ['int x = SO_EXCL|USIVEADDRUSE;', 'WskBind'],
    ['int x = IOCTL_DOT4_CREATE_SOCK|ET;', 'METHOD_OUT_DIRECT'],
    ['void f(PIRP Irp) { Io|FreeIrp(Irp); }', 'IRQL'],
    ['void f(PIRP Irp) { Irp->IoSta|tus.Status = 0; }', 'IoStatus'],
    ['IO_COMPLETION_ROUT|INE Done;', 'STATUS_MORE_PROCESSING_REQUIRED'],
    ['NTSTATUS s = STATUS_PEN|DING;', '0x00000103'],
  ];
  for (const [line, expected] of cases) {
    const text = await hoverText(`${prelude}#include <d4drvif.h>\n${line}`);
    assert.ok(text.includes(expected), `${line}: ${text}`);
  }
  assert.equal(await hoverText(`${prelude}// Wsk|Socket`), '');
});

test('completion offers what fits the argument', async () => {
  const flags = await labels(call('Npi->Client, AF_INET, SOCK_STREAM, IPPROTO_TCP, |'));
  assert.deepEqual(flags.slice(0, 4).toSorted(), [
    'WSK_FLAG_BASIC_SOCKET',
    'WSK_FLAG_CONNECTION_SOCKET',
    'WSK_FLAG_LISTEN_SOCKET',
    'WSK_FLAG_STREAM_SOCKET',
  ]);
  assert.ok((await labels(call('Npi->Client, AF|'))).includes('AF_INET6'));
  assert.ok((await labels(`${prelude}void f(PIRP Irp) { Irp->Io|\n}`)).includes('IoStatus'));
  assert.ok((await labels(`${prelude}void f(PWSK_PROVIDER_NPI N) { N->Dispatch->|\n}`)).includes('WskControlClient'));
  assert.ok((await labels(`${prelude}void f(void) { IoAll|\n}`)).includes('IoAllocateIrp'));
});

test('signature help follows the argument', async () => {
  const help: SignatureHelp = await session.connection.sendRequest(
    'textDocument/signatureHelp',
    await opened(call('Npi->Client, AF_INET, |')),
  );
  assert.equal(help.activeParameter, 2);
  assert.match(help.signatures[0]?.label ?? '', /^NTSTATUS WskSocket\(PWSK_CLIENT Client, /);
});

test('definition goes to the name', async () => {
  const found: Location = await session.connection.sendRequest(
    'textDocument/definition',
    await opened('int limit;\nint f(void) { return lim|it; }\n'),
  );
  assert.deepEqual(found.range.start, { line: 0, character: 4 });
});

test('a lint finding comes with its path and a quick fix, and goes when the code is mended', async () => {
  const wrong = `${prelude}void f(void) {\n  PIRP Irp = IoAllocateIrp(0, FALSE);\n  if (Irp != NULL) IoFreeIrp(Irp);\n}\n`;
  const { textDocument, diagnostics } = await opened(wrong);
  assert.deepEqual(
    diagnostics.map((d) => [d.code, d.range.start.line]),
    [['irp-stack-size', 3]],
  );
  const actions: { title: string; edit: { changes: Record<string, { newText: string }[]> } }[] =
    await session.connection.sendRequest('textDocument/codeAction', {
      textDocument,
      range: diagnostics[0]?.range,
      context: { diagnostics },
    });
  assert.equal(actions[0]?.edit.changes[textDocument.uri]?.[0]?.newText, '1');
  assert.deepEqual(await session.replace(textDocument.uri, 2, wrong.replace('(0,', '(1,')), []);
});

test('broken text gets a diagnostic and the session goes on', async () => {
  const { diagnostics } = await opened(`${prelude}NTSTATUS f(PIRP Irp) { if ( \n`);
  assert.ok(diagnostics.some((d) => d.code === 'c-syntax'));
  for (const junk of [
    '',
    '}}}}',
    '#if 1',
    '\u0000\u0001',
    `${'('.repeat(3000)}`,
    '#include "nowhere.h"\nint a;',
    'int x = 08;',
  ])
    await opened(junk);
  assert.equal((await opened('int a;\n')).diagnostics.length, 0);
});

test('a request for a document that is not open gets an empty answer', async () => {
  const where = { textDocument: { uri: 'file:///drivers/never.c' }, position: { line: 0, character: 0 } };
  assert.equal(await session.connection.sendRequest('textDocument/hover', where), null);
  assert.deepEqual(await session.connection.sendRequest('textDocument/completion', where), []);
});
