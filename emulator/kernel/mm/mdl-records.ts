/**
 * What an MDL says, and what the kernel remembers of it beside: where it was allocated, where its pages are for the
 * kernel, what was done with it. An address of an MDL comes in; its flags, the memory it describes and its history go out.
 */
import type { Span } from '../../../base/source.ts';
import type { Region } from '../../machine/machine-types.ts';
import { mappedTarget } from '../../machine/memory/layout.ts';
import type { GuestAddress } from '../../machine/native.ts';
import type { Kernel } from '../kernel-types.ts';
import { type History, remember } from '../report.ts';
import { offsetAddress } from '../struct-view.ts';

export interface MdlRecord {
  readonly address: GuestAddress;
  readonly allocatedBy: string;
  readonly allocatedAt: Span | undefined;
  /** Made by the I/O manager for a request of its own. */
  readonly isKernels: boolean;
  /** Locked user-mode memory: where the kernel sees its pages. The program gets them back when they are unlocked. */
  alias?: { readonly address: GuestAddress; readonly owner: GuestAddress } | undefined;
  /** Locked pageable memory: it stays in memory until it is unlocked, whoever uses it. */
  pinned?: Region | undefined;
  /** Its pages are locked for reading only. */
  isLockedForRead?: boolean;
  readonly history: { what: string; span: Span | undefined; statements: number }[];
}

// MDL.MdlFlags (wdm.h).
export const mappedToSystemVa = 0x1;
export const pagesLocked = 0x2;
export const sourceIsNonPagedPool = 0x4;
export const partial = 0x10;
export const partialHasBeenMapped = 0x20;
/** Memory may be used by an MDL that has any of these. */
export const pagesUsable = mappedToSystemVa | pagesLocked | sourceIsNonPagedPool | partial;
export const pageSize = 4096n;
/** Physical addresses are those of the kernel without the bits that are all the same. */
const physicalBits = 48;
const physicalMask = 0xffff_ffff_ffffn;

export function physicalAddress(address: GuestAddress): bigint {
  return (mappedTarget(address) ?? address) & physicalMask;
}

/** The kernel's own address of it. */
export function virtualAddress(physical: bigint): bigint {
  return BigInt.asUintN(64, BigInt.asIntN(physicalBits, physical & physicalMask));
}

/** The address that the MDL was made for. */
export function baseOf(kernel: Kernel, mdl: GuestAddress): GuestAddress {
  const view = kernel.view('MDL', mdl);
  return offsetAddress(view.get('StartVa'), view.getNumber('ByteOffset'));
}

/** Where the bytes that an MDL describes are for the kernel. */
export function mdlData(kernel: Kernel, mdl: GuestAddress): GuestAddress {
  return kernel.parts.mdls.get(mdl)?.alias?.address ?? baseOf(kernel, mdl);
}

export function mdlFlags(kernel: Kernel, mdl: GuestAddress): number {
  return kernel.view('MDL', mdl).getNumber('MdlFlags') & 0xffff;
}

export function setFlags(kernel: Kernel, mdl: GuestAddress, flags: number): void {
  kernel.view('MDL', mdl).set('MdlFlags', flags);
}

export function mdlHistory(kernel: Kernel, mdl: GuestAddress): History {
  return [...(kernel.parts.mdls.get(mdl)?.history ?? [])];
}

export function rememberMdl(kernel: Kernel, mdl: GuestAddress, what: string): void {
  const record = kernel.parts.mdls.get(mdl);
  if (record !== undefined) remember(kernel, record.history, what);
}

export function mdlSize(kernel: Kernel, base: bigint, length: number): number {
  return kernel.types.sizeOf('MDL') + pageCount(Number(base % pageSize), length) * 8;
}

function pageCount(offset: number, length: number): number {
  return Math.ceil((offset + length) / Number(pageSize));
}

/** Writes which pages an MDL describes behind it, as MmGetPhysicalAddress has them: some drivers ask for their numbers. */
export function writePages(kernel: Kernel, mdl: GuestAddress): void {
  const view = kernel.view('MDL', mdl);
  const first = physicalAddress(mdlData(kernel, mdl)) / pageSize;
  const count = pageCount(view.getNumber('ByteOffset'), view.getNumber('ByteCount'));
  const numbers = offsetAddress(mdl, kernel.types.sizeOf('MDL'));
  for (let i = 0; i < count; i++) kernel.memory.writeU64(offsetAddress(numbers, 8 * i), first + BigInt(i));
}

/** Live MDLs that the driver allocated, for the leak report. */
export function liveMdls(kernel: Kernel): MdlRecord[] {
  return [...kernel.parts.mdls.values()].filter(
    (record) => !record.isKernels && kernel.memory.regionAt(record.address)?.isFreed === false,
  );
}

/** Its pages are locked, by itself. */
export function isLocked(kernel: Kernel, mdl: MdlRecord): boolean {
  return (mdlFlags(kernel, mdl.address) & (pagesLocked | partial)) === pagesLocked;
}
