/**
 * Reads a `*.wsk.yaml` file: text comes in, a scenario or all problems of the file come out, each problem with its
 * place and with what was expected. Nothing is thrown whatever the text is.
 */

import { parseDocument } from 'yaml';
import type { SourceFile, Span } from '../../base/source.ts';
import { isDeepYaml } from '../../base/yaml-depth.ts';
import { firstYamlProblem } from '../../base/yaml-words.ts';
import {
  bytesOf,
  expectationOf,
  type RawByteFields,
  type RawBytes,
  type RawExpectation,
  type RawExpectationFields,
} from './bytes.ts';
import { callerOf, filesOf, type RawCaller } from './callers.ts';
import { type Checking, checkNode, type ScenarioName, type ScenarioProblem } from './check.ts';
import { deviceOf, type RawDevice } from './devices.ts';
import { type RawRegistry, registryOf, registryPlace } from './registry.ts';
import {
  defaultScenario,
  type Scenario,
  type ScenarioEndpoint,
  type ScenarioPeer,
  type ScenarioStep,
} from './scenario.ts';
import { scenarioShape } from './shape.ts';

export type { ScenarioName, ScenarioProblem };

export type ScenarioReading =
  | {
      readonly kind: 'scenario';
      readonly scenario: Scenario;
      /** What it names that only the disk, the driver and the catalog can tell to be there. */
      readonly names: readonly ScenarioName[];
    }
  | { readonly kind: 'problems'; readonly problems: readonly ScenarioProblem[] };

export function readScenario(file: SourceFile): ScenarioReading {
  if (isDeepYaml(file.text)) {
    const span = { file, start: 0, end: file.text.length };
    return { kind: 'problems', problems: [{ code: 'yaml-syntax', message: 'This is nested too deeply.', span }] };
  }
  const document = parseDocument(file.text, { prettyErrors: false });
  const checking: Checking = {
    file,
    document,
    inside: [],
    aliases: 0,
    spans: new Map(),
    items: new Map(),
    entries: new Map(),
    names: [],
    problems: [],
  };
  const broken = firstYamlProblem(document.errors, file.text);
  if (broken !== undefined) {
    const { message, start, end } = broken;
    return { kind: 'problems', problems: [{ code: 'yaml-syntax', message, span: { file, start, end } }] };
  }
  // An empty file is a scenario that asks for nothing special.
  if (document.contents === null) return { kind: 'scenario', scenario: defaultScenario, names: [] };
  const value = checkNode(checking, document.contents, scenarioShape, '') as RawScenario | undefined;
  if (value === undefined || checking.problems.length > 0) return { kind: 'problems', problems: checking.problems };
  return { kind: 'scenario', scenario: scenarioOf(value, checking), names: checking.names };
}

// What `scenarioShape` lets through.
interface RawScenario {
  readonly files?: readonly string[];
  readonly stubs?: readonly string[];
  readonly unloadAfterMs?: number;
  readonly completionDelayUs?: number;
  readonly wskReadyAfterMs?: number;
  readonly network?: Partial<Scenario['network']>;
  readonly peers?: readonly RawPeer[];
  readonly callers?: readonly RawCaller[];
  readonly devices?: readonly RawDevice[];
  readonly fileSystem?: Readonly<Record<string, RawBytes>>;
  readonly registry?: RawRegistry;
  readonly faults?: readonly { readonly call: string; readonly occurrence?: number; readonly status?: string }[];
  readonly expect?: {
    readonly log?: readonly string[];
    readonly findings?: readonly string[];
    readonly registry?: RawRegistry;
    readonly fileSystem?: Readonly<Record<string, RawBytes>>;
  };
}

interface RawPeer {
  readonly name?: string;
  readonly connect?: string;
  readonly listen?: string;
  readonly datagram?: string;
  readonly to?: string;
  readonly from?: string;
  readonly patienceMs?: number;
  readonly groups?: readonly string[];
  readonly afterMs?: number;
  readonly steps?: readonly RawStep[];
}

interface RawStep {
  readonly send?: RawBytes;
  readonly sendTo?: RawByteFields & { readonly to: string };
  readonly expect?: RawExpectation;
  readonly expectFrom?: RawExpectationFields & { readonly from: string };
  readonly expectClose?: 'fin' | 'rst';
  readonly waitMs?: number;
  readonly shutdown?: 'send';
  readonly close?: 'fin' | 'rst';
  readonly stall?: boolean;
}

/** Where each mapping stands. */
type Spans = ReadonlyMap<object, Span>;

function scenarioOf(raw: RawScenario, checking: Checking): Scenario {
  const { spans } = checking;
  return {
    files: raw.files ?? defaultScenario.files,
    stubs: raw.stubs ?? defaultScenario.stubs,
    unloadAfterMs: raw.unloadAfterMs ?? (raw.network?.bridge === true ? undefined : defaultScenario.unloadAfterMs),
    completionDelayUs: raw.completionDelayUs ?? defaultScenario.completionDelayUs,
    wskReadyAfterMs: raw.wskReadyAfterMs ?? defaultScenario.wskReadyAfterMs,
    network: { ...defaultScenario.network, ...raw.network },
    peers: (raw.peers ?? []).map((peer, index) => peerOf(peer, index, spans)),
    callers: (raw.callers ?? []).map((caller, index) => callerOf(caller, index, spans)),
    devices: (raw.devices ?? []).map((device) => deviceOf(device, spans)),
    fileSystem: filesOf(raw.fileSystem ?? {}),
    registry: registryOf(raw.registry ?? {}),
    faults: (raw.faults ?? []).map(({ call, occurrence, status }) => ({
      call,
      occurrence: occurrence ?? 1,
      status: status ?? 'STATUS_INSUFFICIENT_RESOURCES',
    })),
    expect: {
      log: raw.expect?.log ?? [],
      findings: raw.expect?.findings,
      registry: registryOf(raw.expect?.registry ?? {}),
      fileSystem: filesOf(raw.expect?.fileSystem ?? {}),
      places: placesOf(raw.expect ?? {}, checking),
    },
  };
}

function placesOf(
  { log = [], findings = [], registry = {}, fileSystem = {} }: NonNullable<RawScenario['expect']>,
  { spans, items, entries }: Checking,
): Scenario['expect']['places'] {
  return {
    log: items.get(log) ?? [],
    rules: items.get(findings) ?? [],
    findings: spans.get(findings),
    registry: placesOfRegistry(registry, entries),
    fileSystem: entries.get(fileSystem) ?? new Map(),
  };
}

/** Of each key by its path, and of each value by `registryPlace`. */
function placesOfRegistry(registry: RawRegistry, entries: Checking['entries']): ReadonlyMap<string, Span> {
  const places = new Map(entries.get(registry) ?? []);
  for (const [path, values] of Object.entries(registry)) {
    for (const [name, span] of entries.get(values ?? {}) ?? []) places.set(registryPlace(path, name), span);
  }
  return places;
}

function peerOf(raw: RawPeer, index: number, spans: Spans): ScenarioPeer {
  return {
    name: raw.name ?? `peer ${index + 1}`,
    span: spans.get(raw),
    role: roleOf(raw),
    afterMs: raw.afterMs ?? 0,
    steps: (raw.steps ?? []).map((step) => ({ span: spans.get(step), ...stepOf(step) })),
  };
}

function roleOf(raw: RawPeer): ScenarioPeer['role'] {
  if (raw.connect !== undefined) {
    return { kind: 'connect', to: endpointOf(raw.connect), from: raw.from, patienceMs: raw.patienceMs };
  }
  if (raw.listen !== undefined) return { kind: 'listen', at: endpointOf(raw.listen) };
  const to = raw.to === undefined ? undefined : endpointOf(raw.to);
  return { kind: 'datagram', at: endpointOf(raw.datagram ?? ''), to, groups: raw.groups ?? [] };
}

/** The shape has made sure of the form; the network puts the host into its canonical spelling. */
function endpointOf(text: string): ScenarioEndpoint {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(text.slice(colon + 1)) };
}

type WithoutSpan<T> = T extends unknown ? Omit<T, 'span'> : never;

function stepOf(raw: RawStep): WithoutSpan<ScenarioStep> {
  if (raw.send !== undefined) return { kind: 'send', bytes: bytesOf(raw.send) };
  if (raw.sendTo !== undefined) return { kind: 'send-to', to: endpointOf(raw.sendTo.to), bytes: bytesOf(raw.sendTo) };
  if (raw.expect !== undefined) return { kind: 'expect', what: expectationOf(raw.expect) };
  if (raw.expectFrom !== undefined) {
    const { from } = raw.expectFrom;
    return { kind: 'expect-from', from: endpointOf(from), what: expectationOf(raw.expectFrom) };
  }
  if (raw.expectClose !== undefined) return { kind: 'expect-close', how: raw.expectClose };
  if (raw.waitMs !== undefined) return { kind: 'wait', ms: raw.waitMs };
  if (raw.shutdown !== undefined) return { kind: 'shutdown' };
  if (raw.close !== undefined) return { kind: 'close', how: raw.close };
  return { kind: 'stall', isOn: raw.stall ?? true };
}
