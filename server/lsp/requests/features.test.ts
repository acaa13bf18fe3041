import assert from 'node:assert/strict';
import test from 'node:test';
import { CancellationToken, type Connection } from 'vscode-languageserver';
import { Bug } from '../../../base/assert.ts';
import { createCatalog } from '../../../catalog/catalog.ts';
import { createDocs } from '../docs/docs.ts';
import { createLintLevels } from '../documents/lint-levels.ts';
import { createScenarios } from '../documents/scenarios.ts';
import { createGuard } from '../serving/guard.ts';
import { createWorkspace, type Workspace } from '../workspace.ts';
import { registerFeatures } from './features.ts';

type Handler = (params: unknown, token?: CancellationToken) => unknown;

const catalog = createCatalog({ headers: { 'wsk.h': 'int wsk;' }, facts: [] });

/** The handlers that are registered, by the method of the connection that took them. */
function handlers(workspace: Workspace, reports: string[]): ReadonlyMap<string, Handler> {
  const found = new Map<string, Handler>();
  const languages = new Proxy(
    {},
    {
      get: (_, feature: string) =>
        new Proxy(
          {},
          {
            get: (_, name: string) => (handler: Handler) => {
              found.set(`${feature}.${name}`, handler);
            },
          },
        ),
    },
  );
  const connection = new Proxy(
    {},
    {
      get: (_, name: string) => {
        if (name === 'languages') return languages;
        return (first: unknown, second: unknown) => {
          // `onRequest` has the name of the request in front.
          if (typeof first === 'string') found.set(first, second as Handler);
          else found.set(name, first as Handler);
        };
      },
    },
  );
  // A stand-in that only collects: registerFeatures asks nothing else of it.
  registerFeatures({
    connection: connection as Connection,
    workspace,
    scenarios: createScenarios({ sendDiagnostics: () => Promise.resolve() }, catalog),
    lintLevels: createLintLevels(workspace),
    guard: createGuard((text) => reports.push(text), workspace.whenRead),
    docs: createDocs(connection as Connection, ''),
    rulePage: (id) => (id === 'known' ? '# Known' : undefined),
  });
  return found;
}

const start = { line: 0, character: 4 };
const where = {
  textDocument: { uri: 'file:///a.c' },
  position: start,
  range: { start, end: start },
  context: { diagnostics: [{ range: { start, end: start }, message: '', source: 'wsk' }] },
  newName: 'x',
  query: '',
  item: { name: 'f', uri: 'file:///a.c', data: 'function f' },
};

test('a fault in any feature costs one report and that answer', async () => {
  const workspace = createWorkspace(catalog);
  const broken: Workspace = {
    ...workspace,
    analysis: () => {
      throw new Bug('injected');
    },
    findings: () => {
      throw new Bug('injected');
    },
    includersOf: () => {
      throw new Bug('injected');
    },
    openUris: () => {
      throw new Bug('injected');
    },
    settings: () => {
      throw new Bug('injected');
    },
  };
  const reports: string[] = [];
  const all = handlers(broken, reports);
  const names = [
    ...['onHover', 'onCompletion', 'onSignatureHelp', 'onDefinition', 'onTypeDefinition', 'onDocumentSymbol'],
    ...['onDocumentLinks', 'onWorkspaceSymbol', 'onReferences', 'onDocumentHighlight', 'onPrepareRename'],
    ...['onCodeAction', 'onCodeLens', 'callHierarchy.onPrepare', 'callHierarchy.onIncomingCalls'],
    ...['callHierarchy.onOutgoingCalls', 'semanticTokens.on', 'semanticTokens.onRange', 'inlayHint.on'],
  ];
  for (const name of names) {
    const handler = all.get(name);
    assert.ok(handler !== undefined, name);
    for (let i = 0; i < 2; i++) {
      const answer = JSON.stringify(await handler(where, CancellationToken.None));
      assert.ok(['null', '[]', '{"data":[]}'].includes(answer), `${name}: ${answer}`);
    }
  }
  // Two requests of one name are one kind.
  assert.equal(new Set(reports.map((text) => text.split(';')[0])).size, names.length - 1);
});

test('what an editor sends back with an item may be anything', async () => {
  const all = handlers(createWorkspace(catalog), []);
  const resolve = all.get('onCompletionResolve');
  for (const data of [
    undefined,
    null,
    1,
    'x',
    {},
    { uri: 1 },
    { uri: 'a', api: {} },
    { uri: 'a', api: { name: 'x' } },
  ]) {
    assert.deepEqual(await resolve?.({ label: 'a', data }), { label: 'a', data });
  }
  const text = all.get('wsk/headerText');
  assert.equal(text?.({ name: 'WSK.h' }), 'int wsk;');
  for (const params of [undefined, {}, { name: 1 }, { name: 'no.h' }]) assert.equal(text?.(params), null);
});

test('pages of rules', () => {
  const text = handlers(createWorkspace(catalog), []).get('wsk/ruleText');
  assert.equal(text?.({ id: 'known' }), '# Known');
  for (const params of [undefined, null, {}, { id: 1 }, { id: 'other' }]) assert.equal(text?.(params), null);
});
