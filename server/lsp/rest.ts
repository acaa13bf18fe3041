/**
 * Work that waits until nobody else is waiting. In: a piece of work and a time of rest. Out: a function that calls it off.
 *
 * Messages that lie in the input are handled one at a time, each in a turn of the event loop of its own, and handling one
 * may take longer than the rest lasts. So the work begins only some turns after the rest, in which such messages have
 * theirs. The turns are counted, so that somebody who asks all the time cannot keep the work from being done.
 */

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
