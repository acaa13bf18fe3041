/**
 * Devices of a scenario after reading, made from what `deviceShape` lets through: each answers requests, and may say what
 * they must bring. Control codes and statuses stay names here, as in the steps of programs.
 */
import type { Span } from '../../base/source.ts';
import {
  bytesOf,
  expectationOf,
  type RawBytes,
  type RawExpectation,
  type ScenarioBytes,
  type ScenarioExpectation,
} from './bytes.ts';
import { codeOf, type RawCodeParts, type ScenarioCode } from './callers.ts';

export interface ScenarioDevice {
  readonly name: string;
  readonly span: Span | undefined;
  readonly link: string | undefined;
  readonly io: 'buffered' | 'direct' | 'neither';
  /** The driver's AddDevice is called for it. */
  readonly isPnp: boolean;
  /** Requests must come in the order of the answers, each once. */
  readonly isInOrder: boolean;
  readonly answers: readonly ScenarioAnswer[];
  readonly changes: readonly ScenarioChange[];
}

export const deviceChanges = ['stop', 'restart', 'query-stop', 'query-remove', 'remove', 'surprise-removal'] as const;

/** What happens to a device, and when. */
export interface ScenarioChange {
  readonly what: (typeof deviceChanges)[number];
  readonly afterMs: number;
}

export interface ScenarioAnswer {
  readonly span: Span | undefined;
  readonly to: 'create' | 'cleanup' | 'close' | 'read' | 'write' | 'flush' | 'power' | 'pnp' | 'ioctl';
  readonly code: ScenarioCode | undefined;
  /** What the request's bytes must begin with for this answer to be its. */
  readonly when: ScenarioBytes | undefined;
  /** What the request must bring, and what its second buffer must hold. */
  readonly expect: ScenarioExpectation | undefined;
  readonly expectData: ScenarioExpectation | undefined;
  readonly status: string;
  readonly output: ScenarioBytes | undefined;
  readonly outputAt: number;
  readonly information: number | undefined;
  /** Undefined: it pends until it is cancelled. */
  readonly delayMs: number | undefined;
}

export interface RawDevice {
  readonly name: string;
  readonly link?: string;
  readonly io?: ScenarioDevice['io'];
  readonly pnp?: boolean;
  readonly inOrder?: boolean;
  readonly answers?: readonly RawAnswer[];
  readonly changes?: readonly (Partial<ScenarioChange> & Pick<ScenarioChange, 'what'>)[];
}

interface RawAnswer extends RawCodeParts {
  readonly to?: ScenarioAnswer['to'];
  readonly when?: RawBytes;
  readonly expect?: RawExpectation;
  readonly expectData?: RawExpectation;
  readonly status?: string;
  readonly output?: RawBytes;
  readonly outputAt?: number;
  readonly information?: number;
  readonly delayMs?: number;
  readonly pends?: boolean;
}

export function deviceOf(raw: RawDevice, spans: ReadonlyMap<object, Span>): ScenarioDevice {
  return {
    name: raw.name,
    span: spans.get(raw),
    link: raw.link,
    io: raw.io ?? 'buffered',
    isPnp: raw.pnp ?? false,
    isInOrder: raw.inOrder ?? false,
    answers: (raw.answers ?? []).map((answer) => ({ span: spans.get(answer), ...answerOf(answer) })),
    changes: (raw.changes ?? []).map(({ what, afterMs }) => ({ what, afterMs: afterMs ?? 0 })),
  };
}

function answerOf(raw: RawAnswer): Omit<ScenarioAnswer, 'span'> {
  return {
    to: raw.to ?? 'ioctl',
    code: raw.to === undefined ? codeOf(raw) : undefined,
    when: raw.when === undefined ? undefined : bytesOf(raw.when),
    expect: raw.expect === undefined ? undefined : expectationOf(raw.expect),
    expectData: raw.expectData === undefined ? undefined : expectationOf(raw.expectData),
    status: raw.status ?? 'STATUS_SUCCESS',
    output: raw.output === undefined ? undefined : bytesOf(raw.output),
    outputAt: raw.outputAt ?? 0,
    information: raw.information,
    delayMs: raw.pends === true ? undefined : (raw.delayMs ?? 0),
  };
}

/** All bytes that devices name, for the files that the host must read. */
export function bytesOfDevices(devices: readonly ScenarioDevice[]): (ScenarioExpectation | undefined)[] {
  return devices
    .flatMap(({ answers }) => answers)
    .flatMap(({ when, expect, expectData, output }) => [when, expect, expectData, output]);
}
