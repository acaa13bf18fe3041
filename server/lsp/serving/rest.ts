/**
 * Work that waits until nobody else is waiting. In: a piece of work and a time of rest. Out: a function that calls it off.
 *
 * Messages that lie in the input are handled one at a time, each in a turn of the event loop of its own, and handling one
 * may take longer than the rest lasts. So the work begins only some turns after the rest, in which such messages have
 * theirs. The turns are counted, so that somebody who asks all the time cannot keep the work from being done.
 */
import { advanced, type InPieces } from '../../../base/in-pieces.ts';

/** Whether work has come to its end; the rest is done when nobody waits any more. */
export type Progress = 'done' | 'more';

/**
 * Work on documents: at most one piece waits for each, and what is asked for later takes the place of what waits. Work
 * that was long twice in a row (a huge function is being typed in) waits until typing rests for as long as it takes:
 * begun between any two keys, it would stand in the way of what is asked for with each of them.
 */
export interface RestingWork {
  soon(uri: string, delayMs: number): void;
  callOff(uri: string): void;
}

/** Work that whoever types would notice. */
const longMs = 150;
/** Somebody who rests for so long is reading. */
const restMaxMs = 500;

export function createRestingWork(work: (uri: string) => Progress): RestingWork {
  /** What calls off the work that waits for a document. */
  const waiting = new Map<string, () => void>();
  /** For how long the last two pieces of work on a document let nobody in. */
  const took = new Map<string, readonly [number, number]>();
  const timed = (uri: string, longestMs: number): void => {
    const start = performance.now();
    const progress = work(uri);
    const ms = Math.max(longestMs, performance.now() - start);
    if (progress === 'done') took.set(uri, [took.get(uri)?.[1] ?? 0, ms]);
    else later(uri, 0, ms);
  };
  const later = (uri: string, delayMs: number, longestMs: number): void => {
    const begin = (): void => {
      waiting.delete(uri);
      timed(uri, longestMs);
    };
    waiting.set(uri, afterRest(delayMs, begin));
  };
  const callOff = (uri: string): void => {
    waiting.get(uri)?.();
    waiting.delete(uri);
  };
  return {
    soon(uri, delayMs) {
      callOff(uri);
      const usualMs = Math.min(...(took.get(uri) ?? [0]));
      const ownMs = usualMs < longMs ? 0 : Math.min(usualMs, restMaxMs);
      later(uri, Math.max(delayMs, ownMs), 0);
    },
    callOff,
  };
}

/** Long work goes on for so long before it lets others in: most drivers need less. */
const sliceMs = 50;
/** Work that nobody types for, such as a search in many files, lets others in more often. */
const turnMs = 15;

/** Tells when a slice that begins now is over. */
export function sliceEnd(ms = sliceMs): () => boolean {
  const end = performance.now() + ms;
  return () => performance.now() >= end;
}

/** Does work in turns, between which what lies in the input is handled; undefined where it is called off before its end. */
export async function inTurns<Result>(work: InPieces<Result>, isOff: () => boolean): Promise<Result | undefined> {
  for (;;) {
    await whenNobodyWaits();
    if (isOff()) return undefined;
    const done = advanced(work, sliceEnd(turnMs));
    if (done !== undefined) return done.result;
  }
}

/** Turns of the event loop; an editor asks for about so many things after a keystroke. */
const turnsOfInput = 16;
/** Whoever asks for what is only looked at (`whenNobodyWaits`) comes with those turns, and has his own after them. */
const turns = 3 * turnsOfInput;

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

/** When what lies in the input has been handled: keys and what people wait for come before what is only drawn. */
export function whenNobodyWaits(): Promise<void> {
  return new Promise((resume) => {
    const turn = (left: number): void => {
      if (left === 0) resume();
      else setImmediate(turn, left - 1);
    };
    turn(turnsOfInput);
  });
}
