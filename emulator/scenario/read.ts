/**
 * Reads a `*.wsk.yaml` file: text comes in, a scenario or all problems of the file come out, each problem with its
 * place and with what was expected. Nothing is thrown whatever the text is.
 */

import { parseDocument } from 'yaml';
import type { SourceFile } from '../../base/source.ts';
import { type Checking, checkNode, type ScenarioProblem } from './check.ts';
import {
  defaultScenario,
  type Scenario,
  type ScenarioEndpoint,
  type ScenarioPeer,
  type ScenarioStep,
} from './scenario.ts';
import { scenarioShape } from './shape.ts';

export type { ScenarioProblem };

export type ScenarioReading =
  | { readonly kind: 'scenario'; readonly scenario: Scenario }
  | { readonly kind: 'problems'; readonly problems: readonly ScenarioProblem[] };

export function readScenario(file: SourceFile): ScenarioReading {
  const document = parseDocument(file.text, { prettyErrors: false, logLevel: 'silent' });
  const checking: Checking = { file, problems: [] };
  for (const error of document.errors) {
    const [start, end] = error.pos;
    checking.problems.push({ code: 'yaml-syntax', message: error.message, span: { file, start, end } });
  }
  if (checking.problems.length > 0) return { kind: 'problems', problems: checking.problems };
  // An empty file is a scenario that asks for nothing special.
  if (document.contents === null) return { kind: 'scenario', scenario: defaultScenario };
  const value = checkNode(checking, document.contents, scenarioShape, '') as RawScenario | undefined;
  if (value === undefined || checking.problems.length > 0) return { kind: 'problems', problems: checking.problems };
  return { kind: 'scenario', scenario: scenarioOf(value) };
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
  readonly faults?: readonly { readonly call: string; readonly occurrence?: number; readonly status?: string }[];
  readonly expect?: { readonly log?: readonly string[]; readonly findings?: readonly string[] };
}

interface RawPeer {
  readonly name?: string;
  readonly connect?: string;
  readonly listen?: string;
  readonly datagram?: string;
  readonly to?: string;
  readonly afterMs?: number;
  readonly steps?: readonly RawStep[];
}

interface RawStep {
  readonly send?: RawBytes;
  readonly expect?: RawBytes;
  readonly expectClose?: 'fin' | 'rst';
  readonly waitMs?: number;
  readonly close?: 'fin' | 'rst';
  readonly stall?: boolean;
}

type RawBytes = string | { readonly text?: string; readonly hex?: string; readonly repeat?: number };

function scenarioOf(raw: RawScenario): Scenario {
  return {
    files: raw.files ?? defaultScenario.files,
    stubs: raw.stubs ?? defaultScenario.stubs,
    unloadAfterMs: raw.unloadAfterMs ?? defaultScenario.unloadAfterMs,
    completionDelayUs: raw.completionDelayUs ?? defaultScenario.completionDelayUs,
    wskReadyAfterMs: raw.wskReadyAfterMs ?? defaultScenario.wskReadyAfterMs,
    network: { ...defaultScenario.network, ...raw.network },
    peers: (raw.peers ?? []).map(peerOf),
    faults: (raw.faults ?? []).map(({ call, occurrence, status }) => ({
      call,
      occurrence: occurrence ?? 1,
      status: status ?? 'STATUS_INSUFFICIENT_RESOURCES',
    })),
    expect: { log: raw.expect?.log ?? [], findings: raw.expect?.findings },
  };
}

function peerOf(raw: RawPeer, index: number): ScenarioPeer {
  return {
    name: raw.name ?? `peer ${index + 1}`,
    role: roleOf(raw),
    afterMs: raw.afterMs ?? 0,
    steps: (raw.steps ?? []).map(stepOf),
  };
}

function roleOf(raw: RawPeer): ScenarioPeer['role'] {
  if (raw.connect !== undefined) return { kind: 'connect', to: endpointOf(raw.connect) };
  if (raw.listen !== undefined) return { kind: 'listen', at: endpointOf(raw.listen) };
  const to = raw.to === undefined ? undefined : endpointOf(raw.to);
  return { kind: 'datagram', at: endpointOf(raw.datagram ?? ''), to };
}

/** The shape has made sure of the form; the network puts the host into its canonical spelling. */
function endpointOf(text: string): ScenarioEndpoint {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(text.slice(colon + 1)) };
}

function stepOf(raw: RawStep): ScenarioStep {
  if (raw.send !== undefined) return { kind: 'send', bytes: bytesOf(raw.send) };
  if (raw.expect !== undefined) return { kind: 'expect', bytes: bytesOf(raw.expect) };
  if (raw.expectClose !== undefined) return { kind: 'expect-close', how: raw.expectClose };
  if (raw.waitMs !== undefined) return { kind: 'wait', ms: raw.waitMs };
  if (raw.close !== undefined) return { kind: 'close', how: raw.close };
  return { kind: 'stall', isOn: raw.stall ?? true };
}

function bytesOf(raw: RawBytes): Uint8Array {
  if (typeof raw === 'string') return utf8(raw);
  const once = raw.hex === undefined ? utf8(raw.text ?? '') : hexBytes(raw.hex);
  const count = raw.repeat ?? 1;
  const all = new Uint8Array(once.length * count);
  for (let i = 0; i < count; i++) all.set(once, i * once.length);
  return all;
}

function hexBytes(text: string): Uint8Array {
  const digits = text.replace(/\s+/g, '');
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

/** UTF-8 by hand: the engines use no host services. */
function utf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    else
      bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
  }
  return Uint8Array.from(bytes);
}
