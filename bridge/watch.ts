/**
 * Between two pieces of a run: brings what has happened outside into the run and what it orders to the outside, and
 * says whether the run goes on at once or has to wait.
 */
import type { Advance, Run } from '../emulator/index.ts';
import type { Bridge } from './bridge.ts';
import { createPace } from './pace.ts';

export interface Watch {
  /**
   * To be called after each piece: carries out orders, hands in events. Undefined: go on; else wait so many
   * milliseconds.
   */
  after(run: Run, advance: Advance): number | undefined;
  /** The run has stood still, because somebody looked at it. */
  stood(): void;
}

export interface WatchOptions {
  readonly bridge: Bridge;
  readonly clockMs: () => number;
  readonly say: (line: string) => void;
}

/** So long is an unload waited for that clients outside keep from ending. */
const UNLOAD_WAIT_MS = 10_000;

export function createWatch({ bridge, clockMs, say }: WatchOptions): Watch {
  const pace = createPace(clockMs);
  let unloadSinceMs: number | undefined;
  let nowNs = 0;

  /** What a client keeps from ending is a finding, once nobody is waited for any more. */
  const unloads = (advance: Advance & { readonly kind: 'waiting' }): void => {
    if (!advance.isUnloading) return;
    unloadSinceMs ??= clockMs();
    if (clockMs() - unloadSinceMs < UNLOAD_WAIT_MS) return;
    unloadSinceMs = Number.POSITIVE_INFINITY;
    say('the unload has not ended in 10 seconds; clients are not waited for any longer');
    bridge.push({ kind: 'close' });
  };

  return {
    after(run, advance) {
      const { outside } = run;
      if (outside === undefined) return undefined;
      bridge.perform(outside.takeOrders());
      if (advance.kind === 'ended') return undefined;
      if (advance.kind === 'waiting') {
        nowNs = advance.nowNs;
        unloads(advance);
      }
      const limitNs = pace.limitNs(nowNs);
      const events = bridge.events.take();
      outside.pass(limitNs, events);
      if (advance.kind !== 'waiting' || events.length > 0 || limitNs >= advance.untilNs) return undefined;
      const ms = Math.ceil((advance.untilNs - limitNs) / 1_000_000);
      return advance.isUnloading ? Math.min(ms, 1000) : ms;
    },
    stood: () => pace.restart(),
  };
}
