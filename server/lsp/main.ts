/**
 * The language server: the only code that knows LSP. It keeps documents and settings, asks the features, and turns
 * their plain data into LSP's. Every request is guarded: a bug of ours is reported once and the session goes on.
 */
import { FileChangeType, type InitializeResult, TextDocumentSyncKind } from 'vscode-languageserver/node';
import { placeText } from '../../base/source.ts';
import { loadCatalog, readRulePage, showConfiguration } from '../../host/index.ts';
import { optimiseFromHere, serverBudgetBytes } from '../../host/optimiser.ts';
import { createConfigProblemPublisher } from './config-problems.ts';
import { tokenLegend } from './decorations.ts';
import { createPublisher } from './diagnostics.ts';
import { createDocs } from './docs.ts';
import { registerDocs } from './docs-requests.ts';
import { editAbilities } from './edit-abilities.ts';
import { registerFeatures } from './features.ts';
import { createGuard } from './guard.ts';
import { createLintLevels, isLintLevels } from './lint-levels.ts';
import { readAhead } from './read-ahead.ts';
import { afterRest } from './rest.ts';
import { createScenarios, isScenario } from './scenarios.ts';
import { readSettings } from './settings.ts';
import { connect } from './stdio.ts';
import { createWorkspace } from './workspace.ts';

// Whoever ends the server without asking it first still gets its compiled code kept for the next start.
process.once('SIGTERM', () => process.exit());

const connection = connect();
const guard = createGuard((text) => connection.console.error(text));
const workspace = createWorkspace(loadCatalog(__dirname));
const publisher = createPublisher(connection, workspace);
const scenarios = createScenarios(connection, workspace.catalog);
const lintLevels = createLintLevels(workspace);
const configProblems = createConfigProblemPublisher(connection);
const docs = createDocs(connection, __dirname);
let canPullSettings = false;
/** Nothing that the client was asked for is still to come. */
let areSettingsPulled = false;
let canRefreshHints = false;

/** C++ is read for its WSK calls only: its names are left to others. */
const inC = { documentSelector: [{ language: 'c' }] };

connection.onInitialize((params): InitializeResult => {
  canPullSettings = params.capabilities.workspace?.configuration === true;
  workspace.setFolders((params.workspaceFolders ?? []).map((folder) => folder.uri));
  workspace.setSettings(readSettings(params.initializationOptions));
  docs.open({
    storage: params.initializationOptions?.storage,
    showsProgress: params.capabilities.window?.workDoneProgress === true,
  });
  canRefreshHints = params.capabilities.workspace?.inlayHint?.refreshSupport === true;
  if (params.initializationOptions?.showsHeaders === true) workspace.showHeaders();
  const completion = params.capabilities.textDocument?.completion;
  workspace.setListAbilities({
    snippets: completion?.completionItem?.snippetSupport === true,
    defaultData: completion?.completionList?.itemDefaults?.includes('data') === true,
  });
  workspace.setAbilities(editAbilities(params.capabilities));
  if (params.initializationOptions?.hasCommands === true) workspace.enableCommands();
  guard.now('reading ahead', undefined, () => void readAhead(workspace.catalog));
  return {
    serverInfo: { name: 'WSK Workbench' },
    capabilities: {
      textDocumentSync: TextDocumentSyncKind.Incremental,
      hoverProvider: true,
      completionProvider: { triggerCharacters: ['>', '.', '(', ',', ' ', '|', '<', '"', '/'], resolveProvider: true },
      signatureHelpProvider: { triggerCharacters: ['(', ','] },
      definitionProvider: true,
      typeDefinitionProvider: true,
      referencesProvider: true,
      documentHighlightProvider: true,
      // An editor tells why we refuse in C++ only where nobody else renames.
      renameProvider: { prepareProvider: true },
      documentSymbolProvider: true,
      workspaceSymbolProvider: true,
      documentLinkProvider: {},
      callHierarchyProvider: true,
      codeLensProvider: {},
      inlayHintProvider: true,
      semanticTokensProvider: { ...inC, legend: tokenLegend, full: true, range: true },
      codeActionProvider: { codeActionKinds: ['quickfix'] },
    },
  };
});

connection.onInitialized(() => {
  docs.configure(workspace.docsFolders());
  void pullSettings();
});

async function pullSettings(): Promise<void> {
  areSettingsPulled = !canPullSettings;
  if (!canPullSettings) return;
  await guard.run('workspace/configuration', undefined, async () => {
    workspace.setSettings(readSettings(await connection.workspace.getConfiguration('wsk')));
    areSettingsPulled = true;
    refreshAll();
  });
}

connection.onDidChangeConfiguration((change) => {
  if (canPullSettings) void pullSettings();
  else {
    workspace.setSettings(readSettings((change.settings as { wsk?: unknown } | null)?.wsk));
    refreshAll();
  }
});

function refreshAll(): void {
  docs.configure(workspace.docsFolders());
  diagnoseAll(workspace.openUris(), atOnceMs);
  // A client that is about to close may not answer; there is nothing to refresh then.
  if (canRefreshHints) connection.languages.inlayHint.refresh().catch(() => undefined);
}

function diagnoseAll(uris: readonly string[], delayMs = restMs): void {
  for (const uri of uris) diagnoseSoon(uri, delayMs);
}

// A change is answered when typing rests for this long; what was asked for meanwhile is answered before it. Less than
// this, and lint comes before the completion or hover that an editor asks for with the keystroke.
const restMs = 5;
/** Nobody types when a document comes or the settings do: other requests that lie in the same input come first. */
const atOnceMs = 0;
/** What calls the diagnostics of a document off that are still to come. */
const waiting = new Map<string, () => void>();

/** The same for its reading. */
const unread = new Map<string, () => void>();

/** Reads a text that has just come while typing rests: whatever is asked for next, lint or a hover, needs that first. */
function readSoon(uri: string): void {
  unread.get(uri)?.();
  unread.set(
    uri,
    afterRest(atOnceMs, () => {
      unread.delete(uri);
      guard.now('reading', undefined, () => void workspace.analysis(uri));
    }),
  );
}

function diagnoseSoon(uri: string, delayMs = restMs): void {
  waiting.get(uri)?.();
  waiting.set(
    uri,
    afterRest(delayMs, () => {
      waiting.delete(uri);
      guard.now('diagnostics', undefined, () => {
        if (scenarios.has(uri)) {
          scenarios.publish(uri);
          return;
        }
        publisher.publish(uri);
        optimiseFromHere(process.versions.node, serverBudgetBytes);
        configProblems.publish([
          ...workspace.configurations().problems(),
          ...workspace
            .lintConfigs()
            .problems()
            .map((problem) => ({ ...problem, severity: 'warning' as const })),
        ]);
      });
    }),
  );
}

connection.onDidOpenTextDocument(({ textDocument }) => {
  if (isScenario(textDocument.uri)) scenarios.open(textDocument);
  else if (isLintLevels(textDocument.uri)) {
    lintLevels.open(textDocument);
    diagnoseAll(workspace.openUris());
  } else diagnoseAll(workspace.open(textDocument));
  // Settings that are still to come make what is read before them worthless.
  diagnoseSoon(textDocument.uri, areSettingsPulled ? atOnceMs : restMs);
});
connection.onDidChangeTextDocument(({ textDocument, contentChanges }) => {
  if (scenarios.has(textDocument.uri)) scenarios.change(textDocument, contentChanges);
  else if (lintLevels.has(textDocument.uri)) {
    lintLevels.change(textDocument, contentChanges);
    diagnoseAll(workspace.openUris());
  } else {
    diagnoseAll(workspace.change(textDocument, contentChanges));
    readSoon(textDocument.uri);
  }
  diagnoseSoon(textDocument.uri);
});
connection.onDidSaveTextDocument(({ textDocument }) => {
  // Its file is there, if it was deleted before.
  lintLevels.remember(textDocument.uri);
  // A saved header may matter to every open file.
  workspace.forgetAnalyses();
  refreshAll();
});
connection.onDidCloseTextDocument(({ textDocument }) => {
  waiting.get(textDocument.uri)?.();
  waiting.delete(textDocument.uri);
  if (scenarios.has(textDocument.uri)) {
    scenarios.close(textDocument.uri);
    return;
  }
  if (lintLevels.has(textDocument.uri)) {
    lintLevels.close(textDocument.uri);
    diagnoseAll([textDocument.uri, ...workspace.openUris()]);
    return;
  }
  diagnoseAll(workspace.close(textDocument.uri));
  guard.now('diagnostics', undefined, () => publisher.close(textDocument.uri));
});

connection.onDidChangeWatchedFiles(({ changes }) => {
  // The client watches files of configuration, and everything for being deleted: of a folder, only its own name is told.
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
  if (!counts) return;
  workspace.forgetConfiguration();
  refreshAll();
});
connection.onRequest('wsk/configuration', ({ uri }: { readonly uri: string }) =>
  guard.now('configuration', '', () => {
    const { problems } = workspace.configuration(uri);
    const notes = problems.map(({ span, severity, message }) => `  ${placeText(span)}: ${severity}: ${message}`);
    return [showConfiguration(workspace.pathOf(uri), workspace.configuration(uri), (path) => path), ...notes].join(
      '\n',
    );
  }),
);

registerFeatures({
  connection,
  workspace,
  scenarios,
  lintLevels,
  guard,
  docs,
  rulePage: (id) => readRulePage(__dirname, id),
});
registerDocs(connection, guard, docs);
connection.listen();
