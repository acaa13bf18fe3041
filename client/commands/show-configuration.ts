/**
 * "WSK: Show Configuration of This File": include folders, macros and the edition of C that hold for the file in the
 * active editor, each with the source that said it, as a read-only document beside the file. The language server has the
 * text; it is asked anew each time.
 */
import { commands, Disposable, EventEmitter, Uri, ViewColumn, window, workspace } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

const scheme = 'wsk-configuration';

export function registerShowConfiguration(client: LanguageClient): Disposable {
  const changed = new EventEmitter<Uri>();
  const provider = workspace.registerTextDocumentContentProvider(scheme, {
    onDidChange: changed.event,
    // The file's own URI stands in the query.
    provideTextDocumentContent: (uri) => client.sendRequest<string>('wsk/configuration', { uri: uri.query }),
  });
  const command = commands.registerCommand('wsk.showConfiguration', async () => {
    const file = window.activeTextEditor?.document.uri;
    if (!file || file.scheme === scheme) {
      void window.showInformationMessage('Open a C file first: the configuration is that of a file.');
      return;
    }
    const name = file.path.split('/').pop() ?? '';
    const uri = Uri.from({ scheme, path: `/Configuration of ${name}`, query: file.toString() });
    changed.fire(uri);
    const document = await workspace.openTextDocument(uri);
    await window.showTextDocument(document, { viewColumn: ViewColumn.Beside, preserveFocus: true });
  });
  return Disposable.from(changed, provider, command);
}
