/**
 * Conversions to a narrower integer type that change nothing, and so need no instruction.
 *
 * In: an expression whose value is kept in 32 bits. Out: how many low bits of it can be other than 0, from its operators
 * and constants and the types of what it reads; or the operand of conversions that a store repeats. Right, because
 * values of narrower types are kept extended to 32 bits. Ends, because it looks only so far into an expression.
 */
import type { Expression } from '../../../cfront/parse/ast.ts';
import { sizeOf } from '../../../cfront/types/layout.ts';
import { isBool } from '../../../cfront/types/predicates.ts';
import type { CType } from '../../../cfront/types/types.ts';
import { smallConstant } from './arithmetic.ts';
import { classOf, isSignedType } from './classes.ts';
import type { FunctionContext } from './context.ts';

/** The value of `e` is one of `type`, a type of less than 32 bits, as it is: `(UCHAR)(x & 15)`, `(BOOLEAN)(a == b)`. */
export function fitsNarrow(c: FunctionContext, e: Expression, type: CType): boolean {
  if (type.kind !== 'integer' || type.size >= 4 || isBool(type) || classOf(e.type) !== 'int') return false;
  return significantBits(c, e, DEPTH_MAX) <= type.size * 8 - (type.isSigned ? 1 : 0);
}

/** What a store of one or two bytes may take instead of `e`: it writes the low bytes of a register, whatever lies above. */
export function storedOperand(e: Expression, type: CType): Expression {
  if (classOf(type) !== 'int' || sizeOf(type) >= 4 || isBool(type)) return e;
  const isRepeated =
    (e.kind === 'cast' || e.kind === 'convert') &&
    isPlainInteger(e.type) &&
    isPlainInteger(e.operand.type) &&
    sizeOf(e.type) >= sizeOf(type);
  return isRepeated ? storedOperand(e.operand, type) : e;
}

const ALL = 32;
const DEPTH_MAX = 8;

/** The bits of `e` from this one on are 0. */
function significantBits(c: FunctionContext, e: Expression, depth: number): number {
  if (depth === 0 || classOf(e.type) !== 'int') return ALL;
  const known = smallConstant(c, e);
  if (known !== undefined) return ALL - Math.clz32(known);
  switch (e.kind) {
    case 'logical':
      return 1;
    case 'unary':
      return e.operator === '!' ? 1 : ALL;
    case 'name':
    case 'dereference':
    case 'index':
    case 'member':
      return bitsOf(e.type);
    case 'cast':
    case 'convert': {
      const own = bitsOf(e.type);
      const inner = significantBits(c, e.operand, depth - 1);
      const room = sizeOf(e.type) * 8 - (isSignedType(e.type) ? 1 : 0);
      return inner <= room && !isBool(e.type) ? inner : own;
    }
    case 'binary':
      return bitsOfOperation(c, e, depth - 1);
    default:
      return ALL;
  }
}

function bitsOfOperation(c: FunctionContext, e: Expression & { kind: 'binary' }, depth: number): number {
  const left = (): number => significantBits(c, e.left, depth);
  const right = (): number => significantBits(c, e.right, depth);
  switch (e.operator) {
    case '&':
      return Math.min(left(), right());
    case '|':
    case '^':
      return Math.max(left(), right());
    case '<<': {
      const count = smallConstant(c, e.right) ?? -1;
      return count < 0 ? ALL : Math.min(ALL, left() + count);
    }
    case '>>': {
      const count = smallConstant(c, e.right) ?? -1;
      const bits = left();
      // A negative value takes its sign along.
      return count < 0 || count > 31 || (bits === ALL && isSignedType(e.type)) ? ALL : Math.max(0, bits - count);
    }
    case '==':
    case '!=':
    case '<':
    case '>':
    case '<=':
    case '>=':
      return 1;
    default:
      return ALL;
  }
}

/** Of any value of the type. A _Bool in memory may be any byte. */
function bitsOf(type: CType): number {
  return type.kind === 'integer' && !type.isSigned ? Math.min(ALL, type.size * 8) : ALL;
}

function isPlainInteger(type: CType): boolean {
  return type.kind === 'integer' && !isBool(type);
}
