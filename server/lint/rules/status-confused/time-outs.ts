/**
 * Waits with a time-out of which only NT_SUCCESS is asked. In: a function. Out: the operand of each such question that
 * comes right behind its wait, where the function speaks of STATUS_TIMEOUT nowhere and compares the status with nothing.
 *
 * Such a wait ends with STATUS_SUCCESS or STATUS_TIMEOUT, and both are successes.
 */
import { memo } from '../../../../base/memo.ts';
import type { CallExpression, Expression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
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
      const name = item.kind === 'expression' ? waitedFor(item.expression, waits) : undefined;
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
function waitedFor(e: Expression, waits: readonly CallExpression[]): string | undefined {
  if (e.kind !== 'assign' || e.operator !== undefined || e.target.kind !== 'name') return undefined;
  const value = stripConversions(e.value, { casts: true });
  return value.kind === 'call' && waits.includes(value) ? e.target.symbol.name : undefined;
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
