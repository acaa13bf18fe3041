/** Handles and references as drivers hold them: the object behind a handle, a reference that is a leak if it is left. */
import type { GuestAddress } from '../../machine/native.ts';
import { currentThread } from '../ke/blocking.ts';
import type { Kernel } from '../kernel-types.ts';
import { currentSpan } from '../places.ts';
import { grantedAccess, MAXIMUM_ALLOWED } from './handle-access.ts';
import { objectAt, referenceObject } from './objects.ts';

const currentThreadHandle = BigInt.asUintN(64, -2n);

/** The object behind a handle, the pseudo handle of the current thread included. */
export function handleObject(kernel: Kernel, handle: bigint): GuestAddress | undefined {
  if (handle === currentThreadHandle) return currentThread(kernel).object;
  return kernel.parts.objects.handles.get(handle)?.object;
}

/** What a handle allows; the pseudo handles of the current thread and process allow everything. */
export function accessOf(kernel: Kernel, handle: bigint, object: GuestAddress): number {
  const opened = kernel.parts.objects.handles.get(handle)?.access;
  return opened ?? grantedAccess(objectAt(kernel, object)?.type ?? 'type', MAXIMUM_ALLOWED);
}

export function addDriverReference(kernel: Kernel, object: GuestAddress): void {
  referenceObject(kernel, object);
  objectAt(kernel, object)?.driverReferences.push(currentSpan(kernel));
}
