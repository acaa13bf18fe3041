/**
 * Whether NULL may be what a search found nothing with: it is what a pointer is given first then, and whoever uses that
 * without a question knows that there is something to find.
 *
 * In: a function and what it uses. Out: an answer from its text, because ways do not tell.
 */
import type { PathStep } from '../../../../base/finding.ts';
import type { CallExpression, Expression, NodeBase, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { constantValue, someNode, stripConversions, type TreeNode } from '../../../../cfront/parse/walk.ts';
import { calledFunction, isUnknownCall } from '../../callee.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { pathTo, whereOf } from '../../flow/state/where.ts';
import { givenIn } from '../../given-values.ts';
import { isLoop, localVariable, pointerBehind } from '../../nodes.ts';

/** The local whose values nobody but the function gives, behind which the expression or assignment reads or writes. */
export function localBehind(access: NodeBase): VariableSymbol | undefined {
  const local = localIn(pointerBehind(access as TreeNode));
  return local === undefined || local.isParameter || local.isAddressTaken ? undefined : local;
}

export function localIn(pointer: Expression | undefined): VariableSymbol | undefined {
  return pointer === undefined ? undefined : localVariable(stripConversions(pointer, { casts: true }));
}

/** The place where the local becomes NULL, where its text has one only. */
export function nullGivenTo({ definition }: FunctionInfo, local: VariableSymbol | undefined): readonly PathStep[] {
  const [first, more] = givenIn(definition).filter(
    ({ variable, value }) => variable === local && constantValue(value) === 0n,
  );
  return first === undefined || more !== undefined ? [] : pathTo(whereOf(first.node), 'It becomes NULL here');
}

/** A loop gives it a value, or a function of the driver's, which may look for it. */
export function isSearched(session: Session, { analysed }: FunctionInfo, local: VariableSymbol): boolean {
  const given = givenIn(analysed).filter(({ variable }) => variable === local);
  const isGiven = (node: TreeNode): boolean => given.some((one) => one.node === node);
  return (
    someNode(analysed.body, (node) => isLoop(node) && someNode(node, isGiven)) ||
    given.some(({ value }) => someNode(value, (node) => node.kind === 'call' && isOfDriver(session, node)))
  );
}

function isOfDriver(session: Session, call: CallExpression): boolean {
  return calledFunction(session, call) !== undefined || isUnknownCall(session, call);
}
