/**
 * Rundown protection and remove locks: both count users of something and let its owner wait until the last is gone.
 * The counts live in guest memory, as on Windows.
 */
import type { Span } from '../../../base/source.ts';
import type { Region } from '../../machine/machine-types.ts';
import { type GuestAddress, type NativeResult, returns, returnsVoid } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { blockOnKey, currentThread, wakeKey } from '../ke/blocking.ts';
import { createDispatcher } from '../ke/dispatcher.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel, RunFinding } from '../kernel-types.ts';
import { currentSpan, describeAddress, hexAddress } from '../places.ts';
import { STATUS_DELETE_PENDING } from '../statuses.ts';
import { thenDone } from '../verifier/lock-records.ts';

/** Somebody who uses what a remove lock or rundown protection guards. */
export interface LockUser {
  /** Of a remove lock. */
  readonly tag: bigint | undefined;
  readonly threadId: number;
  readonly threadName: string;
  readonly span: Span | undefined;
  readonly statements: number;
}

/** Users that a message shows, and that are kept of one rundown protection. */
const usersShown = 4;
const usersKept = 64;

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
    kernel.parts.lockUsers.set(lock, []);
    kernel.parts.removeLocks.add(lock);
    return returnsVoid;
  },
  IoAcquireRemoveLock: (kernel, { name, arguments: args }) => {
    const lock = args.pointer(0);
    if (!kernel.parts.removeLocks.has(lock)) return reportUninitialised(kernel, name, lock);
    const view = kernel.view('IO_REMOVE_LOCK', lock);
    if (view.getNumber('Common.Removed') !== 0) return returns(STATUS_DELETE_PENDING);
    view.set('Common.IoCount', view.getNumber('Common.IoCount') + 1);
    addUser(kernel, lock, args.uint64(1));
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
  for (const lock of kernel.parts.removeLocks) {
    if (lock < extension.start || lock >= end) continue;
    const users = kernel.parts.lockUsers.get(lock) ?? [];
    kernel.parts.removeLocks.delete(lock);
    kernel.parts.lockUsers.delete(lock);
    const [first] = users;
    if (first === undefined) continue;
    const holders = users.length === 1 ? 'one holder has' : `${users.length} holders have`;
    kernel.report({
      rule: 'remove-lock-held',
      severity: 'error',
      message: `The device is deleted while ${holders} not released the remove lock ${describeAddress(kernel, lock)} (${tagText(kernel, first.tag)}): whoever releases it later touches freed memory. IRP_MN_REMOVE_DEVICE calls IoReleaseRemoveLockAndWait before the device is detached and deleted.`,
      history: userLines(kernel, users),
    });
  }
}

/** Who keeps a thread that waits under the key: lines of history for each that has not given back what it took. */
export function usersBehind(kernel: Kernel, key: string): RunFinding['history'] {
  const [, kind, address] = /^(rundown|remove):(\d+)$/.exec(key) ?? [];
  if (kind === undefined || address === undefined) return [];
  return userLines(kernel, kernel.parts.lockUsers.get(BigInt(address) as GuestAddress) ?? []);
}

function userLines(kernel: Kernel, users: readonly LockUser[]): RunFinding['history'] {
  return users.slice(0, usersShown).map(({ tag, span, statements, threadName }) => {
    const by = tag === undefined ? threadName : `${threadName} with ${tagText(kernel, tag)}`;
    return { what: `acquired here by ${by}, and not released`, span, statements };
  });
}

function tagText(kernel: Kernel, tag: bigint | undefined): string {
  const irp = tag === undefined ? undefined : kernel.irps.get(tag as GuestAddress);
  return irp === undefined ? `the tag ${hexAddress(tag ?? 0n)}` : `the tag IRP #${irp.id}`;
}

function addUser(kernel: Kernel, lock: GuestAddress, tag: bigint | undefined): void {
  let users = kernel.parts.lockUsers.get(lock);
  if (users === undefined) kernel.parts.lockUsers.set(lock, (users = []));
  // What is never given back in a loop is told by the first ones.
  if (tag === undefined && users.length >= usersKept) return;
  const thread = currentThread(kernel);
  const { id: threadId, name: threadName } = thread;
  users.push({ tag, threadId, threadName, span: currentSpan(kernel), statements: kernel.machine.statements });
}

/** Rundown protection has no tags: the latest use of the same thread, or else the oldest, is taken to be over. */
function removeUser(kernel: Kernel, lock: GuestAddress): void {
  const users = kernel.parts.lockUsers.get(lock);
  if (users === undefined || users.length === 0) return;
  const { id } = currentThread(kernel);
  const own = users.findLastIndex(({ threadId }) => threadId === id);
  users.splice(Math.max(0, own), 1);
}

function setCount(kernel: Kernel, reference: GuestAddress, count: bigint): NativeResult {
  kernel.memory.writeU64(reference, count);
  kernel.parts.lockUsers.delete(reference);
  return returnsVoid;
}

function acquire(kernel: Kernel, reference: GuestAddress, by: number): NativeResult {
  const count = kernel.memory.readU64(reference);
  if ((count & rundownActive) !== 0n) return returns(0);
  kernel.memory.writeU64(reference, count + BigInt(by) * 2n);
  for (let i = 0; i < by && i < usersShown; i++) addUser(kernel, reference, undefined);
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
  for (let i = 0; i < by && i < usersShown; i++) removeUser(kernel, reference);
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
  const users = kernel.parts.lockUsers.get(lock);
  if (users === undefined || !kernel.parts.removeLocks.has(lock)) return reportUninitialised(kernel, call, lock);
  const at = users.findIndex((user) => user.tag === tag);
  if (at < 0) {
    return kernel.report({
      rule: 'remove-lock-tag',
      severity: 'error',
      message: `${call} releases the remove lock ${describeAddress(kernel, lock)} with ${tagText(kernel, tag)}, with which it ${users.length === 0 ? 'is not held' : 'was not acquired'}.`,
      history: userLines(kernel, users),
      also: [`0xC4/0x${subcode.toString(16).toUpperCase()}`],
      bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', subcode, lock, tag),
    });
  }
  users.splice(at, 1);
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
