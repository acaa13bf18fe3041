/**
 * Shows a page of the user's docs as a reader sees it: a document of the scheme `wsk-docs`, whose text the language
 * server makes of the file (tables and notes for HTML, links that open), in VS Code's Markdown preview. The file's own
 * path stands in the query; a page that has vanished says so.
 */
import { commands, type Disposable, Uri, workspace } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

const scheme = 'wsk-docs';

export function registerDocsDocuments(client: LanguageClient): Disposable {
  return workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: async (uri) => {
      const text: string | null = await client.sendRequest('wsk/docsPage', { path: uri.query });
      return text ?? `This page is not in the folders of wsk.docs.folders any more: ${uri.query}\n`;
    },
  });
}

export async function showDocsPage(path: string, name: string): Promise<void> {
  const uri = Uri.from({ scheme, path: `/${name.replace(/[\\/:*?"<>|]/g, ' ')}.md`, query: path });
  await commands.executeCommand('markdown.showPreview', uri);
}
