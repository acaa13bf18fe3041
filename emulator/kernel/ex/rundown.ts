/**
 * Rundown protection and remove locks: both count users of something and let its owner wait until the last is gone.
 * The counts live in guest memory, as on Windows.
 */

import type { Region } from '../../machine/machine-types.ts';
import { type GuestAddress, type NativeResult, returns, returnsVoid } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { blockOnKey, wakeKey } from '../ke/blocking.ts';
import { createDispatcher } from '../ke/dispatcher.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { describeAddress, hexAddress } from '../places.ts';
import { STATUS_DELETE_PENDING } from '../statuses.ts';
import { thenDone } from '../verifier/lock-records.ts';

/** EX_RUNDOWN_REF: bit 0 says that rundown has begun, the rest counts. */
const rundownActive = 1n;

export const rundownApis = {
  ExInitializeRundownProtection: (kernel, { arguments: args }) => setCount(kernel, args.pointer(0), 0n),
  ExReInitializeRundownProtection: (kernel, { arguments: args }) => setCount(kernel, args.pointer(0), 0n),
  ExRundownCompleted: (kernel, { arguments: args }) => setCount(kernel, args.pointer(0), rundownActive),
  ExAcquireRundownProtection: (kernel, { arguments: args }) => acquire(kernel, args.pointer(0), 1),
  ExAcquireRundownProtectionEx: (kernel, { arguments: args }) => acquire(kernel, args.pointer(0), args.uint(1)),
  ExReleaseRundownProtection: (kernel, { name, arguments: args }) => release(kernel, name, args.pointer(0), 1),
  ExReleaseRundownProtectionEx: (kernel, { name, arguments: args }) =>
    release(kernel, name, args.pointer(0), args.uint(1)),
  ExWaitForRundownProtectionRelease: (kernel, { arguments: args }) => {
    const reference = args.pointer(0);
    const count = kernel.memory.readU64(reference);
    kernel.memory.writeU64(reference, count | rundownActive);
    if (count >> 1n === 0n) return returnsVoid;
    const users = count >> 1n === 1n ? '1 user' : `${count >> 1n} users`;
    const reason = `waits for ${users} of the rundown protection ${describeAddress(kernel, reference)}`;
    return blockOnKey(kernel, rundownKey(reference), reason, thenDone);
  },

  IoInitializeRemoveLock: (kernel, { arguments: args }) => {
    const lock = args.pointer(0);
    kernel.memory.fill(lock, kernel.types.sizeOf('IO_REMOVE_LOCK'), 0);
    const view = kernel.view('IO_REMOVE_LOCK', lock);
    // One for the lock itself, given back by IoReleaseRemoveLockAndWait.
    view.set('Common.IoCount', 1);
    createDispatcher(kernel, view.addressOf('Common.RemoveEvent'), 'synchronization event', 0);
    kernel.parts.removeLocks.set(lock, []);
    return returnsVoid;
  },
  IoAcquireRemoveLock: (kernel, { name, arguments: args }) => {
    const lock = args.pointer(0);
    const tags = kernel.parts.removeLocks.get(lock);
    if (tags === undefined) return reportUninitialised(kernel, name, lock);
    const view = kernel.view('IO_REMOVE_LOCK', lock);
    if (view.getNumber('Common.Removed') !== 0) return returns(STATUS_DELETE_PENDING);
    view.set('Common.IoCount', view.getNumber('Common.IoCount') + 1);
    tags.push(args.uint64(1));
    return returns(0);
  },
  IoReleaseRemoveLock: (kernel, { name, arguments: args }) =>
    releaseRemoveLock(kernel, name, args.pointer(0), args.uint64(1), 0xd5) ?? returnsVoid,
  IoReleaseRemoveLockAndWait: (kernel, { name, arguments: args }) => {
    const lock = args.pointer(0);
    const bad = releaseRemoveLock(kernel, name, lock, args.uint64(1), 0xd6);
    if (bad !== undefined) return bad;
    const view = kernel.view('IO_REMOVE_LOCK', lock);
    view.set('Common.Removed', 1);
    const left = view.getNumber('Common.IoCount') - 1;
    view.set('Common.IoCount', left);
    if (left <= 0) return returnsVoid;
    const reason = `waits for ${left} holder${left === 1 ? '' : 's'} of the remove lock ${describeAddress(kernel, lock)}`;
    return blockOnKey(kernel, removeKey(lock), reason, thenDone);
  },
} satisfies KernelApis;

/** A device goes: nobody may hold a remove lock in its extension any more, since the lock goes as well. */
export function checkRemoveLocks(kernel: Kernel, extension: Region): void {
  const end = extension.start + BigInt(extension.size);
  for (const [lock, tags] of kernel.parts.removeLocks) {
    if (lock < extension.start || lock >= end) continue;
    kernel.parts.removeLocks.delete(lock);
    if (tags.length === 0) continue;
    const holders = tags.length === 1 ? 'one holder has' : `${tags.length} holders have`;
    const irp = kernel.irps.get(tags[0] as GuestAddress);
    const who = irp === undefined ? `the tag ${hexAddress(tags[0] ?? 0n)}` : `the tag IRP #${irp.id}`;
    kernel.report({
      rule: 'remove-lock-held',
      severity: 'error',
      message: `The device is deleted while ${holders} not released the remove lock ${describeAddress(kernel, lock)} (${who}): whoever releases it later touches freed memory. IRP_MN_REMOVE_DEVICE calls IoReleaseRemoveLockAndWait before the device is detached and deleted.`,
    });
  }
}

function setCount(kernel: Kernel, reference: GuestAddress, count: bigint): NativeResult {
  kernel.memory.writeU64(reference, count);
  return returnsVoid;
}

function acquire(kernel: Kernel, reference: GuestAddress, by: number): NativeResult {
  const count = kernel.memory.readU64(reference);
  if ((count & rundownActive) !== 0n) return returns(0);
  kernel.memory.writeU64(reference, count + BigInt(by) * 2n);
  return returns(1);
}

function release(kernel: Kernel, call: string, reference: GuestAddress, by: number): NativeResult {
  const count = kernel.memory.readU64(reference);
  if (count >> 1n < BigInt(by)) {
    return kernel.report({
      rule: 'rundown-underflow',
      severity: 'error',
      message: `${call} gives back a rundown protection of ${describeAddress(kernel, reference)} that nobody has taken.`,
      bugCheck: bugCheck('REFERENCE_BY_POINTER', 0, reference, 0x20, count),
    });
  }
  const left = count - BigInt(by) * 2n;
  kernel.memory.writeU64(reference, left);
  if (left === rundownActive) wakeKey(kernel, rundownKey(reference), 0n);
  return returnsVoid;
}

function releaseRemoveLock(
  kernel: Kernel,
  call: string,
  lock: GuestAddress,
  tag: bigint,
  subcode: number,
): NativeResult | undefined {
  const tags = kernel.parts.removeLocks.get(lock);
  if (tags === undefined) return reportUninitialised(kernel, call, lock);
  const at = tags.indexOf(tag);
  if (at < 0) {
    return kernel.report({
      rule: 'remove-lock-tag',
      severity: 'error',
      message: `${call} releases the remove lock ${describeAddress(kernel, lock)} with the tag ${hexAddress(tag)}, with which it was not acquired.`,
      also: [`0xC4/0x${subcode.toString(16).toUpperCase()}`],
      bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', subcode, lock, tag),
    });
  }
  tags.splice(at, 1);
  const view = kernel.view('IO_REMOVE_LOCK', lock);
  const left = view.getNumber('Common.IoCount') - 1;
  view.set('Common.IoCount', left);
  if (left === 0) wakeKey(kernel, removeKey(lock), 0n);
  return undefined;
}

function reportUninitialised(kernel: Kernel, call: string, lock: GuestAddress): NativeResult {
  kernel.memory.readU8(lock);
  return kernel.report({
    rule: 'object-not-initialised',
    severity: 'error',
    message: `${call} is given ${describeAddress(kernel, lock)}, which IoInitializeRemoveLock has not made a remove lock.`,
    bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0xd7, lock),
  });
}

function rundownKey(reference: GuestAddress): string {
  return `rundown:${reference}`;
}

function removeKey(lock: GuestAddress): string {
  return `remove:${lock}`;
}
