/** The edge where our own bugs are caught: each kind is reported once, and the request gets its empty answer. */

import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import type { WhenRead } from '../documents/reading.ts';
import { whenNobodyWaits } from './rest.ts';

/** A document, and the request's token. */
export interface Asked {
  readonly uri: string;
  readonly token: CancellationToken;
}

export interface Guard {
  now<T>(request: string, otherwise: T, work: () => T): T;
  run<T>(request: string, otherwise: T, work: () => Promise<T>): Promise<T>;
  /**
   * Work on a document, once its text has been read. It is not done where it was taken back meanwhile, and where another
   * text has come the client is told so.
   */
  read<T>(request: string, otherwise: T, asked: Asked, work: () => T | Promise<T>): Promise<T>;
  /** The same for what is drawn beside the text: keys, completion and hovers come before it. */
  late<T>(request: string, otherwise: T, asked: Asked, work: () => T | Promise<T>): Promise<T>;
}

export function createGuard(report: (text: string) => void, whenRead: WhenRead): Guard {
  const reported = new Set<string>();
  const caught = (request: string, error: unknown): void => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const key = `${request} ${text.split('\n').slice(0, 2).join(' ')}`;
    if (reported.has(key)) return;
    reported.add(key);
    report(`A bug of WSK Workbench in ${request}; the editor goes on without this answer.\n${text}`);
  };
  const run: Guard['run'] = async (request, otherwise, work) => {
    try {
      return await work();
    } catch (error) {
      // What the client is to be told is no bug.
      if (error instanceof ResponseError) throw error;
      caught(request, error);
      return otherwise;
    }
  };
  const read: Guard['read'] = (request, otherwise, { uri, token }, work) =>
    run(request, otherwise, async () => {
      const state = await whenRead(uri, token);
      if (state === 'changed') throw new ResponseError(LSPErrorCodes.ContentModified, 'The text has changed.');
      return state === 'read' ? work() : otherwise;
    });
  return {
    now(request, otherwise, work) {
      try {
        return work();
      } catch (error) {
        caught(request, error);
        return otherwise;
      }
    },
    run,
    read,
    async late(request, otherwise, asked, work) {
      await whenNobodyWaits();
      return asked.token.isCancellationRequested ? otherwise : read(request, otherwise, asked, work);
    },
  };
}
