/**
 * Completion routines that tell nobody, by themselves or by helpers: they free what they have and write nothing that
 * lasts. Whoever waits for an event then waits for something else. Beside them, those that tell somebody only where the
 * call had its IRP pending.
 */
import { memo } from '../../base/memo.ts';
import type { CallExpression, Expression, FunctionDefinition, NodeBase } from '../../cfront/parse/ast.ts';
import { constantValue, nodePlace, stripConversions, type TreeNode } from '../../cfront/parse/walk.ts';
import { calledName } from './callee.ts';
import type { Session } from './flow/run/session.ts';
import { isLocalVariable, nodesIn, standsAlone } from './nodes.ts';
import { functionNamed } from './roles.ts';

const plain =
  /^(?:IoFreeIrp|IoFreeMdl|MmUnlockPages|ExFreePool(?:WithTag|2)?|Dbg(?:Print|PrintEx)|vDbgPrintEx|Interlocked(?:In|De)crement(?:64)?)$/;

export function tellsNobody(session: Session, definition: FunctionDefinition): boolean {
  return silentIn(session)(definition);
}

/** It sets an event, and that and all else that might tell somebody it does where PendingReturned is TRUE. */
export function tellsOnlyIfPending(session: Session, definition: FunctionDefinition): boolean {
  const told = nodesIn(definition, 'call').filter((call) => !isQuiet(session, call));
  return (
    told.length > 0 &&
    told.every((call) => calledName(call) === 'KeSetEvent' && isOnlyIfPending(definition, call)) &&
    nodesIn(definition, 'assign').every(({ target }) => isLocalVariable(target))
  );
}

function isQuiet(session: Session, call: CallExpression): boolean {
  const name = calledName(call) ?? '';
  if (plain.test(name) || name === 'IoMarkIrpPending') return true;
  const symbol = functionNamed(call.callee);
  const helper = symbol === undefined ? undefined : session.functionOf(symbol);
  return helper !== undefined && (!helper.isUsers || tellsNobody(session, helper.definition));
}

/** It stands in what is done where PendingReturned is TRUE, or behind a return for where it is not. */
function isOnlyIfPending(definition: FunctionDefinition, call: CallExpression): boolean {
  const at = nodePlace(call);
  const holds = (node: NodeBase): boolean => {
    const { start, end } = nodePlace(node);
    return start <= at.start && at.end <= end;
  };
  return nodesIn(definition, 'if').some((one) => {
    const asked = pendingAsked(one.condition);
    if (asked === 'pending') return holds(one.then);
    if (asked !== 'not pending') return false;
    if (one.otherwise !== undefined && holds(one.otherwise)) return true;
    return endsWithReturn(one.then) && nodePlace(one).end <= at.start && definition.body.items.includes(one);
  });
}

/** What holds where the condition does, of PendingReturned. */
function pendingAsked(condition: Expression): 'pending' | 'not pending' | undefined {
  const e = stripConversions(condition, { casts: true });
  if (e.kind === 'member') return e.name === 'PendingReturned' ? 'pending' : undefined;
  if (e.kind === 'logical' && e.operator === '&&')
    return [e.left, e.right].some((side) => pendingAsked(side) === 'pending') ? 'pending' : undefined;
  if (e.kind === 'unary' && e.operator === '!') return opposite(pendingAsked(e.operand));
  if (e.kind !== 'binary' || (e.operator !== '==' && e.operator !== '!=')) return undefined;
  const [side, number] =
    constantValue(e.left) === undefined ? [e.left, constantValue(e.right)] : [e.right, constantValue(e.left)];
  const asked = pendingAsked(side);
  if (number === undefined || (number !== 0n && number !== 1n)) return undefined;
  return (number === 1n) === (e.operator === '==') ? asked : opposite(asked);
}

function opposite(asked: 'pending' | 'not pending' | undefined): 'pending' | 'not pending' | undefined {
  if (asked === undefined) return undefined;
  return asked === 'pending' ? 'not pending' : 'pending';
}

function endsWithReturn(node: TreeNode): boolean {
  if (node.kind === 'compound') {
    const last = node.items.at(-1);
    return last !== undefined && endsWithReturn(last);
  }
  return node.kind === 'return';
}

const silentIn = memo((session: Session) =>
  memo((definition: FunctionDefinition) => isSilent(session, definition, new Set())),
);

function isSilent(session: Session, definition: FunctionDefinition, seen: Set<FunctionDefinition>): boolean {
  // A helper that calls itself has been looked into.
  if (seen.has(definition)) return true;
  seen.add(definition);
  return (
    nodesIn(definition, 'call').every((call) => {
      const name = calledName(call) ?? '';
      // A number that is only counted tells nobody that it has changed.
      if (plain.test(name)) return !name.startsWith('Interlocked') || standsAlone(definition, call);
      const symbol = functionNamed(call.callee);
      const helper = symbol === undefined ? undefined : session.functionOf(symbol);
      return helper?.isUsers === true && isSilent(session, helper.definition, seen);
    }) && nodesIn(definition, 'assign').every(({ target }) => isLocalVariable(target))
  );
}
