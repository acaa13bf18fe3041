/** Handles and references as drivers hold them: the object behind a handle, a reference that is a leak if it is left. */
import type { GuestAddress } from '../../machine/native.ts';
import { currentThread } from '../ke/blocking.ts';
import type { Kernel } from '../kernel-types.ts';
import { currentSpan } from '../places.ts';
import { objectAt, referenceObject } from './objects.ts';

const currentThreadHandle = BigInt.asUintN(64, -2n);

/** The object behind a handle, the pseudo handle of the current thread included. */
export function handleObject(kernel: Kernel, handle: bigint): GuestAddress | undefined {
  if (handle === currentThreadHandle) return currentThread(kernel).object;
  return kernel.parts.objects.handles.get(handle)?.object;
}

export function addDriverReference(kernel: Kernel, object: GuestAddress): void {
  referenceObject(kernel, object);
  objectAt(kernel, object)?.driverReferences.push(currentSpan(kernel));
}
