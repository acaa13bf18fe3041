/**
 * Open scenario files (`*.wsk.yaml`): their text, what is wrong in them, and what completion and hovers say. They are no
 * documents of the workspace: nothing in them is C, and no C file depends on them.
 */
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  CompletionItemKind,
  type Connection,
  type Diagnostic,
  DiagnosticSeverity,
  type DocumentLink,
  type Hover,
  InsertTextMode,
  type CompletionItem as LspCompletionItem,
  type Position,
  type TextDocumentContentChangeEvent,
  type TextDocumentItem,
  type VersionedTextDocumentIdentifier,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { sourceFile } from '../../../base/source.ts';
import type { Catalog } from '../../../catalog/catalog.ts';
import { scenarioFileProblems, scenarioLinks } from '../../../host/index.ts';
import { completeScenario, type ScenarioNames } from '../../scenario/completion.ts';
import { hoverScenario } from '../../scenario/hover.ts';
import { markdown, range } from '../convert.ts';
import { diagnosticSource } from './diagnostics.ts';

export interface Scenarios {
  has(uri: string): boolean;
  open(item: TextDocumentItem): void;
  change(id: VersionedTextDocumentIdentifier, changes: readonly TextDocumentContentChangeEvent[]): void;
  close(uri: string): void;
  publish(uri: string): void;
  completion(uri: string, position: Position): LspCompletionItem[];
  hover(uri: string, position: Position): Hover | null;
  /** The files that it names, and that are there. */
  links(uri: string): DocumentLink[];
}

/** Whether a document that is opened is a scenario. */
export function isScenario(uri: string): boolean {
  return /\.wsk\.ya?ml$/i.test(uri);
}

export function createScenarios(connection: Pick<Connection, 'sendDiagnostics'>, catalog: Catalog): Scenarios {
  const documents = new Map<string, TextDocument>();
  let names: ScenarioNames | undefined;
  return {
    has: (uri) => documents.has(uri),
    open(item) {
      documents.set(item.uri, TextDocument.create(item.uri, item.languageId, item.version, item.text));
    },
    change(id, changes) {
      const document = documents.get(id.uri);
      if (document !== undefined) documents.set(id.uri, TextDocument.update(document, [...changes], id.version));
    },
    close(uri) {
      documents.delete(uri);
      void connection.sendDiagnostics({ uri, diagnostics: [] });
    },
    publish(uri) {
      const document = documents.get(uri);
      if (document === undefined) return;
      void connection.sendDiagnostics({
        uri,
        version: document.version,
        diagnostics: diagnosticsOf(document, catalog),
      });
    },
    completion(uri, position) {
      const document = documents.get(uri);
      if (document === undefined) return [];
      names ??= namesOf(catalog);
      const { items, wordStart } = completeScenario(document.getText(), document.offsetAt(position), names);
      const replaced = { start: document.positionAt(wordStart), end: position };
      return items.map((item, index) => ({
        label: item.label,
        kind: item.kind === 'key' ? CompletionItemKind.Property : CompletionItemKind.Value,
        detail: item.detail,
        sortText: String(index).padStart(5, '0'),
        textEdit: { range: replaced, newText: item.newText },
        // New lines in the text have their indentation.
        insertTextMode: InsertTextMode.asIs,
        ...(item.note === '' ? {} : { documentation: markdown(item.note) }),
      }));
    },
    hover(uri, position) {
      const document = documents.get(uri);
      if (document === undefined) return null;
      const hover = hoverScenario(document.getText(), document.offsetAt(position));
      if (hover === undefined) return null;
      const at = { start: document.positionAt(hover.start), end: document.positionAt(hover.end) };
      return { contents: markdown(hover.markdown), range: at };
    },
    links(uri) {
      const document = documents.get(uri);
      const folder = folderOf(uri);
      if (document === undefined || folder === undefined) return [];
      const found = scenarioLinks(sourceFile(uri, document.getText()), folder);
      return found.map(({ span, path: to }) => ({ range: range(span), target: pathToFileURL(to).href }));
    },
  };
}

function diagnosticsOf(document: TextDocument, catalog: Catalog): Diagnostic[] {
  const file = sourceFile(document.uri, document.getText());
  const problems = scenarioFileProblems(file, folderOf(document.uri), catalog);
  return problems.map(({ code, message, span }) => ({
    range: range(span),
    severity: DiagnosticSeverity.Error,
    code,
    source: diagnosticSource,
    message,
  }));
}

/** Undefined for a text that was never saved. */
function folderOf(uri: string): string | undefined {
  return uri.startsWith('file:') ? path.dirname(fileURLToPath(uri)) : undefined;
}

function namesOf(catalog: Catalog): ScenarioNames {
  const functions = catalog.facts.flatMap(({ kind, name }) =>
    kind === 'function' || kind === 'table-function' ? [name] : [],
  );
  const statuses = catalog.facts.flatMap(({ returns }) =>
    (returns ?? []).flatMap(({ name }) => (name.startsWith('STATUS_') ? [name] : [])),
  );
  return { functions: [...new Set(functions)].sort(), statuses: [...new Set(statuses)].sort() };
}
