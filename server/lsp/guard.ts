/** The edge where our own bugs are caught: each kind is reported once, and the request gets its empty answer. */

import type { CancellationToken } from 'vscode-languageserver';
import { whenNobodyWaits } from './rest.ts';

export interface Guard {
  now<T>(request: string, otherwise: T, work: () => T): T;
  run<T>(request: string, otherwise: T, work: () => Promise<T>): Promise<T>;
  /**
   * Work for what is drawn beside the text: keys, completion and hovers come before it, and it is not done where it was
   * taken back meanwhile.
   */
  late<T>(request: string, otherwise: T, token: CancellationToken, work: () => T | Promise<T>): Promise<T>;
}

export function createGuard(report: (text: string) => void): Guard {
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
      caught(request, error);
      return otherwise;
    }
  };
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
    async late(request, otherwise, token, work) {
      await whenNobodyWaits();
      return token.isCancellationRequested ? otherwise : run(request, otherwise, async () => work());
    },
  };
}
