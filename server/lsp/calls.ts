/** Who runs whom: call hierarchy and code lenses. */
import {
  type CallHierarchyItem,
  type CancellationToken,
  type CodeLens as LspCodeLens,
  SymbolKind,
} from 'vscode-languageserver';
import type { Analysis } from '../features/analysis.ts';
import { type CallItem, incomingCalls, outgoingCalls, prepareCalls, wordsBeyond } from '../features/call-hierarchy.ts';
import { type CodeLens, codeLenses } from '../features/code-lens.ts';
import { range } from './convert.ts';
import type { Features } from './features.ts';
import { location } from './navigation.ts';
import { togetherWith, unopenedFor } from './readings.ts';
import type { Workspace } from './workspace.ts';

/** The client's commands behind the lenses. */
const runCommand = 'wsk.debugFile';
const showPlacesCommand = 'wsk.showPlaces';

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
      const wanted = asked(item);
      const analyses = await allAnalyses(workspace, item.uri, wanted, token);
      return outgoingCalls(analyses, wanted.key).flatMap((step) => {
        const to = hierarchyItem(workspace, step.item);
        return to === undefined ? [] : [{ to, fromRanges: step.places.map(range) }];
      });
    }),
  );

  callHierarchy.onIncomingCalls(({ item }, token) =>
    guard.run('incoming calls', [], async () => {
      const wanted = asked(item);
      const analyses = await allAnalyses(workspace, item.uri, wanted, token);
      return incomingCalls(analyses, wanted.key).flatMap((step) => {
        const from = hierarchyItem(workspace, step.item);
        return from === undefined ? [] : [{ from, fromRanges: step.places.map(range) }];
      });
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

/** Open documents, then files that name the item, then those that may know more of it: each file is read once. */
async function allAnalyses(
  workspace: Workspace,
  uri: string,
  { key, name }: Asked,
  token: CancellationToken,
): Promise<readonly Analysis[]> {
  const analyses = [...togetherWith(workspace, uri)];
  for await (const analysis of unopenedFor(workspace, uri, [name], token)) analyses.push(analysis);
  const words = wordsBeyond(analyses, key);
  if (words.length === 0) return analyses;
  const known = new Set(analyses.map(({ unit }) => unit.file.path));
  for await (const analysis of unopenedFor(workspace, uri, words, token, known)) analyses.push(analysis);
  return analyses;
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

interface Asked {
  readonly key: string;
  readonly name: string;
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
