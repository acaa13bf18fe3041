/**
 * Puts `wsk` on the PATH of VS Code's terminals: the folder bin/ of the extension, behind what the user has there. A
 * terminal that was open before gets it when it is started again.
 */
import { delimiter } from 'node:path';
import { type ExtensionContext, Uri } from 'vscode';

export function offerInTerminals({ environmentVariableCollection: variables, extensionUri }: ExtensionContext): void {
  variables.description = 'Brings the command `wsk`: lint and run drivers, look names up.';
  variables.append('PATH', `${delimiter}${Uri.joinPath(extensionUri, 'bin').fsPath}`);
  variables.replace('WSK_NODE', process.execPath);
}
