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
  readonly steps: RunFinding['history'];
}

/** Undefined when memory is used up. */
export function allocateObject(kernel: Kernel, size: number, label: string): Region | undefined {
  const region = kernel.memory.allocate({ size, kind: 'object', label });
  if (region !== undefined) addStep(kernel, region, 'allocated by', currentSpan(kernel));
  return region;
}

/** `end` says what freed it, and where, when no call of the driver's does. */
export function freeObject(
  kernel: Kernel,
  region: Region,
  end?: { readonly what: string; readonly span: Span | undefined },
): void {
  if (region.isFreed) return;
  if (end === undefined) addStep(kernel, region, 'freed by', currentSpan(kernel));
  else addStep(kernel, region, end.what, end.span);
  kernel.memory.free(region);
}

/** Nothing for memory that is no such object. */
export function objectHistory(region: Region): RunFinding['history'] {
  return lifeOf(region)?.steps ?? [];
}

/** `what` ends with "by" where the call under way is to be named; without one the system itself did it. */
function addStep(kernel: Kernel, region: Region, what: string, span: Span | undefined): void {
  const { currentCall } = kernel.parts;
  const text = what.endsWith(' by') ? `${what} ${currentCall?.name ?? 'the system'}` : what;
  const step = { what: text, span, statements: kernel.machine.statements };
  const { info } = region;
  // As with each message's memory, thousands of which stay known: no copies.
  if (info === undefined) region.info = { kind: 'object-life', steps: [step] } satisfies ObjectLife;
  else region.info = { ...(info as object), kind: 'object-life', steps: [...objectHistory(region), step] };
}

function lifeOf(region: Region): ObjectLife | undefined {
  const info = region.info as Partial<ObjectLife> | undefined;
  return info?.kind === 'object-life' ? (info as ObjectLife) : undefined;
}
