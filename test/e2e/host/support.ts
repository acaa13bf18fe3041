/** What the cases of the extension-host suite share: documents of the open folder, places in them, and waiting. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';

export async function openSample(name: string): Promise<vscode.TextDocument> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder.uri, name));
  await vscode.window.showTextDocument(document);
  return document;
}

export function positionOf(document: vscode.TextDocument, text: string, inside = 0): vscode.Position {
  const index = document.getText().indexOf(text);
  assert.ok(index >= 0, `${text} is not in ${document.fileName}`);
  return document.positionAt(index + inside);
}

export const ourDiagnostics = (document: vscode.TextDocument) =>
  vscode.languages.getDiagnostics(document.uri).filter(({ source }) => /wsk/i.test(source ?? ''));

const markdown = (content: vscode.MarkdownString | vscode.MarkedString): string =>
  typeof content === 'string' ? content : content.value;

/** So long a wait that only what never comes is missed, however busy the machine is. */
const patienceMs = 60_000;

/** Asks again and again until there is an answer. `what`: words for it, or what says them when there was none. */
export async function until<T>(
  what: string | (() => string),
  ask: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  for (const start = Date.now(); Date.now() - start < patienceMs; ) {
    const answer = await ask();
    if (answer) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain for ${typeof what === 'string' ? what : what()}`);
}

/** The text of all hovers at a place. */
export async function hoverText(document: vscode.TextDocument, at: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, at);
  return hovers.flatMap((hover) => hover.contents.map(markdown)).join('\n');
}

/** What is completed at a place, by label. */
export async function completionAt(
  document: vscode.TextDocument,
  at: vscode.Position,
): Promise<ReadonlyMap<string, vscode.CompletionItem>> {
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document.uri,
    at,
  );
  return new Map(list.items.map((item) => [typeof item.label === 'string' ? item.label : item.label.label, item]));
}

/** A file of this name and text in the open folder; it is written anew. */
export async function writeFile(name: string, text: string): Promise<vscode.Uri> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  const uri = vscode.Uri.joinPath(folder.uri, name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

/** Puts a document's text in place of what it has, without saving it. */
export async function setText(document: vscode.TextDocument, text: string): Promise<void> {
  const all = new vscode.Range(new vscode.Position(0, 0), document.positionAt(document.getText().length));
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, all, text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}
