/**
 * Shows the pages of lint's rules, which are no files: a diagnostic's code links to a URI like
 * `wsk-rule:/irp-stack-size.md`, and the language server has the text. "Explain …" in the list of quick fixes shows the
 * page as a reader sees it. The documents are read-only; an unknown rule has none and says so.
 */
import { commands, Disposable, Uri, workspace } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

const scheme = 'wsk-rule';

export function registerRuleDocuments(client: LanguageClient): Disposable {
  const provider = workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: async (uri) => {
      const id = uri.path.slice(1).replace(/\.md$/, '');
      const text: string | null = await client.sendRequest('wsk/ruleText', { id });
      // What only a run can find is no rule of lint.
      return text ?? `# ${id}\n\nFound by the emulated kernel while a driver runs; lint has no page of that name.\n`;
    },
  });
  const command = commands.registerCommand('wsk.explainRule', async (id: unknown) => {
    if (typeof id !== 'string') return;
    const uri = Uri.from({ scheme, path: `/${id}.md` });
    await commands.executeCommand('markdown.showPreviewToSide', uri);
  });
  return Disposable.from(provider, command);
}
