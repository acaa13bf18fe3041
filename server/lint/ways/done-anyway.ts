/**
 * Whether whoever comes into a function comes to one of its calls, but for a question about one thing: whether what the call
 * is about is there. In: the function, the call, and the member or variable that keeps it. No condition that asks for
 * anything else stands around the call, or leaves the function before it.
 */
import type { CallExpression, Expression, FunctionDefinition } from '../../../cfront/parse/ast.ts';
import { constantValue, nodePlace, someNode, stripConversions } from '../../../cfront/parse/walk.ts';
import { nodesIn } from '../body/nodes.ts';
import { keeperOf } from '../driver/pool-keepers.ts';
import type { Session } from '../flow/run/session.ts';

export function isDoneAnyway(
  session: Session,
  definition: FunctionDefinition,
  call: CallExpression,
  keeper: string,
): boolean {
  return nodesIn(definition, 'if').every((one) => {
    const holds = someNode(one, (node) => node === call);
    const leaves = nodePlace(one).start < nodePlace(call).start && someNode(one, ({ kind }) => leaving.test(kind));
    return (!holds && !leaves) || isAboutKept(session, one.condition, keeper);
  });
}

const leaving = /^(?:return|goto|break|continue)$/;

/** It asks for nothing but what is kept there. */
function isAboutKept(session: Session, condition: Expression, keeper: string): boolean {
  const isIt = (e: Expression): boolean => keeperOf(session, e) === keeper;
  const e = stripConversions(condition, { casts: true });
  switch (e.kind) {
    case 'binary':
      return [e.left, e.right].every((side) => isIt(side) || constantValue(side) !== undefined);
    case 'unary':
      return isAboutKept(session, e.operand, keeper);
    default:
      return isIt(e);
  }
}
