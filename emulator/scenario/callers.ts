/**
 * Programs and files of a scenario: what they are after reading, and how they are made from what the shape
 * lets through. Control codes and statuses stay names here; the run looks them up in the driver and its headers.
 */
import type { Span } from '../../base/source.ts';
import { bytesOf, type RawByteFields, type RawBytes, type ScenarioBytes } from './bytes.ts';

export interface ScenarioCaller {
  readonly name: string;
  readonly span: Span | undefined;
  readonly mode: 'user' | 'kernel';
  /** Virtual milliseconds after DriverEntry. */
  readonly afterMs: number;
  readonly steps: readonly ScenarioCallerStep[];
}

export type ScenarioCode =
  /** A macro of the driver or a header, or a number. */
  | { readonly kind: 'name'; readonly text: string }
  | {
      readonly kind: 'parts';
      readonly device: string;
      readonly function: string;
      readonly method: 'buffered' | 'in-direct' | 'out-direct' | 'neither';
      readonly access: 'any' | 'read' | 'write' | 'read-write';
    };

export type ScenarioAccess = 'none' | 'read' | 'write' | 'read-write';
export type ScenarioShare = 'none' | 'read' | 'write' | 'all';

export interface ScenarioOutcome {
  /** STATUS_…, a number, or "any"; without it, anything but an error. */
  readonly status: string | undefined;
  readonly information: number | undefined;
  readonly output: ScenarioBytes | { readonly kind: 'length'; readonly length: number } | undefined;
}

interface Transfer {
  readonly handle: string | undefined;
  readonly operation: string | undefined;
  readonly timeoutMs: number | undefined;
  readonly expect: ScenarioOutcome;
}

export type ScenarioCallerStep = { readonly span: Span | undefined } & (
  | {
      readonly kind: 'open';
      readonly device: string;
      readonly handle: string;
      readonly access: ScenarioAccess;
      readonly share: ScenarioShare;
      readonly disposition: string;
      readonly options: readonly string[];
      readonly isOverlapped: boolean;
      readonly expect: ScenarioOutcome;
    }
  | { readonly kind: 'close'; readonly handle: string | undefined }
  | (Transfer & {
      readonly kind: 'ioctl';
      readonly code: ScenarioCode;
      readonly input: ScenarioBytes | undefined;
      /** What stands in the output buffer beforehand. */
      readonly data: ScenarioBytes | undefined;
      readonly outputLength: number;
      readonly inputAddress: string | undefined;
      readonly outputAddress: string | undefined;
    })
  | (Transfer & { readonly kind: 'read'; readonly length: number; readonly offset: number | undefined })
  | (Transfer & { readonly kind: 'write'; readonly bytes: ScenarioBytes; readonly offset: number | undefined })
  | (Transfer & { readonly kind: 'flush' })
  | {
      readonly kind: 'wait-for';
      readonly operation: string;
      readonly timeoutMs: number | undefined;
      readonly expect: ScenarioOutcome | undefined;
    }
  | { readonly kind: 'cancel'; readonly operation: string }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'exit' }
);

export interface ScenarioFile {
  readonly path: string;
  readonly bytes: ScenarioBytes;
}

// ---- what the shapes let through ----

interface RawOutcome {
  readonly status?: string;
  readonly information?: number;
  readonly output?: string | (RawByteFields & { readonly length?: number });
}

interface RawTransfer extends RawOutcome {
  readonly handle?: string;
  readonly async?: string;
  readonly timeoutMs?: number;
}

export interface RawCodeParts {
  readonly code?: string;
  readonly device?: string;
  readonly function?: string;
  readonly method?: (ScenarioCode & { kind: 'parts' })['method'];
  readonly access?: (ScenarioCode & { kind: 'parts' })['access'];
}

interface RawOpen extends RawOutcome {
  readonly device: string;
  readonly handle?: string;
  readonly access?: ScenarioAccess;
  readonly share?: ScenarioShare;
  readonly disposition?: string;
  readonly options?: readonly string[];
  readonly overlapped?: boolean;
}

interface RawIoctl extends RawTransfer, RawCodeParts {
  readonly input?: RawBytes;
  readonly data?: RawBytes;
  readonly outputLength?: number;
  readonly inputAddress?: string;
  readonly outputAddress?: string;
}

export interface RawCallerStep {
  readonly open?: string | RawOpen;
  readonly close?: string;
  readonly ioctl?: string | RawIoctl;
  readonly read?: RawTransfer & { readonly length: number; readonly offset?: number };
  readonly write?: string | (RawTransfer & { readonly data: RawBytes; readonly offset?: number });
  readonly flush?: string | RawTransfer;
  readonly waitFor?: string | (RawOutcome & { readonly operation: string; readonly timeoutMs?: number });
  readonly cancel?: string;
  readonly waitMs?: number;
  readonly exit?: boolean;
}

export interface RawCaller {
  readonly name?: string;
  readonly as?: 'user' | 'kernel';
  readonly afterMs?: number;
  readonly steps?: readonly RawCallerStep[];
}

type Spans = ReadonlyMap<object, Span>;

/** A handle that the scenario gives no name. */
const usualHandle = 'handle';

export function callerOf(raw: RawCaller, index: number, spans: Spans): ScenarioCaller {
  return {
    name: raw.name ?? `caller ${index + 1}`,
    span: spans.get(raw),
    mode: raw.as ?? 'user',
    afterMs: raw.afterMs ?? 0,
    steps: (raw.steps ?? []).map((step) => ({ span: spans.get(step), ...stepOf(step) })),
  };
}

export function filesOf(raw: Readonly<Record<string, RawBytes>>): ScenarioFile[] {
  return Object.entries(raw).map(([path, bytes]) => ({ path, bytes: bytesOf(bytes) }));
}

/** All bytes that programs name, for the files that the host must read. */
export function bytesOfCallers(
  callers: readonly ScenarioCaller[],
): (ScenarioBytes | { readonly kind: 'length' } | undefined)[] {
  return callers
    .flatMap(({ steps }) => steps)
    .flatMap((step) => [
      'input' in step ? step.input : undefined,
      'data' in step ? step.data : undefined,
      'bytes' in step ? step.bytes : undefined,
      'expect' in step ? step.expect?.output : undefined,
    ]);
}

type WithoutSpan<T> = T extends unknown ? Omit<T, 'span'> : never;

function stepOf(raw: RawCallerStep): WithoutSpan<ScenarioCallerStep> {
  if (raw.open !== undefined) return openOf(typeof raw.open === 'string' ? { device: raw.open } : raw.open);
  if (raw.close !== undefined) return { kind: 'close', handle: raw.close || undefined };
  if (raw.ioctl !== undefined) return ioctlOf(typeof raw.ioctl === 'string' ? { code: raw.ioctl } : raw.ioctl);
  if (raw.read !== undefined) {
    const { length, offset } = raw.read;
    return { kind: 'read', ...transferOf(raw.read), length, offset };
  }
  if (raw.write !== undefined) {
    const write = typeof raw.write === 'string' ? { data: raw.write } : raw.write;
    return { kind: 'write', ...transferOf(write), bytes: bytesOf(write.data), offset: write.offset };
  }
  if (raw.flush !== undefined) {
    const named = raw.flush === '' ? {} : raw.flush;
    const flush = typeof named === 'string' ? { handle: named } : named;
    return { kind: 'flush', ...transferOf(flush) };
  }
  if (raw.waitFor !== undefined) {
    const wait = typeof raw.waitFor === 'string' ? { operation: raw.waitFor } : raw.waitFor;
    const hasOwn = wait.status !== undefined || wait.output !== undefined || wait.information !== undefined;
    return {
      kind: 'wait-for',
      operation: wait.operation,
      timeoutMs: wait.timeoutMs,
      expect: hasOwn ? outcomeOf(wait) : undefined,
    };
  }
  if (raw.cancel !== undefined) return { kind: 'cancel', operation: raw.cancel };
  return raw.waitMs === undefined ? { kind: 'exit' } : { kind: 'wait', ms: raw.waitMs };
}

function openOf(raw: RawOpen): WithoutSpan<ScenarioCallerStep> {
  return {
    kind: 'open',
    device: raw.device,
    handle: raw.handle ?? usualHandle,
    access: raw.access ?? 'read-write',
    share: raw.share ?? 'all',
    disposition: raw.disposition ?? 'open',
    options: raw.options ?? [],
    isOverlapped: raw.overlapped ?? false,
    expect: outcomeOf(raw),
  };
}

function ioctlOf(raw: RawIoctl): WithoutSpan<ScenarioCallerStep> {
  const expected = raw.output;
  const ownLength = typeof expected === 'object' ? expected.length : undefined;
  const expect = outcomeOf(raw);
  const length = expect.output?.kind === 'bytes' ? expect.output.bytes.length : ownLength;
  const data = raw.data === undefined ? undefined : bytesOf(raw.data);
  return {
    kind: 'ioctl',
    ...transferOf(raw),
    code: codeOf(raw),
    input: raw.input === undefined ? undefined : bytesOf(raw.input),
    data,
    // An answer that is expected needs room.
    outputLength: Math.max(raw.outputLength ?? length ?? 0, data?.kind === 'bytes' ? data.bytes.length : 0),
    inputAddress: raw.inputAddress,
    outputAddress: raw.outputAddress,
  };
}

function transferOf(raw: RawTransfer): Transfer {
  return { handle: raw.handle, operation: raw.async, timeoutMs: raw.timeoutMs, expect: outcomeOf(raw) };
}

function outcomeOf({ status, information, output }: RawOutcome): ScenarioOutcome {
  const isLength = typeof output === 'object' && output.length !== undefined;
  const expected = output === undefined || isLength ? undefined : bytesOf(output);
  return {
    status,
    information,
    output: isLength ? { kind: 'length', length: output.length ?? 0 } : expected,
  };
}

export function codeOf(raw: RawCodeParts): ScenarioCode {
  if (raw.code !== undefined) return { kind: 'name', text: raw.code };
  return {
    kind: 'parts',
    device: raw.device ?? 'FILE_DEVICE_UNKNOWN',
    function: raw.function ?? '0x800',
    method: raw.method ?? 'buffered',
    access: raw.access ?? 'any',
  };
}
