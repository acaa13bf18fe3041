/** Ways to another place: definitions, types, links, symbols, and the texts of documents that are no files. */
import type { DocumentLink, Location, DocumentSymbol as LspDocumentSymbol } from 'vscode-languageserver';
import type { InPieces } from '../../../base/in-pieces.ts';
import type { Span } from '../../../base/source.ts';
import type { Analysis } from '../../features/analysis.ts';
import { declaration, definitions } from '../../features/definition.ts';
import { documentLinks, type DocumentLink as Link } from '../../features/document-links.ts';
import { type DocumentSymbol, readingSymbols } from '../../features/symbols.ts';
import { typeDefinition } from '../../features/type-definition.ts';
import { range, symbolKinds } from '../convert.ts';
import { filesNaming, locate, sharersOf, togetherWith, turns, unopenedFor } from '../documents/readings.ts';
import type { Workspace } from '../workspace.ts';
import type { Features } from './features.ts';
import { hasPage, rulePageText, rulePageUri } from './rule-pages.ts';
import type { SymbolSearch } from './symbol-search.ts';

/** Names of the requests that are our own. */
const headerTextRequest = 'wsk/headerText';
const ruleTextRequest = 'wsk/ruleText';

export function registerNavigation(features: Features, search: SymbolSearch): void {
  const { connection, workspace, scenarios, guard, rulePage } = features;
  connection.onDefinition(({ textDocument: { uri }, position }, token) =>
    guard.read('definition', null, { uri, token }, async () => {
      const together = await togetherWith(workspace, uri, token);
      const analysis = workspace.analysis(uri);
      if (analysis === undefined) return null;
      const offset = workspace.offset(uri, position);
      const others = together.flatMap((one) => (one === analysis ? [] : [one.unit]));
      let found = definitions(analysis, offset, others);
      if (found.missing.length > 0) {
        for await (const { unit } of unopenedFor(workspace, uri, found.missing, token)) {
          others.push(unit);
          found = definitions(analysis, offset, others);
          if (found.missing.length === 0) break;
        }
      }
      const located = found.missing.length === 0 ? undefined : await locate(workspace, uri, offset, token);
      if (located !== undefined) {
        // What a header declares may be defined by each of the drivers that share it.
        for await (const { unit } of sharersOf(workspace, uri, filesNaming(located), found.missing, token)) {
          others.push(unit);
        }
        found = definitions(analysis, offset, others);
      }
      const locations = found.spans.flatMap((span) => location(workspace, span) ?? []);
      // One place is no list: clients go there without asking.
      return locations.length === 0 ? null : locations.length === 1 ? (locations[0] ?? null) : locations;
    }),
  );

  connection.onDeclaration(({ textDocument: { uri }, position }, token) =>
    guard.read('declaration', null, { uri, token }, () => {
      const analysis = workspace.analysis(uri);
      const span = analysis === undefined ? undefined : declaration(analysis, workspace.offset(uri, position));
      return (span === undefined ? undefined : location(workspace, span)) ?? null;
    }),
  );

  connection.onTypeDefinition(({ textDocument: { uri }, position }, token) =>
    guard.read('type definition', null, { uri, token }, () => {
      const analysis = workspace.analysis(uri);
      const span = analysis === undefined ? undefined : typeDefinition(analysis, workspace.offset(uri, position));
      return (span === undefined ? undefined : location(workspace, span)) ?? null;
    }),
  );

  connection.onDocumentLinks(({ textDocument: { uri } }, token) =>
    guard.late('document links', [], { uri, token }, () => {
      if (scenarios.has(uri)) return scenarios.links(uri);
      const analysis = workspace.analysis(uri);
      if (analysis === undefined) return [];
      return documentLinks(analysis).flatMap(({ span, target }): DocumentLink[] => {
        const to = linkTarget(workspace, target);
        return to === undefined ? [] : [{ range: range(span), target: to }];
      });
    }),
  );

  connection.onRequest(headerTextRequest, (params: unknown) =>
    guard.now('header text', null, () => {
      const name = textIn(params, 'name');
      return name === undefined ? null : (workspace.catalog.header(name) ?? null);
    }),
  );

  connection.onRequest(ruleTextRequest, (params: unknown) =>
    guard.now('rule text', null, () => {
      const id = textIn(params, 'id');
      const page = id === undefined ? undefined : rulePage(id);
      return id === undefined || page === undefined ? null : rulePageText(id, page);
    }),
  );

  connection.onWorkspaceSymbol(({ query }, token) =>
    guard.run('workspace symbols', [], async () => [...(await search(query, token))]),
  );

  connection.onDocumentSymbol(({ textDocument: { uri } }, token) =>
    guard.late('document symbols', [], { uri, token }, async () => {
      const analysis = workspace.analysis(uri);
      return (analysis === undefined ? undefined : await turns(workspace, outline(analysis), token)) ?? [];
    }),
  );
}

/** Of a long text it takes as long as three keystrokes. */
function* outline(analysis: Analysis): InPieces<LspDocumentSymbol[]> {
  const shown: LspDocumentSymbol[] = [];
  for (const symbol of yield* readingSymbols(analysis)) {
    shown.push(lspSymbol(symbol));
    if (shown.length % pieceLength === 0) yield;
  }
  return shown;
}

/** Symbols that are turned into LSP's in one piece. */
const pieceLength = 500;

function linkTarget(workspace: Workspace, target: Link['target']): string | undefined {
  if (target.kind === 'file') return workspace.uriOf(target.file);
  return workspace.client().hasCommands && hasPage(target.id) ? rulePageUri(target.id) : undefined;
}

function lspSymbol({ name, detail, kind, span, nameSpan, children }: DocumentSymbol): LspDocumentSymbol {
  return {
    name,
    detail,
    kind: symbolKinds[kind],
    range: range(span),
    selectionRange: range(nameSpan),
    ...(children.length === 0 ? {} : { children: children.map(lspSymbol) }),
  };
}

export function location(workspace: Workspace, span: Span): Location | undefined {
  const uri = workspace.uriOf(span.file);
  return uri === undefined ? undefined : { uri, range: range(span) };
}

/** What a client sends may be anything. */
function textIn(params: unknown, name: string): string | undefined {
  if (typeof params !== 'object' || params === null || !(name in params)) return undefined;
  const value = (params as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value : undefined;
}
