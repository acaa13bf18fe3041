/**
 * Memory that a function frees before it stops what uses it: a timer's DPC, a socket's callbacks. In: all functions. Out:
 * the call that frees a member, the call behind it that stops the routine, and the routine, which uses that member.
 *
 * Who stops something later takes it to be running until then. Where the routine asks for the member, or for anything
 * that the function sets before, it may know, and nothing is said.
 */
import type { CallExpression, Expression, MemberExpression, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { nodePlace, someNode, stripConversions, type TreeNode } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../body/nodes.ts';
import { memberName } from '../../body/record-type.ts';
import { calledFunction, calledName } from '../../driver/callee.ts';
import { mayCall } from '../../driver/reach.ts';
import { roleOf } from '../../driver/roles.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';

export interface FreedBeforeStop {
  readonly free: CallExpression;
  readonly stop: CallExpression;
  readonly routine: FunctionInfo;
  /** "Buffer", as the routine names it. */
  readonly member: string;
}

/** What is stopped by which calls. */
const kinds = [
  { role: /^(?:KDEFERRED_ROUTINE|EXT_CALLBACK)$/, stops: ['KeCancelTimer', 'ExDeleteTimer', 'ExCancelTimer'] },
  { role: /^WSK_\w+_EVENT$/, stops: ['WskCloseSocket'] },
] as const;

export function freedBeforeStop(session: Session): readonly FreedBeforeStop[] {
  const users = session.functions.filter(({ isUsers }) => isUsers);
  return kinds.flatMap(({ role, stops }) => {
    const routines = users.filter((fn) => role.test(roleOf(session, fn) ?? ''));
    return routines.length === 0 ? [] : users.flatMap((fn) => freedIn(session, fn, routines, stops));
  });
}

function freedIn(
  session: Session,
  fn: FunctionInfo,
  routines: readonly FunctionInfo[],
  stops: readonly string[],
): readonly FreedBeforeStop[] {
  const { definition } = fn;
  const frees = nodesIn(definition, 'call').flatMap((free) => {
    const member = calledName(free)?.startsWith('ExFreePool') === true ? memberOf(free.arguments[0]) : undefined;
    return member === undefined ? [] : [{ free, ...member }];
  });
  if (frees.length === 0) return [];
  const stopping = nodesIn(definition, 'call').filter((call) => isStop(session, call, stops));
  return frees.flatMap(({ free, node, variable }) => {
    const ofSame = stopping.filter((call) => someNode(call, (n) => n.kind === 'name' && n.symbol === variable));
    const [stop] = ofSame;
    if (stop === undefined || !isBehind(fn, free, stop)) return [];
    const routine = routines.find((one) => one !== fn && uses(one, node, fn));
    return routine === undefined ? [] : [{ free, stop, routine, member: node.name }];
  });
}

/** `Variable->Member`. */
function memberOf(
  e: Expression | undefined,
): { readonly node: MemberExpression; readonly variable: VariableSymbol } | undefined {
  const node = e === undefined ? undefined : stripConversions(e, { casts: true });
  if (node?.kind !== 'member' || !node.isArrow) return undefined;
  const object = stripConversions(node.object, { casts: true });
  return object.kind === 'name' && object.symbol.kind === 'variable' ? { node, variable: object.symbol } : undefined;
}

/** The call itself, or a helper's. */
function isStop(session: Session, call: CallExpression, stops: readonly string[]): boolean {
  if (stops.includes(calledName(call) ?? '')) return true;
  const helper = calledFunction(session, call);
  return helper?.isUsers === true && mayCall(session, helper, stops);
}

/** In one list of statements, and whoever has done the one comes to the other. */
function isBehind({ definition }: FunctionInfo, free: CallExpression, stop: CallExpression): boolean {
  return nodesIn(definition, 'compound').some(({ items }) => {
    const first = items.find((item) => someNode(item, (node) => node === free));
    const second = items.find((item) => someNode(item, (node) => node === stop));
    if (first === undefined || second === undefined || first === second) return false;
    const leaves = ({ kind }: TreeNode): boolean => /^(?:return|goto|break|continue)$/.test(kind);
    return nodePlace(first).end <= nodePlace(second).start && !someNode(first, leaves);
  });
}

function uses({ definition }: FunctionInfo, freed: MemberExpression, by: FunctionInfo): boolean {
  const name = memberName(freed);
  const set = new Set(
    nodesIn(by.definition, 'assign').flatMap(({ target }) => (target.kind === 'member' ? [memberName(target)] : [])),
  );
  const isAsked = (node: TreeNode): boolean => {
    const member = node.kind === 'member' ? memberName(node) : undefined;
    return member !== undefined && (member === name || set.has(member));
  };
  const isUsed = nodesIn(definition, 'member').some((node) => memberName(node) === name);
  const locks = nodesIn(definition, 'call').some((call) => /Lock|Interlocked|Acquire/.test(calledName(call) ?? ''));
  return (
    name !== undefined && isUsed && !locks && !nodesIn(definition, 'if').some((one) => someNode(one.condition, isAsked))
  );
}
