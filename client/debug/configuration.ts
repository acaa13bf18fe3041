/**
 * Makes launch configurations of type `wsk` complete: offers the first one for a new launch.json, fills in an empty one
 * (F5 with no launch.json), or says why there is nothing to run, before an adapter is started. Running a driver
 * reads what the folder's files say, so it needs a trusted workspace; lint and hovers don't.
 */
import { existsSync } from 'node:fs';
import {
  commands,
  type DebugConfiguration,
  type DebugConfigurationProvider,
  type TextDocument,
  type WorkspaceFolder,
  window,
  workspace,
} from 'vscode';
import { type ActiveFile, launchForFile } from './launch.ts';

export const configurationProvider: DebugConfigurationProvider = {
  provideDebugConfigurations: () => [
    { type: 'wsk', request: 'launch', name: 'WSK: run the open driver', program: '${file}', wholeDriver: true },
  ],

  async resolveDebugConfiguration(_folder: WorkspaceFolder | undefined, configuration: DebugConfiguration) {
    if (!workspace.isTrusted) {
      const manage = 'Manage Workspace Trust';
      const chosen = await window.showErrorMessage(
        'Running a driver on the emulated kernel needs a trusted workspace. Hovers and lint work without.',
        manage,
      );
      if (chosen === manage) await commands.executeCommand('workbench.trust.manage');
      return undefined;
    }
    // VS Code hands over an empty object when there is no launch.json.
    if (configuration.type) return configuration;
    return startConfiguration();
  },

  resolveDebugConfigurationWithSubstitutedVariables(
    folder: WorkspaceFolder | undefined,
    configuration: DebugConfiguration,
  ) {
    // What the editor is told about headers and macros holds for the run too, unless launch.json says otherwise.
    const settings = workspace.getConfiguration('wsk', folder);
    const cwd = folder?.uri.fsPath;
    const inFolder = (name: string): string => name.replace('${workspaceFolder}', cwd ?? '.');
    return {
      includePath: settings.get<readonly string[]>('includePath', []).map(inFolder),
      defines: settings.get('defines'),
      undefines: settings.get('undefines'),
      std: settings.get('std'),
      compileCommands: inFolder(settings.get('compileCommands', '')),
      configuration: settings.get('configuration'),
      ...(cwd ? { cwd } : {}),
      ...configuration,
    };
  },
};

/** What runs a file, that in the active editor unless given; says why where there is nothing to run. */
export function startConfiguration(document = window.activeTextEditor?.document): DebugConfiguration | undefined {
  const result = launchForFile(fileOf(document), existsSync);
  if (result.kind === 'launch') return { ...result.launch };
  void window.showErrorMessage(result.message);
  return undefined;
}

function fileOf(document: TextDocument | undefined): ActiveFile | undefined {
  if (!document) return undefined;
  return { path: document.fileName, languageId: document.languageId, onDisk: document.uri.scheme === 'file' };
}
