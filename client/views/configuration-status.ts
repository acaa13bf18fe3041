/**
 * The language status of a C file: where its include folders and macros come from, which decides what lint and the
 * emulator see of it. A click shows all of it. The language server knows; it is asked when another file comes to the
 * front, and when one that tells it is saved.
 */
import { Disposable, languages, type TextDocument, window, workspace } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { originIn } from './configuration-origin.ts';

export function registerConfigurationStatus(client: LanguageClient): Disposable {
  const item = languages.createLanguageStatusItem('wsk.configuration', [{ language: 'c' }, { language: 'cpp' }]);
  item.name = 'WSK Workbench';
  item.text = 'WSK Workbench';
  item.command = { title: 'Show Configuration', command: 'wsk.showConfiguration' };
  let asked = 0;
  const refresh = async (document: TextDocument | undefined): Promise<void> => {
    if (document === undefined || !/^c(pp)?$/.test(document.languageId) || document.uri.scheme !== 'file') return;
    const mine = ++asked;
    try {
      const text = await client.sendRequest<string>('wsk/configuration', { uri: document.uri.toString() });
      if (mine === asked) item.detail = originIn(text);
    } catch {
      // The server has ended, which is told elsewhere.
    }
  };
  void refresh(window.activeTextEditor?.document);
  return Disposable.from(
    item,
    window.onDidChangeActiveTextEditor((editor) => void refresh(editor?.document)),
    workspace.onDidSaveTextDocument(() => void refresh(window.activeTextEditor?.document)),
  );
}
