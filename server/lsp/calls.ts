/** Who runs whom: call hierarchy and code lenses. */
import {
  type CallHierarchyItem,
  type CancellationToken,
  type CodeLens as LspCodeLens,
  type Range,
  SymbolKind,
} from 'vscode-languageserver';
import type { Analysis } from '../features/analysis.ts';
import { type CallItem, incomingCalls, outgoingCalls, prepareCalls } from '../features/call-hierarchy.ts';
import { type CodeLens, codeLenses } from '../features/code-lens.ts';
import { range } from './convert.ts';
import type { Features } from './features.ts';
import { location } from './navigation.ts';
import { togetherWith, unopenedFor } from './readings.ts';
import type { Workspace } from './workspace.ts';

/** The client's commands behind the lenses. */
export const runCommand = 'wsk.debugFile';
export const showPlacesCommand = 'wsk.showPlaces';

export function registerCalls({ connection, workspace, guard }: Features): void {
  const { callHierarchy } = connection.languages;
  callHierarchy.onPrepare(({ textDocument: { uri }, position }) =>
    guard.now('call hierarchy', null, () => {
      const analysis = workspace.analysis(uri);
      const item = analysis === undefined ? undefined : prepareCalls(analysis, workspace.offset(uri, position));
      const shown = item === undefined ? undefined : hierarchyItem(workspace, item);
      return shown === undefined ? null : [shown];
    }),
  );

  callHierarchy.onOutgoingCalls(({ item }, token) =>
    guard.run('outgoing calls', [], async () => {
      const { key, name } = asked(item);
      const found = new Map<string, { to: CallHierarchyItem; fromRanges: Range[] }>();
      for await (const analysis of allAnalyses(workspace, item.uri, name, token)) {
        for (const step of outgoingCalls([analysis], key)) {
          const to = hierarchyItem(workspace, step.item);
          // A header's function is read with each file that includes the header, and is one all the same.
          if (to !== undefined && !found.has(step.item.key))
            found.set(step.item.key, { to, fromRanges: step.places.map(range) });
        }
      }
      return [...found.values()];
    }),
  );

  callHierarchy.onIncomingCalls(({ item }, token) =>
    guard.run('incoming calls', [], async () => {
      const { key, name } = asked(item);
      const found = new Map<string, { from: CallHierarchyItem; fromRanges: Range[] }>();
      for await (const analysis of allAnalyses(workspace, item.uri, name, token)) {
        for (const step of incomingCalls([analysis], key)) {
          const from = hierarchyItem(workspace, step.item);
          if (from !== undefined && !found.has(step.item.key))
            found.set(step.item.key, { from, fromRanges: step.places.map(range) });
        }
      }
      return [...found.values()];
    }),
  );

  connection.onCodeLens(({ textDocument: { uri } }) =>
    guard.now('code lens', [], () => {
      const analysis = workspace.analysis(uri);
      if (analysis === undefined || !workspace.hasCommands()) return [];
      return codeLenses(analysis, togetherWith(workspace, uri).slice(1)).map((lens) => lspLens(workspace, uri, lens));
    }),
  );
}

/** Open documents, then files that belong with the item's. */
async function* allAnalyses(
  workspace: Workspace,
  uri: string,
  word: string,
  token: CancellationToken,
): AsyncGenerator<Analysis> {
  yield* togetherWith(workspace, uri);
  yield* unopenedFor(workspace, uri, [word], token);
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
function asked({ data, name }: CallHierarchyItem): { readonly key: string; readonly name: string } {
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
