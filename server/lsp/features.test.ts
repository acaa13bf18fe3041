import assert from 'node:assert/strict';
import test from 'node:test';
import type { Connection } from 'vscode-languageserver';
import { Bug } from '../../base/assert.ts';
import { createCatalog } from '../../catalog/catalog.ts';
import { registerFeatures } from './features.ts';
import { createGuard } from './guard.ts';
import { createScenarios } from './scenarios.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

const catalog = createCatalog({ headers: { 'wsk.h': 'int wsk;' }, facts: [] });

/** The handlers that are registered, by the method of the connection that took them. */
function handlers(workspace: Workspace, reports: string[]): ReadonlyMap<string, (params: unknown) => unknown> {
  const found = new Map<string, (params: unknown) => unknown>();
  const connection = new Proxy(
    {},
    {
      get: (_, name: string) => (first: unknown, second: unknown) => {
        // `onRequest` has the name of the request in front.
        if (typeof first === 'string') found.set(first, second as (params: unknown) => unknown);
        else found.set(name, first as (params: unknown) => unknown);
      },
    },
  );
  // A stand-in that only collects: registerFeatures asks nothing else of it.
  registerFeatures(
    connection as Connection,
    workspace,
    createScenarios({ sendDiagnostics: () => Promise.resolve() }, catalog),
    createGuard((text) => reports.push(text)),
  );
  return found;
}

const where = {
  textDocument: { uri: 'file:///a.c' },
  position: { line: 0, character: 4 },
  context: { diagnostics: [] },
};

test('a fault in any feature costs one report and that answer', () => {
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
  };
  const reports: string[] = [];
  const all = handlers(broken, reports);
  const names = ['onHover', 'onCompletion', 'onSignatureHelp', 'onDefinition', 'onDocumentSymbol', 'onCodeAction'];
  for (const name of names) {
    const handler = all.get(name);
    assert.ok(handler !== undefined, name);
    for (let i = 0; i < 2; i++) {
      const answer = handler(where);
      assert.ok(
        answer === null || (Array.isArray(answer) && answer.length === 0),
        `${name}: ${JSON.stringify(answer)}`,
      );
    }
  }
  assert.equal(reports.length, names.length);
});

test('what an editor sends back with an item may be anything', () => {
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
    assert.deepEqual(resolve?.({ label: 'a', data }), { label: 'a', data });
  }
  const text = all.get('wsk/headerText');
  assert.equal(text?.({ name: 'WSK.h' }), 'int wsk;');
  for (const params of [undefined, {}, { name: 1 }, { name: 'no.h' }]) assert.equal(text?.(params), null);
});
