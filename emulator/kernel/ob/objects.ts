/**
 * The object manager: kernel objects with reference counts, and handles to them.
 *
 * References and handles that the driver takes are counted apart from the kernel's own, with the place where each was
 * taken, so that what is left at unload can be told with its origin. An object goes with its last reference; its
 * memory stays recognisable, so that a later use is a use after free.
 */

import { defined } from '../../../base/assert.ts';
import type { Span } from '../../../base/source.ts';
import type { Continuation, GuestAddress } from '../../machine/native.ts';
import type { Kernel } from '../kernel-types.ts';
import { allocateObject, freeObject } from '../object-memory.ts';
import type { HandleRecord } from './handle-types.ts';

export type ObjectType =
  | 'thread'
  | 'process'
  | 'event'
  | 'semaphore'
  | 'device'
  | 'timer'
  | 'registration'
  | 'callback'
  | 'directory'
  | 'section'
  | 'driver'
  | 'file'
  | 'key'
  | 'symbolic link'
  | 'token'
  | 'type';

export interface ObjectRecord {
  readonly address: GuestAddress;
  readonly type: ObjectType;
  readonly label: string;
  references: number;
  /** Where the driver took references that it still holds, oldest first. */
  readonly driverReferences: (Span | undefined)[];
  /** State of the object's kind: a file's path, a key's name. Plain data. */
  details: Readonly<Record<string, unknown>>;
  /** What must run in a thread of the system when the last reference goes, before the object does. */
  beforeDelete?: Continuation | undefined;
}

export interface ObjectState {
  readonly records: Map<GuestAddress, ObjectRecord>;
  readonly handles: Map<bigint, HandleRecord>;
  /** Names of the object namespace in lower case: `\device\echo`. */
  readonly names: Map<string, GuestAddress>;
  nextHandle: number;
}

export function createObjectState(): ObjectState {
  return { records: new Map(), handles: new Map(), names: new Map(), nextHandle: 4 };
}

/** A new object with one reference, which belongs to the kernel. */
export function createObject(
  kernel: Kernel,
  type: ObjectType,
  label: string,
  size: number,
  details: Readonly<Record<string, unknown>> = {},
): GuestAddress {
  const region = defined(allocateObject(kernel, size, label), `memory for ${label}`);
  const record: ObjectRecord = { address: region.start, type, label, references: 1, driverReferences: [], details };
  kernel.parts.objects.records.set(region.start, record);
  return region.start;
}

export function objectAt(kernel: Kernel, address: GuestAddress): ObjectRecord | undefined {
  return kernel.parts.objects.records.get(address);
}

/** Takes a reference for the kernel itself. */
export function referenceObject(kernel: Kernel, address: GuestAddress): void {
  defined(objectAt(kernel, address), 'the object').references++;
}

/** Gives a reference back; the last one deletes the object. */
export function dereferenceObject(kernel: Kernel, address: GuestAddress): void {
  const record = defined(objectAt(kernel, address), 'the object');
  record.references--;
  if (record.references > 0) return;
  if (record.beforeDelete !== undefined) {
    const step = record.beforeDelete;
    record.beforeDelete = undefined;
    record.references = 1;
    kernel.schedule({ afterNs: 0, irql: 0, label: `end of ${record.label}`, step });
    return;
  }
  const { objects, dispatchers } = kernel.parts;
  objects.records.delete(address);
  dispatchers.delete(address);
  for (const [name, object] of objects.names) if (object === address) objects.names.delete(name);
  const region = kernel.memory.regionAt(address);
  if (region !== undefined) freeObject(kernel, region);
}
