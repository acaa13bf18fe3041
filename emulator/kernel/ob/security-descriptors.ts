/** Security descriptors: made and measured. Access is always granted, because everybody here is the system. */
import { type GuestAddress, returns, returnsVoid } from '../../machine/native.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import {
  STATUS_ALLOTTED_SPACE_EXCEEDED,
  STATUS_INVALID_ACL,
  STATUS_INVALID_PARAMETER,
  STATUS_UNKNOWN_REVISION,
} from '../statuses.ts';

const revision = 1;
const daclPresent = 0x4;
const daclDefaulted = 0x8;
const selfRelative = 0x8000;
/** Of a descriptor in one piece: its own size, and where it has the offsets of owner, group, SACL and DACL. */
const relativeSize = 20;
const relativeParts = [4, 8, 12, 16];
const accessAllowedAce = 0;

export const securityApis = {
  RtlCreateSecurityDescriptor: (kernel, { arguments: args }) => {
    if (args.uint(1) !== revision) return returns(STATUS_UNKNOWN_REVISION);
    kernel.memory.fill(args.pointer(0), kernel.types.sizeOf('SECURITY_DESCRIPTOR'), 0);
    kernel.view('SECURITY_DESCRIPTOR', args.pointer(0)).set('Revision', revision);
    return returns(0);
  },
  RtlSetDaclSecurityDescriptor: (kernel, { arguments: args }) => {
    const view = kernel.view('SECURITY_DESCRIPTOR', args.pointer(0));
    if (view.getNumber('Revision') !== revision) return returns(STATUS_UNKNOWN_REVISION);
    const control = view.getNumber('Control') & ~(daclPresent | daclDefaulted);
    const isPresent = args.bool(1);
    view.set('Control', control | (isPresent ? daclPresent : 0) | (isPresent && args.bool(3) ? daclDefaulted : 0));
    view.set('Dacl', isPresent ? args.pointer(2) : 0n);
    return returns(0);
  },
  RtlLengthSecurityDescriptor: (kernel, { arguments: args }) => {
    const view = kernel.view('SECURITY_DESCRIPTOR', args.pointer(0));
    if ((view.getNumber('Control') & selfRelative) !== 0) return returns(relativeLength(kernel, args.pointer(0)));
    let length = kernel.types.sizeOf('SECURITY_DESCRIPTOR');
    for (const member of ['Owner', 'Group'])
      if (view.get(member) !== 0n) length += Math.ceil(sidLength(kernel, view.getPointer(member)) / 4) * 4;
    for (const member of ['Sacl', 'Dacl'])
      if (view.get(member) !== 0n) length += kernel.view('ACL', view.getPointer(member)).getNumber('AclSize');
    return returns(length);
  },
  RtlValidSecurityDescriptor: (kernel, { arguments: args }) =>
    returns(kernel.view('SECURITY_DESCRIPTOR', args.pointer(0)).getNumber('Revision') === revision ? 1 : 0),
  RtlCreateAcl: (kernel, { arguments: args }) => {
    const size = kernel.types.sizeOf('ACL');
    if (args.uint(1) < size || args.uint(1) > 0xffff) return returns(STATUS_INVALID_PARAMETER);
    kernel.memory.fill(args.pointer(0), size, 0);
    const view = kernel.view('ACL', args.pointer(0));
    view.set('AclRevision', args.uint(2));
    view.set('AclSize', args.uint(1));
    return returns(0);
  },
  RtlAddAccessAllowedAce: (kernel, { arguments: args }) => {
    const acl = kernel.view('ACL', args.pointer(0));
    if (acl.getNumber('AclRevision') === 0) return returns(STATUS_INVALID_ACL);
    const sid = kernel.memory.readBytes(args.pointer(3), sidLength(kernel, args.pointer(3)));
    const size = 8 + sid.length;
    const at = aclEnd(kernel, args.pointer(0));
    if (Number(at - args.pointer(0)) + size > acl.getNumber('AclSize')) return returns(STATUS_ALLOTTED_SPACE_EXCEEDED);
    kernel.memory.writeU8(at, accessAllowedAce);
    kernel.memory.writeU8(plus(at, 1), 0);
    kernel.memory.writeU16(plus(at, 2), size);
    kernel.memory.writeU32(plus(at, 4), args.uint(2));
    kernel.memory.writeBytes(plus(at, 8), sid);
    acl.set('AceCount', acl.getNumber('AceCount') + 1);
    return returns(0);
  },
  RtlLengthSid: (kernel, { arguments: args }) => returns(sidLength(kernel, args.pointer(0))),
  SeCaptureSubjectContext: (kernel, { arguments: args }) => {
    kernel.memory.fill(args.pointer(0), kernel.types.sizeOf('SECURITY_SUBJECT_CONTEXT'), 0);
    return returnsVoid;
  },
  SeReleaseSubjectContext: () => returnsVoid,
  SeAccessCheck: (kernel, { arguments: args }) => {
    kernel.memory.writeU32(args.pointer(8), args.uint(3) | args.uint(4));
    kernel.memory.writeU32(args.pointer(9), 0);
    if (args.pointer(5) !== 0n) kernel.memory.writePointer(args.pointer(5), 0n);
    return returns(1);
  },
} satisfies KernelApis;

/** A descriptor in one piece: its parts are padded to four bytes. */
function relativeLength(kernel: Kernel, descriptor: GuestAddress): number {
  let length = relativeSize;
  for (const [index, at] of relativeParts.entries()) {
    const offset = kernel.memory.readU32(descriptor, at);
    if (offset === 0) continue;
    const part = plus(descriptor, offset);
    const size = index < 2 ? sidLength(kernel, part) : kernel.view('ACL', part).getNumber('AclSize');
    length += Math.ceil(size / 4) * 4;
  }
  return length;
}

/** Revision, count of parts, six bytes of authority, four for each part. */
export function sidLength(kernel: Kernel, sid: GuestAddress): number {
  return 8 + kernel.memory.readU8(plus(sid, 1)) * 4;
}

function aclEnd(kernel: Kernel, acl: GuestAddress): GuestAddress {
  let at = plus(acl, kernel.types.sizeOf('ACL'));
  for (let left = kernel.view('ACL', acl).getNumber('AceCount'); left > 0; left--)
    at = plus(at, kernel.memory.readU16(plus(at, 2)));
  return at;
}

function plus(address: GuestAddress, offset: number): GuestAddress {
  return (address + BigInt(offset)) as GuestAddress;
}
