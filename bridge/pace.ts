/**
 * Real time as the run's virtual time: how far virtual time may go now. It goes on while the run runs or waits, and
 * stands while somebody looks at the driver, so that a breakpoint does not let every timer of the driver run down.
 */

export interface Pace {
  /** Virtual time that real time allows, for a run that stands at `nowNs` of virtual time. */
  limitNs(nowNs: number): number;
  /** Time has stood still since the last call: what has passed does not count. */
  restart(): void;
}

/** Virtual time may be ahead by this much, so that a packet on the emulated wire is never waited for. */
const AHEAD_NS = 1_000_000;

/** `clockMs` is a clock that never goes back. */
export function createPace(clockMs: () => number): Pace {
  let realMs = clockMs();
  let virtualNs = 0;
  let hasStood = true;
  return {
    limitNs(nowNs) {
      const ms = clockMs();
      if (!hasStood) virtualNs += (ms - realMs) * 1_000_000;
      // Where nobody was awaited, virtual time has gone ahead by itself.
      virtualNs = Math.max(virtualNs, nowNs - AHEAD_NS);
      realMs = ms;
      hasStood = false;
      return Math.floor(virtualNs) + AHEAD_NS;
    },
    restart() {
      hasStood = true;
    },
  };
}
