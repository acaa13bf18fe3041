/** What an editor draws into the text or links from it, over LSP: lenses, hints, tokens, links, pages of rules. */
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import type {
  CodeAction,
  CodeLens,
  DocumentLink,
  InlayHint,
  InlineValueVariableLookup,
  Location,
  SelectionRange,
  SemanticTokens,
} from 'vscode-languageserver/node';
import { type LspSession, startSession } from './session.ts';

let session: LspSession;
let plain: LspSession;
before(async () => {
  session = await startSession({ showsHeaders: true, hasCommands: true, inlayHints: true });
  plain = await startSession();
});
after(async () => {
  await session.stop();
  await plain.stop();
});

const driver = `#include <ntddk.h>
#include <wsk.h>
IO_COMPLETION_ROUTINE Done;
NTSTATUS f(PWSK_PROVIDER_NPI Npi, PIRP Irp) {
  IoSetCompletionRoutine(Irp, Done, NULL, TRUE, TRUE, TRUE);
  return Npi->Dispatch->WskSocket(Npi->Client, AF_INET, SOCK_STREAM, IPPROTO_TCP, 0, NULL, NULL, NULL, NULL, NULL, Irp);
}
NTSTATUS Done(PDEVICE_OBJECT d, PIRP Irp, PVOID c) { return STATUS_MORE_PROCESSING_REQUIRED; }
NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING p) { return STATUS_SUCCESS; }
`;

let count = 0;
async function opened(text: string, with_: LspSession = session) {
  const uri = `file:///drivers/decorated${count++}.c`;
  const diagnostics = await with_.open(uri, text);
  return { textDocument: { uri }, diagnostics };
}
const everything = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };

test('code lenses, for a client that knows their commands', async () => {
  const lenses: CodeLens[] = await session.connection.sendRequest('textDocument/codeLens', await opened(driver));
  assert.deepEqual(
    lenses.map(({ range, command }) => [range.start.line, command?.title, command?.command]),
    [
      [7, '1 IRP completes here: from WskSocket', 'wsk.showPlaces'],
      [8, 'Run on the emulator', 'wsk.debugFile'],
    ],
  );
  const [, , places] = lenses[0]?.command?.arguments ?? [];
  assert.equal((places as Location[])[0]?.range.start.line, 5);
  assert.deepEqual(await plain.connection.sendRequest('textDocument/codeLens', await opened(driver, plain)), []);
});

test('names of a very long file are coloured where they are on the screen', async () => {
  const long = `${driver}${Array.from({ length: 16_000 }, (_, n) => `ULONG Value${n}; /* one of very many numbers */\n`).join('')}`;
  const { textDocument } = await opened(long);
  assert.equal(await session.connection.sendRequest('textDocument/semanticTokens/full', { textDocument }), null);
  const some: SemanticTokens = await session.connection.sendRequest('textDocument/semanticTokens/range', {
    textDocument,
    range: { start: { line: 3, character: 0 }, end: { line: 6, character: 0 } },
  });
  assert.ok(some.data.length > 50 && some.data.length < 500, String(some.data.length));
});

test('values of names up to the line where a driver stands', async () => {
  const { textDocument } = await opened(driver);
  const line = 5;
  const values: InlineValueVariableLookup[] = await session.connection.sendRequest('textDocument/inlineValue', {
    textDocument,
    range: everything,
    context: { frameId: 1, stoppedLocation: { start: { line, character: 2 }, end: { line, character: 8 } } },
  });
  const found = values.map(({ range: { start }, variableName }) => `${start.line}:${start.character} ${variableName}`);
  assert.deepEqual(found, ['3:29 Npi', '3:39 Irp', '4:25 Irp', '5:9 Npi', '5:115 Irp']);
  const outside = { start: { line: 0, character: 0 }, end: { line: 0, character: 3 } };
  assert.deepEqual(
    await session.connection.sendRequest('textDocument/inlineValue', {
      textDocument,
      range: everything,
      context: { frameId: 1, stoppedLocation: outside },
    }),
    [],
  );
});

test('inlay hints, where they are wanted', async () => {
  const hints: InlayHint[] = await session.connection.sendRequest('textDocument/inlayHint', {
    ...(await opened(driver)),
    range: everything,
  });
  const labels = hints.map(({ label }) => label);
  assert.ok(labels.includes('AddressFamily:') && labels.includes('IRQL ≤ DISPATCH_LEVEL'), JSON.stringify(labels));
  assert.deepEqual(
    await plain.connection.sendRequest('textDocument/inlayHint', {
      ...(await opened(driver, plain)),
      range: everything,
    }),
    [],
  );
});

test('semantic tokens', async () => {
  const document = await opened('#include <wsk.h>\nPWSK_SOCKET s;\n');
  const { data }: SemanticTokens = await session.connection.sendRequest('textDocument/semanticTokens/full', document);
  // A type of a library, then a variable that is defined.
  assert.deepEqual(data, [1, 0, 11, 3, 16, 0, 12, 1, 7, 2]);
  const part: SemanticTokens = await session.connection.sendRequest('textDocument/semanticTokens/range', {
    ...document,
    range: { start: { line: 1, character: 12 }, end: { line: 1, character: 13 } },
  });
  assert.deepEqual(part.data, [1, 12, 1, 7, 2]);
});

test('includes are links', async () => {
  const links: DocumentLink[] = await session.connection.sendRequest(
    'textDocument/documentLink',
    await opened('#include <wsk.h>\n#include "gone.h"\n'),
  );
  assert.deepEqual(
    links.map(({ target, range }) => [target, range.start.character, range.end.character]),
    [['wsk-headers:/wsk.h', 10, 15]],
  );
});

test('a type’s definition, and what stands in a dispatch table', async () => {
  const document = await opened(
    'struct S { int (*Run)(void); };\nint Go(void) { return 1; }\nstruct S s = { Go };\nint f(void) { return s.Run(); }\n',
  );
  const type: Location = await session.connection.sendRequest('textDocument/typeDefinition', {
    ...document,
    position: { line: 3, character: 21 },
  });
  assert.deepEqual(type.range.start, { line: 0, character: 7 });
  const run: Location = await session.connection.sendRequest('textDocument/definition', {
    ...document,
    position: { line: 3, character: 24 },
  });
  assert.deepEqual(run.range.start, { line: 1, character: 4 });
});

test('a finding of lint links to the page of its rule', async () => {
  const wrong =
    '#include <ntddk.h>\nvoid f(void) {\n  PIRP Irp = IoAllocateIrp(0, FALSE);\n  if (Irp != NULL) IoFreeIrp(Irp);\n}\n';
  const { textDocument, diagnostics } = await opened(wrong);
  const finding = diagnostics.find(({ code }) => code === 'irp-stack-size');
  assert.equal(finding?.codeDescription?.href, 'wsk-rule:/irp-stack-size.md');
  const actions: CodeAction[] = await session.connection.sendRequest('textDocument/codeAction', {
    textDocument,
    range: finding?.range,
    context: { diagnostics: [finding] },
  });
  const explain = actions.find(({ title }) => title === 'Explain irp-stack-size');
  assert.deepEqual(explain?.command?.arguments, ['irp-stack-size']);
  const page: string = await session.connection.sendRequest('wsk/ruleText', { id: 'irp-stack-size' });
  assert.match(page, /irp-stack-size/);
  assert.equal(await session.connection.sendRequest('wsk/ruleText', { id: 'no-such-rule' }), null);

  const elsewhere = await opened(wrong, plain);
  assert.equal(elsewhere.diagnostics[0]?.codeDescription, undefined);
});

test('a syntax error leads to the page about the C text', async () => {
  const { diagnostics } = await opened('int f( {\n');
  assert.ok(diagnostics.length > 0);
  assert.ok(diagnostics.every(({ codeDescription }) => codeDescription?.href === 'wsk-rule:/c-syntax.md'));
});

test('every request lives on what is half typed, and on documents that are not open', async () => {
  const texts = [
    '',
    '}}}}',
    'struct S { int a; } s = { .',
    '#define A(x) x##',
    'int f(int a) { a->',
    `${'{'.repeat(500)}`,
  ];
  const requests = [
    ...['references', 'documentHighlight', 'prepareRename', 'definition', 'typeDefinition', 'prepareCallHierarchy'],
    ...['codeLens', 'inlayHint', 'semanticTokens/full', 'documentLink', 'documentSymbol'],
  ];
  const documents = [
    ...(await Promise.all(texts.map((text) => opened(text)))),
    { textDocument: { uri: 'file:///no.c' } },
  ];
  for (const { textDocument } of documents) {
    for (const request of requests) {
      const sent = session.connection.sendRequest(`textDocument/${request}`, {
        textDocument,
        position: { line: 0, character: 12 },
        range: everything,
        context: { includeDeclaration: true },
      });
      // A rename says why it can't be done; anything else answers.
      if (request === 'prepareRename') await sent.catch((error: Error) => assert.ok(error.message.length > 10));
      else await sent;
    }
  }
});

test('what is deprecated is struck out and what is left out is greyed, for a client that can', async () => {
  const text = [
    '#include <ntddk.h>',
    '#if 0',
    'int left;',
    '#endif',
    'int unused; // wsk-lint: allow irp-leak',
    'void *f(void) { return ExAllocatePoolWithTag(NonPagedPoolNx, 8, 1); }',
    'void *g(PMDL m) { return MmMapLockedPages(m, KernelMode); }',
    '',
  ].join('\n');
  const capable = await startSession(
    {},
    { textDocument: { publishDiagnostics: { tagSupport: { valueSet: [1, 2] } } } },
  );
  try {
    const shown = async (with_: LspSession, languageId = 'c', extension = 'c') => {
      const found = await with_.open(`file:///drivers/tagged${count++}.${extension}`, text, languageId);
      return found.map(({ range, severity, code, tags }) => [range.start.line, severity, code, tags]);
    };
    const silence = [4, 3, 'unused-silence', [1]];
    const pool = [5, 4, 'deprecated-pool-function', [2]];
    assert.deepEqual(await shown(capable), [silence, pool, [6, 4, undefined, [2]], [2, 4, undefined, [1]]]);
    // Whoever includes a header decides what is left out of it, and C++ is read for its calls only.
    assert.deepEqual(await shown(capable, 'c', 'h'), [silence, pool]);
    assert.ok((await shown(capable, 'cpp', 'cpp')).every(([, severity]) => severity !== 4));
    assert.deepEqual(await shown(plain), [silence, pool]);
  } finally {
    await capable.stop();
  }
});

test('the selection grows from the word to the file', async () => {
  const { textDocument } = await opened('int f(int n)\n{\n  return f(n + 1);\n}\n');
  const at = { line: 2, character: 11 };
  const [found]: SelectionRange[] = await session.connection.sendRequest('textDocument/selectionRange', {
    textDocument,
    positions: [at],
  });
  const widths: string[] = [];
  for (let range = found; range !== undefined; range = range.parent) {
    const { start, end } = range.range;
    widths.push(`${start.line}:${start.character}-${end.line}:${end.character}`);
  }
  assert.deepEqual(widths, [
    '2:11-2:12',
    '2:11-2:16',
    '2:10-2:17',
    '2:9-2:17',
    '2:2-2:18',
    '1:0-3:1',
    '0:0-3:1',
    '0:0-4:0',
  ]);
});
