/**
 * Memory that one routine of the driver frees, whose pointer stays where it was, and that a routine frees that comes later:
 * IRP_MJ_CLOSE after IRP_MJ_CLEANUP, unloading after all else. In: the routine that frees first, and the argument of its
 * free. Out: the later routine, where it frees what lies there whatever else holds.
 *
 * Where anybody puts anything there but memory that was just allocated, nothing is said: a NULL is how the later one knows.
 */
import type { Expression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { constantValue } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledName } from '../../driver/callee.ts';
import { allocationsFor, keeperOf } from '../../driver/pool-keepers.ts';
import { ledTo } from '../../driver/reach.ts';
import { majorsOf, roleOf } from '../../driver/roles.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { isDoneAnyway } from '../../ways/done-anyway.ts';

const IRP_MJ_CLOSE = 2n;
const IRP_MJ_CLEANUP = 18n;

export function freedLater(session: Session, fn: FunctionInfo, argument: Expression): FunctionInfo | undefined {
  const keeper = keeperOf(session, argument);
  if (keeper === undefined || !isOnlyAllocated(session, keeper)) return undefined;
  return session.functions.find((later) => {
    if (!later.isUsers || later === fn || !isLater(session, later, fn)) return false;
    const led = ledTo(session, later);
    // A helper of both frees it once for each.
    return session.functions.some(
      ({ key, isUsers, definition }) => isUsers && led.has(key) && freesAnyway(session, definition, keeper),
    );
  });
}

/** It runs after the other has run for the last time. */
function isLater(session: Session, later: FunctionInfo, fn: FunctionInfo): boolean {
  const role = roleOf(session, later);
  const first = roleOf(session, fn);
  if (role === 'DRIVER_UNLOAD') return first === 'DRIVER_DISPATCH' || first === 'KSTART_ROUTINE';
  const majors = [...(majorsOf(session, fn) ?? [])];
  const isCleanup = first === 'DRIVER_DISPATCH' && majors.length > 0 && majors.every((one) => one === IRP_MJ_CLEANUP);
  const others = [...(majorsOf(session, later) ?? [])];
  return isCleanup && role === 'DRIVER_DISPATCH' && others.length > 0 && others.every((one) => one === IRP_MJ_CLOSE);
}

function isOnlyAllocated(session: Session, keeper: string): boolean {
  const isCleared = session.functions.some(
    ({ isUsers, definition }) =>
      isUsers &&
      definition.symbol.name !== 'DriverEntry' &&
      nodesIn(definition, 'assign').some(
        ({ target, value }) => keeperOf(session, target) === keeper && constantValue(value) === 0n,
      ),
  );
  return !isCleared && allocationsFor(session, (one) => one === keeper).has(keeper);
}

function freesAnyway(session: Session, definition: FunctionDefinition, keeper: string): boolean {
  return nodesIn(definition, 'call').some(
    (call) =>
      calledName(call)?.startsWith('ExFreePool') === true &&
      keeperOf(session, call.arguments[0]) === keeper &&
      isDoneAnyway(session, definition, call, keeper),
  );
}
