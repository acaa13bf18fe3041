/**
 * Which API an expression names. A function of WSK is reached through dispatch tables, casts and locals; what tells it
 * is the C type of what is called (PFN_WSK_SOCKET), whatever the way there. Exports are known by their symbol.
 */
import type { Catalog } from '../../../catalog/catalog.ts';
import type { ApiFacts } from '../../../catalog/model.ts';
import type { CallExpression, Expression } from '../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../cfront/parse/walk.ts';
import type { CType, FunctionType } from '../../../cfront/types/types.ts';

/** Facts of the API that a name, member or other expression stands for. */
export function apiOf(expression: Expression, catalog: Catalog): ApiFacts | undefined {
  const inner = stripConversions(expression);
  if (inner.kind === 'name' && inner.symbol.kind === 'function') {
    const own = catalog.byName(inner.symbol.name)[0];
    if (own !== undefined) return own;
    const role = inner.symbol.roleType;
    return role === undefined ? undefined : catalog.byTypeName(role);
  }
  if (inner.kind === 'dereference') return apiOf(inner.operand, catalog);
  const { alias } = inner.type;
  if (alias === undefined) return undefined;
  const byType = catalog.byTypeName(alias);
  return byType !== undefined && isCallable(byType) ? byType : undefined;
}

export function apiOfCall(call: CallExpression, catalog: Catalog): ApiFacts | undefined {
  return apiOf(call.callee, catalog);
}

/** The function type behind a callee: of a function, a pointer to one, or a pointer to such a pointer's typedef. */
export function functionTypeOf(type: CType): FunctionType | undefined {
  if (type.kind === 'function') return type;
  return type.kind === 'pointer' ? functionTypeOf(type.target) : undefined;
}

function isCallable(facts: ApiFacts): boolean {
  return facts.kind === 'function' || facts.kind === 'table-function' || facts.kind === 'callback';
}
