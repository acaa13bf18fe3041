/**
 * What a run knows of the outside that a bridge joins it to, and how it is written into the trace and read back from
 * there. A run without anybody outside repeats a record, or is alone.
 */
import { unreachable } from '../../base/assert.ts';
import { type Endpoint, endpointText, parseEndpoint } from '../net/address.ts';
import type { OutsideEvent } from '../net/bridge-types.ts';
import type { TraceDetail, TraceEvent } from '../sim/trace.ts';
import type { RunPlan } from './types.ts';

/** What can come from outside: of connections, and of the run itself. */
export type RunEvent =
  | OutsideEvent
  /** The driver is to be unloaded. */
  | { readonly kind: 'unload' }
  /** Nothing more comes from outside: the run goes on without. */
  | { readonly kind: 'close' };

/** An event, and the moment at which it happened. */
export interface RecordedEvent {
  readonly timeNs: number;
  readonly statements: number;
  readonly event: RunEvent;
}

export interface OutsidePlan {
  /** What came in the run that is to be repeated. */
  readonly recorded: readonly RecordedEvent[];
  /** Somebody hands in events, once the recorded ones have happened. */
  readonly isLive: boolean;
}

export interface OutsideState extends OutsidePlan {
  /** More is known of what came after a run was put back to an earlier moment. */
  recorded: readonly RecordedEvent[];
  /** Events that have happened, those of the record first: the number of the next one in it. */
  next: number;
  /** Handed in, and not yet happened. */
  readonly pending: RunEvent[];
  /** While somebody is outside, virtual time does not run ahead of this. */
  limitNs: number;
  /** The driver is to be unloaded as soon as it is loaded. */
  wantsUnload: boolean;
  isClosed: boolean;
  /** Orders that were fetched. */
  ordersTaken: number;
}

/** A scenario may ask for a bridge; it is there where the plan says who is outside, too. */
export function isBridged({ scenario, outside }: Pick<RunPlan, 'scenario' | 'outside'>): boolean {
  return scenario.network.bridge && outside !== undefined;
}

export function createOutside(plan: RunPlan): OutsideState | undefined {
  if (!isBridged(plan) || plan.outside === undefined) return undefined;
  const { recorded, isLive } = plan.outside;
  return {
    recorded,
    isLive,
    next: 0,
    pending: [],
    limitNs: 0,
    wantsUnload: false,
    isClosed: false,
    ordersTaken: 0,
  };
}

export function outsideDetail(event: RunEvent): TraceDetail {
  const what = event.kind;
  switch (event.kind) {
    case 'open': {
      const { channel, from, to } = event;
      return { kind: 'outside', what, channel, from: endpointText(from), to: endpointText(to) };
    }
    case 'opened':
    case 'refused':
    case 'end':
    case 'reset':
      return { kind: 'outside', what, channel: event.channel };
    case 'bytes':
      return { kind: 'outside', what, channel: event.channel, bytes: hexText(event.bytes) };
    case 'taken':
      return { kind: 'outside', what, channel: event.channel, length: event.length };
    case 'datagram': {
      const { from, to, bytes } = event;
      return { kind: 'outside', what, from: endpointText(from), to: endpointText(to), bytes: hexText(bytes) };
    }
    case 'unload':
    case 'close':
      return { kind: 'outside', what };
    default:
      return unreachable(event);
  }
}

/** What came from outside in a run, for another run that repeats it. */
export function recordOf(trace: readonly TraceEvent[]): RecordedEvent[] {
  return trace.flatMap((event) => recordedEvent(event) ?? []);
}

/**
 * A line of a trace, which may be anything: a recorded event where it is one, undefined for other kinds of event, and
 * 'broken' for one that can't be read.
 */
export function readRecorded(line: unknown): RecordedEvent | 'broken' | undefined {
  if (typeof line !== 'object' || line === null || !('kind' in line) || line.kind !== 'outside') return undefined;
  return recordedEvent(line as Partial<OutsideLine>) ?? 'broken';
}

type OutsideLine = Extract<TraceEvent, { readonly kind: 'outside' }>;

function recordedEvent(line: Partial<OutsideLine> | TraceEvent): RecordedEvent | undefined {
  if (line.kind !== 'outside' || typeof line.timeNs !== 'number' || typeof line.statements !== 'number') {
    return undefined;
  }
  const event = eventOf(line);
  return event === undefined ? undefined : { timeNs: line.timeNs, statements: line.statements, event };
}

function eventOf(line: Partial<OutsideLine>): RunEvent | undefined {
  const { what } = line;
  const channel = numberOf(line.channel);
  switch (what) {
    case 'open': {
      const from = endpointOf(line.from);
      const to = endpointOf(line.to);
      return channel === undefined || from === undefined || to === undefined
        ? undefined
        : { kind: what, channel, from, to };
    }
    case 'opened':
    case 'refused':
    case 'end':
    case 'reset':
      return channel === undefined ? undefined : { kind: what, channel };
    case 'bytes': {
      const bytes = hexBytes(line.bytes);
      return channel === undefined || bytes === undefined ? undefined : { kind: what, channel, bytes };
    }
    case 'taken': {
      const length = numberOf(line.length);
      return channel === undefined || length === undefined ? undefined : { kind: what, channel, length };
    }
    case 'datagram': {
      const from = endpointOf(line.from);
      const to = endpointOf(line.to);
      const bytes = hexBytes(line.bytes);
      return from === undefined || to === undefined || bytes === undefined
        ? undefined
        : { kind: what, from, to, bytes };
    }
    case 'unload':
    case 'close':
      return { kind: what };
    case undefined:
      return undefined;
    default:
      // A line of a file may say anything.
      what satisfies never;
      return undefined;
  }
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function endpointOf(value: unknown): Endpoint | undefined {
  return typeof value === 'string' ? parseEndpoint(value) : undefined;
}

function hexText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

function hexBytes(value: unknown): Uint8Array | undefined {
  if (typeof value !== 'string' || !/^([0-9a-f]{2})*$/.test(value)) return undefined;
  return Uint8Array.from({ length: value.length / 2 }, (_, i) => Number.parseInt(value.slice(2 * i, 2 * i + 2), 16));
}
