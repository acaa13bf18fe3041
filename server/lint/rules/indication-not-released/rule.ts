/** R73: what a receive event keeps by STATUS_PENDING goes back with WskRelease. */
import { analysisOf } from '../../flow/run/run.ts';
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
    for (const fn of session.functions) {
      const role = roleOf(session, fn);
      if (!fn.isUsers || (role !== 'WSK_RECEIVE_EVENT' && role !== 'WSK_RECEIVE_FROM_EVENT')) continue;
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
