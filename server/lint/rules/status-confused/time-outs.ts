/**
 * Waits with a time-out of which only NT_SUCCESS is asked. In: a function. Out: the operand of each such question that
 * comes right behind its wait, where the function speaks of STATUS_TIMEOUT nowhere and compares the status with nothing.
 *
 * Such a wait ends with STATUS_SUCCESS or STATUS_TIMEOUT, and both are successes.
 */
import { memo } from '../../../../base/memo.ts';
import type { CallExpression, Expression, FunctionDefinition, Statement } from '../../../../cfront/parse/ast.ts';
import { constantValue, someNode, stripConversions, type TreeNode, walk } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledName } from '../../driver/callee.ts';
import { timeoutOf } from '../../flow/calls/kernel-apis.ts';
import { STATUS_TIMEOUT } from '../../flow/facts/statuses.ts';

export const unaskedTimeouts = memo((definition: FunctionDefinition): readonly Expression[] => {
  const waits = nodesIn(definition, 'call').filter(isBounded);
  const speaks = (node: TreeNode): boolean => node.kind === 'integer' && node.value === STATUS_TIMEOUT;
  if (waits.length === 0 || someNode(definition.body, speaks)) return [];
  return nodesIn(definition, 'compound').flatMap(({ items }) =>
    items.flatMap((item, index) => {
      const next = items[index + 1];
      const name = waitedFor(item, waits);
      if (name === undefined || next?.kind !== 'if' || someNode(definition.body, (node) => isCompared(node, name)))
        return [];
      return successesAsked(next.condition, name);
    }),
  );
});

/** It has a time-out, and is not ended by anything else: an alertable wait has more ways to end. */
function isBounded(call: CallExpression): boolean {
  const at = timeoutOf(calledName(call) ?? '');
  const [limit, alertable] = at === undefined ? [] : [call.arguments[at], call.arguments[at - 1]];
  if (limit === undefined || alertable === undefined) return false;
  const address = stripConversions(limit, { casts: true });
  return address.kind === 'address-of' && constantValue(alertable) === 0n;
}

/** The variable that the wait's status is given. */
function waitedFor(statement: Statement, waits: readonly CallExpression[]): string | undefined {
  const [name, given] = lastGiven(statement) ?? [];
  const value = given === undefined ? undefined : stripConversions(given, { casts: true });
  return value?.kind === 'call' && waits.includes(value) ? name : undefined;
}

/** A variable that a statement ends with giving a value, and the value. */
function lastGiven(statement: Statement): readonly [string, Expression] | undefined {
  if (statement.kind === 'expression') {
    const e = statement.expression;
    return e.kind === 'assign' && e.operator === undefined && e.target.kind === 'name'
      ? [e.target.symbol.name, e.value]
      : undefined;
  }
  const last = statement.kind === 'declaration' ? statement.declarations.at(-1) : undefined;
  if (last?.kind !== 'variable-declaration' || last.initializer?.kind !== 'expression') return undefined;
  return [last.symbol.name, last.initializer.value];
}

/** Whoever asks for STATUS_SUCCESS itself tells the two apart. */
function isCompared(node: TreeNode, variable: string): boolean {
  if (node.kind !== 'binary' || (node.operator !== '==' && node.operator !== '!=')) return false;
  return [node.left, node.right].some((side) => {
    const inner = stripConversions(side, { casts: true });
    return inner.kind === 'name' && inner.symbol.name === variable;
  });
}

/** What NT_SUCCESS expands to, asked of the variable. */
function successesAsked(condition: Expression, variable: string): readonly Expression[] {
  const found: Expression[] = [];
  walk(condition, (node) => {
    if (node.kind !== 'binary' || node.operator !== '>=' || constantValue(node.right) !== 0n) return;
    const asked = stripConversions(node.left, { casts: true });
    if (asked.kind === 'name' && asked.symbol.name === variable) found.push(asked);
  });
  return found;
}
