/**
 * "WSK: Debug This File": starts what F5 would start with no launch.json for the file in the active editor. It is the
 * button of scenario files, for which VS Code knows no debugger.
 */
import { commands, type Disposable, debug, window, workspace } from 'vscode';
import { startConfiguration } from '../debug/configuration.ts';

export function registerDebugFile(): Disposable {
  return commands.registerCommand('wsk.debugFile', async () => {
    const document = window.activeTextEditor?.document;
    // The driver is read from the disk.
    if (document?.isDirty === true) await document.save();
    const configuration = startConfiguration();
    if (configuration === undefined) return;
    await debug.startDebugging(document && workspace.getWorkspaceFolder(document.uri), configuration);
  });
}
