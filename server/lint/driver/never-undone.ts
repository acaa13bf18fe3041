/**
 * What a driver begins and nothing in it ends, so that it is still there when the driver is gone. In: the functions that
 * begin it, and those that end it. Out: the calls that begin it, where the whole driver is there, can be unloaded, and none
 * of its functions that may run mentions one that ends it.
 */
import type { CallExpression } from '../../../cfront/parse/ast.ts';
import type { Session } from '../flow/run/session.ts';
import { isMentioned, isWholeDriver } from './reach.ts';
import { callsOf, unloadRoutine } from './roles.ts';

export function neverUndone(
  session: Session,
  makers: readonly string[],
  enders: readonly string[],
): readonly CallExpression[] {
  const made = makers.flatMap((name) => callsOf(session, name));
  if (made.length === 0 || unloadRoutine(session) === undefined) return [];
  return isWholeDriver(session) && !isMentioned(session, enders) ? made : [];
}
