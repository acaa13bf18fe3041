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
  const values = e.arguments.map((argument) => {
    const copied = argument.type.kind === 'record' ? argument : wrapper(argument);
    return copied === undefined ? lowerValue(b, argument) : record(b, copied);
  });
  const symbol = namedFunction(e.callee);
  if (b.mayRaise(symbol) && !isForKernel(symbol, e)) raise(b);
  const result = make(b, (to) => ({ op: 'call', to, callee, arguments: values, call: e, node: e }));
  // What it was given through a wrapper is not known, and is the callee's now.
  if (e.arguments.some((argument) => wrapper(argument) !== undefined)) emit(b, { op: 'anything', node: e });
  if (symbol !== undefined && (symbol.isNoReturn || neverReturns(symbol.name))) {
    endBlock(b, { kind: 'stop', ...(endsThread(symbol.name) && { endsThread: true }) }, newBlock(b));
  }
  return result;
}

/** A structure where something else is wanted: in C++ a class converts itself, an IRP's wrapper to the IRP. */
function wrapper(argument: Expression): Expression | undefined {
  const [part, ...others] = argument.kind === 'error' && argument.type.kind !== 'error' ? argument.parts : [];
  return part?.type.kind === 'record' && others.length === 0 ? part : undefined;
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
