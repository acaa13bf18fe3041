/**
 * The user's checkout of the driver docs, as the server's requests see it. A thread of its own (dist/docs.js) reads and
 * keeps the pages; here it is started when the setting names a folder, asked, and shown to the user as a progress bar.
 * Whatever becomes of that thread, an answer comes within a limit: then without the docs.
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CancellationToken, Connection } from 'vscode-languageserver';
import type { FromDocs, HoverQuestion, SearchAnswer, ToDocs } from '../../../host/docs/messages.ts';
import { createBar } from './docs-bar.ts';
import { createQuestions, type Questions } from './docs-questions.ts';

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
/** A thread that dies so often is left alone until the setting changes. */
const restartsMax = 2;
const nothing: SearchAnswer = { items: [], pages: 0, isIndexing: false };
const searchMax = 100;

/** `programs` is the folder of the programs, dist/. */
export function createDocs(connection: Connection, programs: string): Docs {
  let folders: readonly string[] = [];
  let storage: string | undefined;
  let showsProgress = false;
  let worker: Worker | undefined;
  let restarts = 0;
  let problem: string | undefined;
  const bar = createBar(connection, () => send({ kind: 'cancel' }));

  const send = (message: ToDocs): void => worker?.postMessage(message);
  const questions = createQuestions((id, question) => send({ kind: 'ask', id, question }));
  const ask: Questions['ask'] = (question, limitMs) =>
    worker === undefined ? Promise.resolve(undefined) : questions.ask(question, limitMs);

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
        if (!message.isCancelled && message.read > manyPages && storage !== undefined) replace();
        return;
      case 'note':
        if (message.severity === 'warning') {
          problem = message.text;
          connection.console.warn(message.text);
        } else connection.console.info(message.text);
    }
  };
  const died = (dead: Worker, why: string): void => {
    if (worker !== dead) return;
    worker = undefined;
    bar.end();
    questions.giveUp();
    const isLast = restarts++ >= restartsMax;
    const next = isLast ? 'Hovers go on without them until the setting wsk.docs.folders changes.' : 'It starts again.';
    connection.console.error(`Driver docs: the thread that reads them ended. ${next}\n${why}`);
    if (!isLast) start();
  };
  const start = (): void => {
    // What one thread needs at most for both repositories is a tenth of this; a runaway must not take the server along.
    const resourceLimits = { maxOldGenerationSizeMb: 768 };
    const started = new Worker(join(programs, 'docs.js'), { resourceLimits });
    worker = started;
    started.on('message', receive);
    started.on('error', (error) =>
      died(started, error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
    started.on('exit', (code) => died(started, `It ended with code ${code}.`));
    // The editor's end of the connection is what keeps the server alive.
    started.unref();
    send({ kind: 'configure', folders, storage });
  };
  /** A thread that has read very many pages holds more than twice of what one needs that has its index from the cache. */
  const replace = (): void => {
    const old = worker;
    worker = undefined;
    questions.giveUp();
    void old?.terminate();
    start();
  };
  const startSoon = (): void => {
    setTimeout(() => {
      if (worker === undefined && folders.length > 0) start();
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
      restarts = 0;
      problem = undefined;
      if (worker !== undefined) send({ kind: 'configure', folders, storage });
      else if (folders.length > 0) startSoon();
    },
    reread() {
      problem = undefined;
      send({ kind: 'configure', folders, storage });
    },
    isOn: () => folders.length > 0,
    problem: () => problem,
    hover: async (question) => (await ask({ kind: 'hover', ...question }, hoverMs)) ?? '',
    async search(query, token) {
      const answer = await ask({ kind: 'search', query, limit: searchMax }, answerMs);
      if (token.isCancellationRequested) return nothing;
      // The thread was replaced or is only starting: whoever asked asks again, as while pages are being read.
      return answer ?? { ...nothing, isIndexing: restarts <= restartsMax };
    },
    page: (path) => ask({ kind: 'page', path }, answerMs),
  };
}
