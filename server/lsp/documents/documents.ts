/**
 * What happens to documents: in come LSP's notifications, and each goes to whoever keeps documents of the kind (drivers,
 * scenarios, levels of lint). Then all documents whose findings may be others now are diagnosed soon.
 */
import {
  type Connection,
  type DidChangeTextDocumentParams,
  type DidChangeWatchedFilesParams,
  FileChangeType,
  type TextDocumentItem,
} from 'vscode-languageserver/node';
import type { RestingWork } from '../serving/rest.ts';
import type { Workspace } from '../workspace.ts';
import { atOnceMs, type Diagnosing, restMs } from './diagnosing.ts';
import { isLintLevels, type LintLevels } from './lint-levels.ts';
import { isScenario, type Scenarios } from './scenarios.ts';

export interface Documents {
  readonly connection: Connection;
  readonly workspace: Workspace;
  readonly scenarios: Scenarios;
  readonly lintLevels: LintLevels;
  readonly diagnosing: Diagnosing;
  /** Reads a text that has just come while typing rests: whatever is asked for next, lint or a hover, needs that first. */
  readonly reading: RestingWork;
  /** False while settings are still to come, which make what is read before them worthless. */
  readonly areSettingsHere: () => boolean;
  readonly refreshAll: () => void;
  /** Takes back what was shown because of a document. */
  readonly closed: (uri: string) => void;
}

export function registerDocuments(documents: Documents): void {
  const { connection, workspace, lintLevels, refreshAll } = documents;
  connection.onDidOpenTextDocument(({ textDocument }) => open(documents, textDocument));
  connection.onDidChangeTextDocument((change) => changed(documents, change));
  connection.onDidCloseTextDocument(({ textDocument }) => close(documents, textDocument.uri));
  connection.onDidSaveTextDocument(({ textDocument }) => {
    // Its file is there, if it was deleted before.
    lintLevels.remember(textDocument.uri);
    // A header that is there now may matter to every open file.
    workspace.forgetOutdated();
    refreshAll();
  });
  connection.onDidChangeWatchedFiles((params) => {
    if (!countsForReading(documents, params)) return;
    workspace.forgetConfiguration();
    refreshAll();
  });
}

function open({ workspace, scenarios, lintLevels, diagnosing, areSettingsHere }: Documents, item: TextDocumentItem) {
  if (isScenario(item.uri)) scenarios.open(item);
  else if (isLintLevels(item.uri)) {
    lintLevels.open(item);
    diagnosing.all(workspace.openUris(), restMs);
  } else diagnosing.all(workspace.open(item), restMs);
  diagnosing.soon(item.uri, areSettingsHere() ? atOnceMs : restMs);
}

function changed(documents: Documents, { textDocument, contentChanges }: DidChangeTextDocumentParams): void {
  const { workspace, scenarios, lintLevels, diagnosing, reading } = documents;
  if (scenarios.has(textDocument.uri)) scenarios.change(textDocument, contentChanges);
  else if (lintLevels.has(textDocument.uri)) {
    lintLevels.change(textDocument, contentChanges);
    diagnosing.all(workspace.openUris(), restMs);
  } else {
    diagnosing.all(workspace.change(textDocument, contentChanges), restMs);
    reading.soon(textDocument.uri, atOnceMs);
  }
  diagnosing.soon(textDocument.uri, restMs);
}

function close({ workspace, scenarios, lintLevels, diagnosing, closed }: Documents, uri: string): void {
  diagnosing.callOff(uri);
  if (scenarios.has(uri)) {
    scenarios.close(uri);
    return;
  }
  if (lintLevels.has(uri)) {
    lintLevels.close(uri);
    diagnosing.all([uri, ...workspace.openUris()], restMs);
    return;
  }
  diagnosing.all(workspace.close(uri), restMs);
  closed(uri);
}

/** The client watches files of configuration, and everything for being deleted: of a folder, only its own name is told. */
function countsForReading({ workspace, lintLevels }: Documents, { changes }: DidChangeWatchedFilesParams): boolean {
  let counts = false;
  for (const { uri, type } of changes) {
    if (type === FileChangeType.Deleted) {
      if (lintLevels.forget(uri)) counts = true;
      if (workspace.wasRead(uri)) counts = true;
      continue;
    }
    counts = true;
    if (type === FileChangeType.Created) lintLevels.remember(uri);
  }
  return counts;
}
