/**
 * Shows the bundled headers, which are no files: "Go to Definition" of a WSK name gives a URI like `wsk-headers:/wsk.h`,
 * and the language server has the text. The documents are read-only; a header that it doesn't know is empty.
 */
import { type Disposable, workspace } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

export function registerHeaderDocuments(client: LanguageClient): Disposable {
  return workspace.registerTextDocumentContentProvider('wsk-headers', {
    provideTextDocumentContent: async (uri) => {
      const text: string | null = await client.sendRequest('wsk/headerText', { name: uri.path.slice(1) });
      return text ?? '';
    },
  });
}
