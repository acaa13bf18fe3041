/** R73: what a receive event keeps by STATUS_PENDING goes back with WskRelease. */
import type { Expression } from '../../../../cfront/parse/ast.ts';
import { stripConversions, walk } from '../../../../cfront/parse/walk.ts';
import { analysisOf } from '../../flow/run/run.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { siteKey } from '../../flow/state/where.ts';
import { callsOf, roleOf } from '../../roles.ts';
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
  let isOut = false;
  walk(definition.body, (node) => {
    if (node.kind === 'assign' && isIt(node.value)) {
      const target = stripConversions(node.target, { casts: true });
      if (target.kind !== 'name' || target.symbol.kind !== 'variable' || target.symbol.linkage === 'external')
        isOut = true;
    }
    if (node.kind === 'call' && node.arguments.some(isIt)) {
      const callee = stripConversions(node.callee, { casts: true });
      if (
        callee.kind !== 'name' ||
        callee.symbol.kind !== 'function' ||
        session.functionOf(callee.symbol) === undefined
      )
        isOut = true;
    }
  });
  return isOut;
}
