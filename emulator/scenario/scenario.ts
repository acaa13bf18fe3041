/**
 * What a scenario says, after reading: the run plan's part that comes from `*.wsk.yaml`. The reader (`read.ts`) turns
 * YAML text into this, with coded problems that carry a place in the YAML.
 */

export interface Scenario {
  /** Driver files relative to the scenario, when it names them. */
  readonly files: readonly string[];
  /** C files relative to the scenario that stand in for what the driver's files leave undefined. */
  readonly stubs: readonly string[];
  /** Virtual milliseconds after DriverEntry at which the driver is unloaded, once nothing else is to be done. */
  readonly unloadAfterMs: number;
  /** Delay of an asynchronous WSK completion, in virtual microseconds. */
  readonly completionDelayUs: number;
  /** Virtual milliseconds after boot from which WSK can be captured; 0 is "it runs already". */
  readonly wskReadyAfterMs: number;
  readonly network: ScenarioNetwork;
  /** Other machines, or programs on this one, that talk to the driver. */
  readonly peers: readonly ScenarioPeer[];
  /** Fails a call: `WskSocket`, the n-th time (from 1), with this status name. */
  readonly faults: readonly { readonly call: string; readonly occurrence: number; readonly status: string }[];
  readonly expect: {
    /** DbgPrint lines that must appear, in this order. */
    readonly log: readonly string[];
    /** Rule ids of the findings that must be there, and no others; undefined when it does not matter. */
    readonly findings: readonly string[] | undefined;
  };
}

export interface ScenarioNetwork {
  /** Time that a segment or datagram is under way. */
  readonly delayUs: number;
  /** At most this much more, from the run's seed. */
  readonly jitterUs: number;
  /** Largest payload of one TCP segment. */
  readonly segmentSize: number;
  /** Bytes that a receiver takes before it has read any. */
  readonly receiveWindow: number;
  /** What the name service knows, beside localhost: name to addresses. */
  readonly names: Readonly<Record<string, readonly string[]>>;
}

export interface ScenarioEndpoint {
  readonly host: string;
  readonly port: number;
}

export interface ScenarioPeer {
  readonly name: string;
  readonly role:
    | { readonly kind: 'connect'; readonly to: ScenarioEndpoint }
    | { readonly kind: 'listen'; readonly at: ScenarioEndpoint }
    | { readonly kind: 'datagram'; readonly at: ScenarioEndpoint; readonly to: ScenarioEndpoint | undefined };
  readonly afterMs: number;
  readonly steps: readonly ScenarioStep[];
}

export type ScenarioStep =
  | { readonly kind: 'send'; readonly bytes: Uint8Array }
  | { readonly kind: 'expect'; readonly bytes: Uint8Array }
  | { readonly kind: 'expect-close'; readonly how: 'fin' | 'rst' }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'close'; readonly how: 'fin' | 'rst' }
  | { readonly kind: 'stall'; readonly isOn: boolean };

export const defaultScenario: Scenario = {
  files: [],
  stubs: [],
  unloadAfterMs: 1000,
  completionDelayUs: 50,
  wskReadyAfterMs: 0,
  network: { delayUs: 20, jitterUs: 0, segmentSize: 65_536, receiveWindow: 65_536, names: {} },
  peers: [],
  faults: [],
  expect: { log: [], findings: undefined },
};
