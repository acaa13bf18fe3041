/**
 * The thread that has the user's docs. In: dist/docs.js, and what is said to it. Out: what it says. One that dies is
 * started again, and left alone when it has died too often; whoever waits for an answer is told that none comes.
 */
import { Worker } from 'node:worker_threads';
import type { FromDocs, ToDocs } from '../../../host/docs/messages.ts';

export interface DocsThread {
  isRunning(): boolean;
  /** It has died so often that it is not started again. */
  isGivenUp(): boolean;
  start(): void;
  /** Another one takes its place. */
  replace(): void;
  /** Its deaths so far count no more. */
  forgive(): void;
  /** Lost where none is running. */
  send(message: ToDocs): void;
}

export interface DocsThreadOwner {
  /** The first thing that a new thread is told. */
  readonly order: () => ToDocs;
  readonly receive: (message: FromDocs) => void;
  /** The thread is gone, and what it was asked stays without an answer; `words` where nobody wanted that. */
  readonly gone: (words?: string) => void;
}

const restartsMax = 2;

export function createDocsThread(program: string, { order, receive, gone }: DocsThreadOwner): DocsThread {
  let worker: Worker | undefined;
  let deaths = 0;

  const send = (message: ToDocs): void => worker?.postMessage(message);
  const died = (dead: Worker, why: string): void => {
    if (worker !== dead) return;
    worker = undefined;
    const isLast = deaths++ >= restartsMax;
    const next = isLast ? 'Hovers go on without them until the setting wsk.docs.folders changes.' : 'It starts again.';
    gone(`Driver docs: the thread that reads them ended. ${next}\n${why}`);
    if (!isLast) start();
  };
  const start = (): void => {
    // What one thread needs at most for both repositories is a tenth of this; a runaway must not take the server along.
    const resourceLimits = { maxOldGenerationSizeMb: 768 };
    const started = new Worker(program, { resourceLimits });
    worker = started;
    started.on('message', receive);
    started.on('error', (error) =>
      died(started, error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
    started.on('exit', (code) => died(started, `It ended with code ${code}.`));
    // The editor's end of the connection is what keeps the server alive.
    started.unref();
    send(order());
  };

  return {
    isRunning: () => worker !== undefined,
    isGivenUp: () => deaths > restartsMax,
    start,
    replace() {
      const old = worker;
      worker = undefined;
      gone();
      void old?.terminate();
      start();
    },
    forgive() {
      deaths = 0;
    },
    send,
  };
}
