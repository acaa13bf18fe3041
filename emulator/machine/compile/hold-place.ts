/** Keeps what a place leans on from what is computed before the place is used. */
import type { Expression } from '../../../cfront/parse/ast.ts';
import { type FunctionContext, type Place, temporary } from './context.ts';
import { move } from './convert.ts';

/** The same place, safe from assignments that `later` makes to the variable it leans on. */
export function holdPlace(c: FunctionContext, place: Place, later: Expression): Place {
  if (place.kind !== 'pointer' || place.base >= c.firstTemporary || !assigns(later)) return place;
  return { ...place, base: move(c, place.base, 'long', temporary(c)) };
}

/** Whether computing an expression may assign to a variable in a register. */
export function assigns(e: Expression): boolean {
  switch (e.kind) {
    case 'assign':
    case 'increment':
    case 'statement-expression':
    case 'compound-literal':
    case 'builtin':
    case 'va-arg':
    case 'error':
      return true;
    case 'unary':
    case 'address-of':
    case 'dereference':
    case 'cast':
    case 'convert':
    case 'decay':
      return assigns(e.operand);
    case 'binary':
    case 'logical':
    case 'comma':
      return assigns(e.left) || assigns(e.right);
    case 'conditional':
      return assigns(e.condition) || (e.then !== undefined && assigns(e.then)) || assigns(e.otherwise);
    case 'call':
      return assigns(e.callee) || e.arguments.some(assigns);
    case 'member':
      return assigns(e.object);
    case 'index':
      return assigns(e.base) || assigns(e.index);
    case 'integer':
    case 'float':
    case 'string':
    case 'name':
    case 'enum-constant':
    case 'sizeof':
      return false;
  }
}
