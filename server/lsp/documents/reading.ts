/**
 * Requests that wait for a document to be read. In: a way to read on for a while. Out: when the text has been read that
 * the request was made for.
 *
 * A text of usual length has been read at once. A long one is read a slice at a time, and between two slices come the
 * messages that lie in the input, so that what is asked of other documents, a key, or a request that is taken back waits
 * for one slice at most. Documents that somebody waits for take turns.
 */
import type { CancellationToken } from 'vscode-languageserver';
import { sliceEnd, whenNobodyWaits } from '../serving/rest.ts';

/** `changed`: the document has another text than when it was asked about, and places in the older one say nothing. */
export type ReadState = 'read' | 'taken-back' | 'changed';

export type WhenRead = (uri: string, token: CancellationToken) => Promise<ReadState>;

/** What is known of documents: `readOn` reads until time is up, and gives true where nothing is left. */
export interface Readable {
  readonly readOn: (uri: string, isTimeUp: () => boolean) => boolean;
  readonly version: (uri: string) => number | undefined;
}

interface Waiter {
  readonly uri: string;
  readonly isOff: () => boolean;
  readonly settle: (state: ReadState) => void;
  readonly fail: (error: unknown) => void;
}

export function createWhenRead({ readOn, version }: Readable): WhenRead {
  /** Those of the document whose turn it is come first. */
  let waiting: readonly Waiter[] = [];
  const settle = (isSettled: (waiter: Waiter) => boolean, how: (waiter: Waiter) => void): void => {
    const all = waiting;
    waiting = all.filter((waiter) => !isSettled(waiter));
    for (const waiter of all) if (isSettled(waiter)) how(waiter);
  };
  let isServing = false;
  /** Ends when nobody waits any more. Whoever comes while it goes on is served with the others. */
  const serve = async (): Promise<void> => {
    if (isServing) return;
    isServing = true;
    for (;;) {
      await whenNobodyWaits();
      settle(
        ({ isOff }) => isOff(),
        (waiter) => waiter.settle('taken-back'),
      );
      const [first] = waiting;
      if (first === undefined) {
        isServing = false;
        return;
      }
      const isOfFirst = ({ uri }: Waiter): boolean => uri === first.uri;
      try {
        if (readOn(first.uri, sliceEnd())) settle(isOfFirst, (waiter) => waiter.settle('read'));
        else waiting = [...waiting.filter((one) => !isOfFirst(one)), ...waiting.filter(isOfFirst)];
      } catch (error) {
        settle(isOfFirst, (waiter) => waiter.fail(error));
      }
    }
  };
  return async (uri, token) => {
    const asked = version(uri);
    // Where others wait, their turn comes first.
    if (waiting.length === 0 && readOn(uri, sliceEnd())) return 'read';
    const state = await new Promise<ReadState>((resolve, reject) => {
      const waiter: Waiter = { uri, isOff: () => token.isCancellationRequested, settle: resolve, fail: reject };
      waiting = [...waiting, waiter];
      void serve();
    });
    return state === 'read' && version(uri) !== asked ? 'changed' : state;
  };
}
