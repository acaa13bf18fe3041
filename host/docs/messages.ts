/** What the language server and the thread that knows the docs say to each other: plain data, copied by the thread. */

export interface HoverQuestion {
  /** Names of the thing, the one to try first; C's, so upper and lower case differ. */
  readonly names: readonly string[];
  /** UID of its page, where the catalog knows it. */
  readonly uid: string | undefined;
  /** A member or enumerator of what the names say. */
  readonly member: string | undefined;
  /** Our own facts stand above the answer. */
  readonly hasFacts: boolean;
}

export type Question =
  | ({ readonly kind: 'hover' } & HoverQuestion)
  | { readonly kind: 'search'; readonly query: string; readonly limit: number }
  | { readonly kind: 'page'; readonly path: string };

export interface SearchItem {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** The place of the page's text that has the words of the query, where what else is here has not; else ''. */
  readonly snippet: string;
  /** "callback", "structure", "guide", … */
  readonly kind: string;
  readonly header: string;
  /** Absolute path of its file. */
  readonly path: string;
  /** On learn.microsoft.com; undefined where it is on no known place. */
  readonly address: string | undefined;
}

export interface SearchAnswer {
  readonly items: readonly SearchItem[];
  /** Pages that were searched. */
  readonly pages: number;
  /** More pages are being read. */
  readonly isIndexing: boolean;
}

export interface Answers {
  /** Markdown; '' where no page tells about it. */
  readonly hover: string;
  readonly search: SearchAnswer;
  /** Markdown of the whole page; undefined where the index has no such file, or it is gone. */
  readonly page: string | undefined;
}

export type ToDocs =
  /** Folders are absolute, or told of; `storage` is where caches go, undefined for none. */
  | { readonly kind: 'configure'; readonly folders: readonly string[]; readonly storage: string | undefined }
  /** Stops indexing; what was read stays, and the next `configure` goes on from there. */
  | { readonly kind: 'cancel' }
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question };

export type FromDocs =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answers[keyof Answers] }
  /** Caches are read: questions are answered from now on. */
  | { readonly kind: 'loaded'; readonly pages: number; readonly ms: number }
  /** `total` is 0 while folders are listed. Sent only where pages have to be read. */
  /** A total of 0: folders are still being listed. */
  | { readonly kind: 'progress'; readonly folder: string; readonly done: number; readonly total: number }
  | {
      readonly kind: 'finished';
      readonly pages: number;
      readonly read: number;
      readonly ms: number;
      readonly isCancelled: boolean;
    }
  /** For the output channel. */
  | { readonly kind: 'note'; readonly severity: 'information' | 'warning'; readonly text: string };
