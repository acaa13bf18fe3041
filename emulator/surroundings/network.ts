/** The scenario's network and peers as emulator/net takes them: its units, addresses in their canonical spelling. */
import { unreachable } from '../../base/assert.ts';
import { parseHost } from '../net/address.ts';
import { defaultNetwork, type NetworkOptions, type Partition } from '../net/options.ts';
import type { PeerScript, PeerStep } from '../net/peer-types.ts';
import type {
  Scenario,
  ScenarioEndpoint,
  ScenarioExpectation,
  ScenarioPeer,
  ScenarioStep,
} from '../scenario/scenario.ts';
import type { NetworkChange } from '../wsk/transports.ts';
import { contentOf, type DataFiles, expectationOf } from './bytes.ts';

/** `seed` is that of the run, which wins over the scenario's. */
export function networkOptions({ network }: Scenario, seed: number | undefined, isBridged: boolean): NetworkOptions {
  const { lossPercent, duplicatePercent, reorderPercent, segmentSize, receiveWindow } = network;
  return {
    ...defaultNetwork,
    isBridged,
    seed: seed ?? network.seed,
    delayNs: network.delayUs * 1000,
    jitterNs: network.jitterUs * 1000,
    lossPercent,
    duplicatePercent,
    reorderPercent,
    partitions: network.partitions.map(partitionOf),
    segmentSize,
    receiveWindow,
    backlogMax: network.backlog,
    retransmissionsMax: network.retransmissions,
  };
}

export function asPeerScripts(peers: readonly ScenarioPeer[], files: DataFiles = new Map()): readonly PeerScript[] {
  return peers.map(({ name, span, role, afterMs, steps }) => ({
    name,
    span,
    role: roleOf(role),
    afterMs,
    steps: steps.map((step) => ({ span: step.span, ...stepOf(step, files) })),
  }));
}

/** What comes and goes, in WSK's terms. */
export function networkChanges({ network }: Scenario): readonly NetworkChange[] {
  return network.changes.map(({ afterMs, transports, addresses }) => ({
    afterNs: (afterMs ?? 0) * 1_000_000,
    transports,
    addresses: addresses?.map((host) => parseHost(host) ?? host),
  }));
}

function partitionOf(given: Scenario['network']['partitions'][number]): Partition {
  return {
    fromNs: (given.fromMs ?? 0) * 1_000_000,
    untilNs: given.untilMs === undefined ? Number.POSITIVE_INFINITY : given.untilMs * 1_000_000,
    hosts: given.hosts?.map((host) => parseHost(host) ?? host),
    how: given.how ?? 'silent',
  };
}

function roleOf(role: ScenarioPeer['role']): PeerScript['role'] {
  switch (role.kind) {
    case 'connect':
      return {
        kind: 'connect',
        to: canonical(role.to),
        from: role.from === undefined ? undefined : (parseHost(role.from) ?? role.from),
        patienceMs: role.patienceMs,
      };
    case 'listen':
      return { kind: 'listen', at: canonical(role.at) };
    case 'datagram':
      return {
        kind: 'datagram',
        at: canonical(role.at),
        to: role.to === undefined ? undefined : canonical(role.to),
        groups: role.groups.map((group) => parseHost(group) ?? group),
      };
    default:
      return unreachable(role);
  }
}

function stepOf(step: ScenarioStep, files: DataFiles): PeerStep {
  switch (step.kind) {
    case 'send': {
      const bytes = contentOf(step.bytes, files);
      return bytes === undefined ? missing(step.bytes) : { kind: 'send', bytes };
    }
    case 'send-to': {
      const bytes = contentOf(step.bytes, files);
      return bytes === undefined ? missing(step.bytes) : { kind: 'send-to', to: canonical(step.to), bytes };
    }
    case 'expect': {
      const what = expectationOf(step.what, files);
      return what === undefined ? missing(step.what) : { kind: 'expect', what };
    }
    case 'expect-from': {
      const what = expectationOf(step.what, files);
      return what === undefined ? missing(step.what) : { kind: 'expect-from', from: canonical(step.from), what };
    }
    case 'expect-close':
    case 'wait':
    case 'shutdown':
    case 'close':
    case 'stall':
      return step;
    default:
      return unreachable(step);
  }
}

function missing(what: ScenarioExpectation): PeerStep {
  return { kind: 'impossible', expected: `the file ${what.kind === 'file' ? what.path : ''}`, got: 'none' };
}

function canonical({ host, port }: ScenarioEndpoint): ScenarioEndpoint {
  return { host: parseHost(host) ?? host, port };
}
