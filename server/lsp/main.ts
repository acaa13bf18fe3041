/**
 * The language server: the only code that knows LSP. It keeps documents and settings, asks the features, and turns
 * their plain data into LSP's. Every request is guarded: a bug of ours is reported once and the session goes on.
 */
import { type InitializeResult, TextDocumentSyncKind } from 'vscode-languageserver/node';
import { placeText } from '../../base/source.ts';
import { loadCatalog, readRulePage, showConfiguration } from '../../host/index.ts';
import { optimiseFromHere, serverBudgetBytes } from '../../host/optimiser.ts';
import { keepHeapSmall, keepYoungSpace } from '../../host/server-flags.ts';
import { createDocs } from './docs/docs.ts';
import { registerDocs } from './docs/docs-requests.ts';
import { atOnceMs, createDiagnosing } from './documents/diagnosing.ts';
import { createPublisher } from './documents/diagnostics.ts';
import { registerDocuments } from './documents/documents.ts';
import { createLintLevels } from './documents/lint-levels.ts';
import { readAhead } from './documents/read-ahead.ts';
import { createScenarios } from './documents/scenarios.ts';
import { fixAllKind } from './requests/actions.ts';
import { tokenLegend } from './requests/decorations.ts';
import { registerFeatures } from './requests/features.ts';
import { createGuard } from './serving/guard.ts';
import { createRestingWork, type Progress, sliceEnd } from './serving/rest.ts';
import { connect } from './serving/stdio.ts';
import { createWarmUp, warmUp } from './serving/warm-up.ts';
import { clientAbilities } from './settings/client-abilities.ts';
import { createConfigProblemPublisher } from './settings/config-problems.ts';
import { readSettings } from './settings/settings.ts';
import { createWorkspace } from './workspace.ts';

// Whoever ends the server without asking it first still gets its compiled code kept for the next start.
process.once('SIGTERM', () => process.exit());

const connection = connect();
const workspace = createWorkspace(loadCatalog(__dirname));
const guard = createGuard((text) => connection.console.error(text), workspace.whenRead);
const publisher = createPublisher(connection, workspace);
const scenarios = createScenarios(connection, workspace.catalog);
const lintLevels = createLintLevels(workspace);
const configProblems = createConfigProblemPublisher(connection);
const diagnosing = createDiagnosing((uri) => guard.now('diagnostics', 'done', () => diagnose(uri)));
const warmUpOnce = createWarmUp((uri) =>
  guard.now('warming up', undefined, () => {
    const analysis = workspace.analysis(uri);
    if (analysis !== undefined) warmUp(analysis);
  }),
);
const docs = createDocs(connection, __dirname);
let canPullSettings = false;
/** Nothing that the client was asked for is still to come. */
let areSettingsPulled = false;
let canRefreshHints = false;
/** How often documents have got their diagnostics. */
let diagnoses = 0;

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
  workspace.setClient(clientAbilities(params));
  guard.now('reading ahead', undefined, () => void readAhead(workspace.catalog));
  return {
    serverInfo: { name: 'WSK Workbench' },
    capabilities: {
      textDocumentSync: TextDocumentSyncKind.Incremental,
      hoverProvider: true,
      completionProvider: { triggerCharacters: ['>', '.', '(', ',', ' ', '|', '<', '"', '/'], resolveProvider: true },
      signatureHelpProvider: { triggerCharacters: ['(', ','] },
      declarationProvider: true,
      definitionProvider: true,
      typeDefinitionProvider: true,
      referencesProvider: true,
      documentHighlightProvider: true,
      // An editor tells why we refuse in C++ only where nobody else renames.
      renameProvider: { prepareProvider: true },
      selectionRangeProvider: true,
      documentSymbolProvider: true,
      workspaceSymbolProvider: true,
      documentLinkProvider: {},
      callHierarchyProvider: true,
      codeLensProvider: {},
      inlayHintProvider: true,
      inlineValueProvider: inC,
      semanticTokensProvider: { ...inC, legend: tokenLegend, full: true, range: true },
      codeActionProvider: { codeActionKinds: ['quickfix', fixAllKind] },
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
  diagnosing.all(workspace.openUris(), atOnceMs);
  // A client that is about to close may not answer; there is nothing to refresh then.
  if (canRefreshHints) connection.languages.inlayHint.refresh().catch(() => undefined);
}

function diagnose(uri: string): Progress {
  if (scenarios.has(uri)) {
    scenarios.publish(uri);
    return 'done';
  }
  const isTimeUp = sliceEnd();
  // What is shown in a header is found in the files that include it.
  if (![uri, ...workspace.includersOf(uri)].every((one) => workspace.advance(one, isTimeUp))) return 'more';
  publisher.publish(uri);
  warmUpOnce(uri);
  // What follows the first time is a hover or two, which a collection or the threads that optimise would only delay; then
  // somebody types.
  if (++diagnoses === 2) {
    optimiseFromHere(process.versions.node, serverBudgetBytes);
    keepHeapSmall();
  }
  const levels = workspace.lintConfigs().problems();
  configProblems.publish([
    ...workspace.configurations().problems(),
    ...levels.map((problem) => ({ ...problem, severity: 'warning' as const })),
  ]);
  return 'done';
}

connection.onRequest('wsk/configuration', ({ uri }: { readonly uri: string }) =>
  guard.now('configuration', '', () => {
    const { problems } = workspace.configuration(uri);
    const notes = problems.map(({ span, severity, message }) => `  ${placeText(span)}: ${severity}: ${message}`);
    return [showConfiguration(workspace.pathOf(uri), workspace.configuration(uri), (path) => path), ...notes].join(
      '\n',
    );
  }),
);

registerDocuments({
  connection,
  workspace,
  scenarios,
  lintLevels,
  diagnosing,
  reading: createRestingWork((uri) =>
    guard.now('reading', 'done', () => (workspace.readOn(uri, sliceEnd()) ? 'done' : 'more')),
  ),
  areSettingsHere: () => areSettingsPulled,
  refreshAll,
  closed: (uri) => guard.now('diagnostics', undefined, () => publisher.close(uri)),
});
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
keepYoungSpace();
connection.listen();
