/**
 * Search for symbols of the whole workspace. Open documents are asked anew each time; of C files that are not open only
 * names and places are kept, until the file's time changes.
 */
import { statSync } from 'node:fs';
import type { CancellationToken, SymbolInformation } from 'vscode-languageserver';
import type { Analysis } from '../features/analysis.ts';
import { documentSymbols } from '../features/symbols.ts';
import { searchSymbols } from '../features/workspace-symbols.ts';
import { symbolKinds } from './convert.ts';
import { location } from './navigation.ts';
import type { Workspace } from './workspace.ts';

export type SymbolSearch = (query: string, token: CancellationToken) => Promise<readonly SymbolInformation[]>;

interface Known {
  readonly modifiedMs: number;
  readonly symbols: readonly SymbolInformation[];
}

export function createSymbolSearch(workspace: Workspace): SymbolSearch {
  const unopened = new Map<string, Known>();
  return async (query, token) => {
    const open = workspace.openUris();
    const all = open.flatMap((uri) => {
      const analysis = workspace.analysis(uri);
      return analysis === undefined ? [] : symbolsOf(workspace, analysis);
    });
    const paths = new Set(open.flatMap((uri) => workspace.relatedPaths(uri)).filter((path) => !workspace.isOpen(path)));
    for (const path of unopened.keys()) if (!paths.has(path)) unopened.delete(path);
    for (const path of paths) {
      const modifiedMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      let known = unopened.get(path);
      if (known?.modifiedMs !== modifiedMs) {
        await new Promise((resume) => setImmediate(resume));
        if (token.isCancellationRequested) return [];
        const analysis = workspace.analyseUnopened(path, '');
        known = { modifiedMs, symbols: analysis === undefined ? [] : symbolsOf(workspace, analysis) };
        unopened.set(path, known);
      }
      all.push(...known.symbols);
    }
    return searchSymbols(all, query);
  };
}

function symbolsOf(workspace: Workspace, analysis: Analysis): readonly SymbolInformation[] {
  return documentSymbols(analysis).flatMap(({ name, kind, nameSpan }) => {
    const at = location(workspace, nameSpan);
    return at === undefined ? [] : [{ name, kind: symbolKinds[kind], location: at }];
  });
}
