/**
 * Search for symbols of the whole workspace: of the C files that belong with the open ones, of all others of a workspace
 * that is no larger than a driver, and of the driver's headers that they include. Open documents are asked anew each time; of files that are not open only names and places are kept,
 * until the time of one of them changes.
 */

import { statSync } from 'node:fs';
import type { CancellationToken, SymbolInformation } from 'vscode-languageserver';
import { append } from '../../../base/append.ts';
import type { Analysis } from '../../features/analysis.ts';
import { type DocumentSymbol, documentSymbols } from '../../features/symbols.ts';
import { searchSymbols } from '../../features/workspace-symbols.ts';
import { symbolKinds } from '../convert.ts';
import { readingUnopened } from '../documents/readings.ts';
import { inTurns } from '../serving/rest.ts';
import type { Workspace } from '../workspace.ts';
import { location } from './navigation.ts';

export type SymbolSearch = (query: string, token: CancellationToken) => Promise<readonly SymbolInformation[]>;

interface Known {
  /** What tells a later state of each file that was read for it. */
  readonly states: ReadonlyMap<string, number>;
  readonly symbols: readonly SymbolInformation[];
}

/** Folders with more C files are a collection of drivers, which would all be read for the first letter. */
const sourcesMax = 200;

export function createSymbolSearch(workspace: Workspace): SymbolSearch {
  const unopened = new Map<string, Known>();
  return async (query, token) => {
    const open = workspace.openUris();
    for (const uri of open) await workspace.whenRead(uri, token);
    const all = open.flatMap((uri) => {
      const analysis = workspace.analysis(uri);
      return analysis === undefined ? [] : symbolsOf(workspace, analysis);
    });
    const sources = workspace.sourcePaths();
    const related = open.flatMap((uri) => workspace.relatedPaths(uri));
    const listed = [...related, ...(sources.length > sourcesMax ? [] : sources)];
    const paths = new Set(listed.filter((path) => !workspace.isOpen(path)));
    for (const path of unopened.keys()) if (!paths.has(path)) unopened.delete(path);
    for (const path of paths) {
      let known = unopened.get(path);
      if (known === undefined || [...known.states].some(([file, state]) => stateOf(workspace, file) !== state)) {
        const read = await inTurns(readingUnopened(workspace, path), () => token.isCancellationRequested);
        if (read === undefined) return [];
        const { analysis } = read;
        const files = [path, ...(analysis === undefined ? [] : ownFiles(analysis).map((file) => file.path))];
        known = {
          states: new Map(files.map((file) => [file, stateOf(workspace, file)])),
          symbols: analysis === undefined ? [] : symbolsOf(workspace, analysis),
        };
        unopened.set(path, known);
      }
      append(all, known.symbols);
    }
    // A header is read with each file that includes it.
    const distinct = new Map(all.map((symbol) => [keyOf(symbol), symbol]));
    return searchSymbols([...distinct.values()], query);
  };
}

function symbolsOf(workspace: Workspace, analysis: Analysis): readonly SymbolInformation[] {
  const { unit } = analysis;
  const files = ownFiles(analysis).filter((file) => file === unit.file || !workspace.isOpen(file.path));
  return files.flatMap((file) => informations(workspace, documentSymbols(analysis, file)));
}

/** Members are found by their structure; constants, and what C++ has in namespaces and classes, by their own names. */
function informations(
  workspace: Workspace,
  symbols: readonly DocumentSymbol[],
  container?: string,
): readonly SymbolInformation[] {
  return symbols.flatMap((symbol) =>
    symbol.kind === 'field'
      ? []
      : [information(workspace, symbol, container), informations(workspace, symbol.children, symbol.name)].flat(),
  );
}

function ownFiles({ unit }: Analysis): readonly Analysis['unit']['file'][] {
  const headers = unit.includes.flatMap(({ file }) => (file === undefined || unit.isSystemFile(file) ? [] : [file]));
  return [...new Set([unit.file, ...headers])];
}

function information(workspace: Workspace, symbol: DocumentSymbol, containerName?: string): SymbolInformation[] {
  const at = location(workspace, symbol.nameSpan);
  if (at === undefined) return [];
  const { name, kind } = symbol;
  return [{ name, kind: symbolKinds[kind], location: at, ...(containerName === undefined ? {} : { containerName }) }];
}

function keyOf({ name, kind, location: { uri, range } }: SymbolInformation): string {
  return `${uri}:${range.start.line}:${range.start.character} ${kind} ${name}`;
}

/** The time of its last change; an open file is asked itself. */
function stateOf(workspace: Workspace, path: string): number {
  return workspace.isOpen(path) ? -1 : (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
}
