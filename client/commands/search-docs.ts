/**
 * "WSK: Search Driver Docs": a list that the language server fills while the user types, by names (as written, by their
 * beginning, by humps) and by words, and while pages are still being read. Enter shows the page as the editor renders it;
 * the buttons of a line open it on learn.microsoft.com, or its file. Without docs it says how to get
 * them, and where none can be read, why.
 */
import {
  CancellationTokenSource,
  commands,
  type Disposable,
  env,
  type QuickPick,
  type QuickPickItem,
  ThemeIcon,
  Uri,
  window,
} from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { showDocsPage } from '../docs/documents.ts';

interface Page {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** Where the page has the words; '' where its name, title or summary has them. */
  readonly snippet: string;
  readonly kind: string;
  readonly header: string;
  readonly path: string;
  readonly address?: string;
}

interface Answer {
  readonly items: readonly Page[];
  readonly pages: number;
  readonly isIndexing: boolean;
  readonly isOn: boolean;
  readonly problem?: string;
}

/** Without a page it says that there is none. */
type Item = QuickPickItem & { readonly page?: Page };

const onSite = { iconPath: new ThemeIcon('globe'), tooltip: 'Open on learn.microsoft.com' };
const asFile = { iconPath: new ThemeIcon('go-to-file'), tooltip: 'Open the file of the page' };
/** Typing rests so long before a question goes out. */
const restMs = 40;
/** As long as pages are being read the question is asked again this often. */
const readingMs = 500;

export function registerSearchDocs(client: LanguageClient): Disposable {
  return commands.registerCommand('wsk.searchDocs', async (query?: unknown) => {
    const first = await client.sendRequest<Answer>('wsk/searchDocs', { query: '' });
    if (!first.isOn) await offerDocs(noDocs);
    else if (first.pages === 0 && !first.isIndexing) await offerDocs(first.problem ?? noPage);
    else pick(client, first, typeof query === 'string' ? query : selectedWords());
  });
}

/** What is selected in the editor is mostly what somebody wants to know about. */
function selectedWords(): string {
  const editor = window.activeTextEditor;
  const text = editor === undefined || editor.selection.isEmpty ? '' : editor.document.getText(editor.selection);
  return text.length <= 80 && !/[\r\n]/.test(text) ? text.trim() : '';
}

const noDocs = 'There are no driver docs to search yet: get them from GitHub, or name a checkout that you have.';
const noPage = 'No page of the driver docs can be read; correct the setting wsk.docs.folders.';

async function offerDocs(message: string): Promise<void> {
  const get = 'Get the Documentation';
  const name = 'Name a Checkout';
  const answer = await window.showInformationMessage(message, get, name);
  if (answer === get) await commands.executeCommand('wsk.getDocs');
  if (answer === name) await commands.executeCommand('workbench.action.openSettings', 'wsk.docs.folders');
}

function pick(client: LanguageClient, first: Answer, query: string): void {
  const list = window.createQuickPick<Item>();
  let asked: CancellationTokenSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shownFor = '';
  const say = ({ pages, isIndexing }: Answer): void => {
    list.title = `WSK: Search Driver Docs (${pages.toLocaleString('en')} pages${isIndexing ? ', more are being read' : ''})`;
  };
  const askIn = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(list.value), ms);
  };
  const ask = async (text: string): Promise<void> => {
    asked?.cancel();
    asked = new CancellationTokenSource();
    const { token } = asked;
    list.busy = true;
    try {
      const answer = await client.sendRequest<Answer>('wsk/searchDocs', { query: text }, token);
      if (token.isCancellationRequested) return;
      say(answer);
      const isSame = text === shownFor;
      shownFor = text;
      const hasNone = answer.items.length === 0 && text.trim() !== '';
      show(list, isSame, hasNone ? [nothingFound(answer)] : answer.items.map(toItem));
      if (answer.isIndexing) askIn(readingMs);
    } catch {
      // A question that was cancelled, or a server that is restarting: the next letter asks again.
    }
    if (!token.isCancellationRequested) list.busy = false;
  };
  say(first);
  list.placeholder = 'A name (WskSocket, wclosoc), or words of a page (cancel pending irp)';
  list.onDidChangeValue(() => askIn(restMs));
  list.onDidAccept(() => {
    const page = list.selectedItems[0]?.page;
    list.hide();
    if (page !== undefined) void showDocsPage(page.path, page.name);
  });
  list.onDidTriggerItemButton(({ button, item }) => {
    list.hide();
    if (item.page === undefined) return;
    const { address, path } = item.page;
    if (button === onSite && address !== undefined) void env.openExternal(Uri.parse(address));
    else void window.showTextDocument(Uri.file(path));
  });
  list.onDidHide(() => {
    clearTimeout(timer);
    asked?.cancel();
    list.dispose();
  });
  list.value = query;
  list.show();
  if (query !== '') void ask(query);
  else if (first.isIndexing) askIn(readingMs);
}

/** To the same question the line that the user has walked to stays the active one, as long as it is in the list. */
function show(list: QuickPick<Item>, isSame: boolean, items: readonly Item[]): void {
  const [active] = list.activeItems;
  const hasWalked = isSame && active !== list.items[0];
  const kept = hasWalked ? items.find(({ page }) => page !== undefined && page.path === active?.page?.path) : undefined;
  list.items = items;
  if (kept !== undefined) list.activeItems = [kept];
}

function nothingFound({ isIndexing }: Answer): Item {
  const more = isIndexing ? ', but not all pages are read yet' : '';
  return { label: `$(info) No page has this${more}`, alwaysShow: true };
}

/** The server has chosen already: the editor's own filter must not take pages away that were found by their words. */
function toItem(page: Page): Item {
  // A name that the page's own title does not have, as WskCloseSocket on the page of PFN_WSK_CLOSE_SOCKET.
  const title = page.title.replace(/ \([\w.]+\)$/, '');
  const told = [title.includes(page.name) ? '' : title, page.kind, page.header].filter((part) => part !== '');
  return {
    label: page.name,
    description: told.join(' · '),
    detail: page.snippet || page.summary || page.title,
    alwaysShow: true,
    buttons: page.address === undefined ? [asFile] : [onSite, asFile],
    page,
  };
}
