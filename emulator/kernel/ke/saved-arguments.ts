/**
 * Arguments of a native call that outlive it: a call whose work comes after guest code has run keeps their values as plain
 * data, and reads them later as it would have read the call's own.
 */
import { Bug } from '../../../base/assert.ts';
import type { NativeCall } from '../../machine/machine-types.ts';
import type { GuestAddress, NativeArguments } from '../../machine/native.ts';

export function savedArguments({ arguments: args }: NativeCall): readonly bigint[] {
  return Array.from({ length: args.count }, (_, index) => args.uint64(index));
}

/** Integers and pointers only. */
export function freeArguments(values: readonly bigint[]): NativeArguments {
  const at = (index: number): bigint => values[index] ?? 0n;
  return {
    count: values.length,
    int: (index) => Number(BigInt.asIntN(32, at(index))),
    uint: (index) => Number(BigInt.asUintN(32, at(index))),
    int64: (index) => BigInt.asIntN(64, at(index)),
    uint64: (index) => BigInt.asUintN(64, at(index)),
    pointer: (index) => BigInt.asUintN(64, at(index)) as GuestAddress,
    bool: (index) => (at(index) & 0xffn) !== 0n,
    double: () => {
      throw new Bug('no saved argument is a double');
    },
  };
}
