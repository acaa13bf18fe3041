/**
 * Parameters through which a function reads or writes before it does anything else that may depend on them: what a
 * caller gives there is touched by the call, whatever way the function goes. Only what stands before the first branch,
 * loop or jump is looked at, and a question about the parameter ends that too. Beside it, whether a function takes an
 * entry out of a list, and what a function reads that is nothing but a look behind a parameter.
 */
import { memo } from '../../../../base/memo.ts';
import type { CallExpression, Expression, FunctionDefinition, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { children, someNode, stripConversions, type TreeNode, walk } from '../../../../cfront/parse/walk.ts';
import { sizeOf } from '../../../../cfront/types/layout.ts';
import { nodesIn, pointerBehind } from '../../body/nodes.ts';
import { functionNamed } from '../../driver/roles.ts';

/** Positions of the parameters that lead to memory which every call touches. */
export const touchedParameters = memo((definition: FunctionDefinition): ReadonlySet<number> => {
  const { parameters } = definition;
  return new Set(parameters.flatMap((parameter, i) => (isTouched(definition, parameter) ? [i] : [])));
});

/** A member behind a parameter that a helper reads. */
export interface MemberRead {
  readonly index: number;
  readonly offset: number;
  readonly bytes: number;
  readonly node: Expression;
}

/** Of a helper that is one statement without a branch, as functions are that look one thing up for others. */
export const membersRead = memo(({ body, parameters }: FunctionDefinition): readonly MemberRead[] => {
  const [only, more] = body.items;
  if (only?.kind !== 'return' || more !== undefined) return [];
  const isBranch = ({ kind }: TreeNode): boolean => /^(?:logical|conditional|statement-expression|sizeof)$/.test(kind);
  if (someNode(only, isBranch)) return [];
  const reads: MemberRead[] = [];
  walk(only, (node) => {
    if (node.kind !== 'member' || !node.isArrow || node.field === undefined || node.type.kind === 'array') return;
    const index = parameters.findIndex((parameter) => names(node.object, parameter));
    if (index >= 0) reads.push({ index, offset: node.field.offset, bytes: sizeOf(node.type), node });
  });
  return reads;
});

/** It takes an entry out of its list, so that no list's head leads there any more. */
export function unlinks(definition: FunctionDefinition): boolean {
  if (definition.symbol.name === REMOVE) return true;
  return nodesIn(definition, 'call').some((call) => functionNamed(call.callee)?.name === REMOVE);
}

const REMOVE = 'RemoveEntryList';

function isTouched({ body }: FunctionDefinition, parameter: VariableSymbol): boolean {
  if (parameter.type.kind !== 'pointer') return false;
  return firstIn(body, parameter) === 'touch';
}

/** The first that a statement surely does with the parameter; the body of a do-while runs once at least. */
function firstIn(statement: TreeNode, parameter: VariableSymbol): 'touch' | 'nothing' | 'end' {
  switch (statement.kind) {
    case 'compound':
      for (const item of statement.items) {
        const found = firstIn(item, parameter);
        if (found !== 'nothing') return found;
      }
      return 'nothing';
    case 'do': {
      const found = firstIn(statement.body, parameter);
      return found === 'touch' ? found : 'end';
    }
    case 'return':
      return lookIn(statement, parameter) === 'touch' ? 'touch' : 'end';
    case 'if':
    case 'while':
    case 'switch':
      return lookIn(statement.condition, parameter) === 'touch' ? 'touch' : 'end';
    case 'declaration':
    case 'expression':
    case 'empty':
      return lookIn(statement, parameter);
    default:
      return 'end';
  }
}

/** The first that an expression or a statement without branches does with the parameter. */
function lookIn(node: TreeNode, parameter: VariableSymbol): 'touch' | 'nothing' | 'end' {
  switch (node.kind) {
    case 'logical':
    case 'conditional':
    case 'statement-expression':
      return 'end';
    case 'sizeof':
      return 'nothing';
    case 'address-of':
      return lookAt(node.operand, parameter);
    case 'assign':
      if (names(node.target, parameter)) return 'end';
      break;
    case 'increment':
      if (names(node.operand, parameter)) return 'end';
      break;
    case 'member':
      if (node.type.kind === 'array') return lookAt(node, parameter);
      if (node.isArrow && names(node.object, parameter)) return 'touch';
      break;
    case 'dereference':
      if (names(node.operand, parameter)) return 'touch';
      break;
    case 'index':
      if (node.type.kind === 'array') return lookAt(node, parameter);
      if (names(node.base, parameter)) return 'touch';
      break;
    case 'call': {
      const count = isInterlocked(node) ? stripConversions(node.arguments[0] ?? node, { casts: true }) : undefined;
      const pointer = count?.kind === 'address-of' ? pointerBehind(count.operand) : count;
      if (pointer !== undefined && names(pointer, parameter)) return 'touch';
      break;
    }
    default:
      break;
  }
  for (const child of children(node)) {
    const found = lookIn(child, parameter);
    if (found !== 'nothing') return found;
  }
  return 'nothing';
}

function isInterlocked({ callee }: CallExpression): boolean {
  return functionNamed(callee)?.name.startsWith('Interlocked') === true;
}

/** `&p->a.b` and an array behind p are places: nothing is read there. */
function lookAt(place: Expression, parameter: VariableSymbol): 'touch' | 'nothing' | 'end' {
  const pointer = pointerBehind(place);
  return pointer === undefined ? 'nothing' : lookIn(pointer, parameter);
}

function names(e: Expression, parameter: VariableSymbol): boolean {
  const inner = stripConversions(e, { casts: true });
  return inner.kind === 'name' && inner.symbol === parameter;
}
