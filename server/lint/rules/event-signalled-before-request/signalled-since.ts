/**
 * A notification event at file scope that tells of the end of one request after the other, and that nobody ever clears. In:
 * the event, and who waits for it. Out: whether the second of these waits ends at once.
 *
 * Sure where DriverEntry alone makes it, every other mention signals it, waits for it or gives it to a request, and requests
 * from above lead to the wait.
 */
import type { CallExpression, Expression, FunctionDefinition, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { constantValue } from '../../../../cfront/parse/expressions/constants.ts';
import { stripConversions } from '../../../../cfront/parse/walk.ts';
import { calledName } from '../../callee.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { runsAgain } from '../../lasting.ts';
import { nodesIn } from '../../nodes.ts';
import { around } from '../../reach.ts';
import { callsOf } from '../../roles.ts';

export function staysSignalled(session: Session, fn: FunctionInfo, event: VariableSymbol): boolean {
  const isOther = ({ arguments: [given] }: CallExpression): boolean => {
    const named = given === undefined ? undefined : addressed(given);
    return named !== undefined && named !== event;
  };
  return (
    around(session, fn).some((one) => runsAgain(session, one) === 'each-request') &&
    clearing.every((name) => callsOf(session, name).every(isOther)) &&
    session.functions.every(({ isUsers, definition }) => !isUsers || keepsSignalled(definition, event))
  );
}

const clearing = ['KeClearEvent', 'KeResetEvent', 'KePulseEvent'];
const harmless = /^(?:KeSetEvent|KeWaitForSingleObject|IoSetCompletionRoutine(?:Ex)?|IoBuild\w+Request)$/;
const NOTIFICATION = 0n;

/** The variable whose address it is. */
function addressed(argument: Expression): VariableSymbol | undefined {
  const e = stripConversions(argument, { casts: true });
  const inner = e.kind === 'address-of' ? stripConversions(e.operand) : undefined;
  return inner?.kind === 'name' && inner.symbol.kind === 'variable' ? inner.symbol : undefined;
}

function keepsSignalled(definition: FunctionDefinition, event: VariableSymbol): boolean {
  const mentions = nodesIn(definition, 'name').filter(({ symbol }) => symbol === event).length;
  if (mentions === 0) return true;
  let known = 0;
  for (const call of nodesIn(definition, 'call')) {
    const given = call.arguments.filter((argument) => addressed(argument) === event).length;
    if (given === 0) continue;
    const name = calledName(call) ?? '';
    if (!harmless.test(name) && !isMadeOnce(definition, call, name)) return false;
    known += given;
  }
  return known === mentions;
}

function isMadeOnce({ symbol }: FunctionDefinition, { arguments: [, type] }: CallExpression, name: string): boolean {
  if (name !== 'KeInitializeEvent' || symbol.name !== 'DriverEntry' || type === undefined) return false;
  return constantValue(type) === NOTIFICATION;
}
