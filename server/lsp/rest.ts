/**
 * Work that waits until nobody else is waiting. In: a piece of work and a time of rest. Out: a function that calls it off.
 *
 * Messages that lie in the input are handled one at a time, each in a turn of the event loop of its own, and handling one
 * may take longer than the rest lasts. So the work begins only some turns after the rest, in which such messages have
 * theirs. The turns are counted, so that somebody who asks all the time cannot keep the work from being done.
 */

/** Work on documents: at most one piece waits for each, and what is asked for later takes the place of what waits. */
export interface RestingWork {
  soon(uri: string, delayMs: number): void;
  callOff(uri: string): void;
}

export function createRestingWork(work: (uri: string) => void): RestingWork {
  /** What calls off the work that waits for a document. */
  const waiting = new Map<string, () => void>();
  const callOff = (uri: string): void => {
    waiting.get(uri)?.();
    waiting.delete(uri);
  };
  return {
    soon(uri, delayMs) {
      callOff(uri);
      const begin = (): void => {
        waiting.delete(uri);
        work(uri);
      };
      waiting.set(uri, afterRest(delayMs, begin));
    },
    callOff,
  };
}

/** Turns of the event loop; an editor asks for about so many things after a keystroke. */
const turns = 16;

export function afterRest(delayMs: number, work: () => void): () => void {
  let isOff = false;
  const turn = (left: number): void => {
    if (isOff) return;
    if (left === 0) work();
    else setImmediate(turn, left - 1);
  };
  const timer = setTimeout(turn, delayMs, turns);
  return () => {
    isOff = true;
    clearTimeout(timer);
  };
}
