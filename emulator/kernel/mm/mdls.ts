/**
 * MDLs: descriptors of memory for I/O. Guest memory never moves and is never paged out, so locking is bookkeeping, but
 * the bookkeeping is checked: what is locked must be unlocked once, and before the MDL is freed.
 */

import type { Span } from '../../../base/source.ts';
import type { Region } from '../../machine/machine-types.ts';
import { type GuestAddress, type NativeResult, NULL_ADDRESS, returns, returnsVoid } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { irpArgument, irpView } from '../io/irps.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { currentSpan, describeAddress } from '../places.ts';
import { type History, remember } from '../report.ts';
import { STATUS_ACCESS_VIOLATION, STATUS_INVALID_PARAMETER_2 } from '../statuses.ts';
import { offsetAddress } from '../struct-view.ts';
import { isForeign } from './user-memory.ts';

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
  readonly history: { what: string; span: Span | undefined; statements: number }[];
}

// MDL.MdlFlags (wdm.h).
const mappedToSystemVa = 0x1;
const pagesLocked = 0x2;
const sourceIsNonPagedPool = 0x4;
const partial = 0x10;
const partialHasBeenMapped = 0x20;
const pageSize = 4096n;
const pagesMax = 0x10_0000;
/** Addresses of user mode end here. */
const userLimit = 0x8000_0000_0000n;

export const mdlApis = {
  IoAllocateMdl: (kernel, { name, arguments: args }) => {
    const irp = args.pointer(4);
    const mdl = buildMdl(kernel, args.pointer(0), args.uint(1), { isLocked: false, call: name });
    if (mdl === 0n || irp === 0n) return returns(mdl);
    const record = irpArgument(kernel, name, irp);
    if ('kind' in record) return record;
    attachToIrp(kernel, irp, mdl, args.bool(2));
    return returns(mdl);
  },
  IoFreeMdl: (kernel, { name, arguments: args }) => {
    const mdl = args.pointer(0);
    const bad = checkMdl(kernel, name, mdl);
    if (bad !== undefined) return bad;
    const flags = mdlFlags(kernel, mdl);
    if ((flags & pagesLocked) !== 0 && (flags & partial) === 0) {
      return kernel.report({
        rule: 'mdl-freed-while-locked',
        severity: 'error',
        message: `IoFreeMdl frees an MDL whose pages are still locked: MmUnlockPages is missing. Each time some locked pages are lost.`,
        bugCheck: bugCheck('PROCESS_HAS_LOCKED_PAGES', 0, 'System', kernel.view('MDL', mdl).getNumber('ByteCount'), 0),
        history: mdlHistory(kernel, mdl),
      });
    }
    freeMdl(kernel, mdl);
    return returnsVoid;
  },
  IoBuildPartialMdl: (kernel, { name, arguments: args }) =>
    buildPartial(kernel, name, args.pointer(0), args.pointer(1), args.pointer(2), args.uint(3)),
  MmInitializeMdl: (kernel, { arguments: args }) => {
    initialise(kernel, args.pointer(0), args.pointer(1), Number(args.uint64(2)));
    return returnsVoid;
  },
  MmSizeOfMdl: (kernel, { arguments: args }) => returns(mdlSize(kernel, args.pointer(0), Number(args.uint64(1)))),
  MmBuildMdlForNonPagedPool: (kernel, { name, arguments: args }) => buildForNonPagedPool(kernel, name, args.pointer(0)),
  MmProbeAndLockPages: (kernel, { name, arguments: args }) =>
    lockPages(kernel, name, args.pointer(0), args.int(2), args.int(1) & 0xff),
  MmUnlockPages: (kernel, { name, arguments: args }) => unlockPages(kernel, name, args.pointer(0)),
  MmGetSystemAddressForMdlSafe: (kernel, { name, arguments: args }) => mapPages(kernel, name, args.pointer(0)),
  MmMapLockedPagesSpecifyCache: (kernel, { name, arguments: args }) => mapPages(kernel, name, args.pointer(0)),
  MmMapLockedPages: (kernel, { name, arguments: args }) => mapPages(kernel, name, args.pointer(0)),
  MmUnmapLockedPages: (kernel, { name, arguments: args }) => {
    const mdl = args.pointer(1);
    const flags = mdlFlags(kernel, mdl);
    if ((flags & (mappedToSystemVa | partialHasBeenMapped)) === 0) {
      return kernel.report({
        rule: 'mdl-not-mapped',
        severity: 'error',
        message: `${name} unmaps an MDL that is not mapped.`,
        also: ['0xC4/0xB6'],
        bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0xb6, mdl),
        history: mdlHistory(kernel, mdl),
      });
    }
    setFlags(kernel, mdl, flags & ~(mappedToSystemVa | partialHasBeenMapped));
    return returnsVoid;
  },
  MmAdvanceMdl: (kernel, { name, arguments: args }) => {
    const mdl = args.pointer(0);
    const bad = checkMdl(kernel, name, mdl);
    if (bad !== undefined) return bad;
    const view = kernel.view('MDL', mdl);
    const bytes = args.uint(1);
    if (bytes > view.getNumber('ByteCount')) return returns(STATUS_INVALID_PARAMETER_2);
    const start = view.get('StartVa') + BigInt(view.getNumber('ByteOffset') + bytes);
    view.set('StartVa', start - (start % pageSize));
    view.set('ByteOffset', start % pageSize);
    view.set('ByteCount', view.getNumber('ByteCount') - bytes);
    if (view.get('MappedSystemVa') !== 0n) view.set('MappedSystemVa', view.get('MappedSystemVa') + BigInt(bytes));
    if ((mdlFlags(kernel, mdl) & (pagesLocked | sourceIsNonPagedPool)) !== 0) writePages(kernel, mdl);
    rememberMdl(kernel, mdl, `advanced by ${bytes} bytes`);
    return returns(0);
  },
  MmPrepareMdlForReuse: (kernel, { arguments: args }) => {
    const mdl = args.pointer(0);
    const flags = mdlFlags(kernel, mdl);
    if ((flags & partialHasBeenMapped) !== 0) setFlags(kernel, mdl, flags & ~(partialHasBeenMapped | mappedToSystemVa));
    return returnsVoid;
  },
} satisfies KernelApis;

/** A new MDL that describes `length` bytes; NULL when memory is short. */
export function buildMdl(
  kernel: Kernel,
  base: GuestAddress,
  length: number,
  how: { readonly isLocked: boolean; readonly call: string },
): GuestAddress {
  const size = mdlSize(kernel, base, length);
  if (size > pagesMax * 8) return NULL_ADDRESS;
  const region = kernel.memory.allocate({ size, kind: 'object', label: 'MDL' });
  if (region === undefined) return NULL_ADDRESS;
  const record: MdlRecord = {
    address: region.start,
    allocatedBy: how.call,
    allocatedAt: currentSpan(kernel),
    isKernels: how.isLocked,
    history: [],
  };
  remember(kernel, record.history, `allocated by ${how.call} for ${length} bytes at ${describeAddress(kernel, base)}`);
  kernel.parts.mdls.set(region.start, record);
  initialise(kernel, region.start, base, length);
  if (how.isLocked) {
    reportBeyondMemory(kernel, how.call, base, length);
    aliasUserPages(kernel, region.start, base, length);
    setFlags(kernel, region.start, pagesLocked);
    writePages(kernel, region.start);
  }
  return region.start;
}

/** An MDL of whole pages that have no address until they are mapped; NULL when memory is short. */
export function buildMdlOfPages(kernel: Kernel, pages: GuestAddress, length: number, call: string): GuestAddress {
  const mdl = buildMdl(kernel, NULL_ADDRESS, length, { isLocked: true, call });
  const record = kernel.parts.mdls.get(mdl);
  if (record === undefined) return mdl;
  record.alias = { address: pages, owner: NULL_ADDRESS };
  writePages(kernel, mdl);
  return mdl;
}

/** Writes which pages an MDL describes behind it, as MmGetPhysicalAddress has them: some drivers ask for their numbers. */
function writePages(kernel: Kernel, mdl: GuestAddress): void {
  const view = kernel.view('MDL', mdl);
  const first = physicalAddress(mdlData(kernel, mdl)) / pageSize;
  const count = pageCount(view.getNumber('ByteOffset'), view.getNumber('ByteCount'));
  const numbers = offsetAddress(mdl, kernel.types.sizeOf('MDL'));
  for (let i = 0; i < count; i++) kernel.memory.writeU64(offsetAddress(numbers, 8 * i), first + BigInt(i));
}

export function physicalAddress(address: GuestAddress): bigint {
  return address & 0xffff_ffff_ffffn;
}

/** Where the bytes that an MDL describes are for the kernel. */
export function mdlData(kernel: Kernel, mdl: GuestAddress): GuestAddress {
  return kernel.parts.mdls.get(mdl)?.alias?.address ?? baseOf(kernel, mdl);
}

/** Locked pages of a program have an address for the kernel; the bytes go back when they are unlocked. */
function aliasUserPages(kernel: Kernel, mdl: GuestAddress, base: GuestAddress, length: number): void {
  const record = kernel.parts.mdls.get(mdl);
  const user = kernel.memory.regionAt(base);
  if (record === undefined || user?.kind !== 'user') return;
  const bytes = kernel.memory.peek(base, length);
  const region = kernel.memory.allocate({ size: length, kind: 'object', label: `locked pages of ${user.label}` });
  if (bytes === undefined || region === undefined) return;
  kernel.memory.poke(region.start, bytes);
  record.alias = { address: region.start, owner: mdl };
}

function endAlias(kernel: Kernel, mdl: GuestAddress): void {
  const record = kernel.parts.mdls.get(mdl);
  const alias = record?.alias;
  if (record === undefined || alias === undefined) return;
  record.alias = undefined;
  // A partial MDL borrows the pages of its source.
  if (alias.owner !== mdl) return;
  const base = baseOf(kernel, mdl);
  const region = kernel.memory.regionAt(alias.address);
  const bytes = region === undefined || region.isFreed ? undefined : kernel.memory.peek(region.start, region.size);
  if (bytes !== undefined && kernel.memory.regionAt(base)?.isFreed === false) kernel.memory.poke(base, bytes);
  if (region !== undefined) kernel.memory.free(region);
}

/** Locked memory of the kernel is not paged out: until it is unlocked, DISPATCH_LEVEL may use it as well. */
function pinPages(kernel: Kernel, mdl: GuestAddress, region: Region): void {
  const record = kernel.parts.mdls.get(mdl);
  if (record === undefined || region.kind !== 'pool') return;
  if (!region.isPaged && ![...kernel.parts.mdls.values()].some(({ pinned }) => pinned === region)) return;
  record.pinned = region;
  region.isPaged = false;
}

function unpinPages(kernel: Kernel, mdl: GuestAddress): void {
  const record = kernel.parts.mdls.get(mdl);
  const region = record?.pinned;
  if (record === undefined || region === undefined) return;
  record.pinned = undefined;
  // Another MDL may have locked the same memory.
  region.isPaged = ![...kernel.parts.mdls.values()].some(({ pinned }) => pinned === region);
}

/** Gives an MDL's memory back. */
export function freeMdl(kernel: Kernel, mdl: GuestAddress): void {
  endAlias(kernel, mdl);
  const record = kernel.parts.mdls.get(mdl);
  if (record !== undefined) remember(kernel, record.history, 'freed');
  const region = kernel.memory.regionAt(mdl);
  if (region?.start === mdl && region.label === 'MDL' && !region.isFreed) kernel.memory.free(region);
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

function mdlSize(kernel: Kernel, base: bigint, length: number): number {
  return kernel.types.sizeOf('MDL') + pageCount(Number(base % pageSize), length) * 8;
}

function pageCount(offset: number, length: number): number {
  return Math.ceil((offset + length) / Number(pageSize));
}

function initialise(kernel: Kernel, mdl: GuestAddress, base: GuestAddress, length: number): void {
  const view = kernel.view('MDL', mdl);
  const size = mdlSize(kernel, base, length);
  view.set('Next', 0);
  view.set('Size', size);
  view.set('MdlFlags', 0);
  view.set('Process', 0);
  view.set('MappedSystemVa', 0);
  view.set('StartVa', base - (base % pageSize));
  view.set('ByteOffset', base % pageSize);
  view.set('ByteCount', length);
}

function attachToIrp(kernel: Kernel, irp: GuestAddress, mdl: GuestAddress, isSecondary: boolean): void {
  const view = irpView(kernel, irp);
  if (!isSecondary) {
    view.set('MdlAddress', mdl);
    return;
  }
  let last = view.getPointer('MdlAddress');
  for (let next = last; next !== 0n; next = kernel.view('MDL', next).getPointer('Next')) last = next;
  if (last === 0n) view.set('MdlAddress', mdl);
  else kernel.view('MDL', last).set('Next', mdl);
}

function baseOf(kernel: Kernel, mdl: GuestAddress): GuestAddress {
  const view = kernel.view('MDL', mdl);
  return offsetAddress(view.get('StartVa'), view.getNumber('ByteOffset'));
}

function mdlFlags(kernel: Kernel, mdl: GuestAddress): number {
  return kernel.view('MDL', mdl).getNumber('MdlFlags') & 0xffff;
}

function setFlags(kernel: Kernel, mdl: GuestAddress, flags: number): void {
  kernel.view('MDL', mdl).set('MdlFlags', flags);
}

function mdlHistory(kernel: Kernel, mdl: GuestAddress): History {
  return [...(kernel.parts.mdls.get(mdl)?.history ?? [])];
}

function rememberMdl(kernel: Kernel, mdl: GuestAddress, what: string): void {
  const record = kernel.parts.mdls.get(mdl);
  if (record !== undefined) remember(kernel, record.history, what);
}

function checkMdl(kernel: Kernel, call: string, mdl: GuestAddress): NativeResult | undefined {
  const record = kernel.parts.mdls.get(mdl);
  if (record !== undefined && kernel.memory.regionAt(mdl)?.isFreed === true) {
    return kernel.report({
      rule: 'double-free',
      severity: 'error',
      message: `${call} is given an MDL that has been freed already.`,
      bugCheck: bugCheck('BAD_POOL_CALLER', 0x7, 0, 0, mdl),
      history: mdlHistory(kernel, mdl),
    });
  }
  kernel.view('MDL', mdl).getNumber('Size');
  if (record !== undefined) return undefined;
  return kernel.report({
    rule: 'free-of-foreign-memory',
    severity: 'error',
    message: `${call} is given ${describeAddress(kernel, mdl)}, which IoAllocateMdl has not returned.`,
    bugCheck: bugCheck('BAD_POOL_CALLER', 0x99, mdl, 0, 0),
  });
}

function buildForNonPagedPool(kernel: Kernel, call: string, mdl: GuestAddress): NativeResult {
  const base = baseOf(kernel, mdl);
  const region = kernel.memory.regionAt(base);
  if (region?.isPaged === true || region?.kind === 'stack' || region?.kind === 'user') {
    const what = region.kind === 'stack' ? 'on the stack' : region.kind === 'user' ? 'of user mode' : 'in paged pool';
    return kernel.report({
      rule: 'mdl-of-pageable-memory',
      severity: 'error',
      message: `${call} is given an MDL of memory ${what} (${describeAddress(kernel, base)}): it is for non-paged pool alone. Lock such memory with MmProbeAndLockPages.`,
      also: ['0xC4/0x7F', '0xC4/0x140'],
      bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0x7f, base),
      history: mdlHistory(kernel, mdl),
    });
  }
  const view = kernel.view('MDL', mdl);
  reportBeyondMemory(kernel, call, base, view.getNumber('ByteCount'));
  setFlags(kernel, mdl, mdlFlags(kernel, mdl) | sourceIsNonPagedPool);
  view.set('MappedSystemVa', base);
  writePages(kernel, mdl);
  rememberMdl(kernel, mdl, 'built for non-paged pool');
  return returnsVoid;
}

/** Whoever uses the MDL as it says reads or writes what lies behind the block: on Windows nobody notices at first. */
function reportBeyondMemory(kernel: Kernel, call: string, base: GuestAddress, length: number): void {
  const region = kernel.memory.regionAt(base);
  if (region === undefined || region.isFreed || (region.kind !== 'pool' && region.kind !== 'global')) return;
  const there = region.start + BigInt(region.size) - base;
  if (BigInt(length) <= there) return;
  kernel.report({
    rule: 'mdl-beyond-memory',
    severity: 'warning',
    message: `${call} describes ${length} bytes at ${describeAddress(kernel, base)}, but only ${there} of them belong to it: whoever fills the MDL writes to the memory behind. Give the length of the buffer.`,
  });
}

function lockPages(
  kernel: Kernel,
  call: string,
  mdl: GuestAddress,
  operation: number,
  accessMode: number,
): NativeResult {
  const flags = mdlFlags(kernel, mdl);
  if ((flags & (pagesLocked | sourceIsNonPagedPool | partial)) !== 0) {
    const why = (flags & pagesLocked) !== 0 ? 'is locked already' : 'describes non-paged pool, which needs no locking';
    return kernel.report({
      rule: 'mdl-locked-twice',
      severity: 'error',
      message: `${call} locks an MDL that ${why}.`,
      also: ['0xC4/0xB0'],
      bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0xb0, mdl, flags),
      history: mdlHistory(kernel, mdl),
    });
  }
  const base = baseOf(kernel, mdl);
  const length = kernel.view('MDL', mdl).getNumber('ByteCount');
  const region = kernel.memory.regionAt(base);
  const end = base + BigInt(length);
  const isThere =
    region !== undefined && !region.isFreed && base >= region.start && end <= region.start + BigInt(region.size);
  if (region?.isPaged === true && kernel.irql > 1) {
    return kernel.report({
      rule: 'irql-too-high',
      severity: 'error',
      message: `${call} locks pageable memory at IRQL ${kernel.irql}; it may at IRQL <= APC_LEVEL.`,
      also: ['0xC4/0x70'],
      bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0x70, kernel.irql, mdl),
    });
  }
  const isKernelsForUser = accessMode !== 0 && base >= userLimit;
  if (!isThere || isKernelsForUser || isForeign(kernel, region) || (region.isReadOnly && operation !== 0))
    return { kind: 'raise', code: STATUS_ACCESS_VIOLATION };
  aliasUserPages(kernel, mdl, base, length);
  pinPages(kernel, mdl, region);
  setFlags(kernel, mdl, flags | pagesLocked);
  writePages(kernel, mdl);
  rememberMdl(kernel, mdl, 'pages locked');
  return returnsVoid;
}

function unlockPages(kernel: Kernel, call: string, mdl: GuestAddress): NativeResult {
  const flags = mdlFlags(kernel, mdl);
  if ((flags & pagesLocked) === 0 || (flags & (sourceIsNonPagedPool | partial)) !== 0) {
    const [why, subcode] =
      (flags & sourceIsNonPagedPool) !== 0
        ? ['describes non-paged pool, which is never unlocked', 0x7d]
        : (flags & partial) !== 0
          ? ['is a partial one: unlock its source', 0xb4]
          : ['is not locked', 0x7c];
    return kernel.report({
      rule: 'mdl-not-locked',
      severity: 'error',
      message: `${call} unlocks an MDL that ${why}.`,
      also: [`0xC4/0x${Number(subcode).toString(16).toUpperCase()}`],
      bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', subcode, mdl, flags),
      history: mdlHistory(kernel, mdl),
    });
  }
  setFlags(kernel, mdl, flags & ~(pagesLocked | mappedToSystemVa));
  endAlias(kernel, mdl);
  unpinPages(kernel, mdl);
  rememberMdl(kernel, mdl, 'pages unlocked');
  return returnsVoid;
}

/** The address at which the kernel sees the pages: the one they have, or that of locked user-mode pages. */
function mapPages(kernel: Kernel, call: string, mdl: GuestAddress): NativeResult {
  const view = kernel.view('MDL', mdl);
  const flags = mdlFlags(kernel, mdl);
  if ((flags & (mappedToSystemVa | sourceIsNonPagedPool)) !== 0) return returns(view.get('MappedSystemVa'));
  if ((flags & (pagesLocked | partial)) === 0) {
    return kernel.report({
      rule: 'mdl-not-locked',
      severity: 'error',
      message: `${call} maps an MDL whose pages are neither locked nor from non-paged pool.`,
      also: ['0xC4/0x85', '0xC4/0xB3'],
      bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0xb3, mdl, flags),
      history: mdlHistory(kernel, mdl),
    });
  }
  const base = mdlData(kernel, mdl);
  view.set('MappedSystemVa', base);
  setFlags(kernel, mdl, flags | mappedToSystemVa | ((flags & partial) === 0 ? 0 : partialHasBeenMapped));
  return returns(base);
}

function buildPartial(
  kernel: Kernel,
  call: string,
  source: GuestAddress,
  target: GuestAddress,
  address: GuestAddress,
  length: number,
): NativeResult {
  const from = kernel.view('MDL', source);
  const start = baseOf(kernel, source);
  const end = start + BigInt(from.getNumber('ByteCount'));
  const bytes = length === 0 ? Number(end - address) : length;
  const isInside = address >= start && address + BigInt(bytes) <= end;
  if (!isInside || kernel.view('MDL', target).getNumber('Size') < mdlSize(kernel, address, bytes)) {
    return kernel.report({
      rule: 'partial-mdl-range',
      severity: 'error',
      message: isInside
        ? `${call} builds an MDL of ${bytes} bytes in one that was allocated too small for them.`
        : `${call} describes ${bytes} bytes at ${describeAddress(kernel, address)}, which the source MDL does not cover.`,
      history: mdlHistory(kernel, target),
    });
  }
  const sourceFlags = mdlFlags(kernel, source);
  const size = kernel.view('MDL', target).getNumber('Size');
  initialise(kernel, target, address, bytes);
  kernel.view('MDL', target).set('Size', size);
  const view = kernel.view('MDL', target);
  const alias = kernel.parts.mdls.get(source)?.alias;
  const targetRecord = kernel.parts.mdls.get(target);
  if (targetRecord !== undefined)
    targetRecord.alias =
      alias === undefined ? undefined : { address: offsetAddress(alias.address, address - start), owner: alias.owner };
  writePages(kernel, target);
  if ((sourceFlags & sourceIsNonPagedPool) !== 0) {
    view.set('MappedSystemVa', address);
    setFlags(kernel, target, partial | sourceIsNonPagedPool);
  } else if ((sourceFlags & mappedToSystemVa) !== 0) {
    view.set('MappedSystemVa', mdlData(kernel, target));
    setFlags(kernel, target, partial | mappedToSystemVa);
  } else setFlags(kernel, target, partial);
  return returnsVoid;
}
