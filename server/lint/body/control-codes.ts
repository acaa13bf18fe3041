/**
 * What a function does for one control code: a case of a `switch` over IoControlCode, or what an `if` does where it finds
 * one. In: a function and a node of its body. Out: the codes with their statements.
 */
import type { Expression, FunctionDefinition, Statement, SwitchStatement } from '../../../cfront/parse/ast.ts';
import { constantValue, someNode, stripConversions, type TreeNode } from '../../../cfront/parse/walk.ts';
import { valuesGiven } from './given-values.ts';

/** The cases of a switch over the code, or what is done where an `if` finds one. */
export function casesAt(definition: FunctionDefinition, node: TreeNode): readonly Case[] {
  if (node.kind === 'switch') return isOverCode(definition, node.condition) ? casesOf(node) : [];
  const code = node.kind === 'if' ? codeAsked(definition, node.condition) : undefined;
  return node.kind === 'if' && code !== undefined ? [{ code, condition: node.condition, statements: [node.then] }] : [];
}

/** The code for which the condition asks, whatever else it asks for. */
function codeAsked(definition: FunctionDefinition, condition: Expression): bigint | undefined {
  const e = stripConversions(condition, { casts: true });
  if (e.kind === 'logical' && e.operator === '&&')
    return codeAsked(definition, e.left) ?? codeAsked(definition, e.right);
  if (e.kind !== 'binary' || e.operator !== '==') return undefined;
  if (isOverCode(definition, e.left)) return constantValue(e.right);
  return isOverCode(definition, e.right) ? constantValue(e.left) : undefined;
}

/** It is the IoControlCode itself, or a variable that it was put in. */
function isOverCode(definition: FunctionDefinition, condition: Expression): boolean {
  const e = stripConversions(condition, { casts: true });
  if (isCode(e)) return true;
  if (e.kind !== 'name') return false;
  const values = valuesGiven(definition, e.symbol);
  return values.length > 0 && values.every((value) => isCode(stripConversions(value, { casts: true })));
}

/** Of the stack location: a record of the driver's own may have such a member too. */
function isCode(e: Expression): boolean {
  if (e.kind !== 'member' || e.name !== 'IoControlCode') return false;
  const parameters = stripConversions(e.object);
  return parameters.kind === 'member' && parameters.name === 'DeviceIoControl';
}

export interface Case {
  readonly code: bigint;
  /** What is asked besides the code, with it. */
  readonly condition?: Expression;
  readonly statements: readonly Statement[];
}

/** Cases that nothing falls into from above and that fall into nothing, with their statements. */
function casesOf({ body }: SwitchStatement): readonly Case[] {
  if (body.kind !== 'compound') return [];
  const cases: { codes: (bigint | undefined)[]; statements: Statement[] }[] = [];
  for (const item of body.items) {
    let inner = item;
    const codes: (bigint | undefined)[] = [];
    while (inner.kind === 'case') {
      codes.push(inner.value?.low === inner.value?.high ? inner.value?.low : undefined);
      inner = inner.body;
    }
    const isOpen = cases.at(-1)?.statements.some(leaves) === false;
    if (codes.length > 0) cases.push({ codes: isOpen ? [undefined] : codes, statements: [] });
    cases.at(-1)?.statements.push(inner);
  }
  return cases.flatMap(({ codes, statements }) => {
    const [code, ...more] = codes;
    return code === undefined || more.length > 0 ? [] : [{ code, statements }];
  });
}

function leaves(statement: Statement): boolean {
  return someNode(statement, ({ kind }) => kind === 'break' || kind === 'return' || kind === 'goto');
}
