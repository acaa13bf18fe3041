/**
 * Memory of the system's own objects, which drivers hold by pointer: file objects, device extensions, work items, sockets,
 * lists of addresses, data of an indication. It remembers which call allocated it and what freed it, so that a use of
 * freed memory says both. IRPs, MDLs and pool blocks keep longer histories of their own.
 */
import type { Span } from '../../base/source.ts';
import type { Region } from '../machine/machine-types.ts';
import type { Kernel, RunFinding } from './kernel-types.ts';
import { currentSpan } from './places.ts';

/** What the region's `info` holds. */
interface ObjectLife {
  readonly kind: 'object-life';
  readonly made: Moment | undefined;
  readonly ended: Moment | undefined;
}

/**
 * A line of a history, which is only written when somebody asks: each message leaves one behind. The end of regions that
 * went together is their `info`, where there was none before.
 */
interface Moment {
  readonly kind: 'object-moment';
  readonly what: string;
  /** The call under way, where it is to be named. */
  readonly call: string | undefined;
  readonly span: Span | undefined;
  readonly statements: number;
  readonly owner: number | undefined;
}

/** What freed it, and where, when no call of the driver's does. */
interface End {
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

/** Frees what goes together. `owner` is for the caller to know again, for as long as the memory is not used anew. */
export function freeObjects(kernel: Kernel, regions: readonly Region[], end?: End, owner?: number): void {
  const ended =
    end === undefined ? byCall(kernel, 'freed by', owner) : moment(kernel, end.what, undefined, end.span, owner);
  for (const region of regions) {
    if (region.isFreed) continue;
    const { info } = region;
    region.info = info === undefined ? ended : { made: undefined, ...(info as object), kind: 'object-life', ended };
    kernel.memory.free(region);
  }
}

/** Nothing for memory that is no such object. */
export function objectHistory(region: Region): RunFinding['history'] {
  return [madeOf(region), endedOf(region)].flatMap((at) => {
    if (at === undefined) return [];
    const { what, call, span, statements } = at;
    return [{ what: call === undefined ? what : `${what} ${call}`, span, statements }];
  });
}

/** Where the region was freed for this owner; undefined where it was not. */
export function endedFor(region: Region, owner: number): { readonly span: Span | undefined } | undefined {
  const ended = endedOf(region);
  return ended?.owner === owner ? ended : undefined;
}

function madeOf({ info }: Region): Moment | undefined {
  const known = info as ObjectLife | undefined;
  return known?.kind === 'object-life' ? known.made : undefined;
}

function endedOf({ info }: Region): Moment | undefined {
  const known = info as ObjectLife | Moment | undefined;
  if (known?.kind === 'object-moment') return known;
  return known?.kind === 'object-life' ? known.ended : undefined;
}

/** Without a call under way the system itself did it. */
function byCall(kernel: Kernel, what: string, owner?: number): Moment {
  const { currentCall } = kernel.parts;
  return moment(kernel, what, currentCall?.name ?? 'the system', currentSpan(kernel), owner);
}

function moment(kernel: Kernel, what: string, call: Moment['call'], span: Moment['span'], owner?: number): Moment {
  return { kind: 'object-moment', what, call, span, statements: kernel.machine.statements, owner };
}
