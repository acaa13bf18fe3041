/** What has happened outside, until the run takes it; whoever waits for something is woken. */
import type { RunEvent } from '../emulator/index.ts';

export interface Events {
  readonly length: number;
  push(event: RunEvent): void;
  /** Events that were taken and have to be taken again, before all others. */
  giveBack(earlier: readonly RunEvent[]): void;
  /** Everything since the last call, in order. */
  take(): readonly RunEvent[];
  /** Calls `task` once: at the next event, or after `ms` milliseconds. One task waits at a time. */
  wait(ms: number, task: () => void): void;
  /** Nobody waits any more. */
  stop(): void;
}

/** The longest time that a timer of Node takes. */
const WAIT_MS_MAX = 0x7fffffff;

export function createEvents(): Events {
  let events: RunEvent[] = [];
  let waiting: { readonly task: () => void; readonly timer: NodeJS.Timeout } | undefined;
  const wake = (): void => {
    if (waiting === undefined) return;
    const { task, timer } = waiting;
    waiting = undefined;
    clearTimeout(timer);
    task();
  };
  return {
    get length() {
      return events.length;
    },
    push(event) {
      events.push(event);
      // What comes in the same turn of the event loop goes along.
      if (waiting !== undefined && events.length === 1) setImmediate(wake);
    },
    giveBack(earlier) {
      events = [...earlier, ...events];
    },
    take() {
      const taken = events;
      events = [];
      return taken;
    },
    wait(ms, task) {
      waiting = { task, timer: setTimeout(wake, Math.min(Math.max(0, ms), WAIT_MS_MAX)) };
      if (events.length > 0) setImmediate(wake);
    },
    stop() {
      if (waiting !== undefined) clearTimeout(waiting.timer);
      waiting = undefined;
    },
  };
}
