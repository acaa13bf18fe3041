/**
 * Real programs that talk to the driver under the debugger, through the scenario's bridge. While the driver stands they
 * wait: their sockets are not read beyond a window, and the clock stands with the driver. A journey back in time
 * touches no socket; the driver hears again what it has heard, and goes on from there with whoever is still there.
 */
import { createBridge, createWatch } from '../../bridge/index.ts';
import type { Advance, Run, RunEvent } from '../../emulator/index.ts';

export interface Outside {
  /** After each piece of the run; milliseconds to wait before the next one, or undefined. */
  after(run: Run, advance: Advance): number | undefined;
  /** Calls `task` when something has happened outside, or after so many milliseconds. */
  wait(ms: number, task: () => void): void;
  /** The driver has stood since the last piece. */
  stood(): void;
  /** What a run was given that another one takes the place of. */
  giveBack(events: readonly RunEvent[]): void;
  /** Has the driver unloaded; false when that was asked before. */
  unload(): boolean;
  close(): void;
}

export function createOutside(say: (line: string) => void): Outside {
  const bridge = createBridge(say);
  const watch = createWatch({ bridge, clockMs: () => performance.now(), say });
  let isUnloading = false;
  return {
    after: watch.after,
    wait: bridge.events.wait,
    stood: watch.stood,
    giveBack: bridge.events.giveBack,
    unload() {
      if (isUnloading) return false;
      isUnloading = true;
      bridge.push({ kind: 'unload' });
      return true;
    },
    close: bridge.close,
  };
}
