/**
 * ZwQuerySecurityObject and ZwSetSecurityObject: whose an object is and who may use it. Everything belongs to the
 * administrators at first, and the system and they may do all with it; access is not checked, so what is set is only
 * told again. A key's security is the key's, that of anything else its object's.
 *
 * A part is kept as its bytes, because that is how it goes into a descriptor in one piece; a part of no bytes is not there.
 */
import { type GuestAddress, returns } from '../../machine/native.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import {
  STATUS_BUFFER_TOO_SMALL,
  STATUS_INVALID_HANDLE,
  STATUS_INVALID_OWNER,
  STATUS_INVALID_PRIMARY_GROUP,
  STATUS_UNKNOWN_REVISION,
} from '../statuses.ts';
import { handleObject } from './handles.ts';
import { objectAt } from './objects.ts';
import { sidLength } from './security-descriptors.ts';

/** Owner, group, SACL and DACL, in the order in which a descriptor in one piece has their offsets. */
export type SecurityParts = readonly [owner: Uint8Array, group: Uint8Array, sacl: Uint8Array, dacl: Uint8Array];

const none = new Uint8Array(0);
const administrators = Uint8Array.of(1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0);
const system = Uint8Array.of(1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0);
const allowAll = (sid: Uint8Array): number[] => [0, 0, 8 + sid.length, 0, 0, 0, 0, 0x10, ...sid];
const entries = [...allowAll(system), ...allowAll(administrators)];
const usual: SecurityParts = [
  administrators,
  system,
  none,
  Uint8Array.of(2, 0, 8 + entries.length, 0, 2, 0, 0, 0, ...entries),
];

/** Bits of SECURITY_INFORMATION, and of Control that say that a list is there, in the order of the parts. */
const asked = [1, 2, 8, 4];
const present = [0, 0, 0x10, 0x4];
const members = ['Owner', 'Group', 'Sacl', 'Dacl'];
const selfRelative = 0x8000;
const headSize = 20;

export const objectSecurityApis = {
  ZwQuerySecurityObject: (kernel, { arguments: args }) => {
    const key = securityKey(kernel, args.uint64(0));
    if (key === undefined) return returns(STATUS_INVALID_HANDLE);
    const parts = kernel.parts.security.get(key) ?? usual;
    const bytes = inOnePiece(parts, args.uint(1));
    kernel.memory.writeU32(args.pointer(4), bytes.length);
    if (args.uint(3) < bytes.length) return returns(STATUS_BUFFER_TOO_SMALL);
    kernel.memory.writeBytes(args.pointer(2), bytes);
    return returns(0);
  },
  ZwSetSecurityObject: (kernel, { arguments: args }) => {
    const key = securityKey(kernel, args.uint64(0));
    if (key === undefined) return returns(STATUS_INVALID_HANDLE);
    const descriptor = args.pointer(2);
    if (kernel.memory.readU8(descriptor) !== 1) return returns(STATUS_UNKNOWN_REVISION);
    const before = kernel.parts.security.get(key) ?? usual;
    const isGiven = asked.map((bit) => (args.uint(1) & bit) !== 0);
    const part = (index: 0 | 1 | 2 | 3): Uint8Array =>
      isGiven[index] ? partOf(kernel, descriptor, index) : before[index];
    const after: SecurityParts = [part(0), part(1), part(2), part(3)];
    if (after[0].length === 0) return returns(STATUS_INVALID_OWNER);
    if (after[1].length === 0) return returns(STATUS_INVALID_PRIMARY_GROUP);
    kernel.parts.security.set(key, after);
    return returns(0);
  },
} satisfies KernelApis;

function securityKey(kernel: Kernel, handle: bigint): string | undefined {
  const object = handleObject(kernel, handle);
  if (object === undefined) return undefined;
  const path = objectAt(kernel, object)?.details.path;
  return typeof path === 'string' ? path.toLowerCase() : String(object);
}

function inOnePiece(parts: SecurityParts, wanted: number): Uint8Array {
  const chosen = parts.map((bytes, index) => ((wanted & (asked[index] ?? 0)) === 0 ? none : bytes));
  const bytes = new Uint8Array(headSize + chosen.reduce((sum, part) => sum + padded(part), 0));
  const view = new DataView(bytes.buffer);
  let [at, control] = [headSize, selfRelative];
  for (const [index, part] of chosen.entries()) {
    if (part.length === 0) continue;
    view.setUint32(4 + index * 4, at, true);
    bytes.set(part, at);
    at += padded(part);
    control |= present[index] ?? 0;
  }
  bytes[0] = 1;
  view.setUint16(2, control, true);
  return bytes;
}

function padded(part: Uint8Array): number {
  return (part.length + 3) & ~3;
}

/** A part of the caller's descriptor, which has offsets or pointers. */
function partOf(kernel: Kernel, descriptor: GuestAddress, index: number): Uint8Array {
  const control = kernel.memory.readU16((descriptor + 2n) as GuestAddress);
  const offset = (control & selfRelative) === 0 ? 0n : BigInt(kernel.memory.readU32(descriptor, 4 + index * 4));
  const absolute = (): GuestAddress =>
    kernel.view('SECURITY_DESCRIPTOR', descriptor).getPointer(members[index] ?? 'Owner');
  const at = ((control & selfRelative) === 0 ? absolute() : offset === 0n ? 0n : descriptor + offset) as GuestAddress;
  if (at === 0n) return none;
  const size = index < 2 ? sidLength(kernel, at) : kernel.view('ACL', at).getNumber('AclSize');
  return kernel.memory.readBytes(at, size);
}
