/** References, rename and calls over LSP: across open files, their headers, and C files of the folder that nobody opened. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  type CallHierarchyIncomingCall,
  type CallHierarchyItem,
  type CallHierarchyOutgoingCall,
  type CodeLens,
  type DocumentHighlight,
  type DocumentSymbol,
  type Location,
  type SymbolInformation,
  SymbolKind,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { type LspSession, startSession } from './session.ts';

const texts: Readonly<Record<string, string>> = {
  'shared.h':
    'typedef struct _CONTEXT_DATA { int Count; } CONTEXT_DATA;\nint Step(CONTEXT_DATA *Data);\n#define LIMIT 4\n',
  'main.c':
    '#include "shared.h"\nstatic int Local(void) { return 1; }\nint Run(CONTEXT_DATA *Data) { Data->Count = Local(); return Step(Data) + LIMIT; }\n',
  'step.c':
    '#include "shared.h"\nstatic int Local(void) { return 2; }\nint Step(CONTEXT_DATA *Data) { return Data->Count + Local(); }\n',
  'other.c': 'int Count;\nint Other(void) { return Count; }\n',
};

let session: LspSession;
let folder: string;
before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'wsk-references-'));
  for (const [name, text] of Object.entries(texts)) writeFileSync(path.join(folder, name), text);
  session = await startSession({ showsHeaders: true, hasCommands: true });
  await session.open(uriOf('main.c'), texts['main.c'] ?? '');
});
after(async () => {
  await session.stop();
  rmSync(folder, { recursive: true, force: true });
});

const uriOf = (name: string): string => pathToFileURL(path.join(folder, name)).href;
const nameOf = (uri: string): string => uri.slice(uri.lastIndexOf('/') + 1);

/** Position of the first place of a text, plus some characters. */
function at(name: string, what: string) {
  const text = texts[name] ?? '';
  const offset = text.indexOf(what);
  assert.ok(offset >= 0, what);
  const lines = text.slice(0, offset).split('\n');
  return {
    textDocument: { uri: uriOf(name) },
    position: { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 },
  };
}

async function references(name: string, what: string, includeDeclaration = true): Promise<string> {
  const found: Location[] = await session.connection.sendRequest('textDocument/references', {
    ...at(name, what),
    context: { includeDeclaration },
  });
  return found
    .map(({ uri, range: { start } }) => `${nameOf(uri)}:${start.line + 1}:${start.character + 1}`)
    .sort()
    .join(' ');
}

test('references reach headers and files that are not open', async () => {
  assert.equal(await references('main.c', 'Step('), 'main.c:3:61 shared.h:2:5 step.c:3:5');
  assert.equal(await references('main.c', 'Step(', false), 'main.c:3:61');
  assert.equal(await references('main.c', 'Count'), 'main.c:3:37 shared.h:1:36 step.c:3:45');
  assert.equal(await references('main.c', 'CONTEXT_DATA'), 'main.c:3:9 shared.h:1:45 shared.h:2:10 step.c:3:10');
  assert.equal(await references('main.c', 'LIMIT'), 'main.c:3:74 shared.h:3:9');
});

test('what is local stays in its file', async () => {
  assert.equal(await references('main.c', 'Local'), 'main.c:2:12 main.c:3:45');
});

test('from a header, which is half a program alone', async () => {
  await session.open(uriOf('shared.h'), texts['shared.h'] ?? '');
  assert.equal(await references('shared.h', 'Count'), 'main.c:3:37 shared.h:1:36 step.c:3:45');
  assert.equal(await references('shared.h', 'Step'), 'main.c:3:61 shared.h:2:5 step.c:3:5');
});

test('highlights say what is written', async () => {
  const found: DocumentHighlight[] = await session.connection.sendRequest(
    'textDocument/documentHighlight',
    at('main.c', 'Count'),
  );
  assert.deepEqual(
    found.map(({ kind }) => kind),
    [3],
  );
});

test('a rename changes every file, or says why not', async () => {
  const edit: WorkspaceEdit = await session.connection.sendRequest('textDocument/rename', {
    ...at('main.c', 'Step('),
    newName: 'Advance',
  });
  const changed = Object.entries(edit.changes ?? {}).map(([uri, edits]) => `${nameOf(uri)} ${edits.length}`);
  assert.deepEqual(changed.sort(), ['main.c 1', 'shared.h 1', 'step.c 1']);
  const prepared: { placeholder: string } = await session.connection.sendRequest(
    'textDocument/prepareRename',
    at('main.c', 'Step('),
  );
  assert.equal(prepared.placeholder, 'Step');
  await assert.rejects(
    session.connection.sendRequest('textDocument/rename', { ...at('main.c', 'Local'), newName: 'Step' }),
    /'Step' is a function already/,
  );
  // A file that does not name what is renamed, and is not open, has the new name.
  await assert.rejects(
    session.connection.sendRequest('textDocument/rename', { ...at('main.c', 'Step('), newName: 'Other' }),
    /'Other' is a function already, in other\.c/,
  );
  await assert.rejects(
    session.connection.sendRequest('textDocument/prepareRename', at('main.c', 'return')),
    /'return' is a keyword/,
  );
});

test('symbols of the workspace', async () => {
  const names = async (query: string): Promise<string> => {
    const found: SymbolInformation[] = await session.connection.sendRequest('workspace/symbol', { query });
    return found.map(({ name, location }) => `${nameOf(location.uri)}:${name}`).join(' ');
  };
  assert.match(await names('Other'), /^other\.c:Other$/);
  assert.match(await names('step'), /^step\.c:Step/);
  assert.match(await names('context'), /^shared\.h:CONTEXT_DATA shared\.h:_CONTEXT_DATA$/);
  assert.equal(await names('limit'), 'shared.h:LIMIT');
  assert.equal(await names('zzz'), '');
});

test('definitions in files that are not open', async () => {
  const place = async (name: string, what: string): Promise<string> => {
    const found: Location | null = await session.connection.sendRequest('textDocument/definition', at(name, what));
    return found === null ? '' : `${nameOf(found.uri)}:${found.range.start.line + 1}`;
  };
  assert.equal(await place('main.c', 'Step('), 'step.c:3');
  assert.equal(await place('main.c', 'Count'), 'shared.h:1');
});

test('calls in files that are not open', async () => {
  const items: CallHierarchyItem[] = await session.connection.sendRequest(
    'textDocument/prepareCallHierarchy',
    at('main.c', 'Step('),
  );
  const [item] = items;
  assert.equal(item?.name, 'Step');
  const incoming: CallHierarchyIncomingCall[] = await session.connection.sendRequest('callHierarchy/incomingCalls', {
    item,
  });
  assert.deepEqual(
    incoming.map(({ from, fromRanges }) => `${from.name} ${fromRanges.length}`),
    ['Run 1'],
  );
  const outgoing: CallHierarchyOutgoingCall[] = await session.connection.sendRequest('callHierarchy/outgoingCalls', {
    item,
  });
  assert.deepEqual(
    outgoing.map(({ to }) => `${nameOf(to.uri)}:${to.name}`),
    ['step.c:Local'],
  );
});

test('a function that is called and defined in a file that is not open is shown where it is defined', async () => {
  const items: CallHierarchyItem[] = await session.connection.sendRequest(
    'textDocument/prepareCallHierarchy',
    at('main.c', 'Run('),
  );
  const outgoing: CallHierarchyOutgoingCall[] = await session.connection.sendRequest('callHierarchy/outgoingCalls', {
    item: items[0],
  });
  assert.deepEqual(
    outgoing.map(({ to }) => `${nameOf(to.uri)}:${to.selectionRange.start.line + 1}:${to.name}`),
    ['main.c:2:Local', 'step.c:3:Step'],
  );
});

test('another driver may have a function of the same name', async () => {
  await session.open('file:///elsewhere/main.c', 'int Step(int a) { return a; }\n');
  assert.equal(await references('main.c', 'Step('), 'main.c:3:61 shared.h:2:5 step.c:3:5');
});

test('C++ is left to others', async () => {
  const uri = 'file:///elsewhere/main.cpp';
  await session.open(uri, 'int a;\n', 'cpp');
  const where = { textDocument: { uri }, position: { line: 0, character: 4 } };
  await assert.rejects(session.connection.sendRequest('textDocument/prepareRename', where), /in C files only: a C\+\+/);
  await assert.rejects(
    session.connection.sendRequest('textDocument/references', { ...where, context: { includeDeclaration: true } }),
    /in C files only: a C\+\+/,
  );
});

test('C++ has its classes in the outline and their methods among the symbols', async () => {
  const uri = 'file:///elsewhere/link.cpp';
  await session.open(uri, 'namespace net { class Link { int state_; bool Send() { return true; } }; }\n', 'cpp');
  const [outline]: DocumentSymbol[] = await session.connection.sendRequest('textDocument/documentSymbol', {
    textDocument: { uri },
  });
  assert.deepEqual([outline?.name, outline?.kind], ['net', SymbolKind.Namespace]);
  const [link] = outline?.children ?? [];
  assert.deepEqual(
    link?.children?.map(({ name, kind, detail }) => [name, kind, detail]),
    [
      ['state_', SymbolKind.Field, 'int'],
      ['Send', SymbolKind.Method, 'bool Send()'],
    ],
  );
  const found: SymbolInformation[] = await session.connection.sendRequest('workspace/symbol', { query: 'Send' });
  assert.deepEqual(
    found.map(({ name, containerName }) => [name, containerName]),
    [['Send', 'Link']],
  );
});

test('nothing is written to the disk', () => {
  for (const [name, text] of Object.entries(texts)) {
    assert.equal(readFileSync(path.join(folder, name), 'utf8'), text);
  }
});

test('a header of two projects changes for both, and nothing that only has its name', async (t) => {
  const parent = mkdtempSync(path.join(tmpdir(), 'wsk-projects-'));
  t.after(() => rmSync(parent, { recursive: true, force: true }));
  const files: Readonly<Record<string, string>> = {
    'inc/common.h': 'typedef struct _LINK { int State; } LINK;\nint Reset(LINK *Link);\n',
    'inc/all.h': '#include "common.h"\n',
    'one/one.c': '#include "../inc/common.h"\nint Reset(LINK *Link) { Link->State = 0; return 0; }\n',
    'two/two.c': '#include "../inc/all.h"\nint Two(LINK *Link) { return Reset(Link) + Link->State; }\n',
    'three/three.c': 'static int Reset(int State) { return State; }\nint Three(void) { return Reset(3); }\n',
    'four/four.c': '#include "../inc/common.h"\nint Clear(void) { return 4; }\n',
  };
  const own = (name: string): string => pathToFileURL(path.join(parent, name)).href;
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(parent, name)), { recursive: true });
    writeFileSync(path.join(parent, name), text);
  }
  const many = await startSession({}, {}, [pathToFileURL(parent).href]);
  t.after(() => many.stop());
  await many.open(own('one/one.c'), files['one/one.c'] ?? '');
  const renamed = async (character: number, newName: string): Promise<readonly string[]> => {
    const edit: WorkspaceEdit = await many.connection.sendRequest('textDocument/rename', {
      textDocument: { uri: own('one/one.c') },
      position: { line: 1, character },
      newName,
    });
    const changes = Object.entries(edit.changes ?? {}).map(([uri, edits]) => `${nameOf(uri)} ${edits.length}`);
    return changes.sort();
  };
  assert.deepEqual(await renamed('int '.length, 'Restart'), ['common.h 1', 'one.c 1', 'two.c 1']);
  assert.deepEqual(await renamed('int Reset(LINK *Link) { Link->'.length, 'Phase'), [
    'common.h 1',
    'one.c 1',
    'two.c 1',
  ]);
  // A file that reads the header has the new name already.
  await assert.rejects(renamed('int '.length, 'Clear'), /'Clear' is a function already/);
});

test('a header of two drivers leads to the functions of both, and who calls them', async (t) => {
  const parent = mkdtempSync(path.join(tmpdir(), 'wsk-shared-'));
  t.after(() => rmSync(parent, { recursive: true, force: true }));
  const call = '#include "../inc/queue.h"\nint Use(void) { return Push(1); }\n';
  const push = '#include "../inc/queue.h"\nint Push(int a) { return a; }\n';
  const files: Readonly<Record<string, string>> = {
    'inc/queue.h': 'int Push(int a);\nstatic inline int Top(void) { return 1; }\n',
    'one/one.c': call,
    'one/push.c': push,
    'two/two.c': `${call}int Peek(void) { return Top(); }\n`,
    'two/push.c': push,
  };
  const own = (name: string): string => pathToFileURL(path.join(parent, name)).href;
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(parent, name)), { recursive: true });
    writeFileSync(path.join(parent, name), text);
  }
  const many = await startSession({}, {}, [pathToFileURL(parent).href]);
  t.after(() => many.stop());
  const nameIn = (uri: string): string => path.relative(parent, new URL(uri).pathname);
  const send = <T>(method: string, params: object): Promise<T> => many.connection.sendRequest(method, params);
  const where = (name: string, what: string): object => {
    const lines = (files[name] ?? '').split('\n');
    const line = lines.findIndex((text) => text.includes(what));
    return { textDocument: { uri: own(name) }, position: { line, character: (lines[line] ?? '').indexOf(what) + 1 } };
  };
  const calls = async (name: string, what: string): Promise<readonly string[]> => {
    const items = await send<CallHierarchyItem[]>('textDocument/prepareCallHierarchy', where(name, what));
    const found = items.map(async (item) => {
      const incoming = await send<CallHierarchyIncomingCall[]>('callHierarchy/incomingCalls', { item });
      return `${nameIn(item.uri)}: ${incoming.map(({ from }) => `${from.name} in ${nameIn(from.uri)}`).join(', ')}`;
    });
    return (await Promise.all(found)).sort();
  };
  await many.open(own('one/one.c'), call);
  assert.deepEqual(await calls('one/one.c', 'Push('), ['one/push.c: Use in one/one.c']);
  await many.open(own('inc/queue.h'), files['inc/queue.h'] ?? '');
  const found = await send<Location[]>('textDocument/definition', where('inc/queue.h', 'Push'));
  assert.deepEqual(found.map(({ uri }) => nameIn(uri)).sort(), ['one/push.c', 'two/push.c']);
  assert.deepEqual(await calls('inc/queue.h', 'Push'), [
    'one/push.c: Use in one/one.c',
    'two/push.c: Use in two/two.c',
  ]);
  assert.deepEqual(await calls('inc/queue.h', 'Top'), ['inc/queue.h: Peek in two/two.c']);
});

test('a driver that is split over folders: calls and symbols in those that are not open', async (t) => {
  const parent = mkdtempSync(path.join(tmpdir(), 'wsk-folders-'));
  t.after(() => rmSync(parent, { recursive: true, force: true }));
  const files: Readonly<Record<string, string>> = {
    'inc/net.h': 'int NetStart(int Port);\n',
    'entry.c': '#include "inc/net.h"\nint DriverEntry(void) { return NetStart(1); }\n',
    'net/listen.c': '#include "../inc/net.h"\nint NetStart(int Port) { return Port; }\n',
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(parent, name)), { recursive: true });
    writeFileSync(path.join(parent, name), text);
  }
  const split = await startSession({}, {}, [pathToFileURL(parent).href]);
  t.after(() => split.stop());
  const uri = pathToFileURL(path.join(parent, 'net/listen.c')).href;
  await split.open(uri, files['net/listen.c'] ?? '');
  const position = { line: 1, character: 5 };
  const send = <T>(method: string, params: object): Promise<T> => split.connection.sendRequest(method, params);
  const [item] = await send<CallHierarchyItem[]>('textDocument/prepareCallHierarchy', {
    textDocument: { uri },
    position,
  });
  const incoming = await send<CallHierarchyIncomingCall[]>('callHierarchy/incomingCalls', { item });
  assert.deepEqual(
    incoming.map(({ from }) => `${from.name} in ${nameOf(from.uri)}`),
    ['DriverEntry in entry.c'],
  );
  const symbols = await send<SymbolInformation[]>('workspace/symbol', { query: 'DriverEntry' });
  assert.deepEqual(
    symbols.map(({ name }) => name),
    ['DriverEntry'],
  );
});

test('while files that nobody opened are searched, a hover is answered', async (t) => {
  const parent = mkdtempSync(path.join(tmpdir(), 'wsk-search-'));
  t.after(() => rmSync(parent, { recursive: true, force: true }));
  const own = (name: string): string => pathToFileURL(path.join(parent, name)).href;
  // One file, one header: neither is read in one go.
  const uses = Array.from(
    { length: 4000 },
    (_, i) => `static int F${i}(int a) { int b = a + Total; return b * ${i}; }\n`,
  );
  writeFileSync(path.join(parent, 'long.h'), `extern int Total;\n${uses.slice(2000).join('')}`);
  writeFileSync(path.join(parent, 'long.c'), `#include "long.h"\n${uses.slice(0, 2000).join('')}`);
  const text = 'int Total;\n';
  await session.open(own('main.c'), text);
  const at = { textDocument: { uri: own('main.c') }, position: { line: 0, character: 5 } };
  let found: readonly Location[] | undefined;
  const context = { includeDeclaration: true };
  const answer = session.connection.sendRequest<Location[]>('textDocument/references', { ...at, context });
  void answer.then((locations) => {
    found = locations;
  });
  let hovers = 0;
  while (found === undefined) {
    await session.connection.sendRequest('textDocument/hover', at);
    hovers++;
  }
  assert.equal(found.length, 4002);
  assert.ok(hovers > 8, `${hovers} hovers were answered meanwhile`);
  // Places in a text that is no longer there say nothing.
  const outdated = session.connection.sendRequest('textDocument/references', { ...at, context });
  const change = { textDocument: { uri: own('main.c'), version: 2 }, contentChanges: [{ text: `\n${text}` }] };
  await session.connection.sendNotification('textDocument/didChange', change);
  await assert.rejects(outdated, /The text has changed/);
});

test('a code lens counts the sends of the whole driver, open or not', async (t) => {
  const parent = mkdtempSync(path.join(tmpdir(), 'wsk-lenses-'));
  t.after(() => rmSync(parent, { recursive: true, force: true }));
  const head = '#include <wsk.h>\nIO_COMPLETION_ROUTINE Sent;\n';
  const send = (name: string): string =>
    `${head}NTSTATUS ${name}(PWSK_SOCKET S, PWSK_BUF B, PIRP Irp) {\n  IoSetCompletionRoutine(Irp, Sent, NULL, TRUE, TRUE, TRUE);\n  return ((PWSK_PROVIDER_CONNECTION_DISPATCH)S->Dispatch)->WskSend(S, B, 0, Irp);\n}\n`;
  const routine = `${head}NTSTATUS Sent(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context) { return STATUS_MORE_PROCESSING_REQUIRED; }\n`;
  const own = (name: string): string => pathToFileURL(path.join(parent, name)).href;
  for (const name of ['a', 'b']) writeFileSync(path.join(parent, `${name}.c`), send(name));
  writeFileSync(path.join(parent, 'sent.c'), routine);
  const lensOf = async (): Promise<readonly (string | undefined)[]> => {
    const textDocument = { uri: own('sent.c') };
    const lenses: CodeLens[] = await session.connection.sendRequest('textDocument/codeLens', { textDocument });
    return lenses.map(({ command }) => command?.title);
  };
  await session.open(own('sent.c'), routine);
  assert.deepEqual(await lensOf(), ['2 IRPs complete here: from WskSend']);
  // One that is open is counted as it stands in the editor, and once.
  await session.open(own('a.c'), send('a') + send('again').slice(head.length));
  assert.deepEqual(await lensOf(), ['3 IRPs complete here: from WskSend']);
  writeFileSync(path.join(parent, 'c.c'), send('c'));
  assert.deepEqual(await lensOf(), ['4 IRPs complete here: from WskSend']);
});

test('two drivers in one folder are two programs, unless they share a header', async () => {
  const driver = (name: string, first: string): string =>
    `${first}int Help(void) { return 1; }\nvoid ${name}(void) { Help(); }\nint DriverEntry(void) { ${name}(); return Help(); }\n`;
  const names = { one: driver('First', ''), two: driver('Second', ''), three: driver('Third', '#include "both.h"\n') };
  const place = mkdtempSync(path.join(tmpdir(), 'wsk-drivers-'));
  try {
    for (const [name, text] of Object.entries(names)) writeFileSync(path.join(place, `${name}.c`), text);
    writeFileSync(path.join(place, 'four.c'), '#include "both.h"\nint DriverEntry(void) { return Help(); }\n');
    writeFileSync(path.join(place, 'both.h'), 'int Help(void);\n');
    const uriIn = (name: string): string => pathToFileURL(path.join(place, `${name}.c`)).href;
    const files = async (name: keyof typeof names): Promise<string> => {
      const lines = names[name].split('\n');
      const line = lines.findIndex((text) => text.startsWith('int Help'));
      const textDocument = { uri: uriIn(name) };
      const found: Location[] = await session.connection.sendRequest('textDocument/references', {
        textDocument,
        position: { line, character: 5 },
        context: { includeDeclaration: true },
      });
      return [...new Set(found.map(({ uri }) => nameOf(uri)))].sort().join(' ');
    };
    await session.open(uriIn('one'), names.one);
    assert.equal(await files('one'), 'one.c');
    await session.open(uriIn('two'), names.two);
    assert.equal(await files('two'), 'two.c');
    const [item] = await session.connection.sendRequest<CallHierarchyItem[]>('textDocument/prepareCallHierarchy', {
      textDocument: { uri: uriIn('two') },
      position: { line: 2, character: 6 },
    });
    const calls = await session.connection.sendRequest<CallHierarchyOutgoingCall[]>('callHierarchy/outgoingCalls', {
      item,
    });
    assert.deepEqual(calls.map(({ to }) => `${to.name} ${nameOf(to.uri)}`).sort(), ['Help two.c', 'Second two.c']);
    await session.open(uriIn('three'), names.three);
    assert.equal(await files('three'), 'both.h four.c three.c');
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
});
