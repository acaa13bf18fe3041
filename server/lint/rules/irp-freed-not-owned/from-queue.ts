/**
 * IRPs that IoFreeIrp gets although they were taken from a queue of requests: what lies in a cancel-safe queue came from
 * above, and so does what hangs in a list by its ListEntry where the driver makes no IRPs.
 */
import { memo } from '../../../../base/memo.ts';
import type { Expression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../../cfront/parse/walk.ts';
import { givenIn, valuesGiven } from '../../body/given-values.ts';
import { isIrpPointer } from '../../body/irp-type.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledName } from '../../driver/callee.ts';
import { givenTo } from '../../driver/handed-on.ts';
import type { Session } from '../../flow/run/session.ts';

export function freedFromQueue(
  session: Session,
  definition: FunctionDefinition,
  makesIrps: boolean,
): readonly Expression[] {
  if (!takesFromQueue(definition)) return [];
  return nodesIn(definition, 'call').filter((call) => {
    const given = givenTo(session, call, 'IoFreeIrp', 0);
    if (given === undefined) return false;
    const sources = sourcesOf(definition, stripConversions(given, { casts: true }));
    return sources.length > 0 && sources.every((source) => isFromQueue(source, makesIrps));
  });
}

/** Most functions have no such request at all. */
const takesFromQueue = memo((definition: FunctionDefinition): boolean => {
  const values = givenIn(definition).map(({ value }) => value);
  const given = nodesIn(definition, 'call').flatMap((call) => call.arguments);
  return [...values, ...given].some((value) => isFromQueue(value, false));
});

/** All that a variable is given, or the expression itself. */
function sourcesOf(definition: FunctionDefinition, e: Expression): readonly Expression[] {
  if (e.kind !== 'name') return [e];
  const { symbol } = e;
  if (symbol.kind !== 'variable' || symbol.isParameter || symbol.duration !== 'automatic') return [];
  return valuesGiven(definition, symbol);
}

function isFromQueue(source: Expression, makesIrps: boolean): boolean {
  const e = stripConversions(source, { casts: true });
  if (e.kind === 'call') return /^IoCsqRemove(?:Next)?Irp$/.test(calledName(e) ?? '');
  if (makesIrps || !isIrpPointer(source.type)) return false;
  for (let from = source.first.expansion; from !== undefined; from = from.outer)
    if (from.macro === 'CONTAINING_RECORD') return true;
  return false;
}
