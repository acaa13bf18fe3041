/** Quick fixes over LSP: what is offered for a diagnostic, and that the text is right when it is applied. */
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import type { CodeAction, Diagnostic } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type LspSession, messageOf, startSession } from './session.ts';

let session: LspSession;
before(async () => {
  session = await startSession();
});
after(() => session.stop());

let count = 0;

interface Offered {
  readonly uri: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly actions: readonly CodeAction[];
}

/** What is offered for the first diagnostic of a text, or with other parameters. */
async function offered(text: string, context: object = {}): Promise<Offered> {
  const uri = `file:///drivers/fix${count++}.c`;
  const diagnostics = await session.open(uri, text);
  const actions: readonly CodeAction[] = await session.connection.sendRequest('textDocument/codeAction', {
    textDocument: { uri },
    range: diagnostics[0]?.range ?? { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
    context: { diagnostics: diagnostics.slice(0, 1), ...context },
  });
  return { uri, diagnostics, actions };
}

async function check(text: string, title: string, mended: string): Promise<void> {
  const { uri, actions } = await offered(text);
  const action = actions.find((a) => a.title === title);
  assert.ok(action, `${title}: ${actions.map((a) => a.title).join(', ')}`);
  const edits = action.edit?.changes?.[uri] ?? [];
  assert.equal(TextDocument.applyEdits(TextDocument.create(uri, 'c', 1, text), edits), mended);
  assert.deepEqual(await session.replace(uri, 2, mended), []);
}

test('fixes of the parser and the preprocessor', async () => {
  await check('int a\nint b;\n', "Insert ';'", 'int a;\nint b;\n');
  await check('#incldue <ntddk.h>\nPIRP Irp;\n', "Replace by '#include'", '#include <ntddk.h>\nPIRP Irp;\n');
  await check('#if DBG\nint a;\n', "Insert '#endif' at the end of the file", '#if DBG\nint a;\n#endif\n');
  await check(
    '#include <ntddk.h>\nNTSTATUS f(PIRP Irp) { return Irp.IoStatus.Status; }\n',
    "Replace '.' by '->'",
    '#include <ntddk.h>\nNTSTATUS f(PIRP Irp) { return Irp->IoStatus.Status; }\n',
  );
  await check(
    '#include <ntddk.h>\nKSPIN_LOCK Lock;\nvoid f(void) { KeInitializeSpinLock(Lock); }\n',
    "Insert '&'",
    '#include <ntddk.h>\nKSPIN_LOCK Lock;\nvoid f(void) { KeInitializeSpinLock(&Lock); }\n',
  );
});

test('the body of what is declared only is offered to who asks, and not wherever the cursor goes', async () => {
  const text = 'static int Next(void);\nint Use(void) { return Next(); }\n';
  const at = { start: { line: 0, character: 12 }, end: { line: 0, character: 12 } };
  const uri = `file:///drivers/body${count++}.c`;
  await session.open(uri, text);
  const titles = async (triggerKind: number): Promise<readonly string[]> => {
    const actions: readonly CodeAction[] = await session.connection.sendRequest('textDocument/codeAction', {
      textDocument: { uri },
      range: at,
      context: { diagnostics: [], triggerKind },
    });
    return actions.map(({ title }) => title);
  };
  assert.deepEqual(await titles(1), ["Write the body of 'Next', which is declared only"]);
  assert.deepEqual(await titles(2), []);
});

test('a name of a header that is not included', async () => {
  const text = '#include <ntddk.h>\r\nWSK_REGISTRATION Registration;\r\n';
  await check(text, "Insert '#include <wsk.h>'", text.replace('WSK_', '#include <wsk.h>\r\nWSK_'));
});

test('the only fix is preferred and says what it mends; all like mistakes can be mended at once', async () => {
  const { uri, diagnostics, actions } = await offered('int a\nint b\nint c;\n');
  assert.deepEqual(
    actions.map(({ title, kind, isPreferred }) => ({ title, kind, isPreferred })),
    [
      { title: "Insert ';'", kind: 'quickfix', isPreferred: true },
      { title: "Insert ';': all 2 in this file", kind: 'quickfix', isPreferred: false },
    ],
  );
  assert.deepEqual(actions[0]?.diagnostics, diagnostics.slice(0, 1));
  assert.equal(actions[1]?.edit?.changes?.[uri]?.length, 2);
});

test('nothing is offered where nothing is asked about', async () => {
  assert.deepEqual((await offered('int a\nint b;\n', { diagnostics: [] })).actions, []);
  assert.deepEqual((await offered('int a\nint b;\n', { only: ['refactor'] })).actions, []);
  assert.equal((await offered('int a\nint b;\n', { only: ['quickfix'] })).actions.length, 1);
});

test("a missing header of Microsoft's gives one hint, with the names that may come from it", async () => {
  const { diagnostics } = await offered(
    '#include <ndis.h>\nNDIS_HANDLE Driver;\nvoid f(NDIS_LOCK d) { NdisX(d, NDIS_Y)->z = 1; }\n',
  );
  assert.deepEqual(
    diagnostics.map((diagnostic) => [diagnostic.severity, messageOf(diagnostic).slice(0, 40)]),
    [[4, "The names of 'ndis.h' are not known here"]],
  );
  assert.deepEqual(
    diagnostics[0]?.relatedInformation?.map(({ message }) => message),
    ['NDIS_HANDLE', 'NDIS_LOCK', 'NdisX', 'NDIS_Y'].map((name) => `'${name}' is not declared.`),
  );
});

test('a missing header of somebody gives one error and one hint', async () => {
  const { diagnostics } = await offered('#include <mine.h>\nTHING Thing;\nvoid f(OTHER d) { DoX(d, A_Y); }\n');
  assert.deepEqual(
    diagnostics.map((diagnostic) => [diagnostic.severity, messageOf(diagnostic).slice(0, 40)]),
    [
      [1, "The header 'mine.h' was not found. It was looked for".slice(0, 40)],
      [4, "'THING', 'OTHER' and 2 more are not declared".slice(0, 40)],
    ],
  );
});

test('on save, what is certain is fixed, and nothing where the text does not read as C', async () => {
  const text = [
    '#include <ntddk.h>',
    '#include <wsk.h>',
    'NTSTATUS f(PWSK_PROVIDER_BASIC_DISPATCH b, PWSK_SOCKET s, PSOCKADDR a, PIRP Irp) {',
    '  return ((const WSK_PROVIDER_LISTEN_DISPATCH *)s->Dispatch)->WskBind(s, a, 1, Irp);',
    '}',
    '',
  ].join('\n');
  for (const kind of ['source', 'source.fixAll', 'source.fixAll.wsk']) {
    const { uri, diagnostics, actions } = await offered(text, { only: [kind], diagnostics: [] });
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ['reserved-flags'],
    );
    assert.deepEqual(
      actions.map((action) => action.kind),
      ['source.fixAll.wsk'],
    );
    const mended = TextDocument.applyEdits(
      TextDocument.create(uri, 'c', 1, text),
      actions[0]?.edit?.changes?.[uri] ?? [],
    );
    assert.equal(mended, text.replace('a, 1, Irp', 'a, 0, Irp'));
    assert.deepEqual(await session.replace(uri, 2, mended), []);
  }
  assert.deepEqual((await offered(text, { only: ['source.fixAll.eslint'] })).actions, []);
  assert.deepEqual((await offered(`${text}int x\nint y;\n`, { only: ['source.fixAll'] })).actions, []);
});
