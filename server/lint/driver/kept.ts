/**
 * Whether a function puts a pointer that it was given where it lasts longer than the call, itself or by a helper. In: the
 * parameter. Out: where that happens, seen from the function itself.
 *
 * Memory that lies in a caller's own locals does not count. It ends because each helper is looked into once.
 */
import type { Expression, FunctionDefinition, NodeBase, VariableSymbol } from '../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../cfront/parse/walk.ts';
import { givenIn, valuesGiven } from '../body/given-values.ts';
import { isLocalVariable, nodesIn } from '../body/nodes.ts';
import type { Session } from '../flow/run/session.ts';
import { calledFunction, calledName } from './callee.ts';

export interface Kept {
  /** The assignment, or the call of the helper that makes it. */
  readonly node: NodeBase;
  /** The variable that leads to the memory, and the member in it; undefined where it is a variable by itself. */
  readonly base: VariableSymbol | undefined;
  readonly member: string | undefined;
  /** The helper, and the place in it. */
  readonly inside: { readonly helper: string; readonly kept: Kept } | undefined;
}

export function keptParameter(
  session: Session,
  definition: FunctionDefinition,
  parameter: VariableSymbol,
  seen: Set<FunctionDefinition> = new Set(),
): Kept | undefined {
  if (seen.has(definition)) return undefined;
  seen.add(definition);
  const names = aliasesOf(definition, parameter);
  const isIt = (e: Expression | undefined): boolean => {
    const inner = e === undefined ? undefined : stripConversions(e, { casts: true });
    return inner?.kind === 'name' && inner.symbol.kind === 'variable' && names.has(inner.symbol);
  };
  for (const node of nodesIn(definition, 'assign')) {
    const to = isIt(node.value) && node.operator === undefined ? lastingPlace(definition, node.target) : undefined;
    if (to !== undefined) return { node, ...to, inside: undefined };
  }
  for (const call of nodesIn(definition, 'call')) {
    const name = calledName(call) ?? '';
    const [target, value] = call.arguments;
    if (/Interlocked(?:Compare)?ExchangePointer/.test(name) && target !== undefined && isIt(value)) {
      const e = stripConversions(target, { casts: true });
      const to = e.kind === 'address-of' ? lastingPlace(definition, e.operand) : undefined;
      if (to !== undefined) return { node: call, ...to, inside: undefined };
    }
    const helper = calledFunction(session, call)?.definition;
    if (helper === undefined) continue;
    for (const [index, argument] of call.arguments.entries()) {
      const inner = helper.parameters[index];
      const kept = inner !== undefined && isIt(argument) ? keptParameter(session, helper, inner, seen) : undefined;
      if (kept === undefined) continue;
      const given = kept.base === undefined ? -1 : helper.parameters.indexOf(kept.base);
      const through = call.arguments[given];
      const to = through === undefined ? { base: undefined } : lastingBase(definition, through);
      if (to !== undefined)
        return { node: call, ...to, member: kept.member, inside: { helper: helper.symbol.name, kept } };
    }
  }
  return undefined;
}

/** The parameter, and locals that hold the same. */
function aliasesOf(definition: FunctionDefinition, parameter: VariableSymbol): ReadonlySet<VariableSymbol> {
  const names = new Set([parameter]);
  for (const { variable, value } of givenIn(definition)) {
    const from = stripConversions(value, { casts: true });
    if (variable.duration === 'automatic' && from.kind === 'name' && from.symbol === parameter) names.add(variable);
  }
  return names;
}

/** What a target leads to, where that lasts longer than the function. */
function lastingPlace(definition: FunctionDefinition, target: Expression): Pick<Kept, 'base' | 'member'> | undefined {
  const e = stripConversions(target, { casts: true });
  if (e.kind === 'name')
    return e.symbol.kind === 'variable' && e.symbol.duration === 'static'
      ? { base: undefined, member: undefined }
      : undefined;
  if (e.kind !== 'member') return undefined;
  const to = e.isArrow ? lastingBase(definition, e.object) : lastingPlace(definition, e.object);
  return to === undefined ? undefined : { base: to.base, member: e.name };
}

/** What a pointer leads to, where that is nothing of the function's own. */
function lastingBase(definition: FunctionDefinition, pointer: Expression): Pick<Kept, 'base'> | undefined {
  const e = stripConversions(pointer, { casts: true });
  if (e.kind === 'address-of') {
    const inner = lastingPlace(definition, e.operand);
    return inner === undefined ? undefined : { base: inner.base };
  }
  if (e.kind === 'member') return e.isArrow ? lastingBase(definition, e.object) : lastingPlace(definition, e.object);
  if (e.kind !== 'name' || e.symbol.kind !== 'variable') return undefined;
  const { symbol } = e;
  const isOfOwn = valuesGiven(definition, symbol).some(isAddressOfLocal);
  return isOfOwn || symbol.type.kind !== 'pointer' ? undefined : { base: symbol };
}

function isAddressOfLocal(value: Expression): boolean {
  const e = stripConversions(value, { casts: true });
  let inner = e.kind === 'address-of' ? stripConversions(e.operand) : undefined;
  while (inner?.kind === 'member' && !inner.isArrow) inner = stripConversions(inner.object);
  return inner !== undefined && isLocalVariable(inner);
}
