/**
 * What a handle allows: the access that was asked for when it was opened, in the rights of its object's type. Only a
 * caller that says UserMode is held to it; what the kernel does with its own handles is never denied.
 */
import type { ObjectType } from './objects.ts';

export const MAXIMUM_ALLOWED = 0x0200_0000;
const GENERIC_READ = 0x8000_0000;
const GENERIC_WRITE = 0x4000_0000;
const GENERIC_EXECUTE = 0x2000_0000;
const GENERIC_ALL = 0x1000_0000;

/** What the four generic rights stand for: read, write, execute and all. */
type GenericMapping = readonly [read: number, write: number, execute: number, all: number];

/** Types of which a driver hardly ever has a handle allow what every object allows. */
const standard: GenericMapping = [0x2_0000, 0x2_0000, 0x2_0000, 0x1f_0000];

/** From the access masks that wdm.h and winnt.h define for each type. */
const mappings: Partial<Record<ObjectType, GenericMapping>> = {
  event: [0x2_0001, 0x2_0002, 0x12_0000, 0x1f_0003],
  semaphore: [0x2_0001, 0x2_0002, 0x12_0000, 0x1f_0003],
  timer: [0x2_0001, 0x2_0002, 0x12_0000, 0x1f_0003],
  thread: [0x2_0048, 0x2_0037, 0x12_0800, 0x1f_ffff],
  process: [0x2_0410, 0x2_0beb, 0x12_1001, 0x1f_ffff],
  file: [0x12_0089, 0x12_0116, 0x12_00a0, 0x1f_01ff],
  key: [0x2_0019, 0x2_0006, 0x2_0019, 0xf_003f],
  section: [0x2_0005, 0x2_0002, 0x2_0008, 0xf_001f],
  directory: [0x2_0003, 0x2_000c, 0x2_0003, 0xf_000f],
  'symbolic link': [0x2_0001, 0x2_0000, 0x2_0001, 0xf_0001],
  token: [0x2_001a, 0x2_01e0, 0x2_0005, 0xf_01ff],
};

/** The rights that an open with this desired access gives. */
export function grantedAccess(type: ObjectType, desired: number): number {
  const [read, write, execute, all] = mappings[type] ?? standard;
  if ((desired & (MAXIMUM_ALLOWED | GENERIC_ALL)) !== 0) return (desired & 0xffff) | all;
  let granted = desired & 0x01ff_ffff;
  if ((desired & GENERIC_READ) !== 0) granted |= read;
  if ((desired & GENERIC_WRITE) !== 0) granted |= write;
  if ((desired & GENERIC_EXECUTE) !== 0) granted |= execute;
  return granted;
}
