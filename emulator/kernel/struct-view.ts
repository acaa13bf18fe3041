/**
 * A checked view of one structure in guest memory by member path. Every access goes through guest memory's checks, so
 * that a structure in freed or foreign memory is a fault of the driver, found at the first member that is read.
 */
import { assert } from '../../base/assert.ts';
import { sizeOf } from '../../cfront/types/layout.ts';
import { isSigned } from '../../cfront/types/predicates.ts';
import type { GuestMemory } from '../machine/machine-types.ts';
import type { GuestAddress } from '../machine/native.ts';
import type { GuestTypes, StructView } from './kernel-types.ts';

/** Where a member lies and how it is read. */
interface Member {
  readonly offset: bigint;
  readonly size: number;
  readonly isSigned: boolean;
}

/** Makes views; what is known of a type's members is worked out once. */
export function createViewer(
  memory: GuestMemory,
  types: GuestTypes,
): (type: string, address: GuestAddress) => StructView {
  const membersByType = new Map<string, Map<string, Member>>();
  return (type, address) => {
    let members = membersByType.get(type);
    if (members === undefined) {
      members = new Map();
      membersByType.set(type, members);
    }
    return new MemberView(memory, types, type, address, members);
  };
}

/** A class, because millions of short-lived views must not each carry closures. */
class MemberView implements StructView {
  readonly address: GuestAddress;
  readonly #memory: GuestMemory;
  readonly #types: GuestTypes;
  readonly #type: string;
  readonly #members: Map<string, Member>;

  constructor(
    memory: GuestMemory,
    types: GuestTypes,
    type: string,
    address: GuestAddress,
    members: Map<string, Member>,
  ) {
    this.address = address;
    this.#memory = memory;
    this.#types = types;
    this.#type = type;
    this.#members = members;
  }

  get(path: string): bigint {
    const { offset, size } = this.#member(path);
    return readUnsigned(this.#memory, offsetAddress(this.address, offset), size);
  }

  getNumber(path: string): number {
    const member = this.#member(path);
    const at = offsetAddress(this.address, member.offset);
    if (member.size === 4) return member.isSigned ? this.#memory.readI32(at) : this.#memory.readU32(at);
    const value = readUnsigned(this.#memory, at, member.size);
    return Number(member.isSigned ? BigInt.asIntN(member.size * 8, value) : value);
  }

  getPointer(path: string): GuestAddress {
    return this.get(path) as GuestAddress;
  }

  set(path: string, value: bigint | number): void {
    const { offset, size } = this.#member(path);
    writeUnsigned(this.#memory, offsetAddress(this.address, offset), size, BigInt(value));
  }

  addressOf(path: string): GuestAddress {
    return offsetAddress(this.address, this.#member(path).offset);
  }

  #member(path: string): Member {
    const known = this.#members.get(path);
    if (known !== undefined) return known;
    const type = this.#types.typeOf(this.#type, path);
    const offset = BigInt(this.#types.offsetOf(this.#type, path));
    const member = { offset, size: sizeOf(type), isSigned: isSigned(type) };
    this.#members.set(path, member);
    return member;
  }
}

/** Address arithmetic wraps at 64 bits, as the processor's does. */
export function offsetAddress(address: bigint, offset: number | bigint): GuestAddress {
  return BigInt.asUintN(64, address + BigInt(offset)) as GuestAddress;
}

export function readUnsigned(memory: GuestMemory, address: GuestAddress, size: number): bigint {
  if (size === 1) return BigInt(memory.readU8(address));
  if (size === 2) return BigInt(memory.readU16(address));
  if (size === 4) return BigInt(memory.readU32(address));
  assert(size === 8, `a scalar of ${size} bytes`);
  return memory.readU64(address);
}

export function writeUnsigned(memory: GuestMemory, address: GuestAddress, size: number, value: bigint): void {
  if (size === 1) memory.writeU8(address, Number(BigInt.asUintN(8, value)));
  else if (size === 2) memory.writeU16(address, Number(BigInt.asUintN(16, value)));
  else if (size === 4) memory.writeU32(address, Number(BigInt.asUintN(32, value)));
  else {
    assert(size === 8, `a scalar of ${size} bytes`);
    memory.writeU64(address, BigInt.asUintN(64, value));
  }
}
