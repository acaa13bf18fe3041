/** ERESOURCE: shared by readers or owned by one writer, recursive, in a critical region. */

import { type GuestAddress, type NativeResult, returns, returnsVoid } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { enterRegion, leaveCriticalRegion } from '../ke/irql.ts';
import { warnWithoutRegion } from '../ke/mutexes.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { currentSpan, describeAddress } from '../places.ts';
import {
  dropLock,
  heldLock,
  lockAt,
  reportNotHeld,
  shareLock,
  takeLock,
  thenReturn,
  tryLock,
} from '../verifier/lock-records.ts';
import { checkPageable } from '../verifier/pageable-objects.ts';

export const resourceApis = {
  ExInitializeResourceLite: (kernel, { name, arguments: args }) => {
    const address = args.pointer(0);
    if (kernel.parts.locks.get(address)?.kind === 'resource') {
      return kernel.report({
        rule: 'resource-initialised-twice',
        severity: 'error',
        message: `${name} is given ${describeAddress(kernel, address)}, which is a resource already.`,
        also: ['0xC4/0xD0'],
        bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0xd0, address),
      });
    }
    const bad = checkPageable(kernel, name, address);
    if (bad !== undefined) return bad;
    kernel.memory.fill(address, kernel.types.sizeOf('ERESOURCE'), 0);
    kernel.parts.locks.delete(address);
    lockAt(kernel, 'resource', address).initialisedAt = currentSpan(kernel);
    return returns(0);
  },
  ExReinitializeResourceLite: (kernel, { name, arguments: args }) =>
    checkResource(kernel, name, args.pointer(0)) ?? returns(0),
  ExDeleteResourceLite: (kernel, { name, arguments: args }) => {
    const address = args.pointer(0);
    const bad = checkResource(kernel, name, address);
    if (bad !== undefined) return bad;
    if (lockAt(kernel, 'resource', address).holders.length > 0) {
      return kernel.report({
        rule: 'resource-deleted-while-held',
        severity: 'error',
        message: `${name} deletes a resource that somebody still holds.`,
        also: ['0xC4/0x100B'],
        bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0x100b, address),
      });
    }
    kernel.parts.locks.delete(address);
    return returns(0);
  },
  ExAcquireResourceExclusiveLite: (kernel, { name, arguments: args }) =>
    acquire(kernel, name, args.pointer(0), { mode: 'exclusive', mayWait: args.bool(1) }),
  ExAcquireResourceSharedLite: (kernel, { name, arguments: args }) =>
    acquire(kernel, name, args.pointer(0), { mode: 'shared', mayWait: args.bool(1) }),
  ExAcquireSharedStarveExclusive: (kernel, { name, arguments: args }) =>
    acquire(kernel, name, args.pointer(0), { mode: 'shared', mayWait: args.bool(1), writers: 'overtaken' }),
  ExAcquireSharedWaitForExclusive: (kernel, { name, arguments: args }) =>
    acquire(kernel, name, args.pointer(0), { mode: 'shared', mayWait: args.bool(1), writers: 'first' }),
  ExReleaseResourceLite: (kernel, { name, arguments: args }) => release(kernel, name, args.pointer(0)) ?? returnsVoid,
  ExConvertExclusiveToSharedLite: (kernel, { name, arguments: args }) => {
    const address = args.pointer(0);
    const holder = heldLock(kernel, 'resource', address);
    if (holder?.mode !== 'exclusive') return reportNotHeld(kernel, name, 'resource', address, 'RESOURCE_NOT_OWNED');
    shareLock(kernel, holder, address);
    return returnsVoid;
  },
  ExIsResourceAcquiredExclusiveLite: (kernel, { arguments: args }) =>
    returns(heldLock(kernel, 'resource', args.pointer(0))?.mode === 'exclusive' ? 1 : 0),
  ExIsResourceAcquiredSharedLite: (kernel, { arguments: args }) =>
    returns(heldLock(kernel, 'resource', args.pointer(0))?.count ?? 0),
  ExEnterCriticalRegionAndAcquireResourceExclusive: (kernel, { name, arguments: args }) => {
    enterRegion(kernel, name, 'critical');
    return acquire(kernel, name, args.pointer(0), { mode: 'exclusive', mayWait: true });
  },
  ExEnterCriticalRegionAndAcquireResourceShared: (kernel, { name, arguments: args }) => {
    enterRegion(kernel, name, 'critical');
    return acquire(kernel, name, args.pointer(0), { mode: 'shared', mayWait: true });
  },
  ExEnterCriticalRegionAndAcquireSharedWaitForExclusive: (kernel, { name, arguments: args }) => {
    enterRegion(kernel, name, 'critical');
    return acquire(kernel, name, args.pointer(0), { mode: 'shared', mayWait: true, writers: 'first' });
  },
  ExReleaseResourceAndLeaveCriticalRegion: (kernel, { name, arguments: args }) =>
    release(kernel, name, args.pointer(0)) ?? leaveCriticalRegion(kernel, name) ?? returnsVoid,
} satisfies KernelApis;

function checkResource(kernel: Kernel, call: string, address: GuestAddress): NativeResult | undefined {
  kernel.memory.readU64(address);
  if (kernel.parts.locks.get(address)?.kind === 'resource') return undefined;
  return kernel.report({
    rule: 'object-not-initialised',
    severity: 'error',
    message: `${call} is given ${describeAddress(kernel, address)}, which ExInitializeResourceLite has not made a resource, or which has been deleted.`,
    also: ['0xC4/0xD1'],
    bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0xd1, address),
  });
}

function acquire(
  kernel: Kernel,
  call: string,
  address: GuestAddress,
  how: {
    readonly mode: 'exclusive' | 'shared';
    readonly mayWait: boolean;
    readonly writers?: 'overtaken' | 'first';
  },
): NativeResult {
  const { mode, mayWait, writers } = how;
  const bad = checkResource(kernel, call, address);
  if (bad !== undefined) return bad;
  warnWithoutRegion(kernel, call, 0x37, address, 'take');
  const request = { kind: 'resource', address, mode, call, writers } as const;
  if (!mayWait) return returns(tryLock(kernel, request) === undefined ? 0 : 1);
  return takeLock(kernel, request, thenReturn(1));
}

function release(kernel: Kernel, call: string, address: GuestAddress): NativeResult | undefined {
  const bad = checkResource(kernel, call, address);
  if (bad !== undefined) return bad;
  warnWithoutRegion(kernel, call, 0x38, address, 'release');
  if (dropLock(kernel, 'resource', address) === undefined)
    return reportNotHeld(kernel, call, 'resource', address, 'RESOURCE_NOT_OWNED');
  return undefined;
}
