/**
 * The pool: blocks with a tag, red zones around them, and a record of who allocated and who freed them. Freed memory
 * stays recognisable as long as possible, so that using it is found where it happens.
 */

import type { Span } from '../../../base/source.ts';
import type { RecordDefinition } from '../../../cfront/types/types.ts';
import type { Region } from '../../machine/machine-types.ts';
import type { GuestAddress, NativeResult } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { releasePlacedWithin } from '../io/irps.ts';
import type { Kernel, RunFinding } from '../kernel-types.ts';
import { objectHistory } from '../object-memory.ts';
import { currentSpan, describeAddress, hexAddress } from '../places.ts';
import { forgetLocksWithin } from '../verifier/lock-order.ts';
import { reportInUse } from './memory-in-use.ts';

/** What the pool knows of a block; it is the `info` of its region. */
export interface PoolBlock {
  readonly kind: 'pool-block';
  readonly tag: string;
  readonly size: number;
  readonly isPaged: boolean;
  /** "ExAllocatePool2". */
  readonly allocatedBy: string;
  readonly allocatedAt: Span | undefined;
  readonly allocatedAtStatement: number;
  freedAt: Span | undefined;
  freedAtStatement: number | undefined;
  /** The record to a pointer to which the block was cast when it was new. */
  madeFor: RecordDefinition | undefined;
}

export interface PoolState {
  /** Bytes and blocks now in use. */
  bytes: number;
  blocks: number;
  allocations: number;
  /** The block that was made last. */
  latest?: { readonly address: GuestAddress; readonly block: PoolBlock };
  /** Tags that were ever used, and how their blocks are called. */
  readonly tags: Map<number, { readonly tag: string; readonly label: string }>;
}

export function createPoolState(): PoolState {
  return { bytes: 0, blocks: 0, allocations: 0, tags: new Map() };
}

export interface PoolRequest {
  readonly size: number;
  /** As the driver gave it: four characters, the first in the low byte. */
  readonly tag: number;
  readonly isPaged: boolean;
  readonly isUninitialised: boolean;
  readonly isCacheAligned: boolean;
  /** A power of two, where the C library asks for more than blocks of that size have. */
  readonly alignment?: number;
  readonly call: string;
}

/** Blocks of a page and more begin on a page, smaller ones on 16 bytes. */
const pageSize = 4096;
/** Memory for one block; beyond it an allocation fails, as it does on Windows when memory is short. */
const blockSizeMax = 0x4000_0000;

/** NULL when memory is short. */
export function allocatePool(kernel: Kernel, request: PoolRequest): GuestAddress {
  const { size } = request;
  if (size > blockSizeMax) return 0n as GuestAddress;
  const { tag, label } = tagOf(kernel, request.tag);
  const info: PoolBlock = {
    kind: 'pool-block',
    tag,
    size,
    isPaged: request.isPaged,
    allocatedBy: request.call,
    allocatedAt: currentSpan(kernel),
    allocatedAtStatement: kernel.machine.statements,
    freedAt: undefined,
    freedAtStatement: undefined,
    madeFor: undefined,
  };
  const usual = size >= pageSize ? pageSize : request.isCacheAligned ? 64 : 16;
  const region = kernel.memory.allocate({
    size,
    alignment: Math.max(usual, request.alignment ?? 0),
    kind: 'pool',
    label,
    isUninitialised: request.isUninitialised,
    isPaged: request.isPaged,
    info,
  });
  if (region === undefined) return 0n as GuestAddress;
  const { pool } = kernel.parts;
  pool.bytes += size;
  pool.blocks++;
  pool.allocations++;
  pool.latest = { address: region.start, block: info };
  return region.start;
}

/** Frees a block; what is wrong with that is reported. `tag` is undefined or 0 where the caller gives none. */
export function freePool(kernel: Kernel, call: string, address: GuestAddress, tag: number): NativeResult | undefined {
  if (address === 0n) {
    return kernel.report({
      rule: 'null-dereference',
      severity: 'error',
      message: `${call} is called with NULL.`,
      also: ['0xC2/0x46'],
      bugCheck: bugCheck('BAD_POOL_CALLER', 0x46, 0, 0, 0),
    });
  }
  const region = kernel.memory.regionAt(address);
  const block = region === undefined ? undefined : poolBlockOf(region);
  if (region === undefined || block === undefined || region.start !== address)
    return reportForeign(kernel, call, address, region);
  if (region.isFreed) {
    return kernel.report({
      rule: 'double-free',
      severity: 'error',
      message: `${call} frees ${region.label}, which has been freed already.`,
      also: ['0xC4/0x13', '0xC2/0x7'],
      bugCheck: bugCheck('BAD_POOL_CALLER', 0x7, 0, 0, address),
      history: poolHistory(block),
    });
  }
  const wanted = tag === 0 ? block.tag : tagOf(kernel, tag).tag;
  if (wanted !== block.tag) {
    return kernel.report({
      rule: 'pool-tag-mismatch',
      severity: 'error',
      message: `${call} frees a block of tag '${block.tag}' with the tag '${wanted}'.`,
      also: ['0xC2/0xA'],
      bugCheck: bugCheck('BAD_POOL_CALLER', 0xa, address, `'${block.tag}'`, `'${wanted}'`),
      history: poolHistory(block),
    });
  }
  const bad = reportLocked(kernel, call, region, block) ?? reportInUse(kernel, call, region, () => poolHistory(block));
  if (bad !== undefined) return bad;
  const maxIrql = block.isPaged ? 1 : 2;
  if (kernel.irql > maxIrql) {
    return kernel.report({
      rule: 'irql-too-high',
      severity: 'error',
      message: `${call} frees a block of ${block.isPaged ? 'paged' : 'non-paged'} pool at IRQL ${kernel.irql}.`,
      also: [`0xC4/${block.isPaged ? '0x11' : '0x12'}`],
      bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', block.isPaged ? 0x11 : 0x12, kernel.irql, address),
      history: poolHistory(block),
    });
  }
  block.freedAt = currentSpan(kernel);
  block.freedAtStatement = kernel.machine.statements;
  releaseBlock(kernel, region, block);
  return undefined;
}

export function poolBlockOf(region: Region): PoolBlock | undefined {
  const info = region.info as Partial<PoolBlock> | undefined;
  return info?.kind === 'pool-block' ? (info as PoolBlock) : undefined;
}

export function poolHistory(block: PoolBlock): RunFinding['history'] {
  const history = [
    {
      what: `allocated by ${block.allocatedBy}: ${block.size} bytes, tag '${block.tag}'`,
      span: block.allocatedAt,
      statements: block.allocatedAtStatement,
    },
  ];
  if (block.freedAtStatement !== undefined)
    history.push({ what: 'freed', span: block.freedAt, statements: block.freedAtStatement });
  return history;
}

/** A tag as people write it: 'Lstn'. Bytes that can't be shown are dots. */
function tagText(tag: number): string {
  let text = '';
  for (let shift = 0; shift < 32; shift += 8) {
    const code = (tag >>> shift) & 0xff;
    text += code >= 32 && code < 127 ? String.fromCharCode(code) : '.';
  }
  return text;
}

function tagOf(kernel: Kernel, number: number): { readonly tag: string; readonly label: string } {
  const { tags } = kernel.parts.pool;
  let known = tags.get(number);
  if (known === undefined) {
    const tag = tagText(number);
    known = { tag, label: `pool block '${tag}'` };
    tags.set(number, known);
  }
  return known;
}

function releaseBlock(kernel: Kernel, region: Region, block: PoolBlock): void {
  const { pool } = kernel.parts;
  pool.bytes -= block.size;
  pool.blocks--;
  const { dispatchers, dpcs, locks, lists, timers, lookasides, io } = kernel.parts;
  if (io.placedIrps.size > 0) releasePlacedWithin(kernel, region);
  for (const records of [dispatchers, dpcs, locks, lists, timers, lookasides, io.placedIrps])
    for (const address of records.within(region.start, region.size)) records.delete(address);
  forgetLocksWithin(kernel, region.start, region.size);
  kernel.memory.free(region);
}

/** Pageable memory that is not pageable now has been locked by an MDL, which may be in use. */
function reportLocked(kernel: Kernel, call: string, region: Region, block: PoolBlock): NativeResult | undefined {
  if (!block.isPaged || region.isPaged) return undefined;
  const mdl = [...kernel.parts.mdls.values()].find(({ pinned }) => pinned === region);
  if (mdl === undefined) return undefined;
  return kernel.report({
    rule: 'locked-pages-freed',
    severity: 'error',
    message: `${call} frees ${region.label}, whose pages an MDL has locked: who uses that MDL writes to memory of somebody else. Call MmUnlockPages first.`,
    history: [...poolHistory(block), ...mdl.history],
  });
}

function reportForeign(kernel: Kernel, call: string, address: GuestAddress, region: Region | undefined): NativeResult {
  const irp = kernel.irps.get(address);
  if (irp !== undefined) {
    return kernel.report({
      rule: 'irp-freed-as-pool',
      severity: 'error',
      message: `${call} frees IRP #${irp.id}: an IRP is released by IoFreeIrp alone.`,
      also: ['0xC4/0x105'],
      bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0x105, address),
      history: irp.history,
    });
  }
  const what = region === undefined ? hexAddress(address) : describeAddress(kernel, address);
  return kernel.report({
    rule: 'free-of-foreign-memory',
    severity: 'error',
    message: `${call} frees ${what}, which no pool allocation has returned.`,
    also: ['0xC4/0x10'],
    bugCheck: bugCheck('BAD_POOL_CALLER', 0x99, address, 0, 0),
    history: region === undefined ? [] : historyOfRegion(region),
  });
}

function historyOfRegion(region: Region): RunFinding['history'] {
  const block = poolBlockOf(region);
  return block === undefined ? objectHistory(region) : poolHistory(block);
}
