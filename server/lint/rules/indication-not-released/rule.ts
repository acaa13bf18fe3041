/** R73: what a receive event keeps by STATUS_PENDING goes back with WskRelease. */
import type { Expression } from '../../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../../cfront/parse/walk.ts';
import { analysisOf } from '../../flow/run/run.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { siteKey } from '../../flow/state/where.ts';
import { nodesIn } from '../../nodes.ts';
import { callsOf, functionNamed, roleOf } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

const PENDING = 0x103n;

export const indicationNotReleased: Rule = {
  id: 'indication-not-released',
  severity: 'error',
  docRules: ['R73'],
  also: [],
  summary: 'A receive event that returns STATUS_PENDING keeps its indication until WskRelease.',
  finish: ({ session, report }) => {
    if (callsOf(session, 'WskRelease').length > 0) return;
    const isWholeDriver = session.functions.some(({ definition }) => definition.symbol.name === 'DriverEntry');
    for (const fn of session.functions) {
      const role = roleOf(session, fn);
      if (!fn.isUsers || (role !== 'WSK_RECEIVE_EVENT' && role !== 'WSK_RECEIVE_FROM_EVENT')) continue;
      if (!isWholeDriver && isHandedOut(session, fn)) continue;
      for (const exit of analysisOf(session, fn)?.exits ?? []) {
        if (exit.value?.kind !== 'integer' || exit.value.value !== PENDING) continue;
        report({
          where: exit.where,
          message: `${fn.definition.symbol.name} keeps the indication by returning STATUS_PENDING, and nothing in these files calls WskRelease: the data stays allocated, and WskCloseSocket never completes.`,
          path: [],
          once: siteKey(exit.where),
        });
      }
    }
  },
};

/** The indication goes where another file of the driver finds it: into memory that is not this file's alone, or to a function there. */
function isHandedOut(session: Session, { definition }: FunctionInfo): boolean {
  const indication = definition.parameters[2];
  const isIt = (value: Expression): boolean => {
    const inner = stripConversions(value, { casts: true });
    return inner.kind === 'name' && inner.symbol === indication;
  };
  const isStored = nodesIn(definition, 'assign').some(({ value, target }) => {
    const to = stripConversions(target, { casts: true });
    const isOwn = to.kind === 'name' && to.symbol.kind === 'variable' && to.symbol.linkage !== 'external';
    return isIt(value) && !isOwn;
  });
  const isGiven = nodesIn(definition, 'call').some((call) => {
    const callee = functionNamed(call.callee);
    return call.arguments.some(isIt) && (callee === undefined || session.functionOf(callee) === undefined);
  });
  return isStored || isGiven;
}
