/**
 * The language client: runs dist/server.js as a process of its own for C, C++ and scenario files and hands it our
 * settings, at the start as `initializationOptions` and again whenever one of them changes, so that no setting needs a
 * restart. A server that can't be started or keeps crashing costs hovers and lint, never the debugger: it is reported
 * and that is all.
 */
import { Disposable, debug, type ExtensionContext, extensions, Uri, window, workspace } from 'vscode';
import {
  LanguageClient,
  type LanguageClientOptions,
  type Middleware,
  type ServerOptions,
  TransportKind,
} from 'vscode-languageclient/node';
import { mayListBehindBlank } from '../base/blank.ts';
import { registerGetDocs } from './commands/get-docs.ts';
import { registerSearchDocs } from './commands/search-docs.ts';
import { registerShowConfiguration } from './commands/show-configuration.ts';
import { registerShowPlaces } from './commands/show-places.ts';
import { registerDocsDocuments } from './docs/documents.ts';
import { registerHeaderDocuments } from './header-documents.ts';
import { registerRuleDocuments } from './rule-documents.ts';
import { serverEnvironment, serverOptions } from './server-options.ts';
import { registerConfigurationStatus } from './views/configuration-status.ts';

export function startLanguageClient(context: ExtensionContext): Disposable {
  const module = Uri.joinPath(context.extensionUri, 'dist/server.js').fsPath;
  const execArgv = [...serverOptions(process.versions.v8)];
  const server: ServerOptions = { module, transport: TransportKind.ipc, options: { execArgv, env: serverEnvironment } };
  const client = new LanguageClient('wsk', 'WSK Workbench', server, clientOptions(context));
  client.start().catch((error: unknown) => {
    void tellOfFailure(client, error);
  });
  // The server asks for its settings anew, and hears that it may read projects now, or that a C extension has come or gone.
  const askAnew = (): void => void client.sendNotification('workspace/didChangeConfiguration', { settings: null });
  const trust = workspace.onDidGrantWorkspaceTrust(askAnew);
  const others = extensions.onDidChange(askAnew);
  return Disposable.from(
    registerHeaderDocuments(client),
    registerRuleDocuments(client),
    registerShowConfiguration(client),
    registerConfigurationStatus(client),
    registerDocsDocuments(client),
    registerGetDocs(context, client),
    registerSearchDocs(client),
    registerShowPlaces(),
    trust,
    others,
    {
      dispose: () => {
        // Stopping a client that never started is refused; there is nothing left to stop then.
        client.stop().catch(() => undefined);
      },
    },
  );
}

/** Which documents the server is told of, and what it hears at the start and of the disk. */
function clientOptions(context: ExtensionContext): LanguageClientOptions {
  return {
    documentSelector: ['file', 'untitled'].flatMap((scheme) => [
      { scheme, language: 'c' },
      { scheme, language: 'cpp' },
      { scheme, pattern: '**/*.wsk.{yaml,yml}' },
      { scheme, pattern: '**/.wsklint.yaml' },
    ]),
    initializationOptions: {
      ...withAbilities(workspace.getConfiguration().get('wsk')),
      // The index of the user's docs is kept there.
      storage: context.globalStorageUri.fsPath,
    },
    synchronize: {
      configurationSection: 'wsk',
      fileEvents: [
        // What the server takes include paths and macros from.
        workspace.createFileSystemWatcher(
          '**/{compile_commands.json,*.vcxproj,*.props,*.targets,*.sln,*.slnx,.wsklint.yaml}',
        ),
        // A folder that is deleted is told by its own name, not by those of the files in it.
        workspace.createFileSystemWatcher('**', true, true, false),
      ],
    },
    middleware,
    outputChannelName: 'WSK Workbench',
    diagnosticCollectionName: 'wsk',
  };
}

/** What VS Code asks of the server that the server had better not be asked. */
const middleware: Middleware = {
  // Asked while it lints a long file, the server would answer when words have been typed behind the blank, for which
  // VS Code does not ask as long as that answer is awaited.
  provideCompletionItem: (document, position, context, token, next) => {
    const line = document.lineAt(position.line).text.slice(0, position.character);
    if (context.triggerCharacter === ' ' && !mayListBehindBlank(line)) return [];
    return next(document, position, context, token);
  },
  provideReferences: (document, position, context, token, next) => {
    if (document.languageId !== 'cpp') return next(document, position, context, token);
    // The server refuses, and a refusal is shown as a failure even where a C++ extension answers.
    if (!hasCompanion()) {
      void window.showInformationMessage(
        'WSK Workbench finds references in C files only. A C++ extension finds them in C++ files.',
      );
    }
    return [];
  },
  // Values of another debugger's session are that debugger's business.
  provideInlineValues: (document, seen, context, token, next) =>
    debug.activeDebugSession?.type === 'wsk' ? next(document, seen, context, token) : [],
  workspace: {
    // The server asks for its settings anew after each change.
    configuration: async (params, token, next) => {
      const answers = await next(params, token);
      if (!Array.isArray(answers)) return answers;
      return answers.map((answer, index) => (params.items[index]?.section === 'wsk' ? withAbilities(answer) : answer));
    },
  },
};

/** The server's own last words, if it had any, are in its output. */
async function tellOfFailure(client: LanguageClient, error: unknown): Promise<void> {
  const show = 'Show Output';
  const message = `WSK Workbench: the language server did not start, so that hovers and lint are missing. ${String(error)}`;
  if ((await window.showErrorMessage(message, show)) === show) client.outputChannel.show();
}

/** Extensions that check C text themselves. */
const companions = [
  'ms-vscode.cpptools',
  'llvm-vs-code-extensions.vscode-clangd',
  'ccls-project.ccls',
  'anysphere.cpptools',
];

function hasCompanion(): boolean {
  return companions.some((id) => extensions.getExtension(id) !== undefined);
}

/**
 * Our settings, and what this client can do beyond LSP: show bundled headers and rules, say whether it trusts the folder,
 * and whether somebody else tells of what is wrong with the C text.
 */
function withAbilities(settings: unknown): object {
  const { isTrusted } = workspace;
  return {
    ...(typeof settings === 'object' ? settings : undefined),
    showsHeaders: true,
    hasCommands: true,
    isTrusted,
    hasCompanion: hasCompanion(),
  };
}
