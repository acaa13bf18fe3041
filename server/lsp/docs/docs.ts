/**
 * The user's checkout of the driver docs, as the server's requests see it. A thread of its own reads and keeps the
 * pages; here it is started when the setting names a folder, asked, and shown to the user as a progress bar.
 * Whatever becomes of that thread, an answer comes within a limit: then without the docs.
 */
import { join } from 'node:path';
import type { CancellationToken, Connection } from 'vscode-languageserver';
import type { FromDocs, HoverQuestion, SearchAnswer, ToDocs } from '../../../host/docs/messages.ts';
import { createBar } from './docs-bar.ts';
import { createQuestions, type Questions } from './docs-questions.ts';
import { createDocsThread } from './docs-thread.ts';

export interface Docs {
  /** What `initialize` brought; before anything else. */
  open(options: DocsOptions): void;
  /** Folders are absolute, or told of. The same folders again change nothing. */
  configure(folders: readonly string[]): void;
  /** Looks at the folders again: somebody knows that pages have changed. */
  reread(): void;
  isOn(): boolean;
  /** What was wrong last with a folder, in words. */
  problem(): string | undefined;
  /** Markdown of the page for a hover; '' without one, or when it does not come in time. */
  hover(question: HoverQuestion): Promise<string>;
  search(query: string, token: CancellationToken): Promise<SearchAnswer>;
  page(path: string): Promise<string | undefined>;
}

export interface DocsOptions {
  /** Where the index is kept between starts; what is no path keeps nothing. */
  readonly storage: unknown;
  readonly showsProgress: boolean;
}

/** The first file is read first: both would wait for the same processor. */
const restMs = 250;
/** A hover that comes later than this is not looked at any more. */
const hoverMs = 600;
/** A search or a page may wait for a disk that sleeps. */
const answerMs = 10_000;
const manyPages = 5_000;
const nothing: SearchAnswer = { items: [], pages: 0, isIndexing: false };
const searchMax = 100;

/** `programs` is the folder of the programs, dist/. */
export function createDocs(connection: Connection, programs: string): Docs {
  let folders: readonly string[] = [];
  let storage: string | undefined;
  let showsProgress = false;
  let problem: string | undefined;
  const bar = createBar(connection, () => thread.send({ kind: 'cancel' }));
  const questions = createQuestions((id, question) => thread.send({ kind: 'ask', id, question }));
  const ask: Questions['ask'] = (question, limitMs) =>
    thread.isRunning() ? questions.ask(question, limitMs) : Promise.resolve(undefined);
  const order = (): ToDocs => ({ kind: 'configure', folders, storage });

  const receive = (message: FromDocs): void => {
    switch (message.kind) {
      case 'answer':
        questions.answered(message.id, message.answer);
        return;
      case 'loaded':
        return;
      case 'progress':
        if (showsProgress) bar.show(message.done, message.total);
        return;
      case 'finished':
        bar.end();
        if (message.isCancelled)
          connection.console.info('Driver docs: reading was stopped; it goes on at the next start of the editor.');
        else if (message.read > 0)
          connection.console.info(`Driver docs: ${message.pages} pages are ready, after ${Math.round(message.ms)} ms.`);
        // It holds more than twice of what one needs that has its index from the cache.
        if (!message.isCancelled && message.read > manyPages && storage !== undefined) thread.replace();
        return;
      case 'note':
        if (message.severity === 'warning') {
          problem = message.text;
          connection.console.warn(message.text);
        } else connection.console.info(message.text);
    }
  };
  const gone = (words?: string): void => {
    questions.giveUp();
    if (words === undefined) return;
    bar.end();
    connection.console.error(words);
  };
  const thread = createDocsThread(join(programs, 'docs.js'), { order, receive, gone });
  const startSoon = (): void => {
    setTimeout(() => {
      if (!thread.isRunning() && folders.length > 0) thread.start();
    }, restMs).unref();
  };

  return {
    open(options) {
      storage = typeof options.storage === 'string' && options.storage !== '' ? options.storage : undefined;
      showsProgress = options.showsProgress;
    },
    configure(next) {
      if (next.join('\n') === folders.join('\n')) return;
      folders = next;
      thread.forgive();
      problem = undefined;
      if (thread.isRunning()) thread.send(order());
      else if (folders.length > 0) startSoon();
    },
    reread() {
      problem = undefined;
      thread.send(order());
    },
    isOn: () => folders.length > 0,
    problem: () => problem,
    hover: async (question) => (await ask({ kind: 'hover', ...question }, hoverMs)) ?? '',
    async search(query, token) {
      const answer = await ask({ kind: 'search', query, limit: searchMax }, answerMs);
      if (token.isCancellationRequested) return nothing;
      // The thread was replaced or is only starting: whoever asked asks again, as while pages are being read.
      return answer ?? { ...nothing, isIndexing: !thread.isGivenUp() };
    },
    page: (path) => ask({ kind: 'page', path }, answerMs),
  };
}
