/**
 * Helpers of the driver's own that hand what they are given on to a call, as wrappers do. In: a call. Out: what some
 * function of the kernel surely gets from it, whether it is called there or in the helper.
 *
 * What a helper does on some of its ways only does not count, but for a question whether there is anything to hand on.
 * It ends because a helper that is being looked into hands nothing on.
 */
import { memo } from '../../../base/memo.ts';
import type { CallExpression, Expression, FunctionDefinition } from '../../../cfront/parse/ast.ts';
import { children, someNode, stripConversions, type TreeNode } from '../../../cfront/parse/walk.ts';
import { valuesGiven } from '../body/given-values.ts';
import type { FunctionInfo, Session } from '../flow/run/session.ts';
import type { Where } from '../flow/state/where.ts';
import { calledName } from './callee.ts';
import { functionsNamed } from './named.ts';
import { functionNamed } from './roles.ts';

/** What the function `api`, or the member of a table of that name, gets at `position` from a call of it, or of a helper; undefined if the call leads to no such. */
export function givenTo(session: Session, call: CallExpression, api: string, position: number): Expression | undefined {
  const { callee, arguments: given } = call;
  if (calledName(call) === api) return given[position];
  const symbol = functionNamed(callee);
  if (symbol === undefined) return undefined;
  const helper = session.functionOf(symbol);
  const at = helper?.isUsers === true ? handedFrom(session, helper, api, position) : undefined;
  return at === undefined ? undefined : given[at];
}

const handing = memo<Session, Map<string, number | undefined>>(() => new Map());

/** Which of its parameters a helper hands on so. */
function handedFrom(session: Session, helper: FunctionInfo, api: string, position: number): number | undefined {
  const known = handing(session);
  const key = `${api} ${position} ${helper.key}`;
  if (known.has(key)) return known.get(key);
  known.set(key, undefined);
  const { parameters } = helper.definition;
  for (const call of sureCalls(helper.definition)) {
    const argument = givenTo(session, call, api, position);
    const e = argument === undefined ? undefined : stripConversions(argument, { casts: true });
    if (e?.kind !== 'name' || e.symbol.kind !== 'variable' || valuesGiven(helper.definition, e.symbol).length > 0)
      continue;
    const at = parameters.indexOf(e.symbol);
    if (at < 0) continue;
    known.set(key, at);
    return at;
  }
  return undefined;
}

/** Each helper on the way to a call makes the next one whatever happens; a call that stands in the function itself is made. */
export function isMadeAnyway(session: Session, { inside }: Where): boolean {
  for (let at = inside; at !== undefined; at = at.where.inside) {
    const { helper, where } = at;
    const makes = ({ analysed }: FunctionInfo): boolean => sureCalls(analysed).some((call) => call === where.node);
    if (!functionsNamed(session, helper).some(makes)) return false;
  }
  return true;
}

/** The calls that a function makes whatever happens. */
export const sureCalls = memo((definition: FunctionDefinition): readonly CallExpression[] => {
  const calls: CallExpression[] = [];
  addStatement(definition.body, definition, calls);
  return calls;
});

/** False where what comes after it may not run. */
function addStatement(node: TreeNode, definition: FunctionDefinition, calls: CallExpression[]): boolean {
  switch (node.kind) {
    case 'compound':
      return node.items.every((item) => addStatement(item, definition, calls));
    case 'do':
      return addStatement(node.body, definition, calls);
    case 'declaration':
    case 'expression':
      addExpression(node, calls);
      return true;
    case 'return':
      addExpression(node, calls);
      return false;
    case 'if':
      if (node.otherwise === undefined && asksForParameter(node.condition, definition))
        addStatement(node.then, definition, calls);
      return !someNode(node, isJump);
    default:
      return !isJump(node) && !someNode(node, isJump);
  }
}

function addExpression(node: TreeNode, calls: CallExpression[]): void {
  if (node.kind === 'logical' || node.kind === 'conditional' || node.kind === 'sizeof') return;
  if (node.kind === 'call') calls.push(node);
  for (const child of children(node)) addExpression(child, calls);
}

function isJump({ kind }: TreeNode): boolean {
  return kind === 'return' || kind === 'goto' || kind === 'break' || kind === 'continue' || kind === 'leave';
}

/** `if (p)`, or `if (p != NULL)`. */
function asksForParameter(condition: Expression, { parameters }: FunctionDefinition): boolean {
  const e = stripConversions(condition, { casts: true });
  const sides = e.kind === 'binary' && e.operator === '!=' ? [e.left, e.right] : [e];
  return sides.some((side) => {
    const inner = stripConversions(side, { casts: true });
    return inner.kind === 'name' && inner.type.kind === 'pointer' && parameters.some((one) => one === inner.symbol);
  });
}
