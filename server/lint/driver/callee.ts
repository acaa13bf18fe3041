/** What a call names as its target, and whether the driver's files or the catalog know what that does. */
import { memo } from '../../../base/memo.ts';
import type { CallExpression, Expression, FunctionDefinition, FunctionSymbol } from '../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../cfront/parse/walk.ts';
import { functionNamesIn, nodesIn } from '../body/nodes.ts';
import type { FunctionInfo, Session } from '../flow/run/session.ts';
import { functionNamed } from './roles.ts';

/** Name of the function, variable or member that is called; undefined for any other expression. */
export function calledName({ callee }: CallExpression): string | undefined {
  const inner = stripConversions(callee, { casts: true });
  if (inner.kind === 'name') return inner.symbol.name;
  return inner.kind === 'member' ? inner.name : undefined;
}

/** The call in a function's text of something with such a name, where it is one call only: a step on the way to what follows. */
export function onlyCallNamed(
  definition: FunctionDefinition,
  isMeant: (name: string) => boolean,
): CallExpression | undefined {
  const [first, more] = nodesIn(definition, 'call').filter((call) => isMeant(calledName(call) ?? ''));
  return more === undefined ? first : undefined;
}

/** The driver's function that is called by its name, where it is here. */
export function calledFunction(session: Session, { callee }: CallExpression): FunctionInfo | undefined {
  return namedFunction(session, callee);
}

/** The function of the driver's that an expression names. */
export function namedFunction(session: Session, e: Expression): FunctionInfo | undefined {
  const symbol = functionNamed(e);
  return symbol === undefined ? undefined : session.functionOf(symbol);
}

/** The call goes to code that nobody here knows: through a pointer, or to a function of another file. */
export function isUnknownCall(session: Session, { callee }: CallExpression): boolean {
  const symbol = functionNamed(callee);
  return symbol === undefined || (session.functionOf(symbol) === undefined && !session.isKnownApi(symbol));
}

/** Functions that are named, and not called there. */
export const handedOnIn = memo((definition: FunctionDefinition): readonly FunctionSymbol[] => {
  const called = new Set(nodesIn(definition, 'call').map(({ callee }) => stripConversions(callee, { casts: true })));
  return functionNamesIn(definition).flatMap((node) => (called.has(node) ? [] : node.symbol));
});
