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
  readonly offset: number;
  readonly size: number;
  readonly isSigned: boolean;
}

/** Makes views; what is known of a type's members is worked out once. */
export function createViewer(
  memory: GuestMemory,
  types: GuestTypes,
): (type: string, address: GuestAddress) => StructView {
  const membersByType = new Map<string, TypeMembers>();
  const membersOf = (type: string): TypeMembers => {
    let members = membersByType.get(type);
    if (members === undefined) {
      members = { types, type, byPath: new Map() };
      membersByType.set(type, members);
    }
    return members;
  };
  // Most views are of these two, one after the other.
  const irp = membersOf('IRP');
  const location = membersOf('IO_STACK_LOCATION');
  return (type, address) => {
    const members = type === 'IRP' ? irp : type === 'IO_STACK_LOCATION' ? location : membersOf(type);
    return new MemberView(memory, address, members);
  };
}

/** A class, because millions of short-lived views must not each carry closures. */
class MemberView implements StructView {
  readonly address: GuestAddress;
  readonly #memory: GuestMemory;
  readonly #members: TypeMembers;

  constructor(memory: GuestMemory, address: GuestAddress, members: TypeMembers) {
    this.address = address;
    this.#memory = memory;
    this.#members = members;
  }

  get(path: string): bigint {
    const { offset, size } = memberOf(this.#members, path);
    return readUnsigned(this.#memory, this.address, size, offset);
  }

  getNumber(path: string): number {
    const { offset, size, isSigned } = memberOf(this.#members, path);
    if (size === 4) {
      return isSigned ? this.#memory.readI32(this.address, offset) : this.#memory.readU32(this.address, offset);
    }
    if (size < 4) {
      const value = size === 1 ? this.#memory.readU8(this.address, offset) : this.#memory.readU16(this.address, offset);
      const unused = 32 - size * 8;
      return isSigned ? (value << unused) >> unused : value;
    }
    const value = readUnsigned(this.#memory, this.address, size, offset);
    return Number(isSigned ? BigInt.asIntN(size * 8, value) : value);
  }

  getPointer(path: string): GuestAddress {
    return this.get(path) as GuestAddress;
  }

  set(path: string, value: bigint | number): void {
    const { offset, size } = memberOf(this.#members, path);
    // What fits 32 bits as a number needs no bigint.
    if (typeof value === 'bigint' || size > 4) {
      writeUnsigned(this.#memory, this.address, size, value === 0 ? 0n : BigInt(value), offset);
    } else if (size === 4) this.#memory.writeU32(this.address, value, offset);
    else if (size === 2) this.#memory.writeU16(this.address, value, offset);
    else this.#memory.writeU8(this.address, value, offset);
  }

  addressOf(path: string): GuestAddress {
    return offsetAddress(this.address, memberOf(this.#members, path).offset);
  }
}

/** What is known of one type's members. Headers never change while a run lives, so neither does this. */
interface TypeMembers {
  readonly types: GuestTypes;
  readonly type: string;
  readonly byPath: Map<string, Member>;
}

function memberOf(members: TypeMembers, path: string): Member {
  const known = members.byPath.get(path);
  if (known !== undefined) return known;
  const type = members.types.typeOf(members.type, path);
  const offset = members.types.offsetOf(members.type, path);
  const member = { offset, size: sizeOf(type), isSigned: isSigned(type) };
  members.byPath.set(path, member);
  return member;
}

/*
 * An address and its lower half, seen through the same eight bytes: where an offset does not carry into the upper half,
 * as next to none does, the sum is made of numbers.
 */
const whole = new BigUint64Array(1);
const halves = new Uint32Array(whole.buffer);
const LOW_END = 2 ** 32;

/** Address arithmetic wraps at 64 bits, as the processor's does. */
export function offsetAddress(address: bigint, offset: number | bigint): GuestAddress {
  if (typeof offset === 'bigint') return BigInt.asUintN(64, address + offset) as GuestAddress;
  whole[0] = address;
  const low = (halves[0] as number) + offset;
  if (low < 0 || low >= LOW_END) return BigInt.asUintN(64, address + BigInt(offset)) as GuestAddress;
  halves[0] = low;
  return whole[0] as GuestAddress;
}

export function readUnsigned(memory: GuestMemory, address: GuestAddress, size: number, further = 0): bigint {
  if (size === 8) return memory.readU64(address, further);
  if (size === 4) return BigInt(memory.readU32(address, further));
  if (size === 2) return BigInt(memory.readU16(address, further));
  assert(size === 1, 'a scalar of 1, 2, 4 or 8 bytes');
  return BigInt(memory.readU8(address, further));
}

export function writeUnsigned(
  memory: GuestMemory,
  address: GuestAddress,
  size: number,
  value: bigint,
  further = 0,
): void {
  if (size === 8) memory.writeU64(address, value, further);
  else if (size === 4) memory.writeU32(address, Number(BigInt.asUintN(32, value)), further);
  else if (size === 2) memory.writeU16(address, Number(BigInt.asUintN(16, value)), further);
  else {
    assert(size === 1, 'a scalar of 1, 2, 4 or 8 bytes');
    memory.writeU8(address, Number(BigInt.asUintN(8, value)), further);
  }
}
