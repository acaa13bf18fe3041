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

export function createView(memory: GuestMemory, types: GuestTypes, type: string, address: GuestAddress): StructView {
  const at = (path: string): GuestAddress => offsetAddress(address, types.offsetOf(type, path));
  const size = (path: string): number => sizeOf(types.typeOf(type, path));
  const get = (path: string): bigint => readUnsigned(memory, at(path), size(path));
  return {
    address,
    get,
    getNumber(path) {
      const member = types.typeOf(type, path);
      const value = get(path);
      return Number(isSigned(member) ? BigInt.asIntN(sizeOf(member) * 8, value) : value);
    },
    getPointer: (path) => get(path) as GuestAddress,
    set: (path, value) => writeUnsigned(memory, at(path), size(path), BigInt(value)),
    addressOf: at,
  };
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
