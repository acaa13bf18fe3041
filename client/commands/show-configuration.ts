/**
 * "WSK: Show Configuration of This File": include folders, macros and the edition of C that hold for the file in the
 * active editor, each with the source that said it, in the output of the language server.
 */
import { commands, type Disposable, window } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

export function registerShowConfiguration(client: LanguageClient): Disposable {
  return commands.registerCommand('wsk.showConfiguration', async () => {
    const document = window.activeTextEditor?.document;
    if (!document) {
      void window.showInformationMessage('Open a C file first: the configuration is that of a file.');
      return;
    }
    const text: string = await client.sendRequest('wsk/configuration', { uri: document.uri.toString() });
    client.outputChannel.appendLine(text);
    client.outputChannel.show(true);
  });
}
