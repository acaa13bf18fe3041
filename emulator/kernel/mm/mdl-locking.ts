/**
 * Locking of pages. Guest memory never moves and is never paged out, so locking is bookkeeping, but the bookkeeping is
 * checked: what is locked must be unlocked once, and before the MDL is freed. Locked pages of a program have an address
 * for the kernel; the bytes go back to the program when they are unlocked.
 */
import type { Region } from '../../machine/machine-types.ts';
import { mappedTarget } from '../../machine/memory/layout.ts';
import { type GuestAddress, type NativeResult, NULL_ADDRESS, returnsVoid } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { STATUS_ACCESS_VIOLATION } from '../statuses.ts';
import {
  baseOf,
  mappedToSystemVa,
  mdlFlags,
  mdlHistory,
  pagesLocked,
  partial,
  rememberMdl,
  setFlags,
  sourceIsNonPagedPool,
  writePages,
} from './mdl-records.ts';
import { isMappedHere, reportStillMapped } from './user-mappings.ts';
import { isForeign } from './user-memory.ts';

/** Addresses of user mode end here. */
const userLimit = 0x8000_0000_0000n;

export const mdlLockingApis = {
  MmProbeAndLockPages: (kernel, { name, arguments: args }) =>
    lockPages(kernel, name, args.pointer(0), args.int(2), args.int(1) & 0xff),
  MmUnlockPages: (kernel, { name, arguments: args }) => unlockPages(kernel, name, args.pointer(0)),
} satisfies KernelApis;

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
  const given = baseOf(kernel, mdl);
  const length = kernel.view('MDL', mdl).getNumber('ByteCount');
  const base = mappedTarget(given) ?? given;
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
  const isKernelsForUser = accessMode !== 0 && given >= userLimit;
  const isUnmapped =
    base !== given &&
    !isMappedHere(kernel, { address: given, size: length, access: operation === 0 ? 'read' : 'write' });
  if (!isThere || isUnmapped || isKernelsForUser || isForeign(kernel, region) || (region.isReadOnly && operation !== 0))
    return { kind: 'raise', code: STATUS_ACCESS_VIOLATION };
  const record = kernel.parts.mdls.get(mdl);
  // The pages have their address in the kernel already.
  if (base !== given && record !== undefined) record.alias = { address: base, owner: NULL_ADDRESS };
  else aliasUserPages(kernel, mdl, base, length);
  if (record !== undefined) record.isLockedForRead = operation === 0;
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
  const mapped = reportStillMapped(kernel, call, mdl);
  if (mapped !== undefined) return mapped;
  setFlags(kernel, mdl, flags & ~(pagesLocked | mappedToSystemVa));
  const record = kernel.parts.mdls.get(mdl);
  if (record !== undefined) record.isLockedForRead = false;
  endAlias(kernel, mdl);
  unpinPages(kernel, mdl);
  rememberMdl(kernel, mdl, 'pages unlocked');
  return returnsVoid;
}

/** Locked pages of a program have an address for the kernel; the bytes go back when they are unlocked. */
export function aliasUserPages(kernel: Kernel, mdl: GuestAddress, base: GuestAddress, length: number): void {
  const record = kernel.parts.mdls.get(mdl);
  const user = kernel.memory.regionAt(base);
  if (record === undefined || user?.kind !== 'user') return;
  const bytes = kernel.memory.peek(base, length);
  const region = kernel.memory.allocate({ size: length, kind: 'object', label: `locked pages of ${user.label}` });
  if (bytes === undefined || region === undefined) return;
  kernel.memory.poke(region.start, bytes);
  record.alias = { address: region.start, owner: mdl };
}

export function endAlias(kernel: Kernel, mdl: GuestAddress): void {
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
