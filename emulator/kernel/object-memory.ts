/**
 * Memory of the system's own objects, which drivers hold by pointer: file objects, device extensions, work items, sockets,
 * lists of addresses, data of an indication. It remembers which call allocated it and what freed it, so that a use of
 * freed memory says both. IRPs, MDLs and pool blocks keep longer histories of their own.
 */
import type { Span } from '../../base/source.ts';
import type { Region } from '../machine/machine-types.ts';
import type { Kernel, RunFinding } from './kernel-types.ts';
import { currentSpan } from './places.ts';

/** What the region's `info` holds; the same for regions that went together. */
interface ObjectLife {
  readonly kind: 'object-life';
  readonly made: Moment | undefined;
  readonly ended: Moment | undefined;
}

/** A line of a history, which is only written when somebody asks: each message leaves one behind. */
interface Moment {
  readonly what: string;
  /** The call under way, where it is to be named. */
  readonly call: string | undefined;
  readonly span: Span | undefined;
  readonly statements: number;
}

/** What freed it, and where, when no call of the driver's does. */
export interface End {
  readonly what: string;
  readonly span: Span | undefined;
}

/** Undefined when memory is used up. */
export function allocateObject(kernel: Kernel, size: number, label: string): Region | undefined {
  const region = kernel.memory.allocate({ size, kind: 'object', label });
  if (region !== undefined)
    region.info = { kind: 'object-life', made: byCall(kernel, 'allocated by'), ended: undefined } satisfies ObjectLife;
  return region;
}

export function freeObject(kernel: Kernel, region: Region, end?: End): void {
  freeObjects(kernel, [region], end);
}

/** Frees what goes together. */
export function freeObjects(kernel: Kernel, regions: readonly Region[], end?: End): void {
  const { statements } = kernel.machine;
  const ended = end === undefined ? byCall(kernel, 'freed by') : { ...end, call: undefined, statements };
  const life: ObjectLife = { kind: 'object-life', made: undefined, ended };
  for (const region of regions) {
    if (region.isFreed) continue;
    const { info } = region;
    region.info = info === undefined ? life : { ...life, ...(info as object), kind: 'object-life', ended };
    kernel.memory.free(region);
  }
}

/** Nothing for memory that is no such object. */
export function objectHistory(region: Region): RunFinding['history'] {
  const info = region.info as Partial<ObjectLife> | undefined;
  if (info?.kind !== 'object-life') return [];
  return [info.made, info.ended].flatMap((moment) => {
    if (moment === undefined) return [];
    const { what, call, span, statements } = moment;
    return [{ what: call === undefined ? what : `${what} ${call}`, span, statements }];
  });
}

/** Without a call under way the system itself did it. */
function byCall(kernel: Kernel, what: string): Moment {
  const { currentCall } = kernel.parts;
  const { statements } = kernel.machine;
  return { what, call: currentCall?.name ?? 'the system', span: currentSpan(kernel), statements };
}
