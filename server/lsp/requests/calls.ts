/** Who runs whom: call hierarchy and code lenses. */
import { type CallHierarchyItem, type CodeLens as LspCodeLens, SymbolKind } from 'vscode-languageserver';
import {
  type CallItem,
  definedCalls,
  incomingCalls,
  outgoingCalls,
  prepareCalls,
} from '../../features/call-hierarchy.ts';
import { type CodeLens, codeLenses } from '../../features/code-lens.ts';
import { range } from '../convert.ts';
import { type Asked, createDriverSends, driverAnalyses } from '../documents/driver-sends.ts';
import type { Workspace } from '../workspace.ts';
import type { Features } from './features.ts';
import { location } from './navigation.ts';

/** The client's commands behind the lenses. */
const runCommand = 'wsk.debugFile';
const showPlacesCommand = 'wsk.showPlaces';

export function registerCalls({ connection, workspace, guard }: Features): void {
  const { callHierarchy } = connection.languages;
  callHierarchy.onPrepare(({ textDocument: { uri }, position }, token) =>
    guard.read('call hierarchy', null, { uri, token }, async () => {
      const analysis = workspace.analysis(uri);
      const item = analysis === undefined ? undefined : prepareCalls(analysis, workspace.offset(uri, position));
      if (item === undefined) return null;
      // Calls are looked for around the file that defines a function, which may be none of the open ones.
      const definitions = item.isDefined
        ? []
        : definedCalls(await driverAnalyses(workspace, uri, [item], token), item.key);
      const items = definitions.length > 0 ? definitions : [item];
      const shown = items.flatMap((one) => hierarchyItem(workspace, one) ?? []);
      return shown.length === 0 ? null : shown;
    }),
  );

  callHierarchy.onOutgoingCalls(({ item }, token) =>
    guard.run('outgoing calls', [], async () => {
      const wanted = asked(item);
      const near = await driverAnalyses(workspace, item.uri, [wanted], token);
      // What is only declared here leads to the file that defines it.
      const declared = outgoingCalls(near, wanted.key).flatMap((step) => (step.item.isDefined ? [] : [step.item]));
      const analyses =
        declared.length === 0 ? near : await driverAnalyses(workspace, item.uri, [wanted, ...declared], token);
      return outgoingCalls(analyses, wanted.key).flatMap((step) => {
        const to = hierarchyItem(workspace, step.item);
        return to === undefined ? [] : [{ to, fromRanges: step.places.map(range) }];
      });
    }),
  );

  callHierarchy.onIncomingCalls(({ item }, token) =>
    guard.run('incoming calls', [], async () => {
      const wanted = asked(item);
      const analyses = await driverAnalyses(workspace, item.uri, [wanted], token);
      return incomingCalls(analyses, wanted.key).flatMap((step) => {
        const from = hierarchyItem(workspace, step.item);
        return from === undefined ? [] : [{ from, fromRanges: step.places.map(range) }];
      });
    }),
  );

  const sendsOf = createDriverSends(workspace);
  connection.onCodeLens(({ textDocument: { uri } }, token) =>
    guard.late('code lens', [], { uri, token }, async () => {
      const sends = workspace.client().hasCommands ? await sendsOf(uri, token) : undefined;
      const analysis = workspace.analysis(uri);
      if (analysis === undefined || sends === undefined) return [];
      return codeLenses(analysis, sends).map((lens) => lspLens(workspace, uri, lens));
    }),
  );
}

function hierarchyItem(
  workspace: Workspace,
  { name, detail, span, nameSpan, key }: CallItem,
): CallHierarchyItem | undefined {
  const uri = workspace.uriOf(nameSpan.file);
  if (uri === undefined) return undefined;
  return {
    name,
    detail,
    kind: SymbolKind.Function,
    uri,
    range: range(span),
    selectionRange: range(nameSpan),
    data: key,
  };
}

/** What a client sends back may be anything. */
function asked({ data, name }: CallHierarchyItem): Asked {
  return { key: typeof data === 'string' ? data : '', name: typeof name === 'string' ? name : '' };
}

function lspLens(workspace: Workspace, uri: string, lens: CodeLens): LspCodeLens {
  const { title, span } = lens;
  const at = range(span);
  switch (lens.kind) {
    case 'run':
      return { range: at, command: { title, command: runCommand } };
    case 'completions': {
      const places = lens.sends.flatMap((one) => location(workspace, one) ?? []);
      return { range: at, command: { title, command: showPlacesCommand, arguments: [uri, at.start, places] } };
    }
  }
}
