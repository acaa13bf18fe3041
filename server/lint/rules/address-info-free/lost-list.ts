/**
 * Whether a local variable that gets a list of addresses is never given to anybody: what is in it is then lost when the
 * function returns. Uses that look at the list, and variables that take it over, give nothing away; everything else may.
 */
import type { CallExpression, Expression, FunctionDefinition, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { stripConversions, type TreeNode } from '../../../../cfront/parse/walk.ts';
import type { Session } from '../../flow/run/session.ts';
import { holdersOf, isHolder, type KeepsHere } from '../../holders.ts';

/** Helpers that hand the list on to helpers. */
const MAX_DEPTH = 4;

export function isNeverGivenAway(
  session: Session,
  definition: FunctionDefinition,
  variable: VariableSymbol,
  depth = 0,
): boolean {
  const looksHere: KeepsHere = (node, holders) => looksAt(session, node, holders, depth);
  return holdersOf(definition, variable, looksHere) !== undefined;
}

/** Expressions directly in a node that it only looks at. What takes a holder over becomes one. */
function looksAt(session: Session, node: TreeNode, holders: Set<VariableSymbol>, depth: number): readonly Expression[] {
  const bare = (e: Expression): Expression => stripConversions(e, { casts: true });
  switch (node.kind) {
    case 'member':
      return node.isArrow ? [bare(node.object)] : [];
    case 'dereference':
    case 'unary':
      return [bare(node.operand)];
    case 'index':
      return [bare(node.base)];
    case 'binary':
      return /^(?:[=!]=|[<>]=?)$/.test(node.operator) ? [bare(node.left), bare(node.right)] : [];
    case 'logical':
      return [bare(node.left), bare(node.right)];
    case 'if':
    case 'while':
    case 'do':
    case 'conditional':
      return [bare(node.condition)];
    case 'for':
      return node.condition === undefined ? [] : [bare(node.condition)];
    case 'assign': {
      const target = bare(node.target);
      const value = bare(node.value);
      if (target.kind !== 'name' || target.symbol.kind !== 'variable') return [];
      if (!isHolder(value, holders)) return [target];
      if (target.symbol.duration !== 'automatic') return [];
      holders.add(target.symbol);
      return [target, value];
    }
    case 'variable-declaration': {
      const value = node.initializer?.kind === 'expression' ? bare(node.initializer.value) : undefined;
      if (value === undefined || !isHolder(value, holders) || node.symbol.duration !== 'automatic') return [];
      holders.add(node.symbol);
      return [value];
    }
    case 'call':
      return looksIn(session, node, depth);
    default:
      return [];
  }
}

/** Arguments that a call of the driver's own function looks at, and the place where WskGetAddressInfo puts the list. */
function looksIn(session: Session, call: CallExpression, depth: number): readonly Expression[] {
  const callee = stripConversions(call.callee, { casts: true });
  if (callee.kind === 'member' && callee.name === 'WskGetAddressInfo')
    return call.arguments.flatMap((argument) => {
      const inner = stripConversions(argument, { casts: true });
      return inner.kind === 'address-of' ? [stripConversions(inner.operand)] : [];
    });
  const symbol = callee.kind === 'name' && callee.symbol.kind === 'function' ? callee.symbol : undefined;
  const info = symbol === undefined ? undefined : session.functionOf(symbol);
  if (info === undefined || depth >= MAX_DEPTH) return [];
  return call.arguments.flatMap((argument, index) => {
    const inner = stripConversions(argument, { casts: true });
    const parameter = info.definition.parameters[index];
    if (inner.kind !== 'name' || parameter === undefined) return [];
    return isNeverGivenAway(session, info.definition, parameter, depth + 1) ? [inner] : [];
  });
}
