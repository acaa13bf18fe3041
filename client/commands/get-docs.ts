/**
 * "WSK: Get the Full Driver Documentation": checks Microsoft's public repositories out into the extension's own storage,
 * with the user's git, after saying how much that is, and adds the folders to the setting `wsk.docs.folders`. A checkout
 * is made beside its place and moved there when it is whole; one that is there already is brought up to date, or made
 * anew where a killed run has damaged it.
 */
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import {
  type CancellationToken,
  ConfigurationTarget,
  commands,
  type Disposable,
  type ExtensionContext,
  env,
  ProgressLocation,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import {
  type Advice,
  adviceFor,
  cloneSteps,
  type GitResult,
  type GitStep,
  isDamaged,
  runGit,
  updateSteps,
} from '../docs/git.ts';
import { type DocsRepository, docsRepositories } from '../docs/repositories.ts';

const title = 'WSK: Get the Full Driver Documentation';

export function registerGetDocs(context: ExtensionContext, client: LanguageClient): Disposable {
  const store = Uri.joinPath(context.globalStorageUri, 'docs');
  return commands.registerCommand('wsk.getDocs', async () => {
    const repositories = await ask();
    if (repositories.length === 0) return;
    for (const repository of repositories) {
      const folder = Uri.joinPath(store, repository.name).fsPath;
      const outcome = await window.withProgress(
        { location: ProgressLocation.Notification, title: `Driver docs: ${repository.label}`, cancellable: true },
        (progress, token) => get(repository, folder, token, (message) => progress.report({ message })),
      );
      if (outcome === 'cancelled') return;
      if (outcome !== 'done') {
        await showAdvice(outcome);
        return;
      }
      await addFolder(folder, client);
    }
    const search = 'Search Driver Docs';
    const message =
      'The driver docs are here. They are read in the background; then hovers show the pages of every API.';
    if ((await window.showInformationMessage(message, search)) === search)
      await commands.executeCommand('wsk.searchDocs');
  });
}

/** Which repositories, and whether to fetch so much. */
async function ask(): Promise<readonly DocsRepository[]> {
  const items = docsRepositories.map((repository) => ({
    label: repository.label,
    description: `${repository.name}, about ${repository.downloadMb} MB to download, ${repository.diskMb} MB on the disk`,
    detail: repository.detail,
    picked: true,
    repository,
  }));
  const picked = await window.showQuickPick(items, {
    title,
    canPickMany: true,
    placeHolder: 'What to get from GitHub?',
  });
  if (picked === undefined || picked.length === 0) return [];
  const repositories = picked.map(({ repository }) => repository);
  const sum = (of: (repository: DocsRepository) => number): number =>
    repositories.reduce((all, one) => all + of(one), 0);
  const detail = `About ${sum((r) => r.downloadMb)} MB are downloaded from github.com/MicrosoftDocs with your git, and ${sum((r) => r.diskMb)} MB are kept in the storage of this extension. The pages are Microsoft's, under CC BY 4.0.`;
  const yes = 'Download';
  const answer = await window.showInformationMessage('Get the driver documentation?', { modal: true, detail }, yes);
  return answer === yes ? repositories : [];
}

async function get(
  repository: DocsRepository,
  folder: string,
  token: CancellationToken,
  show: (text: string) => void,
): Promise<'done' | 'cancelled' | Advice> {
  const stop = new AbortController();
  const listening = token.onCancellationRequested(() => stop.abort());
  const partial = `${folder}.partial`;
  try {
    await mkdir(path.dirname(folder), { recursive: true });
    await rm(partial, { recursive: true, force: true });
    if (await exists(`${folder}/.git`)) {
      const updated = await run(updateSteps(repository, folder), stop.signal, show);
      if (updated.kind !== 'failed') return updated.kind;
      if (!isDamaged(updated)) return adviceFor(updated, repository.url);
    }
    const got = await run(cloneSteps(repository, partial), stop.signal, show);
    if (got.kind === 'failed') return adviceFor(got, repository.url);
    if (got.kind === 'done') {
      await rm(folder, { recursive: true, force: true });
      await rename(partial, folder);
    }
    return got.kind;
  } catch (error) {
    return { message: `${folder} can't be written: ${String(error)}`, link: undefined };
  } finally {
    listening.dispose();
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Up to the first step that fails. */
async function run(steps: readonly GitStep[], signal: AbortSignal, show: (text: string) => void): Promise<GitResult> {
  for (const step of steps) {
    show(step.title);
    const onProgress = (text: string): void => show(`${step.title}: ${text}`);
    const result = await runGit(step, { program: gitProgram(), signal, onProgress });
    if (result.kind !== 'done') return result;
  }
  return { kind: 'done' };
}

/** The setting of VS Code's own git extension; no folder can say it, only the user. */
function gitProgram(): string {
  const setting = workspace.getConfiguration('git').inspect<string | readonly string[]>('path')?.globalValue;
  const first = typeof setting === 'string' ? setting : setting?.[0];
  return first === undefined || first === '' ? 'git' : first;
}

async function showAdvice({ message, link }: Advice): Promise<void> {
  const picked = await window.showErrorMessage(`Driver docs: ${message}`, ...(link === undefined ? [] : [link.title]));
  if (link !== undefined && picked === link.title) await env.openExternal(Uri.parse(link.address));
}

async function addFolder(folder: string, client: LanguageClient): Promise<void> {
  const settings = workspace.getConfiguration('wsk.docs');
  const known = settings.inspect<readonly string[]>('folders')?.globalValue ?? [];
  if (!known.includes(folder)) await settings.update('folders', [...known, folder], ConfigurationTarget.Global);
  else await client.sendNotification('wsk/rereadDocs');
}

async function exists(path: string): Promise<boolean> {
  try {
    await workspace.fs.stat(Uri.file(path));
    return true;
  } catch {
    return false;
  }
}
