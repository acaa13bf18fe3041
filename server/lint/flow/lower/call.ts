/**
 * A call to instructions. Inside `__try`, a call that may raise has an edge to the handler before it happens; a call
 * that never returns ends its block.
 */
import type { CallExpression, Expression, FunctionSymbol } from '../../../../cfront/parse/ast.ts';
import { constantValue, stripConversions } from '../../../../cfront/parse/walk.ts';
import { endsThread, neverReturns, raisesForPrograms } from '../calls/apis.ts';
import { type Builder, emit, endBlock, make, newBlock } from './builder.ts';
import { lowerAddress, lowerValue } from './expressions.ts';
import type { Temporary } from './ir.ts';
import { raise } from './jumps.ts';

export function lowerCall(b: Builder, e: CallExpression): Temporary {
  const callee = lowerValue(b, e.callee);
  const values = e.arguments.map((argument) =>
    argument.type.kind === 'record' ? record(b, argument) : lowerValue(b, argument),
  );
  const symbol = namedFunction(e.callee);
  if (b.mayRaise(symbol) && !isForKernel(symbol, e)) raise(b);
  const result = make(b, (to) => ({ op: 'call', to, callee, arguments: values, call: e, node: e }));
  if (symbol !== undefined && (symbol.isNoReturn || neverReturns(symbol.name))) {
    endBlock(b, { kind: 'stop', ...(endsThread(symbol.name) && { endsThread: true }) }, newBlock(b));
  }
  return result;
}

function isForKernel(callee: FunctionSymbol | undefined, { arguments: [, mode] }: CallExpression): boolean {
  return callee !== undefined && raisesForPrograms(callee.name) && mode !== undefined && constantValue(mode) === 0n;
}

/** The function that an expression names outright, through casts and `&`. */
export function namedFunction(callee: Expression): FunctionSymbol | undefined {
  let e = stripConversions(callee, { casts: true });
  while (e.kind === 'address-of' || e.kind === 'dereference') e = stripConversions(e.operand, { casts: true });
  return e.kind === 'name' && e.symbol.kind === 'function' ? e.symbol : undefined;
}

/** A record by value: the callee gets a copy, of which nothing is tracked. */
function record(b: Builder, argument: Expression): Temporary {
  lowerAddress(b, argument);
  const to = b.temporaries++;
  emit(b, { op: 'unknown', to, node: argument });
  return to;
}
