/**
 * Whether an MDL of IoAllocateMdl gets no further than a local variable and the local WSK_BUF of a call. WSK gives no
 * MDL back, and once the function returns nobody knows the way to this one any more, whether it waited or not.
 */
import type { CallExpression, Expression, FunctionDefinition, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { constantValue, stripConversions, type TreeNode, walk } from '../../../../cfront/parse/walk.ts';
import { keepsNothing } from '../../flow/calls/kernel-apis.ts';
import { holdersOf } from '../../holders.ts';

/** Position of the IRP to which IoAllocateMdl may add the MDL. */
const IRP = 4;

/** The variable that holds it, where it stays with the function for ever. */
export function heldForEver(definition: FunctionDefinition, allocation: CallExpression): VariableSymbol | undefined {
  const irp = allocation.arguments[IRP];
  if (irp === undefined || constantValue(stripConversions(irp, { casts: true })) !== 0n) return undefined;
  let holder: VariableSymbol | undefined;
  walk(definition.body, (node) => {
    const [variable, value] = given(node);
    if (value !== undefined && stripConversions(value, { casts: true }) === allocation) holder = variable;
  });
  if (holder?.duration !== 'automatic') return undefined;
  // Without a buffer the ways through the function tell more.
  return [...(holdersOf(definition, holder, harmlessIn) ?? [])].some(isBuffer) ? holder : undefined;
}

/** `variable = value`, `variable.member = value`, or the same by an initializer. */
function given(node: TreeNode): readonly [VariableSymbol | undefined, Expression | undefined] {
  if (node.kind === 'variable-declaration' && node.initializer?.kind === 'expression')
    return [node.symbol, node.initializer.value];
  if (node.kind !== 'assign' || node.operator !== undefined) return [undefined, undefined];
  const target = node.target.kind === 'member' && !node.target.isArrow ? node.target.object : node.target;
  return [variableOf(target), node.value];
}

function variableOf(e: Expression): VariableSymbol | undefined {
  const bare = stripConversions(e, { casts: true });
  return bare.kind === 'name' && bare.symbol.kind === 'variable' ? bare.symbol : undefined;
}

/** Expressions directly in a node that it does not give away. A WSK_BUF or another local that takes it over becomes a holder. */
function harmlessIn(node: TreeNode, holders: Set<VariableSymbol>): readonly Expression[] {
  switch (node.kind) {
    case 'unary':
    case 'dereference':
      return [node.operand];
    case 'binary':
    case 'logical':
      return [node.left, node.right];
    case 'if':
    case 'while':
    case 'do':
    case 'conditional':
      return [node.condition];
    case 'member':
      // Its memory is looked at, or another member of the buffer; the MDL itself goes where the expression around says.
      return node.isArrow || node.type.kind !== 'pointer' ? [node.object] : [];
    case 'variable-declaration':
    case 'assign': {
      const [target, value] = given(node);
      const target0 = node.kind === 'assign' ? [node.target.kind === 'member' ? node.target.object : node.target] : [];
      if (value === undefined || target === undefined) return [];
      const source = variableOf(value);
      if (source === undefined || !holders.has(source)) return target0;
      if (target.duration !== 'automatic' || !takesOver(node, target)) return [];
      holders.add(target);
      return [...target0, value];
    }
    case 'call':
      return harmlessArguments(node);
    default:
      return [];
  }
}

/** A pointer takes a pointer over; a record does so in a member, and is a WSK_BUF then. */
function takesOver(node: TreeNode, target: VariableSymbol): boolean {
  if (node.kind === 'assign' && node.target.kind === 'member') return isBuffer(target);
  return target.type.kind === 'pointer';
}

function isBuffer({ type }: VariableSymbol): boolean {
  return type.kind === 'record' && type.definition.tag === '_WSK_BUF';
}

/** Functions of the kernel that keep nothing, and calls through a table of WSK, which are given the buffer. */
function harmlessArguments({ callee, arguments: all }: CallExpression): readonly Expression[] {
  const called = stripConversions(callee, { casts: true });
  if (called.kind === 'name' && called.symbol.kind === 'function') {
    const { name } = called.symbol;
    return keepsNothing(name) ? all : [];
  }
  if (called.kind !== 'member' || !called.name.startsWith('Wsk')) return [];
  return all.flatMap((e) => {
    const bare = stripConversions(e, { casts: true });
    const operand = bare.kind === 'address-of' ? stripConversions(bare.operand) : undefined;
    const variable = operand === undefined ? undefined : variableOf(operand);
    return operand !== undefined && variable !== undefined && isBuffer(variable) ? [operand] : [];
  });
}
