/**
 * Where values are, and their bits: what expressions compute with and what values are shown from. Looks at memory
 * without checks and changes nothing.
 */
import type { VariableSymbol } from '../../cfront/parse/ast.ts';
import { sizeOf } from '../../cfront/types/layout.ts';
import type { CType, Field } from '../../cfront/types/types.ts';
import type { GuestAddress } from '../machine/native.ts';
import type { RunContext } from '../run/context.ts';
import type { FoundFrame } from './frames.ts';

/** Where a value is: in memory (perhaps some bits of it), in a register of a frame, or the result of a computation. */
export type Home =
  | { readonly kind: 'memory'; readonly address: GuestAddress; readonly bits?: Field['bits'] | undefined }
  | {
      readonly kind: 'register';
      readonly value: bigint;
      readonly isInitialised: boolean;
      readonly owner: (FoundFrame & { readonly symbol: VariableSymbol }) | undefined;
    }
  | { readonly kind: 'unavailable' };

export interface Operand {
  readonly type: CType;
  readonly home: Home;
}

/** A variable of a frame, or without one a global. */
export function variableOperand(context: RunContext, found: FoundFrame | undefined, symbol: VariableSymbol): Operand {
  const { machine } = context.kernel;
  if (found === undefined) {
    const address = machine.globalAddress(symbol.name);
    return { type: symbol.type, home: address === undefined ? { kind: 'unavailable' } : { kind: 'memory', address } };
  }
  const home = machine.home(found.thread, found.frame.index, symbol);
  return { type: symbol.type, home: home.kind === 'register' ? { ...home, owner: { ...found, symbol } } : home };
}

/** The bits of a scalar: undefined where there is no memory. */
export function loadBits(context: RunContext, operand: Operand): bigint | undefined {
  const { home, type } = operand;
  switch (home.kind) {
    case 'unavailable':
      return undefined;
    case 'register':
      return home.value;
    case 'memory': {
      const bytes = context.kernel.memory.peek(home.address, sizeOf(type));
      if (bytes === undefined) return undefined;
      let value = 0n;
      for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0);
      if (home.bits === undefined) return value;
      const bits = (value >> BigInt(home.bits.offset)) & ((1n << BigInt(home.bits.width)) - 1n);
      const isSigned = type.kind === 'integer' && type.isSigned;
      return isSigned ? BigInt.asIntN(home.bits.width, bits) : bits;
    }
  }
}

/** Never given a value: an uninitialised local or pool memory. */
export function isUnset(context: RunContext, operand: Operand): boolean {
  const { home } = operand;
  if (home.kind === 'register') return !home.isInitialised;
  return home.kind === 'memory' && context.kernel.memory.isPoisoned(home.address);
}

export function at(address: bigint, type: CType): Operand {
  return { type, home: { kind: 'memory', address: BigInt.asUintN(64, address) as GuestAddress } };
}
