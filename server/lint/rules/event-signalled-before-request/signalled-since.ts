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
import { nodesIn } from '../../body/nodes.ts';
import { calledFunction, calledName } from '../../driver/callee.ts';
import { runsAgain } from '../../driver/lasting.ts';
import { around } from '../../driver/reach.ts';
import { callsOf } from '../../driver/roles.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';

export function staysSignalled(session: Session, fn: FunctionInfo, event: VariableSymbol): boolean {
  const isOther = ({ arguments: [given] }: CallExpression): boolean => {
    const named = given === undefined ? undefined : addressed(given);
    return named !== undefined && named !== event;
  };
  return (
    around(session, fn).some((one) => runsAgain(session, one) === 'each-request') &&
    clearing.every((name) => callsOf(session, name).every(isOther)) &&
    session.functions.every((one) => !one.isUsers || keepsSignalled(session, one, event))
  );
}

const clearing = ['KeClearEvent', 'KeResetEvent', 'KePulseEvent'];
const harmless = /^(?:KeSetEvent|KeWaitForSingleObject|IoSetCompletionRoutine(?:Ex)?|IoBuild\w+Request)$/;
const NOTIFICATION = 0n;

/** The variable whose address it is, or the parameter that has that. */
function addressed(argument: Expression): VariableSymbol | undefined {
  const e = stripConversions(argument, { casts: true });
  const inner = e.kind === 'address-of' ? stripConversions(e.operand) : e;
  return inner.kind === 'name' && inner.symbol.kind === 'variable' ? inner.symbol : undefined;
}

/** `by`: the helpers that were asked already, of which `event` is a parameter. */
function keepsSignalled(
  session: Session,
  { definition }: FunctionInfo,
  event: VariableSymbol,
  by: readonly FunctionInfo[] = [],
): boolean {
  const mentions = nodesIn(definition, 'name').filter(({ symbol }) => symbol === event).length;
  if (mentions === 0) return true;
  let known = 0;
  for (const call of nodesIn(definition, 'call')) {
    const given = call.arguments.flatMap((argument, index) => (addressed(argument) === event ? index : []));
    if (given.length === 0) continue;
    known += given.length;
    const name = calledName(call) ?? '';
    if (harmless.test(name) || isMadeOnce(definition, call, name)) continue;
    const helper = calledFunction(session, call);
    if (helper === undefined || by.includes(helper)) return false;
    const parameters = given.map((index) => helper.definition.parameters[index]);
    const isKept = parameters.every(
      (own) => own !== undefined && keepsSignalled(session, helper, own, [...by, helper]),
    );
    if (!isKept) return false;
  }
  return known === mentions;
}

function isMadeOnce({ symbol }: FunctionDefinition, { arguments: [, type] }: CallExpression, name: string): boolean {
  if (name !== 'KeInitializeEvent' || symbol.name !== 'DriverEntry' || type === undefined) return false;
  return constantValue(type) === NOTIFICATION;
}
