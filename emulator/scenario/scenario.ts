/**
 * What a scenario says, after reading: the run plan's part that comes from `*.wsk.yaml`. The reader (`read.ts`) turns
 * YAML text into this, with coded problems that carry a place in the YAML.
 */

import type { Span } from '../../base/source.ts';
import type { ScenarioBytes, ScenarioExpectation } from './bytes.ts';
import { bytesOfCallers, type ScenarioCaller, type ScenarioFile } from './callers.ts';
import { bytesOfDevices, type ScenarioDevice } from './devices.ts';
import type { ScenarioKey } from './registry.ts';

export type { ScenarioBytes, ScenarioExpectation };

export interface Scenario {
  /** Driver files relative to the scenario, when it names them. */
  readonly files: readonly string[];
  /** C files relative to the scenario that stand in for what the driver's files leave undefined. */
  readonly stubs: readonly string[];
  /**
   * Virtual milliseconds after DriverEntry at which the driver is unloaded, once nothing else is to be done. Undefined
   * says that somebody outside decides, through the bridge.
   */
  readonly unloadAfterMs: number | undefined;
  /** Delay of an asynchronous WSK completion, in virtual microseconds. */
  readonly completionDelayUs: number;
  /** Virtual milliseconds after boot from which WSK can be captured; 0 is "it runs already". */
  readonly wskReadyAfterMs: number;
  readonly network: ScenarioNetwork;
  /** Other machines, or programs on this one, that talk to the driver. */
  readonly peers: readonly ScenarioPeer[];
  /** Programs on this machine that open the driver's devices. */
  readonly callers: readonly ScenarioCaller[];
  /** Devices of other drivers, which answer. */
  readonly devices: readonly ScenarioDevice[];
  /** Files that the driver finds. */
  readonly fileSystem: readonly ScenarioFile[];
  /** Keys and values of the registry that the driver finds. */
  readonly registry: readonly ScenarioKey[];
  /** Fails a call: `WskSocket`, the n-th time (from 1), with this status name. */
  readonly faults: readonly { readonly call: string; readonly occurrence: number; readonly status: string }[];
  readonly expect: {
    /** DbgPrint lines that must appear, in this order. */
    readonly log: readonly string[];
    /** Rule ids of the findings that must be there, and no others; undefined when it does not matter. */
    readonly findings: readonly string[] | undefined;
    /** Values that must stand in the registry at the end. */
    readonly registry: readonly ScenarioKey[];
    /** What must stand in files at the end. */
    readonly fileSystem: readonly ScenarioFile[];
    /** Where these are written: each line of the log, each rule, and all rules. */
    readonly places: {
      readonly log: readonly Span[];
      readonly rules: readonly Span[];
      readonly findings: Span | undefined;
      /** Each expected file, key of the registry (by the path as it is written) and value of one (`registryPlace`). */
      readonly registry: ReadonlyMap<string, Span>;
      readonly fileSystem: ReadonlyMap<string, Span>;
    };
  };
}

export interface ScenarioNetwork {
  /** Real programs talk to the driver through loopback. */
  readonly bridge: boolean;
  /** Of chance, where the run has no seed of its own. */
  readonly seed: number;
  /** Time that a segment or datagram is under way. */
  readonly delayUs: number;
  /** At most this much more, from the seed. */
  readonly jitterUs: number;
  readonly lossPercent: number;
  readonly duplicatePercent: number;
  readonly reorderPercent: number;
  readonly partitions: readonly {
    readonly fromMs?: number;
    readonly untilMs?: number;
    readonly hosts?: readonly string[];
    readonly how?: 'silent' | 'unreachable' | 'network-unreachable';
  }[];
  /** Connections that a listener holds until they are accepted. */
  readonly backlog: number;
  /** Repetitions of a segment before its connection is given up. */
  readonly retransmissions: number;
  /** Largest payload of one TCP segment. */
  readonly segmentSize: number;
  /** Bytes that a receiver takes before it has read any. */
  readonly receiveWindow: number;
  /** Transports and addresses of the driver's machine that come and go. */
  readonly changes: readonly {
    readonly afterMs?: number;
    readonly transports?: readonly ScenarioTransport[];
    readonly addresses?: readonly string[];
  }[];
  /** What the name service knows, beside localhost: name to addresses, or to the name that it stands for. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  /** Address to name, where that is not the one of `names`. */
  readonly reverseNames: Readonly<Record<string, string>>;
}

export type ScenarioTransport = 'tcp4' | 'udp4' | 'raw4' | 'tcp6' | 'udp6' | 'raw6';

export interface ScenarioEndpoint {
  readonly host: string;
  readonly port: number;
}

export interface ScenarioPeer {
  readonly name: string;
  readonly span: Span | undefined;
  readonly role:
    | {
        readonly kind: 'connect';
        readonly to: ScenarioEndpoint;
        readonly from: string | undefined;
        readonly patienceMs?: number | undefined;
      }
    | { readonly kind: 'listen'; readonly at: ScenarioEndpoint }
    | {
        readonly kind: 'datagram';
        readonly at: ScenarioEndpoint;
        readonly to: ScenarioEndpoint | undefined;
        readonly groups: readonly string[];
      };
  readonly afterMs: number;
  readonly steps: readonly ScenarioStep[];
}

export type ScenarioStep = { readonly span: Span | undefined } & (
  | { readonly kind: 'send'; readonly bytes: ScenarioBytes }
  | { readonly kind: 'send-to'; readonly to: ScenarioEndpoint; readonly bytes: ScenarioBytes }
  | { readonly kind: 'expect'; readonly what: ScenarioExpectation }
  | { readonly kind: 'expect-from'; readonly from: ScenarioEndpoint; readonly what: ScenarioExpectation }
  | { readonly kind: 'expect-close'; readonly how: 'fin' | 'rst' }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'shutdown' }
  | { readonly kind: 'close'; readonly how: 'fin' | 'rst' }
  | { readonly kind: 'stall'; readonly isOn: boolean }
);

/** Paths, as they are written, of the files whose bytes peers, callers, devices and files of the scenario name. */
export function dataFiles(scenario: Scenario): readonly string[] {
  const found = new Set<string>();
  for (const step of scenario.peers.flatMap((peer) => peer.steps)) {
    const bytes = 'bytes' in step ? step.bytes : 'what' in step ? step.what : undefined;
    if (bytes?.kind === 'file') found.add(bytes.path);
  }
  const { callers, devices, fileSystem, expect } = scenario;
  const files = [...fileSystem, ...expect.fileSystem].map(({ bytes }) => bytes);
  for (const bytes of [...bytesOfCallers(callers), ...bytesOfDevices(devices), ...files])
    if (bytes?.kind === 'file') found.add(bytes.path);
  return [...found];
}

export const defaultScenario: Scenario = {
  files: [],
  stubs: [],
  unloadAfterMs: 1000,
  completionDelayUs: 50,
  wskReadyAfterMs: 0,
  network: {
    bridge: false,
    seed: 1,
    delayUs: 20,
    jitterUs: 0,
    lossPercent: 0,
    duplicatePercent: 0,
    reorderPercent: 0,
    partitions: [],
    changes: [],
    backlog: 200,
    retransmissions: 5,
    segmentSize: 65_536,
    receiveWindow: 65_536,
    names: {},
    reverseNames: {},
  },
  peers: [],
  callers: [],
  devices: [],
  fileSystem: [],
  registry: [],
  faults: [],
  expect: {
    log: [],
    findings: undefined,
    registry: [],
    fileSystem: [],
    places: { log: [], rules: [], findings: undefined, registry: new Map(), fileSystem: new Map() },
  },
};
