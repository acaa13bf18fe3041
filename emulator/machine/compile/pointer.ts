/** Pointer arithmetic: index times element size, exact over 64 bits. */
import type { Expression } from '../../../cfront/parse/ast.ts';
import { sizeOf } from '../../../cfront/types/layout.ts';
import type { CType } from '../../../cfront/types/types.ts';
import { emit } from './assembly.ts';
import { classOf, isSignedType } from './classes.ts';
import type { FunctionContext, Register } from './context.ts';

/** result = pointer + index * size; a negative size subtracts. */
export function addIndex(
  c: FunctionContext,
  result: Register,
  pointer: Register,
  index: Register,
  indexType: CType,
  size: number,
): void {
  if (classOf(indexType) === 'long') emit(c.code, 'INDEX8', result, pointer, index, size);
  else emit(c.code, isSignedType(indexType) ? 'INDEX' : 'UINDEX', result, pointer, index, size);
}

/**
 * The index as it was before C widened it to 64 bits: the index instructions widen by themselves. It has the same
 * value; its type says how it is widened.
 */
export function narrowIndex(e: Expression): Expression {
  const isWidened = (e.kind === 'convert' || e.kind === 'cast') && e.type.kind === 'integer' && e.type.size === 8;
  return isWidened && classOf(e.operand.type) === 'int' ? e.operand : e;
}

/** Size of what a pointer's steps are: `void *` steps by bytes, as gcc and old code have it. */
export function stepOf(pointer: CType): number {
  const target = pointer.kind === 'pointer' ? pointer.target : pointer.kind === 'array' ? pointer.element : undefined;
  return target === undefined ? 1 : sizeOf(target) || 1;
}
