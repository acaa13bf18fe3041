/** GNU's arithmetic with a test for overflow, and counts of bits, on whole numbers as C would have them. */
import { checkedAddress } from '../memory/access.ts';
import type { MemoryStore } from '../memory/store.ts';
import { BUILTIN, BUILTIN_FLAGS } from '../vm/host.ts';

/** `operands` are the registers from the first operand's on. */
export function computeBuiltin(store: MemoryStore, operands: BigInt64Array, which: number): number {
  const [first = 0n, second = 0n, target = 0n] = operands;
  const kind = which & 15;
  if (kind === BUILTIN.firstSet) return firstSet(first);
  if (kind === BUILTIN.parity) return bitCount(first) & 1;
  const a = (which & BUILTIN_FLAGS.isFirstSigned) === 0 ? BigInt.asUintN(64, first) : first;
  const b = (which & BUILTIN_FLAGS.isSecondSigned) === 0 ? BigInt.asUintN(64, second) : second;
  const exact = kind === BUILTIN.add ? a + b : kind === BUILTIN.subtract ? a - b : a * b;
  const size = which >> BUILTIN_FLAGS.sizeShift;
  const bits = size * 8;
  const fitted =
    (which & BUILTIN_FLAGS.isResultSigned) === 0 ? BigInt.asUintN(bits, exact) : BigInt.asIntN(bits, exact);
  const at = checkedAddress(store, target, size, 'write');
  for (let i = 0; i < size; i++) store.u8[at + i] = Number((fitted >> BigInt(8 * i)) & 0xffn);
  return fitted === exact ? 0 : 1;
}

/** Number of the lowest bit that is set, from 1; 0 where none is. */
function firstSet(value: bigint): number {
  if (value === 0n) return 0;
  let bit = 1;
  for (let rest = value; (rest & 1n) === 0n; rest >>= 1n) bit++;
  return bit;
}

function bitCount(value: bigint): number {
  return BigInt.asUintN(64, value).toString(2).replaceAll('0', '').length;
}
