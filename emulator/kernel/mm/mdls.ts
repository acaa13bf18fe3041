/**
 * MDLs: descriptors of memory for I/O, from their allocation to their end: built for memory that is always there, for a
 * part of another one, for pages without an address. What locks their pages and what maps them stands beside this file.
 */
import { type GuestAddress, type NativeResult, NULL_ADDRESS, returns, returnsVoid } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { irpArgument, irpView } from '../io/irps.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { currentSpan, describeAddress } from '../places.ts';
import { remember } from '../report.ts';
import { STATUS_INVALID_PARAMETER_2 } from '../statuses.ts';
import { offsetAddress } from '../struct-view.ts';
import { aliasUserPages, endAlias } from './mdl-locking.ts';
import {
  baseOf,
  type MdlRecord,
  mappedToSystemVa,
  mdlData,
  mdlFlags,
  mdlHistory,
  mdlSize,
  pageSize,
  pagesLocked,
  partial,
  partialHasBeenMapped,
  rememberMdl,
  setFlags,
  sourceIsNonPagedPool,
  writePages,
} from './mdl-records.ts';
import { reportStillMapped } from './user-mappings.ts';

/** Pages of the largest MDL. */
const pagesMax = 0x10_0000;

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
    const mapped = reportStillMapped(kernel, name, mdl);
    if (mapped !== undefined) return mapped;
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

/** Gives an MDL's memory back. */
export function freeMdl(kernel: Kernel, mdl: GuestAddress): void {
  endAlias(kernel, mdl);
  const record = kernel.parts.mdls.get(mdl);
  if (record !== undefined) remember(kernel, record.history, 'freed');
  const region = kernel.memory.regionAt(mdl);
  if (region?.start === mdl && region.label === 'MDL' && !region.isFreed) kernel.memory.free(region);
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
