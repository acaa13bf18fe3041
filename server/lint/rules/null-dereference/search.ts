/**
 * Whether NULL may be what a search found nothing with: it is what a pointer is given first then, and whoever uses that
 * without a question knows that there is something to find.
 *
 * In: a function and what it uses. Out: an answer from its text, because ways do not tell.
 */
import type { PathStep } from '../../../../base/finding.ts';
import type { CallExpression, Expression, FunctionDefinition, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { constantValue, someNode, stripConversions, type TreeNode, walk } from '../../../../cfront/parse/walk.ts';
import { givenIn, holdersOf } from '../../body/given-values.ts';
import { isLoop, localVariable, nodesIn, pointerBehind } from '../../body/nodes.ts';
import { calledFunction, isUnknownCall } from '../../driver/callee.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { pathTo, whereOf } from '../../flow/state/where.ts';

/**
 * The local that the pointer is, or that leads to the member that it points to, and whose values nobody gives but the
 * function and helpers that say whether they have made one.
 */
export function localMade(
  { analysed }: FunctionInfo,
  session: Session,
  pointer: Expression | undefined,
): VariableSymbol | undefined {
  const inner = pointer === undefined ? undefined : stripConversions(pointer, { casts: true });
  const local = localIn(inner?.kind === 'address-of' ? pointerBehind(inner.operand) : inner);
  if (local === undefined || local.isParameter) return undefined;
  return !local.isAddressTaken || isMadeByHelpers(session, analysed, local) ? local : undefined;
}

/** Its address goes to functions of the driver, outside of loops, and for each call the function asks what it has returned. */
function isMadeByHelpers(session: Session, definition: FunctionDefinition, local: VariableSymbol): boolean {
  const isAddress = (node: TreeNode): boolean => node.kind === 'address-of' && localIn(node.operand) === local;
  const makers = nodesIn(definition, 'call').filter(
    (call) =>
      calledFunction(session, call) !== undefined &&
      call.arguments.some((argument) => isAddress(stripConversions(argument, { casts: true }))),
  );
  let addresses = 0;
  walk(definition.body, (node) => {
    if (isAddress(node)) addresses++;
  });
  return (
    makers.length === addresses &&
    makers.every((call) => isAskedFor(definition, call)) &&
    !someNode(definition.body, (node) => isLoop(node) && someNode(node, isAddress))
  );
}

/** The call stands in a condition, or a variable does that takes what it returns. */
function isAskedFor(definition: FunctionDefinition, call: CallExpression): boolean {
  const holders = holdersOf(definition, (value) => someNode(value, (node) => node === call));
  return someNode(definition.body, (node) => {
    const isAsking = node.kind === 'if' || node.kind === 'conditional' || node.kind === 'switch' || isLoop(node);
    if (!isAsking || !('condition' in node) || node.condition === undefined) return false;
    return someNode(node.condition, (one) => one === call || (one.kind === 'name' && holders.has(one.symbol)));
  });
}

export function localIn(pointer: Expression | undefined): VariableSymbol | undefined {
  return pointer === undefined ? undefined : localVariable(stripConversions(pointer, { casts: true }));
}

/** The place where the local becomes NULL, where its text has one only. */
export function nullGivenTo({ analysed }: FunctionInfo, local: VariableSymbol | undefined): readonly PathStep[] {
  const [first, more] = givenIn(analysed).filter(
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
