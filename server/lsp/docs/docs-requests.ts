/** Requests of the client about the user's docs, beside LSP: a search as the user types, and the text of a page. */
import type { Connection } from 'vscode-languageserver';
import type { SearchAnswer } from '../../../host/docs/messages.ts';
import type { Guard } from '../serving/guard.ts';
import type { Docs } from './docs.ts';

/** `isOn` tells an empty answer apart from docs that are not there. */
export interface SearchDocsAnswer extends SearchAnswer {
  readonly isOn: boolean;
  /** What was wrong last with a folder of the setting. */
  readonly problem?: string;
}

export function registerDocs(connection: Connection, guard: Guard, docs: Docs): void {
  const nothing: SearchDocsAnswer = { items: [], pages: 0, isIndexing: false, isOn: false };
  connection.onRequest('wsk/searchDocs', ({ query }: { readonly query: string }, token) =>
    guard.run('search in the docs', nothing, async () => {
      const answer = await docs.search(query, token);
      const problem = docs.problem();
      return { ...answer, isOn: docs.isOn(), ...(problem === undefined ? {} : { problem }) };
    }),
  );
  connection.onNotification('wsk/rereadDocs', () => docs.reread());
  connection.onRequest('wsk/docsPage', ({ path }: { readonly path: string }) =>
    guard.run('page of the docs', null, async () => (await docs.page(path)) ?? null),
  );
}
